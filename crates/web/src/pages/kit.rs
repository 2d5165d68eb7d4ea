//! `/ui/kit`: every component in every state, for the eye and for the
//! accessibility check. All its data is made up here.

use crate::charts::{
    Bar, Bars, Bucket, HeatMap, ShareOfVoice, Slice, Sparkline, TimeSeries, ToneBucket, ToneSeries,
};
use crate::components::{Change, ChartFrame, Choice, FilterChip, Pagination, PostCard, SignBadge, Stat, Tab};
use crate::errors::Error;
use crate::front::{Need, Route, Visit};
use crate::layout::{Flash, Notice, Page, Reader, Room};
use crate::locale::Locale;
use askama::Template;
use axum::http::Method;
use axum::response::Html;
use axum::routing::get;
use model::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use model::{
    Account, Known, Media, MediaKind, NativeId, Network, Permission, Post, PostKind, Role, Timestamp, Tone,
};

/// Address of the page.
pub const PATH: &str = "/ui/kit";

#[derive(Template)]
#[template(path = "kit/kit.html")]
struct Kit<'a> {
    page: &'a Page,
    l: &'a Locale,
    charts: Vec<ChartFrame>,
    bars: Bars,
    no_bars: Bars,
    stats: Vec<Stat>,
    tabs: Vec<Tab>,
    chips: Vec<FilterChip>,
    choices: Vec<Choice>,
    pages: [Pagination; 2],
    posts: Vec<PostCard>,
}

impl Kit<'_> {
    fn tones(&self) -> [Tone; 5] {
        Tone::ALL
    }
    fn networks(&self) -> &'static [Network] {
        Network::ALL
    }
    fn healths(&self) -> [&'static str; 5] {
        ["healthy", "late", "failing", "paused", "new"]
    }
    fn notices(&self) -> [&'static str; 4] {
        ["info", "ok", "warning", "danger"]
    }
}

/// The route.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::GET,
        path: PATH,
        need: Need::May(Permission::Read),
        summary: "Every component in every state",
        handler: get(show),
    }]
}

/// Shows the page in the reader's language and theme.
async fn show(visit: Visit) -> Result<Html<String>, Error> {
    let theme = visit.page(String::new(), None).theme;
    Ok(Html(render(&visit.l, Some(theme.name()))?))
}

/// The page for a reader and a theme (`auto`, `light`, `dark`).
///
/// # Errors
/// [`askama::Error`] when the template cannot be rendered.
pub fn render(l: &Locale, theme: Option<&str>) -> Result<String, askama::Error> {
    let mut page = Page::bare(l.clone(), l.text("kit-title"), theme);
    page.path = PATH.to_owned();
    page.room = Some(Room::Home);
    page.reader = Some(Reader {
        name: l.text("kit-author"),
        role: Role::Administrator,
        workspace: l.text("kit-workspace"),
        elsewhere: Vec::new(),
    });
    page.flashes = vec![Flash { notice: Notice::Ok, text: l.text("kit-flash") }];
    Kit {
        page: &page,
        l,
        charts: charts(l),
        bars: bars(),
        no_bars: Bars::default(),
        stats: stats(l),
        tabs: tabs(l),
        chips: ["kit-chip-network", "kit-chip-tone"]
            .map(|key| FilterChip { label: l.text(key), remove_href: PATH.to_owned() })
            .to_vec(),
        choices: Network::ALL
            .iter()
            .map(|network| Choice {
                value: network.name().to_owned(),
                label: l.word("network", network.name()),
                chosen: *network == Network::Mastodon,
            })
            .collect(),
        pages: [
            Pagination { previous: None, next: Some(format!("{PATH}?page=2")), summary: range(l, 1, 50) },
            Pagination { previous: Some(PATH.to_owned()), next: None, summary: range(l, 1_201, 1_234) },
        ],
        posts: posts(l),
    }
    .render()
}

fn range(l: &Locale, from: u64, to: u64) -> String {
    l.text_with("pagination-range", &[("from", from.into()), ("to", to.into()), ("total", 1_234_u64.into())])
}

/// A noon in March, so that the page looks the same on every day.
const NOW: Timestamp = Timestamp::from_seconds(1_772_366_400);

/// A made-up wave: the same for the same position.
const fn wave(index: u64) -> u64 {
    let day = index % 7;
    let base = if day < 5 { 420 } else { 190 };
    base + (index * 7_919) % 130 + if index == 23 { 900 } else { 0 }
}

fn days(l: &Locale, count: u64) -> Vec<(String, u64)> {
    (0..count)
        .map(|index| {
            let back = i64::try_from(count - index).unwrap_or(0);
            (l.day(NOW.plus(-back * DAY_MS)), index)
        })
        .collect()
}

