//! The overview: what is being said, by whom, in which tone and where.

use super::explore::{PostView, parse_or_all};
use super::workspace::Workspace;
use crate::{Actor, AppError};
use jiff::tz::TimeZone;
use model::listening::Purpose;
use model::query::{Expr, Field};
use model::time::{DAY_MS, HOUR_MS};
use model::{AccountKey, Emotion, Intent, Lang, Network, Offence, Permission, PostKind, Timestamp};
use store::archive::Window;
use store::index::{HourVolume, Labels, OverviewRequest, ToneCounts, Top};

/// Entries of each list.
const TOP_N: usize = 10;
/// Points of a volume chart, at most; past it, buckets get coarser.
const POINTS_MAX: i64 = 400;

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Hash)]
pub struct Span {
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
}

/// Volume of one bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct VolumePoint {
    /// First instant of the bucket.
    pub start: Timestamp,
    /// Posts by tone: unknown, negative, neutral, positive, mixed.
    pub tones: [u64; 5],
    /// True when no source listened during the whole bucket and nothing was
    /// imported for it: the count is missing, not zero.
    pub gap: bool,
}

/// An author of many posts.
#[derive(Debug, Clone, serde::Serialize)]
pub struct AuthorView {
    /// `network:native id`.
    pub key: String,
    /// Name to show.
    pub label: String,
    /// Handle, if known.
    pub handle: Option<String>,
    /// Posts in the span.
    pub posts: u64,
    /// Greatest known number of followers.
    pub followers: Option<u64>,
}

/// One query in the share of voice.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ShareOfVoiceEntry {
    /// The query.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its purpose.
    pub purpose: Purpose,
    /// Mentions in the span.
    pub mentions: u64,
    /// Mentions by tone.
    pub tones: [u64; 5],
    /// Share among the own brand and its competitors, 0…1; `None` without mentions.
    pub share_ratio: Option<f64>,
}

/// Everything on the overview page.
#[derive(Debug, Clone, serde::Serialize)]
pub struct OverviewView {
    /// The span asked for, or that of the data.
    pub span: Span,
    /// Posts in it.
    pub total: u64,
    /// Posts in the span of equal length before it; `None` when the archive does not reach back so far.
    pub total_before: Option<u64>,
    /// Length of a bucket, ms.
    pub bucket_ms: i64,
    /// Volume, one entry per bucket, rising.
    pub volume: Vec<VolumePoint>,
    /// Posts by tone: unknown, negative, neutral, positive, mixed.
    pub tones: [u64; 5],
    /// By network.
    pub networks: Vec<(Network, u64)>,
    /// By language; `None` is unknown.
    pub languages: Vec<(Option<Lang>, u64)>,
    /// By kind.
    pub kinds: Vec<(PostKind, u64)>,
    /// By intent; a post may have several.
    pub intents: Vec<(Intent, u64)>,
    /// By whom they offend; `Unknown` is where the method abstained.
    pub offences: Vec<(Offence, u64)>,
    /// By main emotion; `Unknown` is where the method abstained.
    pub emotions: Vec<(Emotion, u64)>,
    /// By urgency in hundredths, rising; `None` is where the method abstained.
    pub urgencies: Vec<(Option<u8>, u64)>,
    /// Hours of the week in the workspace's time zone: `[weekday from Monday][hour]`.
    pub week: Vec<[u64; 24]>,
    /// Most frequent authors.
    pub authors: Vec<AuthorView>,
    /// Most frequent hashtags, folded.
    pub hashtags: Vec<(String, u64)>,
    /// Most frequent hosts of links.
    pub domains: Vec<(String, u64)>,
    /// Most frequent links.
    pub links: Vec<(String, u64)>,
    /// Posts with the most engagement.
    pub top_posts: Vec<PostView>,
    /// Newest posts with a question.
    pub questions: Vec<PostView>,
    /// Posts with a question, count.
    pub questions_total: u64,
    /// Posts whose engagement is unknown, count.
    pub engagement_missing: u64,
    /// Posts whose network date was missing or implausible, count.
    pub time_implausible: u64,
    /// Times in which a source did not listen, within the span.
    #[serde(skip)]
    pub gaps: Vec<Window>,
    /// Share of voice of all queries.
    pub share_of_voice: Vec<ShareOfVoiceEntry>,
}

