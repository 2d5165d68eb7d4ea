//! The letters of a post that say something about its language.
//!
//! In: any text. Out: [`Letters`], the folded words of at most [`MAX_LETTERS`]
//! letters, each tagged with its script, without links, mentions, hashtags,
//! `RT`, HTML entities, digits and emoji.
//! Errors: none; a text without letters gives no words.
//! Cost: one pass over at most [`MAX_BYTES`] bytes, one small allocation.
//! Limits: only the first combining mark after a letter is looked at.

use unicode_normalization::char::compose;

/// Letters looked at; what follows cannot change the answer.
pub const MAX_LETTERS: usize = 1_000;
/// Bytes looked at, whatever they hold (emoji, links, marks).
pub const MAX_BYTES: usize = 16 * 1024;
/// Letters of one word that count; longer words are cut here.
pub const MAX_WORD_LETTERS: usize = 24;

/// Writing systems told apart before any n-gram is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// a–z and their relatives.
    Latin,
    /// Russian, Ukrainian and their relatives.
    Cyrillic,
    /// Arabic, Persian, Urdu.
    Arabic,
    /// Hindi, Marathi.
    Devanagari,
    /// Chinese, and part of Japanese.
    Han,
    /// Hiragana and katakana.
    Kana,
    /// Korean.
    Hangul,
    /// Greek.
    Greek,
    /// Hebrew.
    Hebrew,
    /// Thai.
    Thai,
    /// Georgian.
    Georgian,
    /// Armenian.
    Armenian,
    /// Bengali.
    Bengali,
    /// Tamil.
    Tamil,
}

/// Number of [`Script`]s.
pub const SCRIPTS: usize = 14;

/// Every script, in the order of its discriminant.
pub const ALL_SCRIPTS: [Script; SCRIPTS] = [
    Script::Latin,
    Script::Cyrillic,
    Script::Arabic,
    Script::Devanagari,
    Script::Han,
    Script::Kana,
    Script::Hangul,
    Script::Greek,
    Script::Hebrew,
    Script::Thai,
    Script::Georgian,
    Script::Armenian,
    Script::Bengali,
    Script::Tamil,
];

/// The words that are left of a text.
#[derive(Debug, Default)]
pub struct Letters {
    /// Folded UTF-16 units of all words, end to end, each word between spaces.
    units: Vec<u16>,
    /// Where each word starts and ends in `units`, and its script.
    words: Vec<(u32, u32, Script)>,
    /// Letters per script.
    counts: [u32; SCRIPTS],
}

impl Letters {
    /// Letters seen of one script.
    pub fn count(&self, script: Script) -> u32 {
        self.counts.get(script as usize).copied().unwrap_or(0)
    }

    /// The words of one script, in order, each with a space before and after.
    pub fn padded_words(&self, script: Script) -> impl Iterator<Item = &[u16]> {
        self.words
            .iter()
            .filter(move |word| word.2 == script)
            .filter_map(|&(start, end, _)| self.units.get(start as usize..end as usize))
    }

    fn close_word(&mut self, start: usize, script: Script) {
        let end = self.units.len();
        if end > start + 1 {
            self.units.push(SPACE);
            // Both fit: a text has at most MAX_BYTES bytes.
            self.words.push((start as u32, end as u32 + 1, script));
        } else {
            self.units.truncate(start);
        }
    }
}

/// The unit that marks the edge of a word.
pub const SPACE: u16 = 0x20;
const APOSTROPHE: u16 = 0x27;

/// Reads the words of a text; hashtags only when asked (a post may hold
/// nothing else).
pub fn read_letters(text: &str, hashtags: bool) -> Letters {
    let text = head(text);
    let mut out = Letters {
        units: Vec::with_capacity(text.len() + 64),
        words: Vec::with_capacity(text.len() / 4 + 4),
        ..Letters::default()
    };
    let mut left = MAX_LETTERS;
    for token in text.split_ascii_whitespace() {
        if left == 0 {
            break;
        }
        let token = trim_link(token);
        if matches!(token.trim_matches(|c: char| c.is_ascii_punctuation()), "RT" | "rt" | "via" | "MT") {
            continue;
        }
        left = read_token(token, hashtags, left, &mut out);
    }
    out
}

/// The first [`MAX_BYTES`] bytes, cut at a character.
fn head(text: &str) -> &str {
    if text.len() <= MAX_BYTES {
        return text;
    }
    let end = (0..=MAX_BYTES).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text.get(..end).unwrap_or("")
}

/// What stands before a link in a token; nothing if the token is an address.
fn trim_link(token: &str) -> &str {
    let bytes = token.as_bytes();
    if !bytes.contains(&b'.') && !bytes.contains(&b':') {
        return token;
    }
    if let Some(at) = token.find("://") {
        let head = token.get(..at).unwrap_or("");
        return head.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    }
    if token.starts_with("www.") || is_bare_address(token) {
        return "";
    }
    token
}

/// `bit.ly/x`, `example.com`, `name@example.com`: a dot between two ASCII
/// letters or digits with a known or slashed end.
fn is_bare_address(token: &str) -> bool {
    let Some((host, rest)) = token.split_once('.') else { return false };
    let host_ok = !host.is_empty()
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'@' | b'_'));
    if !host_ok {
        return false;
    }
    let end = rest.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    rest.contains('/')
        || host.contains('@')
        || matches!(end, "com" | "org" | "net" | "es" | "tv" | "ly" | "co" | "info" | "de" | "fr" | "nl")
}

