//! Where a text names a target.

use super::{NAMES_MAX, PLACES_MAX};
use model::text::{Tokens, fold};
use std::ops::Range;

/// The names of one target, made ready for many texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Letters and digits of each name, folded; longest first.
    letters: Vec<String>,
}

impl Names {
    /// Reads names, handles and hashtags; at most [`NAMES_MAX`], without those
    /// that hold no letter or digit.
    pub fn of(names: &[String]) -> Self {
        let letters =
            |name: &String| -> String { fold(name).chars().filter(|c| c.is_alphanumeric()).collect() };
        let mut letters: Vec<String> =
            names.iter().take(NAMES_MAX).map(letters).filter(|letters| !letters.is_empty()).collect();
        letters.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        letters.dedup();
        Self { letters }
    }

    /// The bytes of each place that names the target, at most [`PLACES_MAX`].
    /// `Correo Ibérico`, `#CorreoIberico` and `@correo_iberico` are one name.
    pub fn places(&self, text: &str, tokens: &Tokens) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        for (index, (folded, token)) in tokens.iter().enumerate() {
            let start = token.start as usize;
            if places.len() >= PLACES_MAX {
                break;
            }
            if places.last().is_some_and(|last| start < last.end) {
                continue;
            }
            let may_begin = |name: &&String| name.starts_with(folded);
            let end =
                self.letters.iter().filter(may_begin).find_map(|name| end_of(name, text, tokens, index));
            if let Some(end) = end {
                places.push(start..end);
            }
        }
        places
    }
}

/// The byte after the name that begins at a token, if it stands there.
fn end_of(name: &str, text: &str, tokens: &Tokens, index: usize) -> Option<usize> {
    let mut rest = name;
    let mut before: Option<usize> = None;
    for at in index.. {
        let (folded, token) = tokens.get(at)?;
        let between = before.map(|end| text.get(end..token.start as usize).unwrap_or("?"));
        // A name does not reach over the end of a sentence.
        if between.is_some_and(|between| between.len() > 3 || between.contains(['?', '!', '\n', ','])) {
            return None;
        }
        rest = rest.strip_prefix(folded)?;
        if rest.is_empty() {
            return Some(token.end as usize);
        }
        before = Some(token.end as usize);
    }
    None
}
