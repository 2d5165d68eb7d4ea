//! What changed between two texts, word by word.

use super::letters::normalised;

/// Most words of each text, beyond what both have in common at their ends,
/// that are compared; the rest counts as removed and added.
pub const DIFFERENCE_WORDS_MAX: usize = 1_000;

/// What became of some words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// They stand in both texts; accents, case and punctuation may differ.
    Same,
    /// They stand in the earlier text only.
    Removed,
    /// They stand in the later text only.
    Added,
}

/// Some words in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What became of them.
    pub change: Change,
    /// As they stand in the later text, removed ones in the earlier.
    pub text: &'a str,
}

/// A word with the place where it stands.
struct Word<'a> {
    start: usize,
    end: usize,
    /// What it is compared by.
    key: String,
    source: &'a str,
}

/// The words of a text; addresses, handles and signs are compared as they stand.
fn words_of(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    for source in text.split_whitespace() {
        // `source` is a part of `text`: the distance is its place.
        let start = source.as_ptr().addr() - text.as_ptr().addr();
        let plain = normalised(source);
        let key = if plain.is_empty() { source.to_owned() } else { plain };
        words.push(Word { start, end: start + source.len(), key, source: text });
    }
    words
}

/// The words of two texts in the order of reading: what the earlier one lost,
/// what the later one gained, what both have. Together the pieces that are not
/// removed are the later text, the others the earlier one, but for the space
/// between them.
/// Cost: the product of the numbers of words that differ.
pub fn difference<'a>(parent: &'a str, child: &'a str) -> Vec<Piece<'a>> {
    let (old, new) = (words_of(parent), words_of(child));
    let equal = |(a, b): &(&Word<'_>, &Word<'_>)| a.key == b.key;
    let head = old.iter().zip(&new).take_while(equal).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(equal).count();
    let old_middle = old_rest.get(..old_rest.len() - tail).unwrap_or_default();
    let new_middle = new_rest.get(..new_rest.len() - tail).unwrap_or_default();

    let mut changes = Changes::default();
    new.iter().take(head).for_each(|word| changes.add(Change::Same, word));
    compare(old_middle, new_middle, &mut changes);
    new.iter().skip(new.len() - tail).for_each(|word| changes.add(Change::Same, word));
    changes.finish()
}

/// The longest common run of words in the same order (Wagner & Fischer 1974).
fn compare<'a>(old: &[Word<'a>], new: &[Word<'a>], changes: &mut Changes<'a>) {
    if old.len() > DIFFERENCE_WORDS_MAX || new.len() > DIFFERENCE_WORDS_MAX {
        old.iter().for_each(|word| changes.add(Change::Removed, word));
        new.iter().for_each(|word| changes.add(Change::Added, word));
        return;
    }
    let width = new.len() + 1;
    // Lengths of the longest common run of the rests from (row, column) on.
    let mut longest = vec![0_u16; (old.len() + 1) * width];
    let at =
        |longest: &[u16], row: usize, column: usize| longest.get(row * width + column).copied().unwrap_or(0);
    for (row, one) in old.iter().enumerate().rev() {
        for (column, other) in new.iter().enumerate().rev() {
            let value = if one.key == other.key {
                at(&longest, row + 1, column + 1) + 1
            } else {
                at(&longest, row + 1, column).max(at(&longest, row, column + 1))
            };
            if let Some(cell) = longest.get_mut(row * width + column) {
                *cell = value;
            }
        }
    }
    let (mut row, mut column) = (0, 0);
    loop {
        match (old.get(row), new.get(column)) {
            (Some(one), Some(other)) if one.key == other.key => {
                changes.add(Change::Same, other);
                (row, column) = (row + 1, column + 1);
            }
            (Some(one), other)
                if other.is_none() || at(&longest, row + 1, column) >= at(&longest, row, column + 1) =>
            {
                changes.add(Change::Removed, one);
                row += 1;
            }
            (_, Some(other)) => {
                changes.add(Change::Added, other);
                column += 1;
            }
            _ => return,
        }
    }
}

/// Joins neighbouring words of one kind.
#[derive(Default)]
struct Changes<'a> {
    pieces: Vec<Piece<'a>>,
    open: Option<(Change, &'a str, usize, usize)>,
}

impl<'a> Changes<'a> {
    fn add(&mut self, change: Change, word: &Word<'a>) {
        match &mut self.open {
            Some((kind, _, _, end)) if *kind == change => *end = word.end,
            _ => {
                self.close();
                self.open = Some((change, word.source, word.start, word.end));
            }
        }
    }

    fn close(&mut self) {
        if let Some((change, source, start, end)) = self.open.take() {
            self.pieces.push(Piece { change, text: source.get(start..end).unwrap_or_default() });
        }
    }

    fn finish(mut self) -> Vec<Piece<'a>> {
        self.close();
        self.pieces
    }
}