fn charts(l: &Locale) -> Vec<ChartFrame> {
    let href = || Some("/explorer".to_owned());
    let is_gap = |index: u64| (10..12).contains(&index);
    let series = TimeSeries {
        buckets: days(l, 30)
            .into_iter()
            .map(|(label, index)| Bucket {
                label,
                value: (!is_gap(index)).then(|| wave(index)),
                expected: Some(if index % 7 < 5 { (380, 590) } else { (150, 330) }),
                href: href(),
            })
            .collect(),
    };
    let tones = ToneSeries {
        buckets: days(l, 30)
            .into_iter()
            .map(|(label, index)| {
                let all = wave(index);
                let counts = [all / 12, all / 4 + index % 23 * 3, all / 3, all / 5, all / 15];
                ToneBucket { label, counts: (!is_gap(index)).then_some(counts), href: href() }
            })
            .collect(),
    };
    let mut heat = HeatMap::default();
    for (weekday, row) in (0_u64..).zip(&mut heat.cells) {
        for (hour, cell) in (0_u64..).zip(row.iter_mut()) {
            let awake = if (7..23).contains(&hour) { 40 + (hour * weekday * 13) % 60 } else { hour % 6 };
            *cell = (!(weekday == 6 && hour < 5)).then_some(awake);
        }
    }
    let slice = |name: &str, count| Slice { name: name.to_owned(), count, href: href() };
    let share = ShareOfVoice {
        slices: vec![
            slice("Café Bayano", 5_210),
            slice("Tostadora Istmo", 3_480),
            slice("La Molienda", 1_905),
            slice("Grano & Co.", 640),
            slice("Cumbre", 210),
        ],
    };
    vec![
        ChartFrame::new("kit-series", l.text("kit-chart-volume"), &series, l),
        ChartFrame::new("kit-tones", l.text("kit-chart-tones"), &tones, l),
        ChartFrame::new("kit-heat", l.text("kit-chart-heat"), &heat, l),
        ChartFrame::new("kit-share", l.text("kit-chart-share"), &share, l),
        ChartFrame::new("kit-empty", l.text("kit-chart-empty"), &TimeSeries::default(), l),
    ]
}

fn bars() -> Bars {
    let names = [
        ("#PanamáSinAgua", 4_120),
        ("#CaféDeAltura", 2_310),
        ("#ServicioAlCliente", 1_870),
        ("#UnHashtagMuyLargoQueNoCabeEnUnaColumnaEstrecha", 512),
        ("#feria", 44),
    ];
    let row = |(name, count): (&str, u64)| Bar {
        label: name.to_owned(),
        count,
        href: Some("/explorer".to_owned()),
        class: None,
    };
    Bars { rows: names.into_iter().map(row).collect() }
}

fn stats(l: &Locale) -> Vec<Stat> {
    let spark = |gap: bool| {
        let values = (0..30).map(|index| (!gap || !(8..14).contains(&index)).then(|| wave(index))).collect();
        Sparkline { values }.draw()
    };
    vec![
        Stat {
            label: l.text("kit-stat-mentions"),
            value: Some(l.integer(12_345)),
            change: Some(Change::Up(l.percent(0.184, 0))),
            href: Some("/explorer".to_owned()),
            spark: Some(spark(false)),
        },
        Stat {
            label: l.text("kit-stat-negative"),
            value: Some(l.percent(0.231, 1)),
            change: Some(Change::Down(l.percent(0.04, 0))),
            href: Some("/explorer".to_owned()),
            spark: Some(spark(true)),
        },
        Stat {
            label: l.text("kit-stat-authors"),
            value: Some(l.compact(1_250_000)),
            change: Some(Change::Same),
            href: None,
            spark: None,
        },
        Stat {
            label: l.text("kit-stat-views"),
            value: None,
            change: Some(Change::Unknown),
            href: None,
            spark: None,
        },
    ]
}

fn tabs(l: &Locale) -> Vec<Tab> {
    [
        ("kit-tab-posts", Some(1_234), true),
        ("kit-tab-authors", Some(87), false),
        ("kit-tab-links", None, false),
    ]
    .into_iter()
    .map(|(key, count, current)| Tab {
        label: l.text(key),
        href: PATH.to_owned(),
        count: count.map(|count| l.integer(count)),
        current,
    })
    .collect()
}

fn post(network: Network, id: &str, name: String, handle: &str, text: String) -> Option<Post> {
    let mut author = Account::bare(network, NativeId::parse(handle).ok()?);
    author.name = Some(name);
    author.handle = Some(handle.to_owned());
    Some(Post::new(network, NativeId::parse(id).ok()?, author, text))
}

