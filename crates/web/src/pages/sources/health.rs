//! How a source fares, in words.

use crate::locale::Locale;
use model::Timestamp;
use model::listening::{Source, SourceHealth};

/// The beginnings of the stored reasons, and the keys of their texts. What
/// follows the beginning is the network's own detail and shown as it is.
const REASONS: [(&str, &str); 10] = [
    ("the source does not accept the key or password", "source-fault-unauthorized"),
    ("the source asks us to wait", "source-fault-rate-limited"),
    ("the source cannot be reached", "source-fault-unreachable"),
    ("the source was silent", "source-fault-silent"),
    ("the source answered with status", "source-fault-refused"),
    ("the source is gone for good", "source-fault-gone"),
    ("the source sent something", "source-fault-garbage"),
    ("the source sent more than", "source-fault-too-large"),
    ("the source redirects", "source-fault-redirects"),
    ("this source needs", "source-fault-secret"),
];

/// What went wrong, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The sentence.
    pub text: String,
    /// What the network or system said, in its language.
    pub detail: Option<String>,
}

/// The fault of a stored reason.
pub(super) fn fault(reason: &str, l: &Locale) -> Fault {
    let private = reason.contains("is not a public address");
    let known = REASONS.into_iter().find(|(start, _)| reason.starts_with(start));
    match known {
        Some((_, key)) => {
            let detail = reason.split_once(": ").map(|(_, detail)| detail.trim().to_owned());
            Fault { text: l.text(key), detail: detail.filter(|detail| !detail.is_empty()) }
        }
        None if private => Fault { text: l.text("source-fault-private"), detail: None },
        None => Fault { text: l.text("source-fault-other"), detail: Some(reason.to_owned()) },
    }
}

/// The word of `health-<word>`.
pub(super) fn state(source: &Source, health: &SourceHealth, now: Timestamp) -> &'static str {
    if source.paused {
        return "paused";
    }
    let waits = health.wait_until.is_some_and(|until| until > now);
    match (health.last_ok, health.last_error_at) {
        (None, None) => "new",
        (ok, Some(error)) if ok.is_none_or(|ok| error > ok) => {
            let asked =
                health.last_error.as_deref().is_some_and(|e| e.starts_with("the source asks us to wait"));
            if waits && asked { "late" } else { "failing" }
        }
        _ => "healthy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};
    use ::app::listening::FetchError;

    #[test]
    fn every_failure_of_a_source_is_told_in_the_readers_words() {
        let every = [
            FetchError::Unauthorized,
            FetchError::RateLimited { retry_after_ms: Some(3_000) },
            FetchError::Unreachable("connection refused".to_owned()),
            FetchError::Silent { silent_ms: 60_000 },
            FetchError::Refused { status: 503, reason: "busy".to_owned() },
            FetchError::Gone,
            FetchError::Garbage("no JSON".to_owned()),
            FetchError::TooLarge { bytes_max: 10 },
            FetchError::ForbiddenAddress("10.0.0.1".to_owned()),
            FetchError::Redirects(5),
        ];
        let [es, en] =
            Language::ALL.map(|language| Locale::new(language, Numbers::CommaPoint, jiff::tz::TimeZone::UTC));
        for error in every {
            let reason = error.to_string();
            let (spanish, english) = (fault(&reason, &es), fault(&reason, &en));
            assert_ne!(spanish.text, es.text("source-fault-other"), "{reason}");
            assert_ne!(spanish.text, english.text, "{reason}");
        }
        assert_eq!(fault("the source cannot be reached: dns", &es).detail.as_deref(), Some("dns"));
        assert_eq!(fault("odd", &es).detail.as_deref(), Some("odd"));
    }
}
