//! The charts and figures of the overview.

use super::*;

impl Figures {
    /// Draws an overview; every figure leads to the explorer with `filters`.
    pub fn of(view: &OverviewView, filters: &Filters, queries: &[SavedQuery], l: &Locale) -> Self {
        let series = tone_series(view, filters, l);
        let week = HeatMap { cells: week_cells(view), hrefs: week_hrefs(view, filters, l) };
        let brands = share_of_voice(view, filters);
        Self {
            tiles: tiles(view, filters, queries, l),
            tones: ChartFrame::new("volume", l.text("overview-volume"), &series, l),
            share: ChartFrame::new("share", l.text("overview-share"), &brands, l),
            week: ChartFrame::new("week", l.text("overview-week"), &week, l),
            tone_bars: tone_bars(view, filters, l),
            networks: bars(view.networks.iter().map(|(network, count)| {
                let href = Filters { network: Some(*network), ..filters.clone() }.explorer();
                (l.word("network", network.name()), *count, href)
            })),
            languages: bars(view.languages.iter().map(|(lang, count)| {
                let code = lang.as_ref().map_or("unknown", |lang| lang.as_str());
                (
                    language_name(code, l),
                    *count,
                    Filters { lang: code.to_owned(), ..filters.clone() }.explorer(),
                )
            })),
            kinds: bars(view.kinds.iter().map(|(kind, count)| {
                let href = Filters { kind: Some(*kind), ..filters.clone() }.explorer();
                (l.word("kind", kind.name()), *count, href)
            })),
            intents: bars(view.intents.iter().map(|(intent, count)| {
                let href = Filters { intent: Some(*intent), ..filters.clone() }.explorer();
                (l.word("intent", intent.name()), *count, href)
            })),
            emotions: bars(told_last(&view.emotions, Emotion::Unknown).map(|(emotion, count)| {
                let href = Filters { emotion: Some(emotion), ..filters.clone() }.explorer();
                (l.word("emotion", emotion.name()), count, href)
            })),
            offences: bars(told_last(&view.offences, Offence::Unknown).map(|(offence, count)| {
                let href = Filters { offence: Some(offence), ..filters.clone() }.explorer();
                (l.word("offence", offence.name()), count, href)
            })),
            offence_note: offence_note(view, l),
            authors: bars(view.authors.iter().map(|a| (author_name(a, l), a.posts, author_href(&a.key)))),
            hashtags: bars(view.hashtags.iter().map(|(tag, count)| {
                (format!("#{}", plain_line(tag)), *count, filters.with(&quoted("hashtag", tag)).explorer())
            })),
            domains: bars(view.domains.iter().map(|(host, count)| {
                (plain_line(host), *count, filters.with(&quoted("domain", host)).explorer())
            })),
            links: bars(view.links.iter().map(|(link, count)| {
                // An address with a quotation mark cannot be written in the query language: its host leads there.
                let condition = match link.contains('"') {
                    true => quoted("domain", &model::post::host_of(link).unwrap_or_default()),
                    false => quoted("link", link),
                };
                (short_link(link), *count, filters.with(&condition).explorer())
            })),
        }
    }
}

/// The values in their order, the one that says «nobody knows» at the end.
pub(super) fn told_last<T: Copy + PartialEq>(
    list: &[(T, u64)],
    unknown: T,
) -> impl Iterator<Item = (T, u64)> {
    let told = list.iter().filter(move |(value, _)| *value != unknown);
    told.chain(list.iter().filter(move |(value, _)| *value == unknown)).copied()
}

/// The share of offensive posts with what it is worth.
pub(super) fn offence_note(view: &OverviewView, l: &Locale) -> String {
    let (offending, judged) = view.offending();
    let Some(ratio) = share(offending, judged) else { return String::new() };
    l.text_with(
        "overview-offence-note",
        &[
            ("share", l.percent(ratio, 1).into()),
            ("judged", judged.into()),
            ("unknown", view.total.saturating_sub(judged).into()),
        ],
    )
}

/// `field:"value"`.
pub(super) fn quoted(field: &str, value: &str) -> String {
    format!("{field}:\"{}\"", value.replace('"', ""))
}