fn posts(l: &Locale) -> Vec<PostCard> {
    let received = NOW.plus(-MINUTE_MS);
    let mut cards = Vec::new();
    let text = l.text("kit-post-complaint");
    let found = text.find(' ').map(|end| 0..end);
    if let Some(mut full) = post(Network::Bluesky, "1", l.text("kit-author"), "ana.example.org", text) {
        full.created_at = Some(NOW.plus(-5 * MINUTE_MS));
        full.author.verified = Some(true);
        full.author.followers = Known::Value(18_300);
        full.url = Some("https://example.org/post/1".to_owned());
        full.links = vec!["https://www.example.org/noticias/agua?x=1".to_owned()];
        full.metrics.likes = Known::Value(1_204);
        full.metrics.replies = Known::Value(88);
        full.metrics.reshares = Known::Value(310);
        full.media = vec![
            Media { kind: MediaKind::Image, url: None, alt: Some(l.text("kit-post-alt")) },
            Media { kind: MediaKind::Video, url: None, alt: None },
        ];
        let ranges: Vec<_> = found.into_iter().collect();
        let mut card = PostCard::new(&full, received, NOW, &ranges, "/explorer".to_owned(), l);
        card.author_href = Some("/explorer".to_owned());
        card.tone = Some(Tone::Negative);
        card.signs = [("threat", "danger"), ("complaint", "warning"), ("question", "plain")]
            .map(|(intent, kind)| SignBadge {
                text: l.word("intent", intent),
                kind,
                href: format!("/explorer?intent={intent}"),
            })
            .to_vec();
        card.labels = vec![l.text("kit-label")];
        card.selectable = true;
        cards.push(card);
    }
    let hostile = "<script>alert(1)</script> \u{202e}txt.exe\u{202c} &amp; <b>x</b>".to_owned();
    if let Some(mut odd) = post(Network::Rss, "2", hostile.clone(), "prensa", hostile) {
        odd.kind = PostKind::Quote;
        odd.title = Some(l.text("kit-post-title"));
        odd.created_at = Some(NOW.plus(400 * DAY_MS));
        odd.edited_at = Some(NOW.plus(-HOUR_MS));
        odd.author.automated = Some(true);
        let mut card = PostCard::new(&odd, received, NOW, &[], "/explorer".to_owned(), l);
        card.tone = Some(Tone::Unknown);
        cards.push(card);
    }
    if let Some(mut foreign) = post(
        Network::Mastodon,
        "3",
        "مريم".to_owned(),
        "maryam@example.social",
        "هذا المقهى ممتاز ☕".to_owned(),
    ) {
        foreign.kind = PostKind::Reply;
        foreign.created_at = Some(NOW.plus(-26 * HOUR_MS));
        let mut card = PostCard::new(&foreign, received, NOW, &[], "/explorer".to_owned(), l);
        card.tone = Some(Tone::Positive);
        card.selectable = true;
        cards.push(card);
    }
    if let Some(mut bare) = post(Network::X, "4", String::new(), "usuario", String::new()) {
        bare.created_at = Some(NOW.plus(-3 * DAY_MS));
        cards.push(PostCard::new(&bare, received, NOW, &[], "/explorer".to_owned(), l));
    }
    cards
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    fn html(language: Language) -> String {
        render(&Locale::new(language, Numbers::CommaPoint, jiff::tz::TimeZone::UTC), Some("dark")).unwrap()
    }

    #[test]
    fn nothing_breaks_the_content_policy() {
        for language in Language::ALL {
            let html = html(language);
            for forbidden in [" style=", "<style", "javascript:", " onclick", "<script>", "http-equiv"] {
                assert!(!html.contains(forbidden), "{forbidden}");
            }
            // Each script is a file of ours.
            assert_eq!(html.matches("<script").count(), html.matches(r#"<script src="/assets/"#).count());
            assert!(!html.contains('⟦'), "a text is missing");
            assert!(html.contains(r#"data-theme="dark""#));
        }
    }

    #[test]
    fn identifiers_are_unique_and_labels_lead_somewhere() {
        let html = html(Language::Es);
        let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        let before = sorted.len();
        sorted.dedup();
        assert_eq!(before, sorted.len(), "an id is used twice");
        for target in html.split(" for=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&target), "a label points at {target}");
        }
    }

    #[test]
    fn foreign_text_is_inert() {
        let html = html(Language::Es);
        assert!(html.contains("&#60;script&#62;") || html.contains("&lt;script&gt;"));
        assert!(!html.contains("<b>x</b>"));
        assert!(html.contains(r#"rel="noopener noreferrer nofollow ugc""#));
    }
}
