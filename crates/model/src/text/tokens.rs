//! Words of a text with their folded form, position and place.

use super::fold::{Role, is_mark, push_folded, role};
use super::split_hashtag;

/// Most tokens read from one text; what follows is not searched.
pub const TOKENS_MAX: usize = 20_000;
/// Longest folded token, bytes; a longer word is cut at a character.
pub const TOKEN_BYTES_MAX: usize = 64;

/// One word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Ordinal of the word. The parts of a hashtag take one position each;
    /// the whole hashtag shares the position of its first part.
    pub position: u32,
    /// First byte in the source.
    pub start: u32,
    /// Byte after the last in the source.
    pub end: u32,
    /// True for a whole hashtag (its parts, if it has several, follow).
    pub hashtag: bool,
    folded_start: u32,
    folded_end: u32,
}

/// The tokens of one text. Reuse one value for many texts: it keeps its memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    folded: String,
    list: Vec<Token>,
    position: u32,
}

impl Tokens {
    /// The tokens of a text.
    pub fn of(text: &str) -> Self {
        let mut tokens = Self::default();
        tokens.read(text);
        tokens
    }

    /// Replaces the content by the tokens of `text`. Addresses (`http…`,
    /// `www.…`) give no tokens: links are a field of their own.
    pub fn read(&mut self, text: &str) {
        self.folded.clear();
        self.list.clear();
        self.position = 0;
        // Places are u32: a text is at most POST_TEXT_BYTES_MAX plus a title.
        let limit = u32::MAX as usize;
        let text = if text.len() > limit { "" } else { text };
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && let Some(c) = rest.chars().next()
        {
            if self.list.len() >= TOKENS_MAX {
                break;
            }
            at += match c {
                '#' | '＃' => self.read_hashtag(text, at, c.len_utf8()),
                'h' | 'H' | 'w' | 'W' if starts_address(rest) => address_len(rest),
                _ => match role(c) {
                    Role::Word => self.read_word(text, at),
                    Role::Alone => {
                        self.push(text, at, at + c.len_utf8(), false);
                        self.position += 1;
                        c.len_utf8()
                    }
                    Role::Invisible | Role::Border => c.len_utf8(),
                },
            };
        }
    }

    /// Every token with its folded form, in the order of the text.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Token)> + Clone {
        self.list.iter().map(|token| (self.folded_of(token), token))
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True for a text without words.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The folded form of one of these tokens.
    pub fn folded_of(&self, token: &Token) -> &str {
        self.folded.get(token.folded_start as usize..token.folded_end as usize).unwrap_or_default()
    }

    /// The token with this ordinal in the list (not its position).
    pub fn get(&self, index: usize) -> Option<(&str, &Token)> {
        self.list.get(index).map(|token| (self.folded_of(token), token))
    }

    /// Reads a word and says how many bytes it took.
    fn read_word(&mut self, text: &str, start: usize) -> usize {
        let len = run_len(text, start, |c| matches!(role(c), Role::Word | Role::Invisible));
        self.push(text, start, start + len, false);
        self.position += 1;
        len
    }

    /// Reads `#Tag`: the whole, then its parts when there are several.
    fn read_hashtag(&mut self, text: &str, at: usize, sign_len: usize) -> usize {
        let start = at + sign_len;
        let len = run_len(text, start, |c| c == '_' || matches!(role(c), Role::Word | Role::Invisible));
        let Some(tag) = text.get(start..start + len).filter(|tag| !tag.is_empty()) else {
            return sign_len;
        };
        let parts = split_hashtag(tag);
        if parts.is_empty() {
            return sign_len + len;
        }
        self.push(text, start, start + len, true);
        if parts.len() == 1 {
            self.position += 1;
        } else {
            for part in parts {
                self.push(text, start + part.start, start + part.end, false);
                self.position += 1;
            }
        }
        sign_len + len
    }

