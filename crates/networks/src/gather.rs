//! What every mapping gathers for a post: clean text, addresses, hashtags,
//! accounts and media, each within its limit.
//!
//! In: texts of outside origin. Out: fields of [`Post`] that are safe to keep:
//! no NUL, web addresses only, nothing longer than its limit.
//! Cost: one pass per text. Limits: [`POST_TEXT_BYTES_MAX`], [`POST_LIST_MAX`],
//! [`SHORT_TEXT_BYTES_MAX`], [`ADDRESS_BYTES_MAX`].

use model::post::{POST_LIST_MAX, POST_TEXT_BYTES_MAX};
use model::{Media, MediaKind, Post};

/// Longest name, headline, handle or alternative text kept, bytes.
pub(crate) const SHORT_TEXT_BYTES_MAX: usize = 8 * 1024;
/// Longest address kept, bytes; a longer one is left out, not cut.
pub(crate) const ADDRESS_BYTES_MAX: usize = 4 * 1024;
/// Longest hashtag or handle taken from a text, bytes.
const WORD_BYTES_MAX: usize = 256;

/// `text` without NUL, cut at a character within `bytes_max`; true when cut.
pub(crate) fn clean(text: &str, bytes_max: usize) -> (String, bool) {
    let mut text = if text.as_bytes().contains(&0) { text.replace('\0', "") } else { text.to_owned() };
    let cut = text.len() > bytes_max;
    if cut {
        text.truncate(char_floor(&text, bytes_max));
    }
    (text, cut)
}

/// The last place not behind `at` where a character of `text` begins.
pub(crate) fn char_floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// Puts `text` into the post, cut to its limit.
pub(crate) fn set_text(post: &mut Post, text: &str) {
    (post.text, post.truncated) = clean(text, POST_TEXT_BYTES_MAX);
}

/// A name, headline or handle: trimmed, without NUL; `None` when nothing is left.
pub(crate) fn short(text: &str) -> Option<String> {
    let (text, _) = clean(text.trim(), SHORT_TEXT_BYTES_MAX);
    (!text.is_empty()).then_some(text)
}

/// A handle without its leading `@`.
pub(crate) fn handle(text: &str) -> Option<String> {
    short(text.trim().trim_start_matches('@'))
}

/// A web address (`http`, `https`) without white space; `None` for any other
/// scheme, so that nothing that runs can be put behind a link.
pub(crate) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let scheme =
        |prefix: &str| text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    let web = scheme("https://") || scheme("http://");
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace());
    (web && plain && text.len() <= ADDRESS_BYTES_MAX).then(|| text.to_owned())
}

/// Adds `value` once while there is room.
fn push_once(list: &mut Vec<String>, value: String) {
    if list.len() < POST_LIST_MAX && !list.contains(&value) {
        list.push(value);
    }
}

/// Adds a web address to the links, once.
pub(crate) fn add_link(post: &mut Post, link: &str) {
    if let Some(link) = address(link) {
        push_once(&mut post.links, link);
    }
}

/// Adds a hashtag, with or without its `#`, once.
pub(crate) fn add_hashtag(post: &mut Post, tag: &str) {
    let tag = tag.trim().trim_start_matches(['#', '＃']);
    if tag.len() <= WORD_BYTES_MAX
        && let Some(tag) = short(tag)
    {
        push_once(&mut post.hashtags, tag);
    }
}

/// Adds a handle or identifier of a named account, once.
pub(crate) fn add_tagged(post: &mut Post, account: &str) {
    if account.len() <= model::ids::NATIVE_ID_BYTES_MAX
        && let Some(account) = handle(account)
    {
        push_once(&mut post.tagged_accounts, account);
    }
}

/// Adds a piece of media while there is room.
pub(crate) fn add_media(post: &mut Post, kind: MediaKind, url: Option<&str>, alt: Option<&str>) {
    if post.media.len() < POST_LIST_MAX {
        post.media.push(Media { kind, url: url.and_then(address), alt: alt.and_then(short) });
    }
}

/// The media kind of a MIME type or of a word such as `photo`, `gifv`.
pub(crate) fn media_kind(word: &str) -> Option<MediaKind> {
    let head = word.split('/').next().unwrap_or_default();
    match head.to_ascii_lowercase().as_str() {
        "image" | "photo" | "sticker" => Some(MediaKind::Image),
        "video" | "gifv" | "animated_gif" | "animation" | "video_note" => Some(MediaKind::Video),
        "audio" | "voice" => Some(MediaKind::Audio),
        _ => None,
    }
}

/// A country as two upper-case letters.
pub(crate) fn country(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
}

/// Adds the addresses, hashtags and handles that stand in the post's own text,
/// for networks that do not list them.
pub(crate) fn scan_text(post: &mut Post) {
    let text = std::mem::take(&mut post.text);
    if text.as_bytes().iter().any(|b| matches!(b, b'#' | b'@' | b':') || *b == 0xEF) {
        for found in Marks::new(&text) {
            match found {
                Mark::Link(link) => add_link(post, link),
                Mark::Hashtag(tag) => add_hashtag(post, tag),
                Mark::Account(handle) => add_tagged(post, handle),
            }
        }
    }
    post.text = text;
}

