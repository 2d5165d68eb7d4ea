//! The languages of the pages: texts by key, numbers, dates and times in local form.
//!
//! In: a key of `locales/<language>/*.ftl` with its arguments, or a value.
//! Out: text, never HTML.
//! Errors: none; a key that is missing in a language is shown in English, and
//! one that is missing everywhere as `⟦key⟧`. Tests compare the languages.
//! Cost: bundles are built once, at first use; a text is one map look-up.
//! Limits: Spanish is written with `1,234.5` (Panama, Mexico, Central America,
//! the Caribbean) unless the reader's region writes `1.234,5` (Spain and most
//! of South America). Spanish has no single answer, and a wrong sign turns a
//! thousand into one, so the region of `Accept-Language` decides and the
//! workspace's own choice stands behind it.

mod dates;
mod numbers;

pub use numbers::Numbers;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;

/// An argument of a text: built with `.into()` from numbers and texts.
pub type Value<'a> = FluentValue<'a>;

/// Longest `Accept-Language` header that is read, bytes.
pub const ACCEPT_LANGUAGE_BYTES_MAX: usize = 512;

/// A language that pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Spanish, the first language.
    Es,
    /// English.
    En,
}

impl Language {
    /// Every language, the first is the default.
    pub const ALL: [Self; 2] = [Self::Es, Self::En];

    /// The tag for `lang=`, cookies and folders.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    /// The language of a tag such as `es`, `es-PA` or `EN_us`.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.tag() == primary)
    }
}

type Bundle = FluentBundle<FluentResource>;

macro_rules! files {
    ($language:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../locales/", $language, "/", $name, ".ftl")))),*]
    };
}

/// The files of each language, in the order of [`Language::ALL`].
const FILES: [(Language, &[(&str, &str)]); 2] = [
    (
        Language::Es,
        files!("es": "layout" "words" "time" "components" "charts" "errors" "kit" "welcome" "overview" "explorer" "post" "cascades" "coordination" "coordination_facts" "alerts" "coordination_account" "scam_check" "pictures" "understanding" "learning" "query_problem" "queries" "topics" "answers" "sources" "import" "rejects" "settings"),
    ),
    (
        Language::En,
        files!("en": "layout" "words" "time" "components" "charts" "errors" "kit" "welcome" "overview" "explorer" "post" "cascades" "coordination" "coordination_facts" "alerts" "coordination_account" "scam_check" "pictures" "understanding" "learning" "query_problem" "queries" "topics" "answers" "sources" "import" "rejects" "settings"),
    ),
];

struct Bundles {
    spanish: [Bundle; 2],
    english: [Bundle; 2],
}

static BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Bundles {
    spanish: Numbers::ALL.map(|numbers| build(Language::Es, numbers)),
    english: Numbers::ALL.map(|numbers| build(Language::En, numbers)),
});

fn build(language: Language, numbers: Numbers) -> Bundle {
    // Both tags are well-formed; the default would only lose plural forms.
    let tag = language.tag().parse::<unic_langid::LanguageIdentifier>().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // Isolation marks would end up in titles and attributes; templates put
    // names of people into <bdi> instead.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match numbers {
        Numbers::CommaPoint => |value, _| numbers::format_value(value, Numbers::CommaPoint),
        Numbers::PointComma => |value, _| numbers::format_value(value, Numbers::PointComma),
    }));
    let files = FILES.iter().filter(|(of, _)| *of == language).flat_map(|(_, files)| files.iter());
    for (name, source) in files {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                // The files are part of the binary and a test parses them.
                tracing::error!(language = language.tag(), file = name, ?errors, "unreadable texts");
                resource
            }
        };
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(language = language.tag(), file = name, ?errors, "texts defined twice");
        }
    }
    bundle
}

/// How one reader reads: language, number signs and time zone. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Locale {
    language: Language,
    numbers: Numbers,
    zone: jiff::tz::TimeZone,
}

impl Locale {
    /// A locale from its parts.
    pub const fn new(language: Language, numbers: Numbers, zone: jiff::tz::TimeZone) -> Self {
        Self { language, numbers, zone }
    }

    /// Chooses for one request: the language that the reader picked (the
    /// cookie), else the first of `Accept-Language` that we have, else Spanish.
    /// Number signs follow the region in `Accept-Language`, else `fallback`.
    pub fn choose(
        picked: Option<&str>,
        accept_language: Option<&str>,
        fallback: Numbers,
        zone: jiff::tz::TimeZone,
    ) -> Self {
        let accepted = accept_language.filter(|text| text.len() <= ACCEPT_LANGUAGE_BYTES_MAX).unwrap_or("");
        let wanted: Vec<&str> =
            accepted.split(',').filter_map(|part| part.split(';').next()).map(str::trim).collect();
        let language = picked
            .and_then(Language::parse)
            .or_else(|| wanted.iter().find_map(|tag| Language::parse(tag)))
            .unwrap_or(Language::Es);
        let numbers = match language {
            Language::En => Numbers::CommaPoint,
            Language::Es => wanted
                .iter()
                .filter(|tag| Language::parse(tag) == Some(Language::Es))
                .find_map(|tag| tag.split(['-', '_']).nth(1))
                .map_or(fallback, Numbers::of_region),
        };
        Self { language, numbers, zone }
    }

    /// The language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The tag for `lang=`.
    pub const fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// The time zone in which dates are shown.
    pub const fn zone(&self) -> &jiff::tz::TimeZone {
        &self.zone
    }

    /// The text of a key.
    pub fn text(&self, key: &str) -> String {
        self.text_with(key, &[])
    }

    /// The text of a key with its arguments; numbers choose plural forms and
    /// are written with the locale's signs.
    pub fn text_with(&self, key: &str, arguments: &[(&str, Value<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            args.set(*name, value.clone());
        }
        let english = bundle(Language::En, self.numbers);
        render(bundle(self.language, self.numbers), key, &args)
            .or_else(|| render(english, key, &args))
            .unwrap_or_else(|| format!("⟦{key}⟧"))
    }

    /// The text of a key that may not exist.
    pub fn find(&self, key: &str) -> Option<String> {
        let args = FluentArgs::new();
        render(bundle(self.language, self.numbers), key, &args)
    }

    /// The text of a key whose one argument is `$count`.
    pub fn count(&self, key: &str, count: u64) -> String {
        self.text_with(key, &[("count", Value::from(count))])
    }

    /// The text of a key whose one argument is `$name`.
    pub fn named(&self, key: &str, name: &str) -> String {
        self.text_with(key, &[("name", Value::from(name))])
    }

    /// The text of `prefix-word`, for the words of enums: `l.word("tone", "mixed")`.
    pub fn word(&self, prefix: &str, word: &str) -> String {
        self.text(&format!("{prefix}-{word}"))
    }
}

fn bundle(language: Language, numbers: Numbers) -> &'static Bundle {
    let [comma_point, point_comma] = match language {
        Language::Es => &BUNDLES.spanish,
        Language::En => &BUNDLES.english,
    };
    match numbers {
        Numbers::CommaPoint => comma_point,
        Numbers::PointComma => point_comma,
    }
}

fn render(bundle: &Bundle, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
    if !errors.is_empty() {
        tracing::warn!(key, ?errors, "text with wrong arguments");
    }
    Some(text)
}

#[cfg(test)]
mod tests;