pub(super) fn short_link(link: &str) -> String {
    let bare = link.split_once("://").map_or(link, |(_, rest)| rest);
    plain_line(bare).chars().take(80).collect()
}

pub(super) fn bars(rows: impl Iterator<Item = (String, u64, String)>) -> Bars {
    let row =
        |(label, count, href): (String, u64, String)| Bar { label, count, href: Some(href), class: None };
    Bars { rows: rows.filter(|(_, count, _)| *count > 0).map(row).collect() }
}

pub(super) fn tone_bars(view: &OverviewView, filters: &Filters, l: &Locale) -> Bars {
    let row = |tone: Tone| Bar {
        label: l.word("tone", tone.name()),
        count: of_tone(&view.tones, tone),
        href: Some(Filters { tone: Some(tone), ..filters.clone() }.explorer()),
        class: Some(format!("tone-{}", tone.name())),
    };
    let order = [Tone::Negative, Tone::Mixed, Tone::Neutral, Tone::Positive, Tone::Unknown];
    if view.total == 0 { Bars::default() } else { Bars { rows: order.into_iter().map(row).collect() } }
}

pub(super) fn tone_series(view: &OverviewView, filters: &Filters, l: &Locale) -> ToneSeries {
    let ends = view.volume.iter().skip(1).map(|point| point.start).chain(std::iter::once(view.span.to));
    let label = |at: Timestamp| {
        if view.bucket_ms >= DAY_MS {
            l.day(at)
        } else if view.span.to.millis() - view.span.from.millis() <= DAY_MS {
            l.clock(at)
        } else {
            l.text_with("overview-hour", &[("day", l.day(at).into()), ("hour", l.clock(at).into())])
        }
    };
    let buckets = view.volume.iter().zip(ends).map(|(point, end)| ToneBucket {
        label: label(point.start),
        counts: (!point.gap).then_some(point.tones),
        href: point
            .tones
            .iter()
            .any(|count| *count > 0)
            .then(|| filters.between(point.start, end, l).explorer()),
    });
    if view.total == 0 { ToneSeries::default() } else { ToneSeries { buckets: buckets.collect() } }
}

pub(super) fn week_cells(view: &OverviewView) -> [[Option<u64>; 24]; 7] {
    let mut cells = [[None; 24]; 7];
    for (row, counts) in cells.iter_mut().zip(&view.week) {
        for (cell, count) in row.iter_mut().zip(counts) {
            *cell = Some(*count);
        }
    }
    cells
}

/// The posts behind each cell of [`week_cells`]; none for a span of more than
/// [`WEEKS_LINKED`] weeks, whose expressions would be too long.
pub(super) fn week_hrefs(view: &OverviewView, filters: &Filters, l: &Locale) -> [[Option<String>; 24]; 7] {
    let hours = hours_of(view.span, l);
    let mut hrefs: [[Option<String>; 24]; 7] = Default::default();
    for ((row, spans), counts) in hrefs.iter_mut().zip(&hours).zip(&view.week) {
        for ((href, spans), count) in row.iter_mut().zip(spans).zip(counts) {
            *href = within(filters, spans, l).filter(|_| *count > 0);
        }
    }
    hrefs
}

/// A span cut at the hours of the week on the workspace's clock; nothing of a
/// span of more than [`WEEKS_LINKED`] weeks.
pub(super) fn hours_of(span: Span, l: &Locale) -> [[Vec<Span>; 24]; 7] {
    let mut hours: [[Vec<Span>; 24]; 7] = Default::default();
    if span.to.millis() - span.from.millis() > WEEKS_LINKED * 7 * DAY_MS {
        return hours;
    }
    let mut at = span.from;
    while at < span.to {
        let next = Timestamp::from_millis((at.millis().div_euclid(HOUR_MS) + 1) * HOUR_MS).min(span.to);
        let Some(zoned) = l.zoned(at) else { break };
        let day = usize::try_from(zoned.weekday().to_monday_zero_offset()).unwrap_or(0);
        let hour = usize::try_from(zoned.hour()).unwrap_or(0);
        if let Some(spans) = hours.get_mut(day).and_then(|day| day.get_mut(hour)) {
            // Zones of half an hour: two steps are one hour on the clock.
            match spans.last_mut().filter(|last| last.to == at) {
                Some(last) => last.to = next,
                None => spans.push(Span { from: at, to: next }),
            }
        }
        at = next;
    }
    hours
}

