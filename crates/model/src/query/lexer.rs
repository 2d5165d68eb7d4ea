//! An expression cut into signs, each with its place.

/// One sign of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sign<'a> {
    Open,
    Close,
    And,
    Or,
    /// `NOT` or a `-` right before something.
    Not,
    /// `NEAR/n`; `None` when n is not a number.
    Near(Option<u32>),
    /// Text between double quotes, without them; false when the closing one is missing.
    Quoted(&'a str, bool),
    /// `name:` right before a value.
    FieldName(&'a str),
    /// Anything else up to a space, quote or parenthesis.
    Bare(&'a str),
}

/// A sign with the byte at which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed<'a> {
    pub at: usize,
    pub sign: Sign<'a>,
}

/// Cuts an expression. Curly quotes count as straight ones.
pub(super) fn lex(text: &str) -> Vec<Placed<'_>> {
    let mut signs = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(c) = rest.chars().next()
    {
        let after_field = matches!(signs.last(), Some(Placed { at: start, sign: Sign::FieldName(name) }) if start + name.len() + 1 == at);
        let (len, sign) = match c {
            _ if c.is_whitespace() => (c.len_utf8(), None),
            '(' => (1, Some(Sign::Open)),
            ')' => (1, Some(Sign::Close)),
            '"' | '“' | '”' | '«' | '»' => lex_quoted(rest, c.len_utf8()),
            _ if after_field => lex_value(rest),
            '-' if rest.chars().nth(1).is_some_and(|next| !next.is_whitespace() && next != ')') => {
                (1, Some(Sign::Not))
            }
            _ => lex_bare(rest),
        };
        if let Some(sign) = sign {
            signs.push(Placed { at, sign });
        }
        at += len;
    }
    signs
}

fn lex_quoted(rest: &str, open_len: usize) -> (usize, Option<Sign<'_>>) {
    let inner = rest.get(open_len..).unwrap_or_default();
    match inner.find(['"', '“', '”', '«', '»']) {
        Some(end) => {
            let close_len = inner.get(end..).and_then(|s| s.chars().next()).map_or(0, char::len_utf8);
            (open_len + end + close_len, Some(Sign::Quoted(inner.get(..end).unwrap_or_default(), true)))
        }
        None => (rest.len(), Some(Sign::Quoted(inner, false))),
    }
}

/// Bytes up to a space, quote or parenthesis.
fn bare_len(rest: &str) -> usize {
    rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '“' | '”' | '«' | '»'))
        .unwrap_or(rest.len())
}

/// The value of a field: whatever it holds, colons and signs included.
fn lex_value(rest: &str) -> (usize, Option<Sign<'_>>) {
    let end = bare_len(rest);
    (end, Some(Sign::Bare(rest.get(..end).unwrap_or_default())))
}

fn lex_bare(rest: &str) -> (usize, Option<Sign<'_>>) {
    let end = bare_len(rest);
    let word = rest.get(..end).unwrap_or_default();
    if let Some(colon) = word.find(':')
        && let Some(name) = word.get(..colon)
        && !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase())
        && !word.get(colon..).is_some_and(|tail| tail.starts_with("://"))
    {
        return (colon + 1, Some(Sign::FieldName(name)));
    }
    let sign = match word {
        "AND" => Sign::And,
        "OR" => Sign::Or,
        "NOT" => Sign::Not,
        _ => match word.strip_prefix("NEAR") {
            Some("") => Sign::Near(Some(super::parser::NEAR_DEFAULT)),
            Some(tail) if tail.starts_with('/') => Sign::Near(tail.get(1..).and_then(|n| n.parse().ok())),
            _ => Sign::Bare(word),
        },
    };
    (end, Some(sign))
}