impl OverviewView {
    /// Posts at least as urgent as `percent` hundredths.
    pub fn urgent_from(&self, percent: u8) -> u64 {
        let from = |(urgency, _): &&(Option<u8>, u64)| urgency.is_some_and(|urgency| urgency >= percent);
        self.urgencies.iter().filter(from).map(|(_, posts)| posts).sum()
    }

    /// Posts that offend a person or a group, and posts of which it is known whether they do.
    pub fn offending(&self) -> (u64, u64) {
        let sum = |wanted: fn(Offence) -> bool| {
            self.offences.iter().filter(|(offence, _)| wanted(*offence)).map(|(_, posts)| posts).sum()
        };
        (
            sum(|offence| matches!(offence, Offence::Person | Offence::Group)),
            sum(|offence| offence != Offence::Unknown),
        )
    }
}

impl Workspace {
    /// The overview of the posts that match, in a span of time (all of it when
    /// the span is `None`).
    ///
    /// # Errors
    /// [`AppError::Query`], [`AppError::Forbidden`].
    pub fn overview(
        &self,
        actor: &Actor,
        expression: &str,
        span: Option<Span>,
    ) -> Result<OverviewView, AppError> {
        actor.require(Permission::Read)?;
        let expr = parse_or_all(expression)?;
        let labels = self.labels_for(&[&expr])?;
        let request = |span: Option<Span>| OverviewRequest {
            expr: &expr,
            labels: &labels,
            from: span.map(|span| span.from),
            to: span.map(|span| span.to),
            top_n: TOP_N,
        };
        let found = self.index().overview(&request(span))?;
        let now = self.settings().now();
        let span = span.unwrap_or_else(|| match found.span {
            Some((first, last)) => Span { from: first, to: last.plus(1) },
            None => Span { from: now.plus(-7 * DAY_MS), to: now },
        });
        let zone = TimeZone::get(&self.info().time_zone).unwrap_or(TimeZone::UTC);
        let gaps = self.archive().list_gaps(span.from, span.to)?;
        let bucket_ms = bucket_of(span);
        let volume = buckets(&found.hours, span, bucket_ms, &zone, &gaps);
        Ok(OverviewView {
            span,
            total: found.total,
            total_before: self.total_before(&expr, &labels, span)?,
            bucket_ms,
            volume,
            tones: found.tones.0,
            networks: found.networks,
            languages: found.languages,
            kinds: found.kinds,
            intents: found.intents,
            offences: found.offences,
            emotions: found.emotions,
            urgencies: found.urgencies,
            week: week_of(&found.hours, &zone),
            authors: self.author_views(&found.authors.entries)?,
            hashtags: pairs(found.hashtags),
            domains: pairs(found.domains),
            links: pairs(found.links),
            top_posts: self.views(&ids_of(&found.top_posts), Some(&expr))?,
            questions: self.views(&ids_of(&found.questions_newest), Some(&expr))?,
            questions_total: found.questions_total,
            engagement_missing: found.engagement_missing,
            time_implausible: found.time_implausible,
            gaps,
            share_of_voice: self.share_of_voice(span)?,
        })
    }

    fn total_before(&self, expr: &Expr, labels: &Labels, span: Span) -> Result<Option<u64>, AppError> {
        let before = Span { from: span.from.plus(span.from.millis() - span.to.millis()), to: span.from };
        // Was anything at all there, or did listening begin later?
        let reaches_back =
            self.index().count(&Expr::Field(Field::Until(before.from.plus(1))), &Labels::new())? > 0;
        if !reaches_back {
            return Ok(None);
        }
        let within = expr
            .clone()
            .and(Expr::Field(Field::Since(before.from)))
            .and(Expr::Field(Field::Until(before.to)));
        Ok(Some(self.index().count(&within, labels)?))
    }

