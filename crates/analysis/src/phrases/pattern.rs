//! Lines of a lexicon of phrases.

use model::text::fold;

/// One part of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// One of these words.
    Words(Vec<Word>),
    /// A number.
    Number,
    /// An amount of money.
    Money,
    /// Up to so many words of any kind.
    Gap(u8),
}

/// Stands for any number among the alternatives of a part.
pub(super) const NUMBER: &str = "#";

/// Stands for any amount of money among the alternatives of a part.
pub(super) const MONEY: &str = "$";

/// A word of a pattern, folded.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) text: Box<str>,
    /// True when it is only the beginning of a word.
    pub(super) prefix: bool,
}

impl Word {
    /// True for a word of a text that is this one, also with a letter drawn
    /// out by two or more: `ayudaaaa`.
    #[inline]
    pub(super) fn is(&self, folded: &str) -> bool {
        let (word, read) = (self.text.as_bytes(), folded.as_bytes());
        if word.first() != read.first() {
            return false;
        }
        if self.prefix {
            return read.starts_with(word);
        }
        word == read || read.len() > word.len() + 1 && word.get(1) == read.get(1) && self.is_drawn_out(folded)
    }

    fn is_drawn_out(&self, folded: &str) -> bool {
        let mut word = self.text.chars().peekable();
        let mut last = None;
        for c in folded.chars() {
            if word.peek() == Some(&c) {
                word.next();
            } else if last != Some(c) {
                return false;
            }
            last = Some(c);
        }
        word.peek().is_none()
    }
}

/// One line of a lexicon.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pattern {
    pub(super) tag: u8,
    pub(super) weight: f32,
    /// The parts, each with true when it may be missing.
    pub(super) parts: Vec<(Part, bool)>,
}

/// The bits of a part that any word may follow.
pub(super) const ANY_LETTER: u128 = u128::MAX;

/// The bit of the first two letters of a word; several pairs share one.
#[inline]
pub(super) fn letter_bit(word: &str) -> u128 {
    let mut bytes = word.bytes();
    let (first, second) = (bytes.next().unwrap_or_default(), bytes.next().unwrap_or_default());
    1 << ((u32::from(first) * 37 + u32::from(second) * 11) & 127)
}

impl Pattern {
    /// The bits of the first letters that the second word may have, and how
    /// many words may stand before it.
    pub(super) fn next_letters(&self) -> (u128, u8) {
        let (gap, next) = match self.parts.get(1) {
            Some((Part::Gap(most), _)) => (*most, self.parts.get(2)),
            next => (0, next),
        };
        match next {
            Some((Part::Words(words), false))
                if words.iter().all(|word| !matches!(&*word.text, NUMBER | MONEY)) =>
            {
                let bits_of = |word: &Word| {
                    if word.prefix && word.text.len() < 2 { ANY_LETTER } else { letter_bit(&word.text) }
                };
                (words.iter().fold(0, |bits, word| bits | bits_of(word)), gap)
            }
            _ => (ANY_LETTER, 0),
        }
    }
}

/// Every line that is not a comment or a set; `None` where it cannot be read.
pub(super) fn parse_lexicon(file: &str, tag_of: fn(&str) -> Option<u8>) -> Vec<Option<Pattern>> {
    let sets: Vec<(&str, &str)> = file.lines().filter_map(as_set).collect();
    let lines = file.lines().filter(|line| is_entry(line) && as_set(line).is_none());
    lines.map(|line| parse_line(line, &sets, tag_of)).collect()
}

/// True for a line that is neither empty nor a comment.
fn is_entry(line: &str) -> bool {
    !line.trim().is_empty() && (line.contains('\t') || !line.starts_with('#'))
}

/// The name and the words of a line that names a set.
fn as_set(line: &str) -> Option<(&str, &str)> {
    let (name, words) = line.split_once('\t')?;
    (name.starts_with('@') && !name.contains([' ', '|']) && words.contains('|') && !words.contains('\t'))
        .then_some((name, words))
}

