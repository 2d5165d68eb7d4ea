//! Figures: the overview of an expression and the page of an author.

use super::view::{AccountBody, Instant, PostBody, posts};
use super::{Answer, Asked, Named, instant, invalid};
use crate::front::{Call, Need, Route, work};
use app::listening::{AuthorView, OverviewView, ShareOfVoiceEntry, Span, VolumePoint, Window};
use axum::Json;
use axum::http::Method;
use axum::routing::get;
use model::listening::Purpose;
use model::{Permission, Tone};
use serde::{Deserialize, Serialize};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/overview",
            need: Need::Token(Permission::Read),
            summary: "Volume, tone, share of voice and the rest of the overview of an expression",
            handler: get(overview),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/authors/{*key}",
            need: Need::Token(Permission::Read),
            summary: "An author by key (network:native_id) with the figures of their posts",
            handler: get(author),
        },
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverviewQuery {
    #[serde(default)]
    q: String,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorQuery {
    from: Option<String>,
    to: Option<String>,
}

/// Both ends or none: the span of the data.
pub(super) fn span_of(from: Option<&str>, to: Option<&str>) -> Answer<Option<Span>> {
    match (from, to) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) => {
            let span = Span { from: instant("from", from)?, to: instant("to", to)? };
            if span.from < span.to { Ok(Some(span)) } else { Err(invalid("to", "it must be after `from`")) }
        }
        (None, Some(_)) => Err(invalid("from", "give both `from` and `to`, or neither")),
        (Some(_), None) => Err(invalid("to", "give both `from` and `to`, or neither")),
    }
}

async fn overview(call: Call, Asked(asked): Asked<OverviewQuery>) -> Answer<Json<OverviewBody>> {
    let span = span_of(asked.from.as_deref(), asked.to.as_deref())?;
    let view = work(move || call.workspace.overview(&call.actor, &asked.q, span)).await?;
    Ok(Json(view.into()))
}

async fn author(
    call: Call,
    Named(key): Named<String>,
    Asked(asked): Asked<AuthorQuery>,
) -> Answer<Json<AuthorBody>> {
    let span = span_of(asked.from.as_deref(), asked.to.as_deref())?;
    let page = work(move || call.workspace.load_author(&call.actor, &key, span)).await?;
    Ok(Json(AuthorBody {
        account: page.account.into(),
        overview: page.overview.into(),
        posts: posts(page.posts.posts),
        posts_total_count: page.posts.total,
    }))
}

#[derive(Serialize)]
struct AuthorBody {
    account: AccountBody,
    overview: OverviewBody,
    /// Their newest posts.
    posts: Vec<PostBody>,
    posts_total_count: u64,
}

/// Posts by tone, count each.
#[derive(Serialize)]
pub(super) struct Tones {
    unknown: u64,
    negative: u64,
    neutral: u64,
    positive: u64,
    mixed: u64,
}

impl From<[u64; 5]> for Tones {
    fn from(counts: [u64; 5]) -> Self {
        let of = |tone: Tone| counts.get(usize::from(tone.code())).copied().unwrap_or_default();
        Self {
            unknown: of(Tone::Unknown),
            negative: of(Tone::Negative),
            neutral: of(Tone::Neutral),
            positive: of(Tone::Positive),
            mixed: of(Tone::Mixed),
        }
    }
}

/// One value of a list with the posts that have it.
#[derive(Serialize)]
struct Counted {
    value: String,
    posts_count: u64,
}

fn counted<T>(list: Vec<(T, u64)>, name: impl Fn(T) -> String) -> Vec<Counted> {
    list.into_iter().map(|(value, posts_count)| Counted { value: name(value), posts_count }).collect()
}

/// Posts of one urgency.
#[derive(Serialize)]
struct UrgencyCount {
    /// `null` where the method abstained.
    urgency_percent: Option<u8>,
    posts_count: u64,
}

#[derive(Serialize)]
struct VolumeBody {
    start: Instant,
    /// `null` in a gap: nobody listened, which is not zero.
    posts_count: Option<u64>,
    tones: Option<Tones>,
    gap: bool,
}

