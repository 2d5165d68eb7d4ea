//! The shapes of posts and accounts in the API.
//!
//! In: views of the work room. Out: flat structures with the words of the
//! glossary. A figure that is missing is `null`, and `missing` gives the
//! reason: `"likes": null, "missing": {"likes": "not_provided"}`; zero is
//! always a zero that the network gave.

use super::understanding::{CorrectionBody, ReadingBody, ScamBody, SeenBody};
use app::listening::{LanguageStatement, PostPage, PostView, Segment};
use model::sentiment::Reason;
use model::{
    Account, Emotion, IntentSet, Known, Lang, Media, Missing, Network, Offence, PostKind, Timestamp, Tone,
};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// An instant, RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instant(pub Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// The reasons of the figures that are missing.
type Reasons = BTreeMap<&'static str, Missing>;

/// The value, or `None` with its reason noted.
fn value(name: &'static str, known: Known<u64>, missing: &mut Reasons) -> Option<u64> {
    match known {
        Known::Value(value) => Some(value),
        Known::Missing(reason) => {
            missing.insert(name, reason);
            None
        }
    }
}

/// An author.
#[derive(Debug, Serialize)]
pub(super) struct AccountBody {
    key: String,
    network: Network,
    native_id: String,
    handle: Option<String>,
    name: Option<String>,
    bio: Option<String>,
    followers_count: Option<u64>,
    following_count: Option<u64>,
    posts_count: Option<u64>,
    created_at: Option<Instant>,
    url: Option<String>,
    verified: Option<bool>,
    automated: Option<bool>,
    missing: Reasons,
}

impl From<Account> for AccountBody {
    fn from(account: Account) -> Self {
        let mut missing = Reasons::new();
        Self {
            key: account.key.to_text(),
            network: account.key.network,
            native_id: account.key.native_id.into(),
            handle: account.handle,
            name: account.name,
            bio: account.bio,
            followers_count: value("followers_count", account.followers, &mut missing),
            following_count: value("following_count", account.following, &mut missing),
            posts_count: value("posts_count", account.posts, &mut missing),
            created_at: account.created_at.map(Instant),
            url: account.url,
            verified: account.verified,
            automated: account.automated,
            missing,
        }
    }
}

/// Engagement by kind.
#[derive(Debug, Serialize)]
pub(super) struct MetricsBody {
    likes: Option<u64>,
    replies: Option<u64>,
    reshares: Option<u64>,
    quotes: Option<u64>,
    views: Option<u64>,
    missing: Reasons,
}

/// A stretch of text that made the expression match.
#[derive(Debug, Serialize)]
pub(super) struct Highlight {
    /// First character, from 0.
    start: usize,
    /// First character after it.
    end: usize,
}

/// A post.
#[derive(Debug, Serialize)]
pub(super) struct PostBody {
    id: i64,
    key: String,
    network: Network,
    native_id: String,
    kind: PostKind,
    author: AccountBody,
    title: Option<String>,
    title_highlights: Vec<Highlight>,
    text: String,
    text_highlights: Vec<Highlight>,
    truncated: bool,
    time: Instant,
    time_plausible: bool,
    created_at: Option<Instant>,
    edited_at: Option<Instant>,
    fetched_at: Instant,
    url: Option<String>,
    reply_to: Option<String>,
    thread_root: Option<String>,
    shared: Option<String>,
    links: Vec<String>,
    hashtags: Vec<String>,
    tagged_accounts: Vec<String>,
    media: Vec<Media>,
    metrics: MetricsBody,
    country: Option<String>,
    declared_language: Option<Lang>,
    language: Option<Lang>,
    tone: Tone,
    tone_score: Option<f32>,
    intents: IntentSet,
    urgency_percent: Option<u8>,
    offence: Offence,
    emotion: Emotion,
    copy_of: Option<i64>,
    labels: Vec<String>,
    source: Option<i64>,
    import: Option<i64>,
}