    /// Appends the token that stands at `start..end` of the source.
    fn push(&mut self, text: &str, start: usize, end: usize, hashtag: bool) {
        let folded_start = self.folded.len();
        for c in text.get(start..end).unwrap_or_default().chars() {
            let before = self.folded.len();
            // A mark without a letter before it must not change the token before.
            let stray_mark = before == folded_start && is_mark(c);
            if c == '_' || stray_mark || role(c) == Role::Invisible {
                continue;
            }
            push_folded(&mut self.folded, c);
            if self.folded.len() - folded_start > TOKEN_BYTES_MAX {
                self.folded.truncate(before);
                break;
            }
        }
        if self.folded.len() == folded_start {
            return;
        }
        // read() refuses texts whose places would not fit u32; folding one
        // character at most triples its bytes and tokens are cut.
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.list.push(Token {
            position: self.position,
            start: place(start),
            end: place(end),
            hashtag,
            folded_start: place(folded_start),
            folded_end: place(self.folded.len()),
        });
    }
}

/// Bytes from `start` while `keep` holds.
fn run_len(text: &str, start: usize, keep: impl Fn(char) -> bool) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    rest.find(|c| !keep(c)).unwrap_or(rest.len())
}

fn starts_address(rest: &str) -> bool {
    ["http://", "https://", "www."]
        .iter()
        .any(|start| rest.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

fn address_len(rest: &str) -> usize {
    rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: &[(&str, u32)]) {
        let tokens = Tokens::of(text);
        let got: Vec<(&str, u32)> = tokens.iter().map(|(folded, t)| (folded, t.position)).collect();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn words_hashtags_addresses_and_emoji() {
        check("Sin agua, otra VEZ…", &[("sin", 0), ("agua", 1), ("otra", 2), ("vez", 3)]);
        check(
            "ya #PanamáSinAgua hoy",
            &[("ya", 0), ("panamasinagua", 1), ("panama", 1), ("sin", 2), ("agua", 3), ("hoy", 4)],
        );
        check("#agua", &[("agua", 0)]);
        check("mira https://x.com/a?b=agua y ya", &[("mira", 0), ("y", 1), ("ya", 2)]);
        check("@Acme_Oficial", &[("acme", 0), ("oficial", 1)]);
        check("mal😡😡", &[("mal", 0), ("😡", 1), ("😡", 2)]);
        check("n \u{303}a", &[("n", 0), ("a", 1)]);
        check("日本", &[("日", 0), ("本", 1)]);
        check("pa\u{200b}namá", &[("panama", 0)]);
        check("# ## #_ ", &[]);
        check("", &[]);
    }

    #[test]
    fn places_point_into_the_source() {
        let text = "¡Así! #SinAgua";
        let tokens = Tokens::of(text);
        let words: Vec<&str> = tokens.iter().map(|(_, t)| &text[t.start as usize..t.end as usize]).collect();
        assert_eq!(words, ["Así", "SinAgua", "Sin", "Agua"]);
    }

    #[test]
    fn one_megabyte_of_one_letter_is_one_short_token() {
        let tokens = Tokens::of(&"a".repeat(1 << 20));
        assert_eq!(tokens.len(), 1);
        assert_eq!(tokens.get(0).unwrap().0.len(), TOKEN_BYTES_MAX);
    }

    #[test]
    fn tokens_are_bounded() {
        assert_eq!(Tokens::of(&"a ".repeat(TOKENS_MAX + 10)).len(), TOKENS_MAX);
    }

    proptest! {
        #[test]
        fn never_panics_and_positions_never_fall(text in "\\PC{0,200}") {
            let tokens = Tokens::of(&text);
            let mut last = 0;
            for (folded, token) in tokens.iter() {
                prop_assert!(!folded.is_empty() && folded.len() <= TOKEN_BYTES_MAX);
                prop_assert!(token.position >= last);
                prop_assert!(text.get(token.start as usize..token.end as usize).is_some());
                last = token.position;
            }
        }

        #[test]
        fn folding_first_changes_no_plain_word(text in "[a-zA-ZáéíóúñÁÑ ]{0,60}") {
            let plain: Vec<String> = Tokens::of(&text).iter().map(|(f, _)| f.to_owned()).collect();
            let folded: Vec<String> = Tokens::of(&super::super::fold(&text)).iter().map(|(f, _)| f.to_owned()).collect();
            prop_assert_eq!(plain, folded);
        }
    }
}
