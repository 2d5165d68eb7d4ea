//! Posts of the archive as cards.
//!
//! In: a [`PostView`] with its pieces that matched. Out: a [`PostCard`] that
//! links to the pages of the post and of its author.

use crate::components::PostCard;
use crate::front::url_escape;
use crate::locale::Locale;
use ::app::listening::{PostView, Segment};
use model::{AccountKey, Timestamp};
use std::ops::Range;

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
    card.labels.clone_from(&view.labels);
    card
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
