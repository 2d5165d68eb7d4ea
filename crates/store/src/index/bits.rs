//! A set of the documents of one segment, one bit each.

/// Documents looked at together, so that one column is read at a time.
pub(super) const BLOCK_DOCS: usize = 1_024;
/// Words of one such block.
const BLOCK_WORDS: usize = BLOCK_DOCS / 64;

/// A set of document numbers below a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    /// No document of `len`.
    pub(super) fn none(len: u32) -> Self {
        Self { words: vec![0; len.div_ceil(64) as usize], len }
    }

    /// Every document of `len`.
    pub(super) fn all(len: u32) -> Self {
        let mut bits = Self { words: vec![u64::MAX; len.div_ceil(64) as usize], len };
        bits.trim();
        bits
    }

    /// From words of 64 documents each, lowest first; missing words are empty.
    pub(super) fn from_words(mut words: Vec<u64>, len: u32) -> Self {
        words.resize(len.div_ceil(64) as usize, 0);
        let mut bits = Self { words, len };
        bits.trim();
        bits
    }

    /// Clears what lies past the bound in the last word.
    fn trim(&mut self) {
        let used = self.len % 64;
        if used != 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << used) - 1;
        }
    }

    /// Adds a document; one past the bound is ignored.
    pub(super) fn set(&mut self, doc: u32) {
        if let Some(word) = self.words.get_mut((doc / 64) as usize) {
            *word |= 1 << (doc % 64);
        }
    }

    /// True when the document is in it.
    pub(super) fn contains(&self, doc: u32) -> bool {
        self.words.get((doc / 64) as usize).is_some_and(|word| word & (1 << (doc % 64)) != 0)
    }

    /// Keeps what is in both.
    pub(super) fn and(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= theirs);
    }

    /// Adds what the other has.
    pub(super) fn or(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// Turns it into all the others.
    pub(super) fn invert(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.trim();
    }

    /// Documents in it.
    pub(super) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// True when nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Memory, bytes.
    pub(super) fn bytes(&self) -> usize {
        self.words.len() * size_of::<u64>()
    }

    /// The documents, rising.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.words).flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let low = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(index * 64 + low)
            })
        })
    }

    /// Calls `visit` with the documents, rising, in blocks of at most [`BLOCK_DOCS`].
    pub(super) fn for_each_block(&self, visit: impl FnMut(&[u32])) {
        gather((0u32..).zip(self.words.iter().copied()), visit);
    }

    /// Number of blocks of [`BLOCK_DOCS`] documents, the last one perhaps shorter.
    pub(super) fn blocks(&self) -> usize {
        self.words.len().div_ceil(BLOCK_WORDS)
    }

    /// Replaces `out` by the documents of one block, rising.
    pub(super) fn read_block(&self, block: usize, out: &mut Vec<u32>) {
        out.clear();
        for (index, word) in self.block_words(block) {
            let mut rest = word;
            while rest != 0 {
                out.push(index * 64 + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
    }

    /// The words of one block with their numbers.
    pub(super) fn block_words(&self, block: usize) -> impl Iterator<Item = (u32, u64)> + '_ {
        let start = (block * BLOCK_WORDS).min(self.words.len());
        let words = self.words.get(start..self.words.len().min(start + BLOCK_WORDS)).unwrap_or_default();
        // There are at most 2^26 words, so the cast is lossless.
        (start as u32..).zip(words.iter().copied())
    }

    /// The words of 64 documents, lowest first.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    /// Adds a whole block.
    pub(super) fn set_block(&mut self, block: usize) {
        let start = (block * BLOCK_WORDS).min(self.words.len());
        let end = self.words.len().min(start + BLOCK_WORDS);
        if let Some(words) = self.words.get_mut(start..end) {
            words.fill(u64::MAX);
        }
        self.trim();
    }

    /// Takes out what the other has.
    pub(super) fn and_not(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= !theirs);
    }
}

/// Turns numbered words into blocks of documents.
fn gather(words: impl Iterator<Item = (u32, u64)>, mut visit: impl FnMut(&[u32])) {
    let mut block = Vec::with_capacity(BLOCK_DOCS);
    for (index, mut rest) in words {
        if block.len() + 64 > BLOCK_DOCS {
            visit(&block);
            block.clear();
        }
        while rest != 0 {
            block.push(index * 64 + rest.trailing_zeros());
            rest &= rest - 1;
        }
    }
    if !block.is_empty() {
        visit(&block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_behave_like_sets() {
        let mut odd = Bits::none(130);
        (0..130).filter(|doc| doc % 2 == 1).for_each(|doc| odd.set(doc));
        odd.set(9_999);
        assert_eq!(odd.count(), 65);
        let mut even = odd.clone();
        even.invert();
        assert_eq!(even.iter().collect::<Vec<_>>(), (0..130).step_by(2).collect::<Vec<_>>());
        let mut both = odd.clone();
        both.and(&even);
        assert!(both.is_empty() && !odd.contains(0) && odd.contains(129));
        odd.or(&even);
        assert_eq!(odd, Bits::all(130));
        let mut seen = Vec::new();
        odd.for_each_block(|block| seen.extend_from_slice(block));
        assert_eq!(seen, (0..130).collect::<Vec<_>>());
        let mut block = vec![7];
        odd.read_block(0, &mut block);
        assert_eq!((block, odd.blocks()), (seen, 1));
        odd.and_not(&even);
        assert_eq!(odd.count(), 65);
    }
}
