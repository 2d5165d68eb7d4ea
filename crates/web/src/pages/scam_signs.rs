//! Scam signs and precedents as pages show them, in words for a citizen.
//!
//! In: a [`ScamCheck`] and what is known of a text from before. Out:
//! [`ScamBox`] and [`SeenBox`], drawn by `components/scam.html`.

use super::cards::{author_href, post_href};
use super::cascades::cascade_href;
use super::reading::method;
use crate::components::plain_line;
use crate::components::post_card::account_name;
use crate::locale::Locale;
use ::app::listening::PostView;
use ::app::understanding::{ScamCheck, SeenBefore, SignView};
use model::Timestamp;

/// Facts that a check states in the form `fact: value`, as analysis names them.
const FACTS: [&str; 7] =
    ["seen before", "age in days", "posts", "followers", "picture", "description", "handle"];

/// A check in words.
pub struct ScamBox {
    /// `none`, `suspicious`, `probable`.
    pub verdict: &'static str,
    /// The signs, strongest evidence first within each.
    pub signs: Vec<SignBox>,
    /// Words that speak against.
    pub against: Vec<String>,
    /// False where the language is not one whose phrases are known.
    pub is_read: bool,
    /// Name and version of the method.
    pub method: String,
}

impl ScamBox {
    /// The kind of the alert.
    pub fn kind(&self) -> &'static str {
        match self.verdict {
            "probable" => "danger",
            "suspicious" => "warning",
            _ => "info",
        }
    }
}

/// One sign in words.
pub struct SignBox {
    /// Its number in the list of ten.
    pub number: Option<String>,
    /// What it is.
    pub name: String,
    /// What betrays it: text, and true for words of the message.
    pub evidence: Vec<(String, bool)>,
}

/// The box of a check.
pub fn scam_box(check: &ScamCheck, l: &Locale) -> ScamBox {
    let sign = |sign: &SignView| SignBox {
        number: sign.number.map(|number| l.integer(u64::from(number))),
        name: l.word("scam-sign", sign.sign),
        evidence: sign.evidence.iter().map(|reason| evidence(&reason.text, l)).collect(),
    };
    ScamBox {
        verdict: check.verdict,
        signs: check.signs.value.iter().map(sign).collect(),
        against: check.against.iter().map(|reason| plain_line(&reason.text)).collect(),
        is_read: check.is_read,
        method: method(check.signs.method, check.signs.version, l),
    }
}

/// Words of the message, and true; or a fact from around it in the reader's language, and false.
fn evidence(text: &str, l: &Locale) -> (String, bool) {
    let fact = text.split_once(": ").filter(|(fact, _)| FACTS.contains(fact));
    let Some((fact, value)) = fact else { return (plain_line(text), true) };
    let value = plain_line(value);
    let told = match fact {
        "seen before" => l.text_with("scam-fact-seen-before", &[("value", value.into())]),
        "age in days" => l.text_with("scam-fact-age", &[("value", value.into())]),
        "posts" => l.text_with("scam-fact-posts", &[("value", value.into())]),
        "followers" => l.text_with("scam-fact-followers", &[("value", value.into())]),
        "picture" => l.text("scam-fact-picture"),
        "description" => l.text("scam-fact-description"),
        _ => l.text_with("scam-fact-handle", &[("value", value.into())]),
    };
    (told, false)
}

/// Where a text was seen first.
pub struct SeenBox {
    /// «3 copias, 2 antes que esta».
    pub count: String,
    /// True when this post is itself the first.
    pub is_first: bool,
    /// Name of the first author.
    pub author: String,
    /// The author's page.
    pub author_href: String,
    /// Network of the first.
    pub network: model::Network,
    /// When it appeared.
    pub when: String,
    /// RFC 3339.
    pub when_machine: String,
    /// The page of the first.
    pub first_href: String,
    /// The page of the cascade.
    pub cascade_href: String,
}

/// What is known of the text of `view` from before.
pub fn seen_box(seen: &SeenBefore, view: &PostView, now: Timestamp, l: &Locale) -> SeenBox {
    let first = &seen.first;
    let numbers = [("copies", seen.total.saturating_sub(1).into()), ("earlier", seen.earlier.into())];
    let ago = l.ago(first.time, now);
    SeenBox {
        count: l.text_with("seen-count", &numbers),
        is_first: first.id == view.id,
        author: account_name(&first.post.author, l),
        author_href: author_href(&first.post.author.key.to_text()),
        network: first.post.key.network,
        when: l.text_with("seen-when", &[("date", l.date_time(first.time).into()), ("ago", ago.into())]),
        when_machine: l.machine_time(first.time),
        first_href: post_href(first.id),
        cascade_href: cascade_href(seen.cascade),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    #[test]
    fn facts_are_told_in_the_readers_language_and_words_stay_as_they_are() {
        let l = Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
        for fact in FACTS {
            let (told, quoted) = evidence(&format!("{fact}: 3"), &l);
            assert!(!quoted && !told.contains('⟦') && !told.contains(fact), "{told}");
        }
        assert_eq!(evidence("atención: pague ya", &l), ("atención: pague ya".to_owned(), true));
    }
}