    /// Authors with the names that one of their posts gives.
    pub(super) fn author_views(
        &self,
        authors: &[store::index::TopAuthor],
    ) -> Result<Vec<AuthorView>, AppError> {
        let mut views = Vec::with_capacity(authors.len());
        for author in authors {
            let account = self.account_of(&author.key)?;
            views.push(AuthorView {
                label: account.as_ref().map_or_else(|| author.key.clone(), |a| a.label().to_owned()),
                handle: account.and_then(|account| account.handle),
                key: author.key.clone(),
                posts: author.posts,
                followers: author.followers_max,
            });
        }
        Ok(views)
    }

    /// An author as its newest post describes it.
    pub(super) fn account_of(&self, key: &str) -> Result<Option<model::Account>, AppError> {
        if AccountKey::parse(key).is_none() {
            return Ok(None);
        }
        let expr = Expr::Field(Field::Author(key.to_owned()));
        let page = self.index().search(&store::index::SearchRequest {
            expr: &expr,
            labels: &Labels::new(),
            order: store::index::Order::Newest,
            limit: 1,
            after: None,
        })?;
        Ok(self.views(&ids_of(&page.hits), None)?.into_iter().next().map(|view| view.post.author))
    }
}

fn ids_of(hits: &[store::index::Hit]) -> Vec<i64> {
    hits.iter().map(|hit| hit.id).collect()
}

fn pairs(top: Top) -> Vec<(String, u64)> {
    top.entries.into_iter().map(|entry| (entry.value, entry.posts)).collect()
}

/// An hour, a day, or as many days as keep the chart within [`POINTS_MAX`].
fn bucket_of(span: Span) -> i64 {
    let length = (span.to.millis() - span.from.millis()).max(1);
    if length <= 7 * DAY_MS {
        return HOUR_MS;
    }
    let days = divided_up(length, DAY_MS);
    let width = divided_up(days, POINTS_MAX);
    DAY_MS * width
}

/// Division rounded up, for positive numbers.
const fn divided_up(number: i64, by: i64) -> i64 {
    -(-number).div_euclid(by)
}

/// The start of the bucket that holds an instant: days begin at the
/// workspace's midnight.
fn bucket_start(at: Timestamp, bucket_ms: i64, zone: &TimeZone, origin: Timestamp) -> Timestamp {
    if bucket_ms < DAY_MS {
        return Timestamp::from_millis(at.millis().div_euclid(bucket_ms) * bucket_ms);
    }
    let midnight = |at: Timestamp| local_midnight(at, zone).unwrap_or(at);
    let (start, day) = (midnight(origin), midnight(at));
    // Days may last 23 or 25 hours; round to whole days before grouping.
    let days = (day.millis() - start.millis() + DAY_MS / 2).div_euclid(DAY_MS);
    let group = days.div_euclid(bucket_ms / DAY_MS) * (bucket_ms / DAY_MS);
    midnight(start.plus(group * DAY_MS + DAY_MS / 2))
}

fn local_midnight(at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let instant = jiff::Timestamp::from_millisecond(at.millis()).ok()?;
    let day = instant.to_zoned(zone.clone()).start_of_day().ok()?;
    Some(Timestamp::from_millis(day.timestamp().as_millisecond()))
}

