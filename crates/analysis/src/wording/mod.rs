//! Text as people write it, made comparable: drawn-out letters, laughter, chat
//! spellings, emoji, hashtags, mentions, addresses, numbers, disguised insults.
//!
//! In: a text, its tokens, its language if known. Out: [`Wording`], the pieces
//! of the text with a plain form each, their place in the source and flags;
//! or [`normalise`], the same as one line of text.
//! Errors: none. Pure; `normalise(normalise(x)) == normalise(x)`.
//! Cost: about 1 µs per 100 characters beyond the tokens; keeps its memory.
//! Source: the steps that participants of TASS and of SemEval found to help,
//! written anew; emoji names in `emoji.rs`, chat spellings in `chat.rs`,
//! disguises in `disguise.rs`.
//! Limits: [`PIECES_MAX`] pieces; what tokens leave out is left out here too.

mod chat;
mod disguise;
mod emoji;
pub mod rude;
#[cfg(test)]
mod tests;
mod words;

use model::Lang;
use model::text::{Token, Tokens};
use std::fmt::Write as _;
use words::{has_triple, is_capitals, is_code, is_laughter, plain_form};

/// Name of the method.
pub const METHOD: &str = "wording";
/// Version of the method; forms of another version are not comparable.
pub const METHOD_VERSION: u32 = 1;
/// Most pieces read from one text.
pub const PIECES_MAX: usize = 4_000;
/// Digits of a number from which it looks like a telephone, a card or a code.
pub const LONG_NUMBER_DIGITS: usize = 6;

/// First character that an emoji without a name may be: its code has three digits.
const CODE_MIN: char = '\u{100}';

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word.
    Word,
    /// `jajaja`, `kkk`, `lol`.
    Laughter,
    /// An emoji or emoticon; its form is a name where one is known.
    Emoji,
    /// Digits.
    Number,
    /// `@somebody`.
    User,
    /// An address.
    Link,
    /// `?`, `¿`, `!` or `…`.
    Mark,
}

/// Marks of one piece, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u8);

impl Flags {
    /// In capitals although the text has small letters.
    pub const CAPITALS: Self = Self(1);
    /// With a letter drawn out.
    pub const DRAWN_OUT: Self = Self(2);
    /// Within quotation marks or after `RT @…`.
    pub const QUOTED: Self = Self(4);
    /// Part of a hashtag.
    pub const HASHTAG: Self = Self(8);
    /// Was disguised: other letters or digits in place of its own.
    pub const DISGUISED: Self = Self(16);
    /// Nothing but a mark of a sentence stands before it.
    pub const FIRST: Self = Self(32);

    /// True when all bits of `other` are set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    const fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// One piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// First byte in the source.
    pub start: u32,
    /// Byte after the last in the source.
    pub end: u32,
    /// What it is.
    pub kind: Kind,
    /// How it is written.
    pub flags: Flags,
    form_start: u32,
    form_end: u32,
}

/// The pieces of one text. Reuse one value for many texts: it keeps its memory.
#[derive(Debug, Clone, Default)]
pub struct Wording {
    forms: String,
    pieces: Vec<Piece>,
    /// Where the last hashtag of several words ends.
    hashtag_end: u32,
}

/// Where the reading stands.
#[derive(Debug, Default)]
struct Reading {
    quoted_by: Option<char>,
    retweet: bool,
    first: bool,
    /// Small letters in the text: without them, capitals say nothing.
    has_lower: bool,
}

impl Wording {
    /// The pieces of a text; `tokens` must be its own.
    pub fn of(text: &str, tokens: &Tokens, language: Option<Lang>) -> Self {
        let mut wording = Self::default();
        wording.read(text, tokens, language);
        wording
    }

