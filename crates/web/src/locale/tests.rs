use super::*;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use model::Timestamp;
use model::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn es() -> Locale {
    Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC)
}

fn en() -> Locale {
    Locale::new(Language::En, Numbers::CommaPoint, jiff::tz::TimeZone::UTC)
}

/// Keys whose text is the same in both languages on purpose: names, units, patterns.
const SAME_IN_BOTH: &[&str] = &[
    "app-name",
    "footer-version",
    "footer-api",
    "language-es",
    "language-en",
    "page-title",
    "chart-point",
    "kit-author",
];
const SAME_IN_BOTH_PREFIXES: &[&str] =
    &["network-", "date-", "duration-seconds", "duration-minutes", "duration-hours"];

fn arguments(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    fn inline(expression: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
        match expression {
            InlineExpression::VariableReference { id } => {
                found.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => of(expression, found),
            _ => {}
        }
    }
    fn of(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
        match expression {
            Expression::Inline(expression) => inline(expression, found),
            Expression::Select { selector, variants } => {
                inline(selector, found);
                for variant in variants {
                    arguments(&variant.value, found);
                }
            }
        }
    }
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of(expression, found);
        }
    }
}

/// key → (source of the pattern, its arguments)
fn keys(language: Language) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let mut all = BTreeMap::new();
    for (_, files) in FILES.iter().filter(|(of, _)| *of == language) {
        for (name, source) in *files {
            let tree = fluent_syntax::parser::parse(*source).unwrap_or_else(|(_, e)| panic!("{name}: {e:?}"));
            for entry in tree.body {
                match entry {
                    Entry::Message(message) => {
                        let value = message.value.expect("a message has a text");
                        let mut found = BTreeSet::new();
                        arguments(&value, &mut found);
                        let before = all.insert(message.id.name.to_owned(), (format!("{value:?}"), found));
                        assert!(before.is_none(), "{} is defined twice", message.id.name);
                    }
                    Entry::Junk { content } => panic!("{name}.ftl of {}: {content}", language.tag()),
                    _ => {}
                }
            }
        }
    }
    all
}

#[test]
fn both_languages_say_the_same_things() {
    let (spanish, english) = (keys(Language::Es), keys(Language::En));
    let names = |all: &BTreeMap<String, _>| all.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&spanish), names(&english));
    for (key, (text, found)) in &spanish {
        let (english_text, english_found) = &english[key];
        // Dates name their weekday in one language's pattern only by chance.
        assert_eq!(found, english_found, "arguments of {key}");
        let listed = SAME_IN_BOTH.contains(&key.as_str())
            || SAME_IN_BOTH_PREFIXES.iter().any(|prefix| key.starts_with(prefix));
        assert!(listed || text != english_text, "{key} is the same in both languages");
    }
}

#[test]
fn every_key_used_in_templates_and_sources_exists() {
    let known = keys(Language::Es);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("templates"), &mut files);
    collect(&root.join("src"), &mut files);
    let mut used = 0;
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        for call in ["l.text(\"", "l.text_with(\"", "l.count(\"", "l.named(\""] {
            for (at, _) in source.match_indices(call) {
                let key = source[at + call.len()..].split('"').next().unwrap();
                assert!(known.contains_key(key), "{} uses the unknown key {key}", file.display());
                used += 1;
            }
        }
    }
    assert!(used > 50, "only {used} uses found: the search is wrong");
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