/// Reads one token; gives how many letters may still be read.
fn read_token(token: &str, hashtags: bool, mut left: usize, out: &mut Letters) -> usize {
    let mut start = out.units.len();
    let mut script = Script::Latin;
    let mut run = 0_usize;
    // In a hashtag, `NoQueremosCortes` is three words.
    let camel = hashtags && token.contains('#');
    let mut after_small = false;
    out.units.push(SPACE);
    let has_entity = token.contains('&') && token.contains(';');
    let mut chars = token.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '@' => {
                while chars.next_if(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')).is_some() {
                }
            }
            '#' if !hashtags => while chars.next_if(|c| c.is_alphanumeric() || *c == '_').is_some() {},
            '&' if has_entity => while chars.next_if(char::is_ascii_alphanumeric).is_some() {},
            '0'..='9' => {
                // `b4`, `2day`, `3G`: the word around a digit says little.
                out.units.truncate(start + 1);
                while chars.next_if(|c| c.is_alphanumeric()).is_some() {}
                continue;
            }
            '\'' | '’' | '‘' | '`' | '´' if out.units.len() > start + 1 => {
                if chars.peek().is_some_and(|c| c.is_alphabetic()) {
                    out.units.push(APOSTROPHE);
                }
            }
            // The Catalan middle dot of «col·lecció».
            '·' if out.units.len() > start + 1 && chars.peek().is_some_and(|c| c.is_alphabetic()) => {
                out.units.push(0xb7);
                continue;
            }
            _ => {
                if let Some((unit, kind)) = fold_letter(c) {
                    let new_word = kind != script || (camel && after_small && c.is_uppercase());
                    after_small = camel && c.is_lowercase();
                    if new_word && out.units.len() > start + 1 {
                        out.close_word(start, script);
                        start = out.units.len();
                        out.units.push(SPACE);
                    }
                    script = kind;
                    let unit = compose_next(unit, chars.peek().copied());
                    run = if out.units.last() == Some(&unit) { run + 1 } else { 1 };
                    match run {
                        // «nooo» is read as «no», «carro» stays.
                        3 => drop(out.units.pop()),
                        4.. => {}
                        _ if out.units.len() <= start + MAX_WORD_LETTERS => out.units.push(unit),
                        _ => {}
                    }
                    // `kind` is one of SCRIPTS discriminants, so the index is in bounds.
                    out.counts[kind as usize] += 1;
                    left -= 1;
                    if left == 0 {
                        break;
                    }
                    continue;
                }
                if is_mark(c) {
                    continue;
                }
            }
        }
        out.close_word(start, script);
        start = out.units.len();
        out.units.push(SPACE);
    }
    out.close_word(start, script);
    left
}

/// A letter and the combining mark after it as one letter, where Unicode has it.
fn compose_next(unit: u16, next: Option<char>) -> u16 {
    let Some(mark) = next.filter(|&c| ('\u{300}'..='\u{36f}').contains(&c)) else { return unit };
    char::from_u32(u32::from(unit))
        .and_then(|base| compose(base, mark))
        .and_then(|c| u16::try_from(u32::from(c)).ok())
        .unwrap_or(unit)
}

/// Marks that neither are letters nor end a word.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{640}')
}

/// The folded form and the script of a letter; `None` for everything else.
fn fold_letter(c: char) -> Option<(u16, Script)> {
    let code = u32::from(c);
    if c.is_ascii() {
        let lower = c.to_ascii_lowercase();
        return lower.is_ascii_lowercase().then_some((code as u16 | 0x20, Script::Latin));
    }
    let script = match code {
        0xaa | 0xb5 | 0xba | 0xd7 | 0xf7 => return None,
        0xc0..=0x24f | 0x1e00..=0x1eff => Script::Latin,
        0x370..=0x3ff | 0x1f00..=0x1fff => Script::Greek,
        0x400..=0x52f => Script::Cyrillic,
        0x531..=0x587 => Script::Armenian,
        0x5d0..=0x5ea => Script::Hebrew,
        0x620..=0x64a | 0x66e..=0x6d3 | 0x6d5 | 0x6fa..=0x6ff | 0x750..=0x77f => Script::Arabic,
        0x900..=0x963 | 0x970..=0x97f => Script::Devanagari,
        0x980..=0x9e3 => Script::Bengali,
        0xb82..=0xbd7 => Script::Tamil,
        0xe01..=0xe4e => Script::Thai,
        0x10a0..=0x10ff => Script::Georgian,
        0x3041..=0x3096 | 0x30a1..=0x30fa | 0xff66..=0xff9d => Script::Kana,
        0x1100..=0x11ff | 0x3131..=0x318e | 0xac00..=0xd7a3 => Script::Hangul,
        0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff => Script::Han,
        _ => return None,
    };
    let lower = match c {
        // One spelling of the Romanian letters, as most keyboards write them.
        'ș' | 'Ș' => 'ş',
        'ț' | 'Ț' => 'ţ',
        _ => c.to_lowercase().next().unwrap_or(c),
    };
    Some((u16::try_from(u32::from(lower)).ok()?, script))
}
