//! The filters that overview and explorer share, kept in the address bar.
//!
//! In: query parameters `of q network lang tone intent urgency offence emotion
//! kind period from to`.
//! Out: one expression of the query language, a span of time, the parameters
//! again, and the choices of the form. Values that mean nothing are dropped.
//! `from` and `to` are dates or minutes on the workspace's clock; a bare `to`
//! includes its day.

use crate::components::{Choice, FilterChip};
use super::addresses::address;
use super::forms::Fields;
use crate::locale::Locale;
use ::app::listening::Span;
use model::listening::{Purpose, SavedQuery};
use model::time::{DAY_MS, MINUTE_MS};
use model::{Emotion, Intent, Lang, Network, Offence, PostKind, Timestamp, Tone};

/// Languages offered in the form; any other code works in the address.
const LANGUAGES: [&str; 8] = ["es", "en", "pt", "fr", "de", "it", "ca", "unknown"];

/// Urgencies offered in the form, hundredths: at least so much.
pub const URGENCIES: [u8; 3] = [25, 50, 75];

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// The last 24 hours.
    Day,
    /// The last seven days.
    Week,
    /// The last thirty days.
    Month,
    /// Everything.
    All,
    /// From and to.
    Custom,
}

impl Period {
    /// Every period in the order of the form.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::All, Self::Custom];

    /// The word in addresses and in `period-<name>`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::All => "all",
            Self::Custom => "custom",
        }
    }

    const fn days(self) -> Option<i64> {
        match self {
            Self::Day => Some(1),
            Self::Week => Some(7),
            Self::Month => Some(30),
            Self::All | Self::Custom => None,
        }
    }
}

/// Which posts are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filters {
    /// `own` (every query of the own brand), `all`, or the number of a query.
    pub of: String,
    /// What was typed.
    pub q: String,
    /// Network.
    pub network: Option<Network>,
    /// Two letters, `unknown`, or empty.
    pub lang: String,
    /// Tone.
    pub tone: Option<Tone>,
    /// What the writer wants.
    pub intent: Option<Intent>,
    /// At least so urgent, hundredths 1…100.
    pub urgency: Option<u8>,
    /// Whom it offends.
    pub offence: Option<Offence>,
    /// Main emotion.
    pub emotion: Option<Emotion>,
    /// Kind.
    pub kind: Option<PostKind>,
    /// Period.
    pub period: Period,
    /// First day or minute, as typed.
    pub from: String,
    /// Last day, or first minute after, as typed.
    pub to: String,
}