    /// Replaces the content by the pieces of `text`.
    pub fn read(&mut self, text: &str, tokens: &Tokens, language: Option<Lang>) {
        self.forms.clear();
        self.pieces.clear();
        self.hashtag_end = 0;
        let mut reading = Reading {
            first: true,
            has_lower: text.bytes().any(|byte| byte.is_ascii_lowercase()),
            ..Reading::default()
        };
        let mut index = 0;
        let mut before = 0;
        while let Some((folded, token)) = tokens.get(index) {
            if self.pieces.len() >= PIECES_MAX {
                return;
            }
            let has_parts = token.hashtag
                && tokens.get(index + 1).is_some_and(|(_, next)| next.position == token.position);
            if has_parts {
                self.hashtag_end = token.end;
                index += 1;
                continue;
            }
            let start = token.start as usize;
            let between = text.get(before..start).unwrap_or_default();
            if between != " " && !between.is_empty() {
                self.read_between(between, before, &mut reading);
            }
            let used = self.read_token(text, tokens, index, between, folded, token, language, &mut reading);
            index += used;
            before = tokens.get(index - 1).map_or(text.len(), |(_, last)| last.end as usize).max(before);
        }
        self.read_between(text.get(before..).unwrap_or_default(), before, &mut reading);
    }

    /// Every piece with its form, in the order of the text.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Piece)> + Clone {
        self.pieces.iter().map(|piece| (self.form_of(piece), piece))
    }

    /// The form of one of these pieces.
    #[inline]
    pub fn form_of(&self, piece: &Piece) -> &str {
        self.forms.get(piece.form_start as usize..piece.form_end as usize).unwrap_or_default()
    }

    /// Number of pieces.
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// True for a text that gave no pieces.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The piece with this ordinal.
    pub fn get(&self, index: usize) -> Option<(&str, &Piece)> {
        self.pieces.get(index).map(|piece| (self.form_of(piece), piece))
    }

    /// Reads the token at `index` and says how many tokens it took.
    #[allow(clippy::too_many_arguments, reason = "the state of one loop, split for length")]
    fn read_token(
        &mut self,
        text: &str,
        tokens: &Tokens,
        index: usize,
        between: &str,
        folded: &str,
        token: &Token,
        language: Option<Lang>,
        reading: &mut Reading,
    ) -> usize {
        let start = token.start as usize;
        if between.ends_with(['@', '＠']) && !self.joins_letters(text, start, between) {
            let (used, end) = handle_len(text, tokens, index);
            let sign = between.chars().next_back().map_or(0, char::len_utf8);
            self.push(start.saturating_sub(sign), end, Kind::User, Flags::default(), reading, |form| {
                form.push_str("user");
            });
            return used;
        }
        if between.ends_with('‹')
            && text.get(token.end as usize..).is_some_and(|rest| rest.starts_with('›'))
            && self.read_name(folded, token, reading)
        {
            return 1;
        }
        if let Some(used) = self.read_disguised(text, tokens, index, language, reading) {
            return used;
        }
        let mut flags = Flags::default();
        if token.hashtag || self.hashtag_end >= token.end {
            flags.add(Flags::HASHTAG);
        }
        let digits = folded.bytes().filter(u8::is_ascii_digit).count();
        if digits > 0 && folded.chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric()) {
            self.read_number(token, between, digits, flags, reading);
            return 1;
        }
        if !folded.contains(char::is_alphanumeric) {
            self.read_emoji(folded, token, reading);
            return 1;
        }
        self.read_word(text, folded, token, flags, language, reading);
        1
    }

    fn read_word(
        &mut self,
        text: &str,
        folded: &str,
        token: &Token,
        mut flags: Flags,
        language: Option<Lang>,
        reading: &Reading,
    ) {
        let (start, end) = (token.start as usize, token.end as usize);
        if is_laughter(folded) {
            self.push(start, end, Kind::Laughter, flags, reading, |form| form.push_str("laughter"));
            return;
        }
        if reading.has_lower && is_capitals(text.get(start..end).unwrap_or_default()) {
            flags.add(Flags::CAPITALS);
        }
        let mut written_out = None;
        let is_plain = folded.bytes().all(|byte| byte.is_ascii_lowercase());
        if has_triple(folded) {
            flags.add(Flags::DRAWN_OUT);
            written_out = Some(plain_form(folded, &mut flags));
        } else if !is_plain {
            written_out = Some(plain_form(folded, &mut flags));
        }
        let word = written_out.as_deref().unwrap_or(folded);
        if written_out.is_some() && is_laughter(word) {
            self.push(start, end, Kind::Laughter, flags, reading, |form| form.push_str("laughter"));
            return;
        }
        let word = chat::full_form(word, language).unwrap_or(word);
        self.push(start, end, Kind::Word, flags, reading, |form| form.push_str(word));
    }

    fn read_number(&mut self, token: &Token, between: &str, digits: usize, flags: Flags, reading: &Reading) {
        // `1.500`, `12:30` and `3/4` are one number.
        let joined = matches!(between, "." | "," | ":" | "/" | "-" | "'");
        if joined && let Some(last) = self.pieces.last_mut().filter(|last| last.kind == Kind::Number) {
            last.end = token.end;
            return;
        }
        let form = if digits >= LONG_NUMBER_DIGITS { "longnumber" } else { "number" };
        let (start, end) = (token.start as usize, token.end as usize);
        self.push(start, end, Kind::Number, flags, reading, |out| out.push_str(form));
    }

    fn read_emoji(&mut self, folded: &str, token: &Token, reading: &Reading) {
        let (start, end) = (token.start as usize, token.end as usize);
        // A sign that folds to a plain one (`ͺ` to a space) is no emoji.
        let Some(c) = folded.chars().next().filter(|c| *c >= CODE_MIN) else { return };
        match emoji::name(c) {
            Some(name) => {
                self.push(start, end, Kind::Emoji, Flags::default(), reading, |form| form.push_str(name));
            }
            None => self.push(start, end, Kind::Emoji, Flags::default(), reading, |form| {
                // Writing to a String cannot fail.
                let _ = write!(form, "u{:x}", u32::from(c));
            }),
        }
    }

    /// Reads `‹name›`, the way in which [`normalise`] writes what is no word.
    fn read_name(&mut self, name: &str, token: &Token, reading: &Reading) -> bool {
        let kind = match name {
            "user" => Kind::User,
            "link" => Kind::Link,
            "laughter" => Kind::Laughter,
            "number" | "longnumber" => Kind::Number,
            "caps" | "long" | "tag" | "mask" => {
                let flag = match name {
                    "caps" => Flags::CAPITALS,
                    "long" => Flags::DRAWN_OUT,
                    "tag" => Flags::HASHTAG,
                    _ => Flags::DISGUISED,
                };
                if let Some(last) = self.pieces.last_mut() {
                    last.flags.add(flag);
                }
                return true;
            }
            _ if emoji::is_name(name) || is_code(name) => Kind::Emoji,
            _ => return false,
        };
        let (start, end) = (token.start as usize, token.end as usize);
        self.push(start, end, kind, Flags::default(), reading, |form| form.push_str(name));
        true
    }

    /// `p*ta`, `m@ricon`, `h1j0`: signs in place of letters, joined only when
    /// the result is a known insult.
    fn read_disguised(
        &mut self,
        text: &str,
        tokens: &Tokens,
        index: usize,
        language: Option<Lang>,
        reading: &Reading,
    ) -> Option<usize> {
        let (_, token) = tokens.get(index)?;
        let rest = text.get(token.end as usize..)?;
        let first = rest.as_bytes().first()?;
        if !matches!(first, b'*' | b'@' | b'$' | b'!' | b'+' | b'.' | b'-') {
            return None;
        }
        let (word, used, end) = disguise::join(text, tokens, index)?;
        let form = chat::full_form(word, language).unwrap_or(word);
        let mut flags = Flags::default();
        flags.add(Flags::DISGUISED);
        self.push(token.start as usize, end, Kind::Word, flags, reading, |out| out.push_str(form));
        Some(used)
    }

    /// True when `@` stands within a word or an e-mail address.
    fn joins_letters(&self, text: &str, start: usize, between: &str) -> bool {
        between.len() == 1
            && text.get(..start.saturating_sub(1)).is_some_and(|head| head.ends_with(char::is_alphanumeric))
    }

    /// Reads what stands between two tokens: marks, emoticons, addresses, quotes.
    fn read_between(&mut self, between: &str, offset: usize, reading: &mut Reading) {
        let mut chars = between.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let here = offset + at;
            match c {
                ' ' => {}
                '?' | '¿' | '!' | '¡' | '…' => {
                    let form = match c {
                        '?' => "?",
                        '¿' => "¿",
                        '…' => "…",
                        _ => "!",
                    };
                    // One piece per run: `!!!` says once what it says.
                    while chars.next_if(|(_, next)| *next == c).is_some() {}
                    let end = chars.peek().map_or(offset + between.len(), |(next, _)| offset + next);
                    self.push(here, end, Kind::Mark, Flags::default(), reading, |out| out.push_str(form));
                    reading.first = true;
                }
                '.' => {
                    let mut dots = 1;
                    while chars.next_if(|(_, next)| *next == '.').is_some() {
                        dots += 1;
                    }
                    if dots > 1 {
                        let flags = Flags::default();
                        self.push(here, here + dots, Kind::Mark, flags, reading, |out| out.push('…'));
                    }
                    reading.first = true;
                }
                '\n' => {
                    reading.first = true;
                    reading.retweet = false;
                }
                '«' | '“' => reading.quoted_by = Some(c),
                '»' | '”' => reading.quoted_by = None,
                '"' if reading.quoted_by == Some('"') => reading.quoted_by = None,
                '"' if between.get(at + 1..).is_some_and(str::is_empty) => reading.quoted_by = Some('"'),
                'h' | 'H' | 'w' | 'W' => {
                    let len = between
                        .get(at..)
                        .map_or(1, |rest| rest.find(char::is_whitespace).unwrap_or(rest.len()));
                    let flags = Flags::default();
                    self.push(here, here + len, Kind::Link, flags, reading, |out| out.push_str("link"));
                    while chars.next_if(|(next, _)| *next < at + len).is_some() {}
                }
                ':' | ';' | '=' | '<' => {
                    if let Some((name, len)) = emoji::emoticon(between.get(at..).unwrap_or_default()) {
                        let flags = Flags::default();
                        self.push(here, here + len, Kind::Emoji, flags, reading, |out| out.push_str(name));
                        while chars.next_if(|(next, _)| *next < at + len).is_some() {}
                    }
                }
                _ => {}
            }
        }
    }

    fn push(
        &mut self,
        start: usize,
        end: usize,
        kind: Kind,
        mut flags: Flags,
        reading: &Reading,
        write: impl FnOnce(&mut String),
    ) {
        if self.pieces.len() >= PIECES_MAX {
            return;
        }
        if reading.quoted_by.is_some() {
            flags.add(Flags::QUOTED);
        }
        let no_word_yet = !self.pieces.iter().rev().take(2).any(|piece| piece.kind == Kind::Word);
        if reading.first && (self.pieces.is_empty() || no_word_yet) {
            flags.add(Flags::FIRST);
        }
        let form_start = self.forms.len();
        write(&mut self.forms);
        if self.forms.len() == form_start {
            return;
        }
        // Tokens refuse texts whose places would not fit u32; forms are shorter.
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.pieces.push(Piece {
            start: place(start),
            end: place(end),
            kind,
            flags,
            form_start: place(form_start),
            form_end: place(self.forms.len()),
        });
    }
}