/// Something that stands out in a plain text.
#[derive(Debug, PartialEq, Eq)]
enum Mark<'a> {
    Link(&'a str),
    Hashtag(&'a str),
    Account(&'a str),
}

/// Finds marks from left to right in one pass.
struct Marks<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Marks<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn mark_at(&self, rest: &'a str, c: char, before: Option<char>) -> Option<(Mark<'a>, usize)> {
        let inside_word = before.is_some_and(|b| b.is_alphanumeric() || b == '_' || b == '/' || b == '&');
        let body = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            'h' | 'H' if !before.is_some_and(char::is_alphanumeric) => {
                let link = rest.get(..link_len(rest)).unwrap_or_default();
                let (_, host) = link.split_once("://")?;
                let web = ["http", "https"].iter().any(|s| {
                    link.len() > s.len()
                        && link
                            .get(..link.len() - host.len() - 3)
                            .is_some_and(|scheme| scheme.eq_ignore_ascii_case(s))
                });
                (web && !host.is_empty()).then_some((Mark::Link(link), link.len()))
            }
            '#' | '＃' if !inside_word => {
                let len = body
                    .find(|c: char| !(c.is_alphanumeric() || c == '_' || is_mark(c)))
                    .unwrap_or(body.len());
                let tag = body.get(..len).unwrap_or_default();
                tag.chars().any(char::is_alphabetic).then_some((Mark::Hashtag(tag), c.len_utf8() + len))
            }
            '@' if !inside_word => {
                let len = body
                    .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '@')))
                    .unwrap_or(body.len());
                let name = body.get(..len).unwrap_or_default().trim_end_matches(['.', '-', '@']);
                (!name.is_empty() && !name.starts_with('@')).then_some((Mark::Account(name), 1 + name.len()))
            }
            _ => None,
        }
    }
}

impl<'a> Iterator for Marks<'a> {
    type Item = Mark<'a>;

    fn next(&mut self) -> Option<Mark<'a>> {
        let mut before = self.text.get(..self.at).and_then(|head| head.chars().next_back());
        loop {
            let rest = self.text.get(self.at..)?;
            let c = rest.chars().next()?;
            if matches!(c, 'h' | 'H' | '#' | '＃' | '@')
                && let Some((mark, len)) = self.mark_at(rest, c, before)
            {
                self.at += len;
                return Some(mark);
            }
            self.at += c.len_utf8();
            before = Some(c);
        }
    }
}

/// Combining marks belong to the word before them.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c) || c == '\u{200d}'
}

/// Length of the address at the start of `rest`: up to white space or a quote,
/// without trailing punctuation and unbalanced closing brackets.
fn link_len(rest: &str) -> usize {
    if !rest.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("http://"))
        && !rest.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("https://"))
    {
        return 0;
    }
    let end = rest
        .find(|c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '"' | '<' | '>' | '«' | '»' | '“' | '”' | '…' | '`')
        })
        .unwrap_or(rest.len());
    let mut link = rest.get(..end).unwrap_or_default();
    loop {
        let shorter = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’']);
        let unbalanced = |open: char, close: char| {
            shorter.ends_with(close) && shorter.matches(close).count() > shorter.matches(open).count()
        };
        let next = if unbalanced('(', ')') || unbalanced('[', ']') || unbalanced('{', '}') {
            shorter.get(..shorter.len() - 1).unwrap_or_default()
        } else {
            shorter
        };
        if next.len() == link.len() {
            return link.len();
        }
        if link.len() - next.len() > ADDRESS_BYTES_MAX {
            return next.len();
        }
        link = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_links_hashtags_and_accounts() {
        let text = "Mira (https://ejemplo.pa/a_(b)?x=1), #PanamáSinAgua y #2026 @Ana_1, @b@mastodon.social. correo a@b.com https:// HTTP://X.org/#y.";
        let found: Vec<Mark> = Marks::new(text).collect();
        assert_eq!(
            found,
            vec![
                Mark::Link("https://ejemplo.pa/a_(b)?x=1"),
                Mark::Hashtag("PanamáSinAgua"),
                Mark::Account("Ana_1"),
                Mark::Account("b@mastodon.social"),
                Mark::Link("HTTP://X.org/#y"),
            ]
        );
    }

    #[test]
    fn only_web_addresses_pass() {
        assert_eq!(address("javascript:alert(1)"), None);
        assert_eq!(address("https://a b"), None);
        assert_eq!(address(" https://a.pa/ "), Some("https://a.pa/".to_owned()));
    }

    #[test]
    fn texts_are_cut_at_a_character() {
        assert_eq!(clean("añ\0o", 2), ("a".to_owned(), true));
        assert_eq!(clean("a\0b", 9), ("ab".to_owned(), false));
    }
}