impl Filters {
    /// Reads the parameters; `period` and `of` are what stands where they are absent.
    pub fn read(fields: &Fields, period: Period, of: &str) -> Self {
        let (from, to) = (fields.trimmed("from"), fields.trimmed("to"));
        let named = Period::ALL.into_iter().find(|period| period.name() == fields.trimmed("period"));
        let dated = !from.is_empty() || !to.is_empty();
        let lang = fields.trimmed("lang").to_lowercase();
        let known = lang == "unknown" || Lang::parse(&lang).is_ok();
        Self {
            of: if fields.trimmed("of").is_empty() { of.to_owned() } else { fields.trimmed("of").to_owned() },
            q: fields.trimmed("q").to_owned(),
            network: Network::parse(fields.trimmed("network")).ok(),
            lang: if known { lang } else { String::new() },
            tone: Tone::parse(fields.trimmed("tone")),
            intent: Intent::parse(fields.trimmed("intent")),
            urgency: fields.number("urgency").filter(|percent| (1..=100).contains(percent)),
            offence: Offence::parse(fields.trimmed("offence")),
            emotion: Emotion::parse(fields.trimmed("emotion")),
            kind: PostKind::ALL.into_iter().find(|kind| kind.name() == fields.trimmed("kind")),
            period: named.unwrap_or(if dated { Period::Custom } else { period }),
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    /// No filter at all.
    pub const fn everything() -> Self {
        Self {
            of: String::new(),
            q: String::new(),
            network: None,
            lang: String::new(),
            tone: None,
            intent: None,
            urgency: None,
            offence: None,
            emotion: None,
            kind: None,
            period: Period::All,
            from: String::new(),
            to: String::new(),
        }
    }

    /// The expression without the period; empty for everything.
    pub fn words(&self, queries: &[SavedQuery]) -> String {
        let typed = self.q.trim();
        let typed = if typed == "*" { "" } else { typed };
        let base = self.base(queries);
        let mut conditions = Vec::new();
        conditions.extend(self.network.map(|network| format!("network:{}", network.name())));
        conditions.extend((!self.lang.is_empty()).then(|| format!("lang:{}", self.lang)));
        conditions.extend(self.tone.map(|tone| format!("tone:{}", tone.name())));
        conditions.extend(self.intent.map(|intent| format!("intent:{}", intent.name())));
        conditions.extend(self.urgency.map(|percent| format!("urgency:>={percent}")));
        conditions.extend(self.offence.map(|offence| format!("offence:{}", offence.name())));
        conditions.extend(self.emotion.map(|emotion| format!("emotion:{}", emotion.name())));
        conditions.extend(self.kind.map(|kind| format!("is:{}", kind.name())));
        let mut parts: Vec<&str> = [base.as_str(), typed].into_iter().filter(|part| !part.is_empty()).collect();
        let alone = parts.len() == 1 && conditions.is_empty();
        let grouped: Vec<String> =
            parts.drain(..).map(|part| if alone { part.to_owned() } else { format!("({part})") }).collect();
        grouped.into_iter().chain(conditions).collect::<Vec<_>>().join(" ")
    }

    /// The expression with the period in it.
    pub fn expression(&self, queries: &[SavedQuery], now: Timestamp, l: &Locale) -> String {
        let words = self.words(queries);
        let (from, to) = self.bounds(now, l);
        let mut times: Vec<String> = Vec::new();
        times.extend(from.map(|from| format!("since:{from}")));
        times.extend(to.map(|to| format!("until:{to}")));
        match (words.is_empty(), times.is_empty()) {
            (_, true) => words,
            (true, false) => times.join(" "),
            (false, false) => format!("({words}) {}", times.join(" ")),
        }
    }

    /// The span of time; `None` for everything.
    pub fn span(&self, now: Timestamp, l: &Locale) -> Option<Span> {
        let (from, to) = self.bounds(now, l);
        if from.is_none() && to.is_none() {
            return None;
        }
        let to = to.unwrap_or_else(|| minute(now).plus(MINUTE_MS));
        let from = from.unwrap_or_else(|| to.plus(-365 * DAY_MS));
        (from < to).then_some(Span { from, to })
    }

    /// The first instant and the first after the last, where they are given.
    fn bounds(&self, now: Timestamp, l: &Locale) -> (Option<Timestamp>, Option<Timestamp>) {
        match self.period.days() {
            Some(days) => (Some(minute(now).plus(-days * DAY_MS)), None),
            None if self.period == Period::Custom => (local(&self.from, false, l), local(&self.to, true, l)),
            None => (None, None),
        }
    }

    fn base(&self, queries: &[SavedQuery]) -> String {
        let wanted = |query: &&SavedQuery| match self.of.as_str() {
            "own" => query.purpose == Purpose::OwnBrand,
            number => number.parse() == Ok(query.id),
        };
        let found: Vec<&str> = queries.iter().filter(wanted).map(|query| query.expression.as_str()).collect();
        match found.as_slice() {
            [] => String::new(),
            [one] => (*one).to_owned(),
            many => many.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(" OR "),
        }
    }

    /// The parameters of an address, without those that are empty.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let (from, to) =
            if self.period == Period::Custom { (self.from.clone(), self.to.clone()) } else { Default::default() };
        let all = [
            ("of", self.of.clone()),
            ("q", self.q.clone()),
            ("network", self.network.map(|network| network.name().to_owned()).unwrap_or_default()),
            ("lang", self.lang.clone()),
            ("tone", self.tone.map(|tone| tone.name().to_owned()).unwrap_or_default()),
            ("intent", self.intent.map(|intent| intent.name().to_owned()).unwrap_or_default()),
            ("urgency", self.urgency.map(|percent| percent.to_string()).unwrap_or_default()),
            ("offence", self.offence.map(|offence| offence.name().to_owned()).unwrap_or_default()),
            ("emotion", self.emotion.map(|emotion| emotion.name().to_owned()).unwrap_or_default()),
            ("kind", self.kind.map(|kind| kind.name().to_owned()).unwrap_or_default()),
            ("period", self.period.name().to_owned()),
            ("from", from),
            ("to", to),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The address of the explorer with these filters.
    pub fn explorer(&self) -> String {
        self.href("/explorer")
    }

    /// The address of a page with these filters.
    pub fn href(&self, path: &str) -> String {
        let pairs = self.pairs();
        let refs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        address(path, &refs)
    }

    /// The address of a page with what was typed and its period, without the
    /// filters that [`Self::chips`] shows.
    pub fn cleared(&self, path: &str) -> String {
        let kept = self.clone();
        Self { of: kept.of, q: kept.q, period: kept.period, from: kept.from, to: kept.to, ..Self::everything() }
            .href(path)
    }

    /// The same with one more condition in the expression.
    #[must_use]
    pub fn with(&self, condition: &str) -> Self {
        let q = match self.q.trim() {
            "" | "*" => condition.to_owned(),
            typed if typed.contains(char::is_whitespace) => format!("({typed}) {condition}"),
            typed => format!("{typed} {condition}"),
        };
        Self { q, ..self.clone() }
    }

    /// The same for another stretch of time.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp, l: &Locale) -> Self {
        Self { period: Period::Custom, from: clock(from, l), to: clock(to, l), ..self.clone() }
    }

    /// The filters that are on, each with the address of the page without it.
    pub fn chips(&self, path: &str, l: &Locale) -> Vec<FilterChip> {
        let mut chips = Vec::new();
        let mut push = |name: String, value: String, without: Self| {
            let label = l.text_with("filter-chip", &[("name", name.into()), ("value", value.into())]);
            chips.push(FilterChip { label, remove_href: without.href(path) });
        };
        if let Some(network) = self.network {
            push(l.text("filter-network"), l.word("network", network.name()), Self { network: None, ..self.clone() });
        }
        if !self.lang.is_empty() {
            let name = language_name(&self.lang, l);
            push(l.text("filter-lang"), name, Self { lang: String::new(), ..self.clone() });
        }
        if let Some(tone) = self.tone {
            push(l.text("filter-tone"), l.word("tone", tone.name()), Self { tone: None, ..self.clone() });
        }
        if let Some(intent) = self.intent {
            push(l.text("filter-intent"), l.word("intent", intent.name()), Self { intent: None, ..self.clone() });
        }
        if let Some(percent) = self.urgency {
            push(l.text("filter-urgency"), urgency_from(percent, l), Self { urgency: None, ..self.clone() });
        }
        if let Some(offence) = self.offence {
            push(l.text("filter-offence"), l.word("offence", offence.name()), Self { offence: None, ..self.clone() });
        }
        if let Some(emotion) = self.emotion {
            push(l.text("filter-emotion"), l.word("emotion", emotion.name()), Self { emotion: None, ..self.clone() });
        }
        if let Some(kind) = self.kind {
            push(l.text("filter-kind"), l.word("kind", kind.name()), Self { kind: None, ..self.clone() });
        }
        chips
    }

    /// The choices of the form's lists.
    pub fn choices(&self, queries: &[SavedQuery], l: &Locale) -> Choices {
        let any = || choice("", l.text("filter-any"), true);
        let mut of = vec![choice("all", l.text("filter-of-all"), self.of == "all")];
        if queries.iter().any(|query| query.purpose == Purpose::OwnBrand) {
            of.insert(0, choice("own", l.text("filter-of-own"), self.of == "own"));
        }
        of.extend(queries.iter().take(OF_MAX).map(|query| {
            let id = query.id.to_string();
            choice(&id, crate::components::plain_line(&query.name), self.of == id)
        }));
        let networks = Network::ALL.iter().map(|network| {
            choice(network.name(), l.word("network", network.name()), self.network == Some(*network))
        });
        let mut languages: Vec<Choice> =
            LANGUAGES.iter().map(|code| choice(code, language_name(code, l), self.lang == *code)).collect();
        if !self.lang.is_empty() && !LANGUAGES.contains(&self.lang.as_str()) {
            languages.push(choice(&self.lang, language_name(&self.lang, l), true));
        }
        let tones = Tone::ALL.into_iter().map(|t| choice(t.name(), l.word("tone", t.name()), self.tone == Some(t)));
        let intents = Intent::ALL
            .into_iter()
            .map(|i| choice(i.name(), l.word("intent", i.name()), self.intent == Some(i)));
        let mut urgencies = URGENCIES.to_vec();
        urgencies.extend(self.urgency.filter(|percent| !URGENCIES.contains(percent)));
        let urgencies = urgencies
            .into_iter()
            .map(|u| choice(&u.to_string(), urgency_from(u, l), self.urgency == Some(u)));
        let offences = Offence::ALL
            .into_iter()
            .map(|o| choice(o.name(), l.word("offence", o.name()), self.offence == Some(o)));
        let emotions = Emotion::ALL
            .into_iter()
            .map(|e| choice(e.name(), l.word("emotion", e.name()), self.emotion == Some(e)));
        let kinds =
            PostKind::ALL.into_iter().map(|k| choice(k.name(), l.word("kind", k.name()), self.kind == Some(k)));
        let periods =
            Period::ALL.into_iter().map(|p| choice(p.name(), l.word("period", p.name()), self.period == p));
        Choices {
            of,
            networks: std::iter::once(any()).chain(networks).collect(),
            languages: std::iter::once(any()).chain(languages).collect(),
            tones: std::iter::once(any()).chain(tones).collect(),
            intents: std::iter::once(any()).chain(intents).collect(),
            urgencies: std::iter::once(any()).chain(urgencies).collect(),
            offences: std::iter::once(any()).chain(offences).collect(),
            emotions: std::iter::once(any()).chain(emotions).collect(),
            kinds: std::iter::once(any()).chain(kinds).collect(),
            periods: periods.collect(),
        }
    }
}

/// Most saved queries offered in the list; any other works by its page.
const OF_MAX: usize = 200;

/// The lists of the form.
#[derive(Debug, Clone)]
pub struct Choices {
    /// Saved queries.
    pub of: Vec<Choice>,
    /// Networks.
    pub networks: Vec<Choice>,
    /// Languages.
    pub languages: Vec<Choice>,
    /// Tones.
    pub tones: Vec<Choice>,
    /// Intents.
    pub intents: Vec<Choice>,
    /// Least urgencies.
    pub urgencies: Vec<Choice>,
    /// Offences.
    pub offences: Vec<Choice>,
    /// Emotions.
    pub emotions: Vec<Choice>,
    /// Kinds.
    pub kinds: Vec<Choice>,
    /// Periods.
    pub periods: Vec<Choice>,
}

/// «50 or more».
pub fn urgency_from(percent: u8, l: &Locale) -> String {
    l.text_with("urgency-from", &[("percent", u64::from(percent).into())])
}

/// One choice of a list.
pub fn choice(value: &str, label: String, chosen: bool) -> Choice {
    Choice { value: value.to_owned(), label, chosen }
}

/// The name of a language code in the reader's language; the code itself when
/// we have no name for it.
pub fn language_name(code: &str, l: &Locale) -> String {
    l.find(&format!("lang-{code}")).unwrap_or_else(|| code.to_uppercase())
}

/// Rounded down to the minute, so that one page's addresses agree.
const fn minute(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.millis().div_euclid(MINUTE_MS) * MINUTE_MS)
}

/// A date or minute of the workspace's clock as an instant.
fn local(text: &str, is_end: bool, l: &Locale) -> Option<Timestamp> {
    let (civil, bare) = match text.parse::<jiff::civil::DateTime>() {
        Ok(civil) if text.contains([':', 'T']) => (civil, false),
        _ => (text.parse::<jiff::civil::Date>().ok()?.at(0, 0, 0, 0), true),
    };
    let civil = if bare && is_end { civil.date().tomorrow().ok()?.at(0, 0, 0, 0) } else { civil };
    let zoned = civil.to_zoned(l.zone().clone()).ok()?;
    Some(Timestamp::from_millis(zoned.timestamp().as_millisecond()))
}

/// An instant as a minute of the workspace's clock, for addresses and fields.
fn clock(at: Timestamp, l: &Locale) -> String {
    l.zoned(at).map_or_else(String::new, |zoned| zoned.strftime("%Y-%m-%dT%H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    fn panama() -> Locale {
        Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::get("America/Panama").unwrap())
    }

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let json = serde_json::to_value(pairs).unwrap();
        serde_json::from_value(json).unwrap()
    }