fn parse_line(line: &str, sets: &[(&str, &str)], tag_of: fn(&str) -> Option<u8>) -> Option<Pattern> {
    let mut fields = line.split('\t');
    let pattern = fields.next()?;
    let tag = tag_of(fields.next()?.trim())?;
    let weight = fields.next().map_or(Some(1.0), |weight| weight.trim().parse().ok())?;
    let parts: Vec<(Part, bool)> =
        pattern.split(' ').map(|part| parse_part(part, sets)).collect::<Option<_>>()?;
    // The first word is looked up by its first four letters.
    let is_found = |words: &[Word]| words.iter().all(|word| !word.prefix || word.text.len() >= 4);
    let sound = match parts.first() {
        None | Some((Part::Gap(_), _) | (_, true)) => false,
        Some((Part::Words(words), _)) => is_found(words),
        Some((Part::Number | Part::Money, _)) => true,
    } && !matches!(parts.last(), Some((Part::Gap(_), _)));
    sound.then_some(Pattern { tag, weight, parts })
}

fn parse_part(part: &str, sets: &[(&str, &str)]) -> Option<(Part, bool)> {
    let (part, optional) = match part.strip_suffix('?') {
        Some(part) => (part, true),
        None => (part, false),
    };
    let part = match part {
        NUMBER => Part::Number,
        MONEY => Part::Money,
        "~" => Part::Gap(3),
        _ if part.starts_with('~') => Part::Gap(part.get(1..)?.parse().ok()?),
        _ => {
            let mut words = Vec::new();
            for alternative in split_outside(part) {
                if alternative.starts_with('@') {
                    let (_, set) = sets.iter().find(|(name, _)| *name == alternative)?;
                    for alternative in split_outside(set) {
                        expand(alternative, &mut words)?;
                    }
                } else {
                    expand(alternative, &mut words)?;
                }
            }
            Part::Words(words)
        }
    };
    Some((part, optional))
}

/// The alternatives of `a|b(c|d)`: `a` and `b(c|d)`.
fn split_outside(part: &str) -> Vec<&str> {
    let mut depth = 0_u32;
    let split = |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '|' && depth == 0
    };
    part.split(split).collect()
}

/// Adds the words of `gan(o|as)`, `estaf*` or `(gan|sele)*`; `None` for anything unsound.
fn expand(alternative: &str, words: &mut Vec<Word>) -> Option<()> {
    let mut push = |stem: &str, ending: &str| {
        let (ending, prefix) = match ending.strip_suffix('*') {
            Some(ending) => (ending, true),
            None => (ending, false),
        };
        let text = format!("{stem}{ending}");
        let folded = fold(&text);
        // Other signs than letters and digits: emoji, `#` and `$`.
        let sound = !folded.is_empty()
            && (text == NUMBER
                || text == MONEY
                || folded.chars().all(|c| c.is_alphanumeric() || !c.is_ascii()));
        sound.then(|| words.push(Word { text: folded.into_boxed_str(), prefix }))
    };
    let (alternative, all) = match alternative.strip_suffix(")*") {
        Some(alternative) => (alternative, "*"),
        None => (alternative.strip_suffix(')').unwrap_or(alternative), ""),
    };
    match alternative.split_once('(') {
        None => push("", alternative),
        Some((stem, endings)) => {
            endings.split('|').try_for_each(|ending| push(stem, &format!("{ending}{all}")))
        }
    }
}

/// The lines that cannot be read.
#[cfg(test)]
pub(super) fn unread_lines(file: &str, tag_of: fn(&str) -> Option<u8>) -> Vec<String> {
    let lines = file.lines().filter(|line| is_entry(line));
    let sets = lines.clone().filter_map(as_set).collect::<Vec<_>>();
    let lines = lines.filter(|line| as_set(line).is_none());
    lines.filter(|line| parse_line(line, &sets, tag_of).is_none()).map(str::to_owned).collect()
}