impl From<VolumePoint> for VolumeBody {
    fn from(point: VolumePoint) -> Self {
        let there = !point.gap;
        Self {
            start: Instant(point.start),
            posts_count: there.then(|| point.tones.iter().sum()),
            tones: there.then(|| point.tones.into()),
            gap: point.gap,
        }
    }
}

#[derive(Serialize)]
struct ActiveAuthor {
    key: String,
    label: String,
    handle: Option<String>,
    posts_count: u64,
    followers_count: Option<u64>,
}

impl From<AuthorView> for ActiveAuthor {
    fn from(author: AuthorView) -> Self {
        Self {
            key: author.key,
            label: author.label,
            handle: author.handle,
            posts_count: author.posts,
            followers_count: author.followers,
        }
    }
}

#[derive(Serialize)]
struct Share {
    query: i64,
    name: String,
    purpose: Purpose,
    mentions_count: u64,
    tones: Tones,
    share_ratio: Option<f64>,
}

impl From<ShareOfVoiceEntry> for Share {
    fn from(entry: ShareOfVoiceEntry) -> Self {
        Self {
            query: entry.id,
            name: entry.name,
            purpose: entry.purpose,
            mentions_count: entry.mentions,
            tones: entry.tones.into(),
            share_ratio: entry.share_ratio,
        }
    }
}

#[derive(Serialize)]
struct Gap {
    source: i64,
    from: Instant,
    to: Instant,
}

impl From<Window> for Gap {
    fn from(gap: Window) -> Self {
        Self { source: gap.source, from: Instant(gap.from), to: Instant(gap.to) }
    }
}

/// Figures of an expression.
#[derive(Serialize)]
pub(super) struct OverviewBody {
    from: Instant,
    to: Instant,
    posts_count: u64,
    posts_count_before: Option<u64>,
    bucket_ms: i64,
    volume: Vec<VolumeBody>,
    tones: Tones,
    networks: Vec<Counted>,
    languages: Vec<Counted>,
    kinds: Vec<Counted>,
    intents: Vec<Counted>,
    offences: Vec<Counted>,
    emotions: Vec<Counted>,
    urgencies: Vec<UrgencyCount>,
    week: Vec<[u64; 24]>,
    authors: Vec<ActiveAuthor>,
    hashtags: Vec<Counted>,
    domains: Vec<Counted>,
    links: Vec<Counted>,
    top_posts: Vec<PostBody>,
    questions: Vec<PostBody>,
    questions_count: u64,
    engagement_missing_count: u64,
    time_implausible_count: u64,
    gaps: Vec<Gap>,
    share_of_voice: Vec<Share>,
}

impl From<OverviewView> for OverviewBody {
    fn from(view: OverviewView) -> Self {
        Self {
            from: Instant(view.span.from),
            to: Instant(view.span.to),
            posts_count: view.total,
            posts_count_before: view.total_before,
            bucket_ms: view.bucket_ms,
            volume: view.volume.into_iter().map(Into::into).collect(),
            tones: view.tones.into(),
            networks: counted(view.networks, |network| network.name().to_owned()),
            languages: counted(view.languages, |lang| {
                lang.map_or_else(|| "unknown".to_owned(), |lang| lang.as_str().to_owned())
            }),
            kinds: counted(view.kinds, |kind| kind.name().to_owned()),
            intents: counted(view.intents, |intent| intent.name().to_owned()),
            offences: counted(view.offences, |offence| offence.name().to_owned()),
            emotions: counted(view.emotions, |emotion| emotion.name().to_owned()),
            urgencies: view
                .urgencies
                .into_iter()
                .map(|(urgency_percent, posts_count)| UrgencyCount { urgency_percent, posts_count })
                .collect(),
            week: view.week,
            authors: view.authors.into_iter().map(Into::into).collect(),
            hashtags: counted(view.hashtags, |text| text),
            domains: counted(view.domains, |text| text),
            links: counted(view.links, |text| text),
            top_posts: posts(view.top_posts),
            questions: posts(view.questions),
            questions_count: view.questions_total,
            engagement_missing_count: view.engagement_missing,
            time_implausible_count: view.time_implausible,
            gaps: view.gaps.into_iter().map(Into::into).collect(),
            share_of_voice: view.share_of_voice.into_iter().map(Into::into).collect(),
        }
    }
}