    fn query(id: i64, purpose: Purpose, expression: &str) -> SavedQuery {
        let created_at = Timestamp::from_millis(0);
        SavedQuery { id, name: format!("q{id}"), purpose, expression: expression.to_owned(), version: 1, created_at }
    }

    #[test]
    fn filters_compose_into_an_expression_that_parses() {
        let queries = [
            query(1, Purpose::OwnBrand, "acme OR @acme"),
            query(2, Purpose::Competitor, "beta"),
            query(3, Purpose::OwnBrand, "\"café acme\""),
        ];
        let check = |pairs: &[(&str, &str)], expected: &str| {
            let words = Filters::read(&fields(pairs), Period::All, "all").words(&queries);
            assert_eq!(words, expected);
            assert!(words.is_empty() || model::query::parse(&words).is_ok(), "{words}");
        };
        check(&[], "");
        check(&[("q", "*")], "");
        check(&[("q", " agua OR luz ")], "agua OR luz");
        check(&[("q", "agua OR luz"), ("lang", "es"), ("network", "rss")], "(agua OR luz) network:rss lang:es");
        check(&[("of", "2"), ("q", "agua")], "(beta) (agua)");
        check(&[("of", "own"), ("tone", "negative")], "((acme OR @acme) OR (\"café acme\")) tone:negative");
        check(
            &[("intent", "complaint"), ("urgency", "50"), ("offence", "person"), ("emotion", "anger")],
            "intent:complaint urgency:>=50 offence:person emotion:anger",
        );
        check(&[("intent", "x"), ("urgency", "0"), ("offence", "x"), ("emotion", "x")], "");
        check(&[("of", "9"), ("lang", "xyz"), ("network", "orkut"), ("kind", "odd")], "");
    }

