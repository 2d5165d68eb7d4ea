//! The words of a text without the names of accounts, and which of them say
//! nothing by themselves.

use model::text::{Token, Tokens};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words of Spanish, Portuguese and English that name no topic, folded.
static STOP_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("stop_words.txt")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// One word of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain {
    /// Its place in the list of tokens.
    pub index: usize,
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// True for a whole hashtag; its parts follow when it has several.
    pub hashtag: bool,
    /// True for a hashtag that has several parts.
    pub compound: bool,
    /// True when nothing but space stands between it and the word before.
    pub joined: bool,
}

/// Reads the words of `text` into `out`, those of account names left out, at
/// most `max` of them.
pub(super) fn read_plain(text: &str, tokens: &Tokens, max: usize, out: &mut Vec<Plain>) {
    out.clear();
    let mut handle_end = 0;
    let mut before_end: Option<usize> = None;
    for (index, (_, token)) in tokens.iter().enumerate() {
        if out.len() >= max {
            return;
        }
        let (start, end) = (token.start as usize, token.end as usize);
        if start < handle_end {
            continue;
        }
        let head = text.get(..start).unwrap_or_default();
        if head.ends_with(['@', '＠']) {
            handle_end = start + handle_len(text.get(start..).unwrap_or_default());
            before_end = None;
            continue;
        }
        let compound = is_compound(tokens, index, token);
        let joined = before_end.and_then(|before| text.get(before..start)).is_some_and(|between| {
            between
                .chars()
                .all(|c| matches!(c, ' ' | '\t' | '-' | '\'' | '’' | '#' | '_' | '\u{200b}'..='\u{200f}'))
        });
        out.push(Plain { index, start, end, hashtag: token.hashtag, compound, joined });
        // The parts of a hashtag stand inside it: they join what came before.
        if !compound {
            before_end = Some(end);
        }
    }
}

fn is_compound(tokens: &Tokens, index: usize, token: &Token) -> bool {
    token.hashtag && tokens.get(index + 1).is_some_and(|(_, next)| next.position == token.position)
}

/// Bytes of an account name: letters, digits and what servers allow within.
fn handle_len(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@'))).unwrap_or(rest.len())
}

/// True for words that name no topic: grammar, greetings, laughter.
pub(super) fn is_stop(folded: &str) -> bool {
    STOP_WORDS.contains(folded) || is_laughter(folded)
}

/// `jajaja`, `jejeje`, `hahaha`, `kkkk`, `rsrs`, also mistyped.
fn is_laughter(folded: &str) -> bool {
    let only = |letters: [char; 2]| folded.chars().all(|c| letters.contains(&c));
    folded.len() >= 3
        && (only(['j', 'a'])
            || only(['j', 'e'])
            || only(['j', 'i'])
            || only(['h', 'a'])
            || only(['h', 'e'])
            || only(['k', 'k'])
            || only(['r', 's']))
}