/// The explorer with the posts of some spans; `None` without a span.
pub(super) fn within(filters: &Filters, spans: &[Span], l: &Locale) -> Option<String> {
    // The address knows minutes only: the last one is whole.
    let (first, last) = (spans.first()?.from, spans.last()?.to.plus(MINUTE_MS - 1));
    let filters = filters.between(first, last, l);
    if spans.len() == 1 {
        return Some(filters.explorer());
    }
    let parts: Vec<String> =
        spans.iter().map(|span| format!("(since:{} until:{})", span.from, span.to)).collect();
    Some(filters.with(&format!("({})", parts.join(" OR "))).explorer())
}

pub(super) fn share_of_voice(view: &OverviewView, filters: &Filters) -> ShareOfVoice {
    let mut brands: Vec<_> = view.share_of_voice.iter().filter(|entry| entry.share_ratio.is_some()).collect();
    brands.sort_by_key(|entry| (entry.purpose != Purpose::OwnBrand, std::cmp::Reverse(entry.mentions)));
    let slice = |entry: &&::app::listening::ShareOfVoiceEntry| Slice {
        name: plain_line(&entry.name),
        count: entry.mentions,
        href: Some(
            Filters {
                of: entry.id.to_string(),
                period: filters.period,
                from: filters.from.clone(),
                to: filters.to.clone(),
                ..Filters::everything()
            }
            .explorer(),
        ),
    };
    ShareOfVoice { slices: brands.iter().take(BRANDS_MAX).map(slice).collect() }
}

pub(super) fn tiles(view: &OverviewView, filters: &Filters, queries: &[SavedQuery], l: &Locale) -> Vec<Stat> {
    let judged = view.total.saturating_sub(of_tone(&view.tones, Tone::Unknown));
    let negative = of_tone(&view.tones, Tone::Negative);
    let volume = view.volume.iter().map(|point| (!point.gap).then(|| point.tones.iter().sum())).collect();
    let own: Vec<f64> = view
        .share_of_voice
        .iter()
        .filter(|entry| entry.purpose == Purpose::OwnBrand)
        .filter_map(|entry| entry.share_ratio)
        .collect();
    let mut tiles = vec![
        Stat {
            label: l.text("overview-tile-volume"),
            value: Some(l.integer(view.total)),
            change: Some(change(view.total, view.total_before, l)),
            href: Some(filters.explorer()),
            spark: (view.total > 0).then(|| Sparkline { values: volume }.draw()),
        },
        Stat {
            label: l.text("overview-tile-negative"),
            value: share(negative, judged).map(|ratio| l.percent(ratio, 1)),
            change: None,
            href: Some(Filters { tone: Some(Tone::Negative), ..filters.clone() }.explorer()),
            spark: None,
        },
    ];
    for (key, from) in
        [("overview-tile-urgent", URGENT_FROM), ("overview-tile-very-urgent", VERY_URGENT_FROM)]
    {
        // Where nothing could be read there is no figure, and no zero.
        let read = view.urgencies.iter().any(|(urgency, posts)| urgency.is_some() && *posts > 0);
        tiles.push(Stat {
            label: l.text_with(key, &[("from", u64::from(from).into())]),
            value: read.then(|| l.integer(view.urgent_from(from))),
            change: None,
            href: Some(Filters { urgency: Some(from), ..filters.clone() }.explorer()),
            spark: None,
        });
    }
    if queries.iter().any(|query| query.purpose == Purpose::OwnBrand) {
        tiles.push(Stat {
            label: l.text("overview-tile-share"),
            value: (!own.is_empty()).then(|| l.percent(own.iter().sum(), 1)),
            change: None,
            href: Some(address("/queries", &[])),
            spark: None,
        });
    }
    tiles
}

/// How a count stands against the period before.
pub(super) fn change(total: u64, before: Option<u64>, l: &Locale) -> Change {
    let Some(before) = before.filter(|before| *before > 0) else { return Change::Unknown };
    if total == before {
        return Change::Same;
    }
    match share(total.abs_diff(before), before) {
        Some(ratio) if total > before => Change::Up(l.percent(ratio, 0)),
        Some(ratio) => Change::Down(l.percent(ratio, 0)),
        None => Change::Unknown,
    }
}

