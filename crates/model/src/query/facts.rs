//! What is known of a post besides its words: the columns of matcher and index.

use super::ast::Has;
use crate::text::fold;
use crate::{
    Emotion, IntentSet, Lang, MediaKind, Network, Offence, Post, PostKind, Timestamp, Tone, Understood,
};

/// A set of [`Has`], one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct HasSet(pub u8);

impl HasSet {
    /// True when `has` is in it.
    pub const fn contains(self, has: Has) -> bool {
        self.0 & (1 << has as u8) != 0
    }

    /// Adds `has` if `condition`.
    fn set(&mut self, has: Has, condition: bool) {
        if condition {
            self.0 |= 1 << has as u8;
        }
    }
}

/// Received and derived facts of one post, folded for comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Its network.
    pub network: Network,
    /// Where it stands in time (see [`Post::time`]).
    pub time: Timestamp,
    /// False when the network's date was missing or implausible.
    pub time_plausible: bool,
    /// Detected language; `None` is unknown.
    pub language: Option<Lang>,
    /// Tone.
    pub tone: Tone,
    /// Tone score −1…1.
    pub tone_score: Option<f32>,
    /// What its writer wants.
    pub intents: IntentSet,
    /// How fast somebody should look, in hundredths; `None` when unknown.
    pub urgency_percent: Option<u8>,
    /// Whether it offends.
    pub offence: Offence,
    /// Its main emotion.
    pub emotion: Emotion,
    /// Record id of the post that began its cascade of copies, its own when it
    /// copies none; `None` when too short to compare or not yet compared.
    pub cascade: Option<i64>,
    /// What it is.
    pub kind: PostKind,
    /// `network:native id` of the author.
    pub author: String,
    /// Handle of the author, folded.
    pub handle: Option<String>,
    /// For an answer: `network:native id` of the first post of its thread, or
    /// of the post that it answers when the network does not name the first.
    pub thread: Option<String>,
    /// Hashtags, folded, each once.
    pub hashtags: Vec<String>,
    /// Tagged accounts, folded, each once.
    pub tagged: Vec<String>,
    /// Hosts of the links (see [`Post::domains`]).
    pub domains: Vec<String>,
    /// Links as given, each once.
    pub links: Vec<String>,
    /// Country, upper case.
    pub country: Option<String>,
    /// Followers of the author when received.
    pub followers: Option<u64>,
    /// Sum of known engagement when received.
    pub engagement: Option<u64>,
    /// What it has.
    pub has: HasSet,
    /// The source that received it.
    pub source: i64,
}

impl Facts {
    /// The facts of a post received at `fetched_at` from `source`, with what
    /// was derived of its text.
    pub fn of(post: &Post, fetched_at: Timestamp, source: i64, understood: &Understood) -> Self {
        let (time, time_plausible) = post.time(fetched_at);
        let mut has = HasSet::default();
        let of_kind = |kind| post.media.iter().any(|media| media.kind == kind);
        has.set(Has::Link, !post.links.is_empty());
        has.set(Has::Image, of_kind(MediaKind::Image));
        has.set(Has::Video, of_kind(MediaKind::Video));
        has.set(Has::Media, !post.media.is_empty());
        has.set(Has::Hashtag, !post.hashtags.is_empty());
        has.set(Has::Tag, !post.tagged_accounts.is_empty());
        has.set(Has::Question, post.text.contains(['?', '¿', '？']));
        has.set(Has::Country, post.country.is_some());
        Self {
            network: post.key.network,
            time,
            time_plausible,
            language: understood.language,
            tone: understood.tone,
            tone_score: understood.tone_score,
            intents: understood.intents,
            urgency_percent: understood.urgency_percent,
            offence: understood.offence,
            emotion: understood.emotion,
            cascade: None,
            kind: post.kind,
            author: post.author.key.to_text(),
            handle: post.author.handle.as_deref().map(fold_handle),
            thread: post
                .reply_to
                .as_ref()
                .map(|parent| post.thread_root.as_ref().unwrap_or(parent))
                .map(|root| format!("{}:{root}", post.key.network.name())),
            hashtags: unique(post.hashtags.iter().map(|tag| fold_hashtag(tag))),
            tagged: unique(post.tagged_accounts.iter().map(|tag| fold_handle(tag))),
            domains: post.domains(),
            links: unique(post.links.iter().cloned()),
            country: post.country.clone(),
            followers: post.author.followers.get(),
            engagement: post.metrics.engagement(),
            has,
            source,
        }
    }
}

/// A hashtag as compared: folded, without `#` and underscores.
pub(super) fn fold_hashtag(tag: &str) -> String {
    let mut folded = fold(tag.trim_start_matches(['#', '＃']));
    folded.retain(|c| c != '_');
    folded
}

/// A handle as compared: folded, without `@`.
pub(super) fn fold_handle(handle: &str) -> String {
    fold(handle.trim_start_matches('@'))
}

fn unique(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut list: Vec<String> = items.filter(|item| !item.is_empty()).collect();
    list.sort_unstable();
    list.dedup();
    list
}