    #[test]
    fn days_are_those_of_the_workspace() {
        let filters = Filters::read(&fields(&[("from", "2026-03-01"), ("to", "2026-03-02")]), Period::Week, "all");
        assert_eq!(filters.period, Period::Custom);
        let now = Timestamp::parse("2026-03-20T00:00:30Z").unwrap();
        let span = filters.span(now, &panama()).unwrap();
        assert_eq!(span.from.to_string(), "2026-03-01T05:00:00Z");
        assert_eq!(span.to.to_string(), "2026-03-03T05:00:00Z");
        let expression = filters.expression(&[], now, &panama());
        assert_eq!(expression, "since:2026-03-01T05:00:00Z until:2026-03-03T05:00:00Z");
        assert!(model::query::parse(&expression).is_ok());
        let again = filters.between(span.from, span.to, &panama());
        assert_eq!(again.span(now, &panama()), Some(span));
    }

    #[test]
    fn a_senseless_span_is_no_span() {
        let filters = Filters::read(&fields(&[("from", "2026-03-05"), ("to", "2026-03-02")]), Period::Week, "all");
        assert_eq!(filters.span(Timestamp::from_seconds(0), &panama()), None);
    }

    #[test]
    fn addresses_keep_every_filter() {
        let pairs = [("of", "own"), ("q", "a&b"), ("network", "x"), ("lang", "pt"), ("tone", "mixed"), ("period", "30d")];
        let filters = Filters::read(&fields(&pairs), Period::Week, "all");
        assert_eq!(filters.explorer(), "/explorer?of=own&q=a%26b&network=x&lang=pt&tone=mixed&period=30d");
    }
}