impl From<PostView> for PostBody {
    fn from(view: PostView) -> Self {
        let post = view.post;
        let mut missing = Reasons::new();
        let metrics = MetricsBody {
            likes: value("likes", post.metrics.likes, &mut missing),
            replies: value("replies", post.metrics.replies, &mut missing),
            reshares: value("reshares", post.metrics.reshares, &mut missing),
            quotes: value("quotes", post.metrics.quotes, &mut missing),
            views: value("views", post.metrics.views, &mut missing),
            missing,
        };
        Self {
            id: view.id,
            key: post.key.to_text(),
            network: post.key.network,
            native_id: post.key.native_id.into(),
            kind: post.kind,
            author: post.author.into(),
            title_highlights: highlights(&view.title),
            text_highlights: highlights(&view.text),
            title: post.title,
            text: post.text,
            truncated: post.truncated,
            time: Instant(view.time),
            time_plausible: view.time_plausible,
            created_at: post.created_at.map(Instant),
            edited_at: post.edited_at.map(Instant),
            fetched_at: Instant(view.fetched_at),
            url: post.url,
            reply_to: post.reply_to.map(Into::into),
            thread_root: post.thread_root.map(Into::into),
            shared: post.shared.map(Into::into),
            links: post.links,
            hashtags: post.hashtags,
            tagged_accounts: post.tagged_accounts,
            media: post.media,
            metrics,
            country: post.country,
            declared_language: post.declared_language,
            language: view.language,
            tone: view.tone,
            tone_score: view.tone_score,
            intents: view.intents,
            urgency_percent: view.urgency_percent,
            offence: view.offence,
            emotion: view.emotion,
            copy_of: view.copy_of,
            labels: view.labels,
            source: (view.source > 0).then_some(view.source),
            import: (view.source < 0).then_some(view.source.saturating_neg()),
        }
    }
}

/// Posts as bodies.
pub(super) fn posts(views: Vec<PostView>) -> Vec<PostBody> {
    views.into_iter().map(Into::into).collect()
}

fn highlights(segments: &[Segment]) -> Vec<Highlight> {
    let mut out = Vec::new();
    let mut at = 0;
    for segment in segments {
        let end = at + segment.text.chars().count();
        if segment.marked {
            out.push(Highlight { start: at, end });
        }
        at = end;
    }
    out
}

/// The language of a post with its method.
#[derive(Debug, Serialize)]
pub(super) struct LanguageBody {
    language: Option<Lang>,
    score_01: f32,
    reasons: Vec<Reason>,
    method: &'static str,
    method_version: u32,
}

/// A query that a post is a mention of.
#[derive(Debug, Serialize)]
pub(super) struct QueryName {
    id: i64,
    name: String,
}

/// A post with its thread and everything derived of it.
#[derive(Debug, Serialize)]
pub(super) struct PostPageBody {
    post: PostBody,
    ancestors: Vec<PostBody>,
    thread: Vec<PostBody>,
    language: LanguageBody,
    reading: ReadingBody,
    corrections: Vec<CorrectionBody>,
    scam: Option<ScamBody>,
    seen_before: Option<SeenBody>,
    queries: Vec<QueryName>,
    record_format: &'static str,
    record: String,
}

impl From<PostPage> for PostPageBody {
    fn from(page: PostPage) -> Self {
        let LanguageStatement { language, score_01, reasons } = page.language.value;
        let (method, method_version) = (page.language.method, page.language.version);
        Self {
            post: page.view.into(),
            ancestors: posts(page.ancestors),
            thread: posts(page.thread),
            language: LanguageBody { language, score_01, reasons, method, method_version },
            reading: page.reading.into(),
            corrections: page.corrections.into_iter().map(Into::into).collect(),
            scam: page.scam.map(Into::into),
            seen_before: page.seen_before.map(Into::into),
            queries: page
                .queries
                .into_iter()
                .map(|query| QueryName { id: query.id, name: query.name })
                .collect(),
            record_format: page.format,
            record: page.raw,
        }
    }
}