/// The hours gathered into buckets over the whole span, empty ones included.
fn buckets(
    hours: &[HourVolume],
    span: Span,
    bucket_ms: i64,
    zone: &TimeZone,
    gaps: &[Window],
) -> Vec<VolumePoint> {
    let mut points: Vec<VolumePoint> = Vec::new();
    let mut at = bucket_start(span.from, bucket_ms, zone, span.from);
    // Twice POINTS_MAX bounds the loop whatever the clock changes do.
    while at < span.to && points.len() < 2 * POINTS_MAX as usize {
        points.push(VolumePoint { start: at, tones: [0; 5], gap: false });
        let next = bucket_start(at.plus(bucket_ms + bucket_ms / 8), bucket_ms, zone, span.from);
        at = if next > at { next } else { at.plus(bucket_ms) };
    }
    for hour in hours {
        let index = points.partition_point(|point| point.start <= hour.start);
        if let Some(point) = index.checked_sub(1).and_then(|index| points.get_mut(index)) {
            add(&mut point.tones, &hour.tones);
        }
    }
    let ends: Vec<Timestamp> =
        points.iter().skip(1).map(|point| point.start).chain(std::iter::once(span.to)).collect();
    for (point, end) in points.iter_mut().zip(ends) {
        let silent = point.tones.iter().all(|count| *count == 0);
        point.gap = silent && gaps.iter().any(|gap| gap.from <= point.start && gap.to >= end);
    }
    points
}

fn add(to: &mut [u64; 5], from: &ToneCounts) {
    to.iter_mut().zip(from.0).for_each(|(to, from)| *to += from);
}

/// The hours of the week in local time.
fn week_of(hours: &[HourVolume], zone: &TimeZone) -> Vec<[u64; 24]> {
    let mut week = vec![[0; 24]; 7];
    for hour in hours {
        let Ok(instant) = jiff::Timestamp::from_millisecond(hour.start.millis()) else { continue };
        let local = instant.to_zoned(zone.clone());
        let day = usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
        let clock = usize::try_from(local.hour()).unwrap_or(0);
        if let Some(cell) = week.get_mut(day).and_then(|day| day.get_mut(clock)) {
            *cell += hour.tones.total();
        }
    }
    week
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn hour(text: &str, posts: u64) -> HourVolume {
        HourVolume { start: at(text), tones: ToneCounts([0, posts, 0, 0, 0]) }
    }

    #[test]
    fn days_begin_at_the_midnight_of_the_workspace() {
        let zone = TimeZone::get("America/Panama").unwrap();
        let span = Span { from: at("2026-03-01T05:00:00Z"), to: at("2026-03-20T05:00:00Z") };
        let hours = [hour("2026-03-02T04:00:00Z", 3), hour("2026-03-02T05:00:00Z", 4)];
        let points = buckets(&hours, span, bucket_of(span), &zone, &[]);
        assert_eq!(points.len(), 19);
        assert_eq!(points[0].tones[1], 3, "23:00 of the first of March in Panama");
        assert_eq!(points[1].tones[1], 4);
    }

    #[test]
    fn a_day_of_23_hours_is_one_day() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let span = Span { from: at("2026-03-20T23:00:00Z"), to: at("2026-04-09T22:00:00Z") };
        let points = buckets(&[], span, bucket_of(span), &zone, &[]);
        assert_eq!(points.len(), 20);
        assert!(points.windows(2).all(|pair| pair[0].start < pair[1].start));
    }

    #[test]
    fn silence_while_nobody_listened_is_a_gap_and_not_zero() {
        let span = Span { from: at("2026-03-01"), to: at("2026-03-02") };
        let gap = Window { source: 1, from: at("2026-03-01T03:00:00Z"), to: at("2026-03-01T06:00:00Z") };
        let points =
            buckets(&[hour("2026-03-01T04:00:00Z", 1)], span, bucket_of(span), &TimeZone::UTC, &[gap]);
        let gaps: Vec<bool> = points.iter().map(|point| point.gap).collect();
        assert_eq!(points.len(), 24);
        assert!(!gaps[2] && gaps[3] && !gaps[4] && gaps[5] && !gaps[6]);
    }

    #[test]
    fn long_spans_get_coarse_buckets() {
        let span = Span { from: at("2010-01-01"), to: at("2026-01-01") };
        let points = buckets(&[], span, bucket_of(span), &TimeZone::UTC, &[]);
        assert!(points.len() as i64 <= POINTS_MAX + 1, "{}", points.len());
    }
}
