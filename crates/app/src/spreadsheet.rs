//! Tables that a spreadsheet opens: no cell of them is a formula.
//!
//! In: cells as they are. Out: rows of CSV after RFC 4180, in which a cell that
//! a spreadsheet would run has a leading `'`; and the cell again. Errors: none.
//! Source: OWASP, CSV injection. Limits: a number is no formula, also below zero.

use std::borrow::Cow;

/// The mark before a cell that would be run.
const MARK: char = '\'';

/// Whether a spreadsheet would run what a cell holds behind any marks.
fn runs(cell: &str) -> bool {
    cell.trim_start_matches(MARK).starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A cell that a spreadsheet does not run: as it is, or with one `'` before it.
/// A cell that looks like one already gets another, so that [`plain`] gives it back.
pub fn defused(cell: &str) -> Cow<'_, str> {
    if runs(cell) && cell.parse::<f64>().is_err() {
        Cow::Owned(format!("{MARK}{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell that [`defused`] was given.
pub fn plain(cell: &str) -> &str {
    cell.strip_prefix(MARK).filter(|rest| runs(rest)).unwrap_or(cell)
}

/// A row of CSV with its end; its cells are [`defused`].
pub fn csv_row<I>(cells: I) -> String
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let mut row = String::new();
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            row.push(',');
        }
        let cell = defused(cell.as_ref());
        if cell.contains([',', '"', '\n', '\r']) {
            row.push('"');
            row.push_str(&cell.replace('"', "\"\""));
            row.push('"');
        } else {
            row.push_str(&cell);
        }
    }
    row.push_str("\r\n");
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_run_does_not_and_comes_back() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("+34 600", "'+34 600"),
            ("-uno", "'-uno"),
            ("@ana", "'@ana"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            // What looks defused is defused once more.
            ("'=1", "''=1"),
            ("''@a", "'''@a"),
            ("-1.5", "-1.5"),
            ("-1001234567890", "-1001234567890"),
            ("'n Sync", "'n Sync"),
            ("'", "'"),
            ("", ""),
            ("a=b", "a=b"),
        ] {
            assert_eq!(defused(cell), expected);
            assert_eq!(plain(&defused(cell)), cell);
        }
    }

    #[test]
    fn rows_are_quoted() {
        assert_eq!(csv_row(["x \"y\", z", "-1.5", "=a\nb"]), "\"x \"\"y\"\", z\",-1.5,\"'=a\nb\"\r\n");
    }
}
