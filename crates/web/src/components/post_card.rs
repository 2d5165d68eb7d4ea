//! A post as it stands in lists and on its own page.
//!
//! In: a mapped post and the byte ranges of its text that a query matched.
//! Out: plain segments; the template escapes every one of them.
//! Limits: nothing is loaded from another site; pictures are placeholders.

use super::{initials, plain_line};
use crate::locale::Locale;
use model::{Account, MediaKind, Network, Post, Timestamp, Tone};
use std::ops::Range;

/// Most links listed under one post.
pub const CARD_LINKS_MAX: usize = 8;
/// Most media placeholders of one post.
pub const CARD_MEDIA_MAX: usize = 4;
/// Longest identifier that is shown whole as a name, characters.
const IDENTIFIER_CHARS_SHOWN: usize = 24;
/// Characters shown of a longer one.
const IDENTIFIER_CHARS_END: usize = 6;
/// Longest text of a post in a list, characters.
pub const CARD_TEXT_CHARS_MAX: usize = 2_000;

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The text.
    pub text: String,
    /// True when a query matched it.
    pub is_match: bool,
}

/// An address that leads away from this site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutwardLink {
    /// `http` or `https` only.
    pub href: String,
    /// Host and the beginning of the path.
    pub text: String,
}

/// A picture, video or sound that is not loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaBox {
    /// `image`, `video` or `audio`: icon and words.
    pub kind: &'static str,
    /// Its description, if its author gave one.
    pub alt: Option<String>,
}

/// One count of engagement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Icon name and locale key `post-<name>`.
    pub name: &'static str,
    /// Local form; `None` when the network did not give it.
    pub value: Option<String>,
}

/// Something in a post that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignBadge {
    /// In a word.
    pub text: String,
    /// `danger`, `warning` or `plain`: its colour.
    pub kind: &'static str,
    /// The posts that have it.
    pub href: String,
}

/// What a card shows.
#[derive(Debug, Clone)]
pub struct PostCard {
    /// `network:native_id`.
    pub key: String,
    /// Its page here.
    pub href: String,
    /// Its page on the network.
    pub original: Option<OutwardLink>,
    /// The network.
    pub network: Network,
    /// Author's name on one line.
    pub author: String,
    /// Letters for the round sign.
    pub initials: String,
    /// Handle without `@`.
    pub handle: Option<String>,
    /// The author's page here.
    pub author_href: Option<String>,
    /// The network verified the author.
    pub verified: bool,
    /// The author says to be automated.
    pub automated: bool,
    /// Followers of the author, local form.
    pub followers: Option<String>,
    /// `original`, `reply`, `reshare`, `quote`.
    pub kind: &'static str,
    /// RFC 3339.
    pub time_machine: String,
    /// Full date and time.
    pub time_full: String,
    /// `hace 5 min`.
    pub time_ago: String,
    /// True when the network's date is not plausible and ours is shown.
    pub time_doubtful: bool,
    /// When it was edited, full date and time.
    pub edited: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Text in pieces.
    pub text: Vec<Segment>,
    /// True when the text goes on on the post's page.
    pub truncated: bool,
    /// Addresses in it.
    pub links: Vec<OutwardLink>,
    /// Media in it.
    pub media: Vec<MediaBox>,
    /// Its tone, where one was derived.
    pub tone: Option<Tone>,
    /// What matters in it: complaint, question, threat, scam, urgency, copy.
    pub signs: Vec<SignBadge>,
    /// Labels that the team put.
    pub labels: Vec<String>,
    /// Engagement.
    pub figures: Vec<Figure>,
    /// Shows a check box for bulk actions.
    pub selectable: bool,
}

impl PostCard {
    /// A card of a post received at `fetched_at`, seen at `now`. `matches` are
    /// byte ranges of `post.text`; wrong ones are ignored. `href` and
    /// `author_href` are addresses within this site.
    pub fn new(
        post: &Post,
        fetched_at: Timestamp,
        now: Timestamp,
        matches: &[Range<usize>],
        href: String,
        l: &Locale,
    ) -> Self {
        let (time, given) = post.time(fetched_at);
        let cut = post.text.char_indices().nth(CARD_TEXT_CHARS_MAX).map(|(at, _)| at);
        let text = cut.and_then(|at| post.text.get(..at)).unwrap_or(&post.text);
        let author = account_name(&post.author, l);
        Self {
            key: post.key.to_text(),
            href,
            original: post.url.as_deref().and_then(outward),
            network: post.key.network,
            initials: initials(&author),
            author,
            handle: post.author.handle.as_deref().map(plain_line),
            author_href: None,
            verified: post.author.verified == Some(true),
            automated: post.author.automated == Some(true),
            followers: post.author.followers.get().map(|count| l.compact(count)),
            kind: post.kind.name(),
            time_machine: l.machine_time(time),
            time_full: l.date_time(time),
            time_ago: l.ago(time, now),
            time_doubtful: !given,
            edited: post.edited_at.map(|at| l.date_time(at)),
            title: post.title.as_deref().map(plain_line),
            text: segments(text, matches),
            truncated: cut.is_some() || post.truncated,
            links: post.links.iter().filter_map(|link| outward(link)).take(CARD_LINKS_MAX).collect(),
            media: post.media.iter().take(CARD_MEDIA_MAX).map(media_box).collect(),
            tone: None,
            signs: Vec::new(),
            labels: Vec::new(),
            figures: figures(post, l),
            selectable: false,
        }
    }
}

