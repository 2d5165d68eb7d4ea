//! What is wrong with an expression, in the reader's language, with the place.
//!
//! In: an expression and the error of its parser. Out: a sentence that says
//! what to do and two lines that point at the character.
//! Limits: [`AROUND_CHARS`] are shown on each side of the place.

use crate::locale::Locale;
use model::query::{NEAR_MAX, QUERY_CHARS_MAX, QUERY_DEPTH_MAX, QUERY_NODES_MAX, QueryError, QueryErrorKind};

/// Characters shown on each side of the place.
const AROUND_CHARS: usize = 40;

/// A problem, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryProblem {
    /// What is wrong and what to do.
    pub text: String,
    /// The expression around the place, on one line.
    pub line: String,
    /// Spaces and a caret below the character.
    pub caret: String,
}

impl QueryProblem {
    /// The problem of an expression.
    pub fn new(expression: &str, error: &QueryError, l: &Locale) -> Self {
        let start = error.position.saturating_sub(AROUND_CHARS);
        let window = expression.chars().skip(start).take(2 * AROUND_CHARS);
        let mut line: String =
            window.map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c }).collect();
        let mut before = error.position - start;
        if start > 0 {
            line.insert(0, '…');
            before += 1;
        }
        if expression.chars().count() > start + 2 * AROUND_CHARS {
            line.push('…');
        }
        let mut caret = " ".repeat(before);
        caret.push('^');
        let what = sentence(&error.kind, l);
        let place = u64::try_from(error.position).unwrap_or(u64::MAX).saturating_add(1);
        let text = l.text_with("query-problem", &[("what", what.into()), ("place", place.into())]);
        Self { text, line, caret }
    }
}

fn sentence(kind: &QueryErrorKind, l: &Locale) -> String {
    let limit = |key: &str, max: usize| l.count(key, u64::try_from(max).unwrap_or(u64::MAX));
    match kind {
        QueryErrorKind::Empty => l.text("query-problem-empty"),
        QueryErrorKind::TooLong(_) => limit("query-problem-too-long", QUERY_CHARS_MAX),
        QueryErrorKind::TooManyParts => limit("query-problem-too-many-parts", QUERY_NODES_MAX),
        QueryErrorKind::TooDeep => limit("query-problem-too-deep", QUERY_DEPTH_MAX),
        QueryErrorKind::UnclosedQuote => l.text("query-problem-unclosed-quote"),
        QueryErrorKind::UnclosedParenthesis => l.text("query-problem-unclosed-parenthesis"),
        QueryErrorKind::StrayParenthesis => l.text("query-problem-stray-parenthesis"),
        QueryErrorKind::MissingOperand(operator) => l.named("query-problem-missing-operand", operator),
        QueryErrorKind::NothingToNegate => l.text("query-problem-nothing-to-negate"),
        QueryErrorKind::BadDistance => l.count("query-problem-bad-distance", u64::from(NEAR_MAX)),
        QueryErrorKind::BadNearSide => l.text("query-problem-bad-near-side"),
        QueryErrorKind::UnknownField(field) => l.named("query-problem-unknown-field", field),
        QueryErrorKind::MissingValue(field) => l.named("query-problem-missing-value", field),
        QueryErrorKind::BadValue { field, value, .. } => {
            let help = l.find(&format!("query-value-{field}")).unwrap_or_else(|| l.text("query-value-other"));
            let value: String = value.chars().take(60).collect();
            l.text_with(
                "query-problem-bad-value",
                &[("name", field.as_str().into()), ("value", value.into()), ("help", help.into())],
            )
        }
        QueryErrorKind::NoLetters(word) => {
            let word: String = word.chars().take(60).collect();
            l.named("query-problem-no-letters", &word)
        }
        QueryErrorKind::ShortPrefix => l.text("query-problem-short-prefix"),
        QueryErrorKind::InnerStar => l.text("query-problem-inner-star"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};
    use model::query::parse;

    #[test]
    fn every_mistake_is_explained_in_both_languages_at_its_place() {
        let deep = "(".repeat(QUERY_DEPTH_MAX + 2);
        let long = "a ".repeat(QUERY_CHARS_MAX);
        let wrong = [
            "",
            "\"agua",
            "(agua",
            "agua)",
            "agua AND",
            "NOT",
            "agua NEAR/x luz",
            "agua NEAR/2 lang:es",
            "fecha:3",
            "lang:",
            "lang:xyz",
            "followers:muchos",
            "country:Panama",
            "tone:raro",
            "is:raro",
            "has:raro",
            "domain:x",
            "source:x",
            "since:ayer",
            "network:orkut",
            "!!!",
            "a*",
            "ag*ua",
            &deep,
            &long,
        ];
        for language in Language::ALL {
            let l = Locale::new(language, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
            for expression in wrong {
                let error = parse(expression).unwrap_err();
                let problem = QueryProblem::new(expression, &error, &l);
                assert!(!problem.text.contains('⟦') && !problem.text.is_empty(), "{expression}: {problem:?}");
                assert!(problem.caret.chars().count() <= problem.line.chars().count() + 1, "{problem:?}");
            }
        }
    }

    #[test]
    fn the_caret_stands_below_the_character() {
        let l = Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
        let expression = "agua (luz";
        let problem = QueryProblem::new(expression, &parse(expression).unwrap_err(), &l);
        assert_eq!((problem.line.as_str(), problem.caret.as_str()), ("agua (luz", "     ^"));
        let expression = format!("{} (luz", "agua ".repeat(40));
        let problem = QueryProblem::new(&expression, &parse(&expression).unwrap_err(), &l);
        let at = problem.caret.chars().count() - 1;
        assert_eq!(problem.line.chars().nth(at), Some('('));
    }
}
