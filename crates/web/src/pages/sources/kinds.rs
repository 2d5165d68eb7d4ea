//! The form of each kind of source: its fields with sensible defaults, what
//! secret it needs, and how a filled form becomes a setup.
//!
//! Texts: `source-kind-<kind>`, `source-about-<kind>`, `source-secret-<kind>`
//! where a secret is asked for, `source-field-<field>` and, where they help,
//! `source-field-<field>-hint`.

use crate::locale::Locale;
use crate::pages::forms::{Faults, Fields};
use ::app::AppError;
use ::app::listening::SetupError;
use model::listening::SourceSetup;
use serde_json::{Map, Value, json};

/// What must be had before a source can be set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// Nothing: open networks.
    Open,
    /// An account or key that costs nothing.
    Account,
    /// A paid key.
    Paid,
    /// Somebody sends to us.
    Inbound,
}

impl Group {
    pub(super) const ALL: [Self; 4] = [Self::Open, Self::Account, Self::Paid, Self::Inbound];

    /// The word in `source-group-<word>`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Account => "account",
            Self::Paid => "paid",
            Self::Inbound => "inbound",
        }
    }
}

/// Whether a secret is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secret {
    No,
    Optional,
    Needed,
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// An address; what is wrong with addresses is said here.
    Address,
    Text,
    /// Words with spaces or commas between them.
    List,
    /// One of these words; `source-choice-<word>` is its text.
    Choice(&'static [&'static str]),
}

/// A field of a kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldForm {
    pub name: &'static str,
    pub shape: Shape,
    pub default: &'static str,
    pub required: bool,
}

/// A kind of source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub name: &'static str,
    pub network: model::Network,
    pub group: Group,
    pub secret: Secret,
    /// Keeps everything unless told otherwise: channels of one's own.
    pub keeps_all: bool,
    pub fields: &'static [FieldForm],
}

const fn field(name: &'static str, shape: Shape, default: &'static str, required: bool) -> FieldForm {
    FieldForm { name, shape, default, required }
}

const TIMELINES: Shape = Shape::Choice(&["public", "local", "hashtag", "search", "notifications"]);
const MAKERS: Shape = Shape::Choice(&["generic", "ghost", "meta"]);

/// Every kind of [`SourceSetup`]: a table, kept as one.
#[rustfmt::skip]
pub(super) const KINDS: [Kind; 14] = {
    use Group::{Account, Inbound, Open, Paid};
    use Secret::{Needed, No, Optional};
    use Shape::{Address, List, Text};
    use model::Network;
    const fn kind(
        name: &'static str,
        network: Network,
        group: Group,
        secret: Secret,
        keeps_all: bool,
        fields: &'static [FieldForm],
    ) -> Kind {
        Kind { name, network, group, secret, keeps_all, fields }
    }
    [
        kind("bluesky-jetstream", Network::Bluesky, Open, No, false, &[
            field("endpoint", Address, "wss://jetstream2.us-east.bsky.network/subscribe", true),
        ]),
        kind("bluesky-firehose", Network::Bluesky, Open, No, false, &[
            field("endpoint", Address, "wss://bsky.network", true),
        ]),
        kind("mastodon-stream", Network::Mastodon, Open, Optional, false, &[
            field("server", Address, "https://mastodon.social", true),
            field("timeline", TIMELINES, "public", true),
            field("what", Text, "", false),
        ]),
        kind("mastodon-poll", Network::Mastodon, Open, Optional, false, &[
            field("server", Address, "https://mastodon.social", true),
            field("timeline", TIMELINES, "public", true),
            field("what", Text, "", false),
        ]),
        kind("feed", Network::Rss, Open, No, true, &[field("url", Address, "", true)]),
        kind("nostr-relay", Network::Nostr, Open, No, false, &[
            field("relay", Address, "wss://relay.damus.io", true),
            field("hashtags", List, "", false),
        ]),
        kind("bluesky-search", Network::Bluesky, Account, Optional, false, &[
            field("service", Address, "https://bsky.social", true),
            field("identifier", Text, "", false),
            field("search", Text, "", true),
        ]),
        kind("bluesky-notifications", Network::Bluesky, Account, Needed, true, &[
            field("service", Address, "https://bsky.social", true),
            field("identifier", Text, "", true),
        ]),
        kind("matrix-rooms", Network::Matrix, Account, Needed, true, &[
            field("server", Address, "https://matrix.org", true),
            field("rooms", List, "", false),
        ]),
        kind("youtube-comments", Network::Youtube, Account, Needed, true, &[
            field("subject", Text, "", true),
            field("endpoint", Address, "https://www.googleapis.com", true),
        ]),
        kind("reddit-listing", Network::Reddit, Account, Needed, false, &[
            field("subreddit", Text, "", false),
            field("search", Text, "", false),
            field("endpoint", Address, "https://oauth.reddit.com", true),
        ]),
        kind("telegram-bot", Network::Telegram, Account, Needed, true, &[
            field("endpoint", Address, "https://api.telegram.org", true),
        ]),
        kind("x-search", Network::X, Paid, Needed, false, &[
            field("search", Text, "", true),
            field("endpoint", Address, "https://api.x.com", true),
        ]),
        kind("webhook", Network::Webhook, Inbound, Needed, true, &[field("maker", MAKERS, "generic", true)]),
    ]
};