/// The name of an account on one line. One of which the network told only a
/// long identifier is called by the network and the identifier's end.
pub fn account_name(account: &Account, l: &Locale) -> String {
    let id = account.key.native_id.as_str();
    if account.label() != id {
        return plain_line(account.label());
    }
    identifier_name(account.key.network, id, l)
}

/// What stands for an account without name and handle.
pub fn identifier_name(network: Network, id: &str, l: &Locale) -> String {
    let id = plain_line(id);
    let length = id.chars().count();
    if length <= IDENTIFIER_CHARS_SHOWN {
        return id;
    }
    let end: String = id.chars().skip(length - IDENTIFIER_CHARS_END).collect();
    let network = l.word("network", network.name());
    l.text_with("account-nameless", &[("network", network.into()), ("end", end.into())])
}

fn media_box(media: &model::Media) -> MediaBox {
    let kind = match media.kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Audio => "audio",
    };
    let alt = media.alt.as_deref().map(plain_line).filter(|alt| !alt.is_empty());
    MediaBox { kind, alt }
}

fn figures(post: &Post, l: &Locale) -> Vec<Figure> {
    let metrics = &post.metrics;
    let all = [
        ("replies", metrics.replies),
        ("reshares", metrics.reshares),
        ("quotes", metrics.quotes),
        ("likes", metrics.likes),
        ("views", metrics.views),
    ];
    let shown = all.into_iter().filter(|(_, value)| value.get().is_some());
    shown.map(|(name, value)| Figure { name, value: value.get().map(|count| l.compact(count)) }).collect()
}

/// An address to show, if a browser may follow it: only `http` and `https`.
pub fn outward(link: &str) -> Option<OutwardLink> {
    let lower = link.get(..8).unwrap_or(link).to_ascii_lowercase();
    if !(lower.starts_with("https://") || lower.starts_with("http://")) {
        return None;
    }
    if link.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let host = model::post::host_of(link)?;
    let path = link.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    let path: String = plain_line(path).chars().take(28).collect();
    let text = match path.as_str() {
        "" => host,
        path => format!("{host}/{path}"),
    };
    Some(OutwardLink { href: link.to_owned(), text })
}

/// Splits a text at the matched byte ranges. Ranges may overlap and come in
/// any order; those outside the text or inside a character are ignored.
pub fn segments(text: &str, matches: &[Range<usize>]) -> Vec<Segment> {
    let mut ranges: Vec<&Range<usize>> = matches
        .iter()
        .filter(|range| text.get((*range).clone()).is_some_and(|part| !part.is_empty()))
        .collect();
    ranges.sort_by_key(|range| range.start);
    let mut out: Vec<Segment> = Vec::new();
    let mut push = |part: Option<&str>, is_match: bool| {
        if let Some(part) = part
            && !part.is_empty()
        {
            let shown = part.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
            out.push(Segment { text: shown, is_match });
        }
    };
    let mut at = 0;
    for range in ranges {
        if range.end <= at {
            continue;
        }
        push(text.get(at..range.start), false);
        push(text.get(at.max(range.start)..range.end), true);
        at = range.end;
    }
    push(text.get(at..), false);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str, matches: &[Range<usize>]) -> String {
        segments(text, matches)
            .iter()
            .map(|s| if s.is_match { format!("[{}]", s.text) } else { s.text.clone() })
            .collect()
    }

    #[test]
    fn matches_are_cut_out_whole() {
        assert_eq!(joined("sin agua hoy", &[4..8]), "sin [agua] hoy");
        assert_eq!(joined("sin agua hoy", &[4..8, 0..3, 2..6]), "[sin][ ag][ua] hoy");
        assert_eq!(joined("año", &[0..2, 9..12, 1..1]), "año", "inside ñ, outside, empty");
        assert_eq!(joined("", &[0..0]), "");
        assert_eq!(joined("a\u{0}b", &[]), "a b");
    }

    #[test]
    #[allow(clippy::reversed_empty_ranges)]
    fn a_backward_range_is_ignored() {
        assert_eq!(joined("agua", &[3..1]), "agua");
    }

    #[test]
    fn only_web_addresses_lead_away() {
        assert_eq!(outward("https://www.prensa.com/nota/1").unwrap().text, "prensa.com/nota/1");
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://a b.example", "ftp://x.y"]
        {
            assert_eq!(outward(bad), None, "{bad}");
        }
        assert!(outward("ñ").is_none());
    }
}