pub(super) fn of_tone(tones: &[u64; 5], tone: Tone) -> u64 {
    tones.get(usize::from(tone.code())).copied().unwrap_or(0)
}

/// Part of a whole; `None` when there is nothing. Counts stay far below 2^52.
pub(super) fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

pub(super) fn count_of(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// The name with the handle, because two people may have the same name.
pub(super) fn author_name(author: &AuthorView, l: &Locale) -> String {
    match (&author.handle, AccountKey::parse(&author.key)) {
        (Some(handle), _) if *handle != author.label => plain_line(&format!("{} @{handle}", author.label)),
        (None, Some(key)) if author.label == key.native_id.as_str() || author.label == author.key => {
            identifier_name(key.network, key.native_id.as_str(), l)
        }
        _ => plain_line(&author.label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    #[test]
    fn a_change_needs_something_before() {
        let l = Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
        assert_eq!(change(5, None, &l), Change::Unknown);
        assert_eq!(change(5, Some(0), &l), Change::Unknown);
        assert_eq!(change(5, Some(5), &l), Change::Same);
        assert_eq!(change(15, Some(10), &l), Change::Up(l.percent(0.5, 0)));
        assert_eq!(change(5, Some(10), &l), Change::Down(l.percent(0.5, 0)));
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn an_account_known_by_a_long_identifier_has_a_short_name() {
        let l = Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
        let author = |key: &str, label: &str, handle: Option<&str>| AuthorView {
            key: key.to_owned(),
            label: label.to_owned(),
            handle: handle.map(str::to_owned),
            posts: 1,
            followers: None,
        };
        let did = "did:plc:z72i7hdynmk6r22z27h6tvur";
        let name = |label: &str, handle| author_name(&author(&format!("bluesky:{did}"), label, handle), &l);
        assert_eq!(name(did, None), "Cuenta de Bluesky …h6tvur");
        assert_eq!(name(&format!("bluesky:{did}"), None), "Cuenta de Bluesky …h6tvur");
        assert_eq!(name("Ana", Some("ana.example")), "Ana @ana.example");
        assert_eq!(name("ana.example", Some("ana.example")), "ana.example");
        assert_eq!(author_name(&author("x:1234", "1234", None), &l), "1234");
    }

    #[test]
    fn the_hours_of_several_weeks_lead_to_their_posts() {
        let l = Locale::new(
            Language::Es,
            Numbers::CommaPoint,
            jiff::tz::TimeZone::get("America/Panama").unwrap(),
        );
        let fields = Fields::of(Vec::new());
        let filters = Filters::read(&fields, Period::All, "all");
        let at = |text: &str| Timestamp::parse(text).unwrap();
        // Two Mondays at nine in Panama, and the start of a third.
        let spans = |from: &str, to: &str| hours_of(Span { from: at(from), to: at(to) }, &l);
        let hours = spans("2026-03-02T14:00:00Z", "2026-03-16T14:30:00Z");
        let nine: Vec<String> = hours[0][9].iter().map(|span| format!("{} {}", span.from, span.to)).collect();
        assert_eq!(
            nine,
            [
                "2026-03-02T14:00:00Z 2026-03-02T15:00:00Z",
                "2026-03-09T14:00:00Z 2026-03-09T15:00:00Z",
                "2026-03-16T14:00:00Z 2026-03-16T14:30:00Z",
            ]
        );
        let href = within(&filters, &hours[0][9], &l).unwrap();
        let query = href.split("q=").nth(1).unwrap().split('&').next().unwrap();
        let text = query.replace("%20", " ").replace("%28", "(").replace("%29", ")").replace("%3A", ":");
        assert!(model::query::parse(&text).is_ok(), "{text}");
        assert!(href.contains("from=2026-03-02T09%3A00") && href.contains("to=2026-03-16T09%3A30"), "{href}");
        let one = within(&filters, &hours[0][10][..1], &l).unwrap();
        assert!(!one.contains("q=") && one.contains("from=2026-03-02T10%3A00"), "{one}");
        assert_eq!(within(&filters, &[], &l), None);
        assert!(spans("2026-01-01", "2026-03-01").iter().flatten().all(Vec::is_empty));
    }
}