impl Kind {
    /// The kind of a word.
    pub(super) fn parse(name: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.name == name)
    }

    /// The kind of a setup.
    pub(super) fn of(setup: &SourceSetup) -> Option<Self> {
        let value = serde_json::to_value(setup).ok()?;
        Self::parse(value.get("kind")?.as_str()?)
    }

    /// The field that holds an address.
    fn address_field(&self) -> &'static str {
        let found = self.fields.iter().find(|field| field.shape == Shape::Address);
        found.map_or("name", |field| field.name)
    }

    /// The setup of a filled form.
    ///
    /// # Errors
    /// What is missing or not one of the choices, beside its field.
    pub(super) fn setup(&self, form: &Fields, l: &Locale) -> Result<SourceSetup, Faults> {
        let mut faults = Faults::default();
        let mut object = Map::new();
        object.insert("kind".to_owned(), self.name.into());
        for field in self.fields {
            let text = form.trimmed(field.name);
            if field.required && text.is_empty() {
                faults.add(field.name, l.text("source-error-required"));
            }
            let value = match field.shape {
                Shape::Choice(words) if !words.contains(&text) => {
                    faults.add(field.name, l.text("source-error-required"));
                    Value::Null
                }
                Shape::List => list(text).into(),
                Shape::Choice(_) if field.name == "timeline" => timeline(text, form.trimmed("what")),
                _ => text.into(),
            };
            if field.name != "what" {
                object.insert(field.name.to_owned(), value);
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        // Every field is there and of its kind, so this is a setup.
        serde_json::from_value(Value::Object(object))
            .map_err(|error| Faults::one(self.address_field(), error.to_string()))
    }

    /// What of an error the form can show beside a field; `None` otherwise.
    pub(super) fn faults(&self, error: &AppError, l: &Locale) -> Option<Faults> {
        match error {
            AppError::Source(error) => Some(self.setup_faults(error, l)),
            AppError::Invalid { field: "name", .. } => Some(Faults::one("name", l.text("source-error-name"))),
            AppError::Invalid { field: "secret", .. } => {
                Some(Faults::one("secret", l.text("source-error-secret")))
            }
            AppError::Store(_) if error.cause() == ::app::Cause::Taken => {
                Some(Faults::one("name", l.text("source-error-taken")))
            }
            _ => None,
        }
    }

    fn setup_faults(&self, error: &SetupError, l: &Locale) -> Faults {
        match error {
            SetupError::InvalidAddress { wanted, .. } => {
                let key = match *wanted {
                    "ws:// or wss://" => "source-error-address-socket",
                    "http:// or https://" => "source-error-address-http",
                    _ => "source-error-address-password",
                };
                Faults::one(self.address_field(), l.text(key))
            }
            SetupError::ForbiddenAddress(host) => {
                Faults::one(self.address_field(), l.named("source-error-address-private", host))
            }
            SetupError::SecretMissing(_) => Faults::one("secret", l.text("source-error-secret")),
            SetupError::SecretForm(_) => Faults::one("secret", l.text("source-error-secret-form")),
            SetupError::InvalidField { field, .. } => {
                let field = if *field == "timeline" { "what" } else { field };
                let text = l.find(&format!("source-error-{field}"));
                Faults::one(field, text.unwrap_or_else(|| l.text("source-error-required")))
            }
            SetupError::Pushed | SetupError::Client(_) => {
                Faults::one(self.address_field(), l.text("source-error-client"))
            }
        }
    }
}

/// Words of a list without `#`.
fn list(text: &str) -> Vec<String> {
    text.split([',', ' ', '\n', '\r', ';'])
        .map(|word| word.trim().trim_start_matches('#'))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn timeline(of: &str, what: &str) -> Value {
    match of {
        "hashtag" => json!({"of": of, "what": what.trim_start_matches('#')}),
        "search" => json!({"of": of, "what": what}),
        _ => json!({"of": of}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    fn l(language: Language) -> Locale {
        Locale::new(language, Numbers::CommaPoint, jiff::tz::TimeZone::UTC)
    }

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        serde_json::from_value(json!(pairs)).unwrap()
    }

    #[test]
    fn every_kind_makes_its_own_setup_from_its_form() {
        for kind in KINDS {
            let mut pairs: Vec<(&str, &str)> = Vec::new();
            for field in kind.fields {
                pairs.push((field.name, if field.default.is_empty() { "https://example.org" } else { field.default }));
            }
            let setup = kind.setup(&fields(&pairs), &l(Language::Es)).unwrap();
            assert_eq!(Kind::of(&setup).map(|found| found.name), Some(kind.name));
            if kind.name != "webhook" {
                assert_eq!(setup.network(), kind.network);
            }
        }
    }

    #[test]
    fn every_kind_has_its_words() {
        for l in Language::ALL.map(l) {
            let mut texts: Vec<String> = Group::ALL.iter().map(|group| l.word("source-group", group.name())).collect();
            for kind in KINDS {
                texts.push(l.word("source-kind", kind.name));
                texts.push(l.word("source-about", kind.name));
                if kind.secret != Secret::No {
                    texts.push(l.word("source-secret", kind.name));
                }
                for field in kind.fields {
                    texts.push(l.word("source-field", field.name));
                    if let Shape::Choice(words) = field.shape {
                        texts.extend(words.iter().map(|word| l.word("source-choice", word)));
                    }
                }
            }
            assert!(texts.iter().all(|text| !text.contains('⟦')), "{texts:?}");
        }
    }

    #[test]
    fn what_is_missing_is_said_beside_its_field() {
        let feed = Kind::parse("feed").unwrap();
        assert!(!feed.setup(&fields(&[("url", " ")]), &l(Language::Es)).unwrap_err().of("url").is_empty());
        let stream = Kind::parse("mastodon-stream").unwrap();
        let setup = stream
            .setup(&fields(&[("server", "https://a.example"), ("timeline", "hashtag"), ("what", "#agua")]), &l(Language::Es))
            .unwrap();
        assert!(matches!(
            setup,
            SourceSetup::MastodonStream { timeline: model::listening::MastodonTimeline::Hashtag(tag), .. } if tag == "agua"
        ));
        assert_eq!(list("#uno, dos;tres\n"), ["uno", "dos", "tres"]);
    }
}