#[test]
fn every_word_of_the_model_has_a_text() {
    for l in [es(), en()] {
        let mut words: Vec<String> = Vec::new();
        words.extend(model::Tone::ALL.iter().map(|tone| l.word("tone", tone.name())));
        words.extend(model::Network::ALL.iter().map(|network| l.word("network", network.name())));
        words.extend(model::PostKind::ALL.iter().map(|kind| l.word("kind", kind.name())));
        words.extend(model::Role::ALL.iter().map(|role| l.word("role", role.name())));
        words.extend(model::listening::Purpose::ALL.iter().map(|purpose| l.word("purpose", purpose.name())));
        words.extend(model::Intent::ALL.iter().flat_map(|intent| {
            ["intent", "intent-is", "intent-is-not", "intent-ask"].map(|prefix| l.word(prefix, intent.name()))
        }));
        words.extend(model::Offence::ALL.iter().map(|offence| l.word("offence", offence.name())));
        words.extend(model::Emotion::ALL.iter().map(|emotion| l.word("emotion", emotion.name())));
        words.extend(model::UrgencyReason::ALL.iter().map(|reason| l.word("urgency-reason", reason.name())));
        assert!(words.iter().all(|word| !word.contains('⟦')), "{words:?}");
    }
}

#[test]
fn plurals_and_numbers_follow_the_locale() {
    assert_eq!(es().count("unit-mentions", 1), "1 mención");
    assert_eq!(es().count("unit-mentions", 12_345), "12,345 menciones");
    assert_eq!(en().count("unit-mentions", 0), "0 mentions");
    let madrid = Locale::choose(None, Some("es-ES,en;q=0.5"), Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
    assert_eq!(madrid.count("unit-mentions", 12_345), "12.345 menciones");
    assert_eq!(madrid.decimal(-1_234.56, 1), "\u{2212}1.234,6");
    assert_eq!(madrid.percent(0.125, 1), "12,5\u{a0}%");
    assert_eq!(es().decimal(f64::NAN, 1), "—");
    assert_eq!(es().compact(99_999), "99,999");
    assert_eq!(es().compact(1_250_000), "1.2\u{a0}M");
    assert_eq!(en().compact(345_678), "345K");
    assert_eq!(en().integer(u64::MAX), "18,446,744,073,709,551,615");
    assert_eq!(es().bytes(1_536_000), "1.5\u{a0}MB");
}

#[test]
fn a_request_chooses_its_language() {
    let choose = |picked, accept| {
        Locale::choose(picked, accept, Numbers::CommaPoint, jiff::tz::TimeZone::UTC).language()
    };
    assert_eq!(choose(None, None), Language::Es);
    assert_eq!(choose(None, Some("fr, en-GB;q=0.8, es;q=0.1")), Language::En);
    assert_eq!(choose(Some("es"), Some("en")), Language::Es);
    assert_eq!(choose(Some("<script>"), Some("en")), Language::En);
    assert_eq!(choose(None, Some(&"en,".repeat(1_000))), Language::Es);
}

#[test]
fn unknown_keys_are_visible() {
    assert_eq!(es().text("no-such-key"), "⟦no-such-key⟧");
}

#[test]
fn dates_are_in_the_readers_zone() {
    let noon = Timestamp::parse("2026-03-03T03:05:00Z").unwrap();
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(-5));
    let panama = Locale::new(Language::Es, Numbers::CommaPoint, zone);
    assert_eq!(panama.date_time(noon), "2 mar 2026, 22:05");
    assert_eq!(panama.date_long(noon), "lunes, 2 de marzo de 2026");
    assert_eq!(en().date_time(noon), "3 Mar 2026, 03:05");
    assert_eq!(es().date(Timestamp::from_millis(i64::MAX)), "—");
}

#[test]
fn relative_times_read_naturally() {
    let now = Timestamp::parse("2026-03-03T12:00:00Z").unwrap();
    let ago = |millis: i64| es().ago(now.plus(-millis), now);
    assert_eq!(ago(0), "hace un momento");
    assert_eq!(ago(5 * MINUTE_MS), "hace 5 min");
    assert_eq!(ago(3 * HOUR_MS), "hace 3 h");
    assert_eq!(ago(20 * HOUR_MS), "ayer, 16:00");
    assert_eq!(ago(3 * DAY_MS), "hace 3 días");
    assert_eq!(ago(30 * DAY_MS), "1 feb 2026");
    assert_eq!(ago(-2 * HOUR_MS), "en el futuro");
    assert_eq!(es().duration(90_061_000), "1 día 1 h");
    assert_eq!(en().duration(200_000), "3 min 20 s");
}