/// The text in its plain form: words folded and spelt out, everything else as
/// `‹name›`, one space between.
pub fn normalise(text: &str, language: Option<Lang>) -> String {
    let wording = Wording::of(text, &Tokens::of(text), language);
    let mut out = String::with_capacity(text.len());
    for (form, piece) in wording.iter() {
        if !out.is_empty() {
            out.push(' ');
        }
        if matches!(piece.kind, Kind::Word | Kind::Mark) {
            out.push_str(form);
        } else {
            out.push('‹');
            out.push_str(form);
            out.push('›');
        }
        let flags = [
            (Flags::CAPITALS, " ‹caps›"),
            (Flags::DRAWN_OUT, " ‹long›"),
            (Flags::HASHTAG, " ‹tag›"),
            (Flags::DISGUISED, " ‹mask›"),
        ];
        for (flag, name) in flags {
            if piece.flags.has(flag) {
                out.push_str(name);
            }
        }
    }
    out
}

/// Tokens and end of a handle: `@acme_oficial` is two tokens.
fn handle_len(text: &str, tokens: &Tokens, index: usize) -> (usize, usize) {
    let mut used = 1;
    let mut end = tokens.get(index).map_or(0, |(_, token)| token.end as usize);
    while let Some((_, next)) = tokens.get(index + used) {
        let between = text.get(end..next.start as usize).unwrap_or(" ");
        if between.is_empty() || !between.chars().all(|c| matches!(c, '_' | '.' | '-')) {
            break;
        }
        end = next.end as usize;
        used += 1;
    }
    (used, end)
}
