//! Rows of a table of shares: lines, joined while a quote is open.
//!
//! In: plain bytes. Out: rows with the line on which each begins; bytes that
//! are no UTF-8 become U+FFFD. Errors: those of reading; a row that is too long
//! or whose quote never closes is told, and reading goes on behind its first line.
//! Cost: one pass; what an open quote swallowed is read again.
//! Limits: [`ROW_BYTES_MAX`], [`QUOTED_LINES_MAX`].

use networks::import::QUOTED_LINES_MAX;
use std::io::{BufRead, Cursor, Read, Result};

/// Longest row, bytes.
pub const ROW_BYTES_MAX: usize = 64 * 1024;
/// What is said of a line whose quote never closes.
const OPEN: &str = "a quote opens in it and does not close";

/// The rows of a table.
pub struct Rows<R> {
    input: R,
    /// What was read beyond the first line of a row that was given up.
    again: Cursor<Vec<u8>>,
    next_line: u64,
    /// What parts the cells; `None` while that is not known.
    mark: Option<u8>,
}

/// Where in a row a byte stands.
struct Scan {
    mark: Option<u8>,
    is_quoted: bool,
    /// A quote closed right before.
    has_closed: bool,
    begins_cell: bool,
}

impl Scan {
    fn pass(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if byte == b'"' && (self.is_quoted || self.begins_cell || self.has_closed) {
                // A second quote right behind a closing one opens it again.
                self.has_closed = self.is_quoted;
                self.is_quoted = !self.is_quoted;
                self.begins_cell = false;
                continue;
            }
            self.has_closed = false;
            self.begins_cell =
                !self.is_quoted && self.mark.map_or(matches!(byte, b',' | b';' | b'\t'), |mark| byte == mark);
        }
    }
}

impl<R: BufRead> Rows<R> {
    /// Those of some plain bytes.
    pub fn new(input: R) -> Self {
        Self { input, again: Cursor::default(), next_line: 1, mark: None }
    }

    /// From now on cells are parted by this mark.
    pub fn part_by(&mut self, mark: u8) {
        self.mark = Some(mark);
    }

    /// The next row and the line on which it begins, or why it is none.
    ///
    /// # Errors
    /// Those of reading.
    pub fn next(&mut self) -> Result<Option<(u64, std::result::Result<String, String>)>> {
        let line = self.next_line;
        let mut row = Vec::new();
        let mut scan = Scan { mark: self.mark, is_quoted: false, has_closed: false, begins_cell: true };
        let (mut lines, mut first_end) = (0, None);
        loop {
            let from = row.len();
            self.add_line(&mut row)?;
            let first_end = *first_end.get_or_insert(row.len());
            let added = row.get(from..).unwrap_or_default();
            scan.pass(added);
            lines += usize::from(!added.is_empty());
            self.next_line += u64::from(added.ends_with(b"\n"));
            let is_long = row.len() > ROW_BYTES_MAX;
            if !is_long && !scan.is_quoted {
                break;
            }
            if !is_long && row.len() > from && lines < QUOTED_LINES_MAX {
                continue;
            }
            self.next_line = line + 1;
            if first_end == row.len() && is_long {
                self.skip_line()?;
                return Ok(Some((line, Err(format!("the row is longer than {ROW_BYTES_MAX} bytes")))));
            }
            self.put_back(row.split_off(first_end));
            return Ok(Some((line, Err(OPEN.to_owned()))));
        }
        Ok((!row.is_empty()).then(|| (line, Ok(String::from_utf8_lossy(&row).into_owned()))))
    }

    /// Adds a line to a row, or as much of it as makes the row too long.
    fn add_line(&mut self, row: &mut Vec<u8>) -> Result<()> {
        let limit = ROW_BYTES_MAX + 1 - row.len().min(ROW_BYTES_MAX);
        let read = (&mut self.again).take(limit as u64).read_until(b'\n', row)?;
        if read < limit && !(read > 0 && row.ends_with(b"\n")) {
            (&mut self.input).take((limit - read) as u64).read_until(b'\n', row)?;
        }
        Ok(())
    }

    /// Leaves out what is left of a line.
    fn skip_line(&mut self) -> Result<()> {
        let mut part = Vec::new();
        loop {
            part.clear();
            self.add_line(&mut part)?;
            if part.is_empty() || part.ends_with(b"\n") {
                return Ok(());
            }
        }
    }

    /// Gives bytes back that will be read again.
    fn put_back(&mut self, mut bytes: Vec<u8>) {
        // What a row took is never longer than it may be, and so is this.
        let left = usize::try_from(self.again.position()).unwrap_or(usize::MAX);
        bytes.extend_from_slice(self.again.get_ref().get(left..).unwrap_or_default());
        self.again = Cursor::new(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, std::result::Result<String, String>)> {
        let mut rows = Rows::new(text.as_bytes());
        rows.part_by(b',');
        std::iter::from_fn(|| rows.next().unwrap()).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[(u64, &str)]) {
        let found = rows(text);
        let told = |row: &std::result::Result<String, String>| match row {
            Ok(row) => row.clone(),
            Err(_) => "rejected".to_owned(),
        };
        let found: Vec<(u64, String)> = found.iter().map(|(line, row)| (*line, told(row))).collect();
        let expected: Vec<(u64, String)> =
            expected.iter().map(|(line, row)| (*line, (*row).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_quote_spoils_no_row_but_its_own() {
        check("a,b\n\"c\nd\",e\nf", &[(1, "a,b\n"), (2, "\"c\nd\",e\n"), (4, "f")]);
        // Within a cell it is a letter.
        check("a\"b,c\nd,e\n", &[(1, "a\"b,c\n"), (2, "d,e\n")]);
        check("\"a\"\"\nb\",c\nd\n", &[(1, "\"a\"\"\nb\",c\n"), (3, "d\n")]);
        // One that never closes: the lines behind it are read again.
        check("\"a,b\nc,d\ne,f\n", &[(1, "rejected"), (2, "c,d\n"), (3, "e,f\n")]);
        check("a\n\"b", &[(1, "a\n"), (2, "rejected")]);
        let many = format!("\"a\n{}", "b,c\n".repeat(QUOTED_LINES_MAX * 3));
        let found = rows(&many);
        assert_eq!(found.len(), QUOTED_LINES_MAX * 3 + 1);
        assert!(found[0].1.is_err() && found[1..].iter().all(|(_, row)| row.as_deref() == Ok("b,c\n")));
        assert!(found.iter().zip(1..).all(|((line, _), number)| *line == number));
    }

    #[test]
    fn a_row_that_is_too_long_is_left_out_alone() {
        let long = "x".repeat(ROW_BYTES_MAX * 3);
        check(&format!("a\n{long}\nb\n"), &[(1, "a\n"), (2, "rejected"), (3, "b\n")]);
        check(&format!("\"a\nb\n{long}\nc\n"), &[(1, "rejected"), (2, "b\n"), (3, "rejected"), (4, "c\n")]);
        let fits = "x".repeat(ROW_BYTES_MAX - 1);
        check(&format!("{fits}\n{fits}"), &[(1, &format!("{fits}\n")), (2, &fits)]);
    }
}
