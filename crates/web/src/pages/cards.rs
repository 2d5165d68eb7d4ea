//! Posts of the archive as cards.
//!
//! In: a [`PostView`] with its pieces that matched. Out: a [`PostCard`] that
//! links to the pages of the post and of its author. Badges are shown only for
//! what somebody should look at; each leads to the posts that have it.

use super::addresses::address;
use crate::components::{PostCard, SignBadge};
use crate::front::url_escape;
use crate::locale::Locale;
use ::app::listening::{PostView, Segment};
use model::{AccountKey, Intent, Timestamp};
use std::ops::Range;

/// Least urgency that a card shows, hundredths.
pub const URGENT_FROM: u8 = 50;
/// Urgency from which it is shown in red, hundredths.
pub const VERY_URGENT_FROM: u8 = 75;

/// The page of a post.
pub fn post_href(id: i64) -> String {
    format!("/posts/{id}")
}

/// The page of an author.
pub fn author_href(key: &str) -> String {
    format!("/authors/{}", url_escape(key))
}

/// The card of a post as seen at `now`.
pub fn card(view: &PostView, now: Timestamp, l: &Locale) -> PostCard {
    let marks = marked(&view.text);
    let mut card = PostCard::new(&view.post, view.fetched_at, now, &marks, post_href(view.id), l);
    card.key = view.id.to_string();
    card.author_href = Some(author_href(&AccountKey::to_text(&view.post.author.key)));
    card.tone = Some(view.tone);
    card.signs = signs(view, l);
    card.labels.clone_from(&view.labels);
    card
}

/// What matters in a post: threats, scams, insults, complaints, questions,
/// urgency, and that it repeats another.
fn signs(view: &PostView, l: &Locale) -> Vec<SignBadge> {
    let shown = [
        (Intent::Threat, "danger"),
        (Intent::Scam, "danger"),
        (Intent::Insult, "warning"),
        (Intent::Complaint, "warning"),
        (Intent::Question, "plain"),
    ];
    let mut signs = Vec::new();
    if let Some(percent) = view.urgency_percent.filter(|percent| *percent >= URGENT_FROM) {
        let very = percent >= VERY_URGENT_FROM;
        let from = if very { VERY_URGENT_FROM } else { URGENT_FROM };
        signs.push(SignBadge {
            text: l.word("urgency-level", if very { "very" } else { "high" }),
            kind: if very { "danger" } else { "warning" },
            href: address("/explorer", &[("urgency", &from.to_string())]),
        });
    }
    let intents = shown.into_iter().filter(|(intent, _)| view.intents.contains(*intent));
    signs.extend(intents.map(|(intent, kind)| SignBadge {
        text: l.word("intent", intent.name()),
        kind,
        href: address("/explorer", &[("intent", intent.name())]),
    }));
    signs.extend(view.copy_of.map(|first| SignBadge {
        text: l.text("post-copy"),
        kind: "plain",
        href: address("/explorer", &[("q", &format!("cascade:{first}")), ("order", "oldest")]),
    }));
    signs
}

/// The cards of a list.
pub fn cards(views: &[PostView], now: Timestamp, l: &Locale) -> Vec<PostCard> {
    views.iter().map(|view| card(view, now, l)).collect()
}

/// The cards of a list with check boxes.
pub fn selectable(views: &[PostView], now: Timestamp, l: &Locale) -> Vec<PostCard> {
    let mut cards = cards(views, now, l);
    cards.iter_mut().for_each(|card| card.selectable = true);
    cards
}

/// Byte ranges of the marked pieces; together the pieces are the text.
fn marked(pieces: &[Segment]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    for piece in pieces {
        let end = at + piece.text.len();
        if piece.marked {
            ranges.push(at..end);
        }
        at = end;
    }
    ranges
}
