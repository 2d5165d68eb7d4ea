//! Hashtags cut into their words.

/// The words of a hashtag written in camel case, with digits or underscores:
/// `PanamáSinAgua` gives `Panamá`, `Sin`, `Agua`; a tag of one word gives
/// that word. Byte ranges into `tag`, in order.
pub fn split_hashtag(tag: &str) -> Vec<std::ops::Range<usize>> {
    let chars: Vec<(usize, char)> = tag.char_indices().collect();
    let mut words = Vec::new();
    let mut start: Option<usize> = None;
    for (index, &(at, c)) in chars.iter().enumerate() {
        if c == '_' || !c.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(c) {
            close(&mut words, &mut start, at);
            continue;
        }
        let before = index.checked_sub(1).and_then(|i| chars.get(i)).map(|&(_, c)| c);
        let after = chars.get(index + 1).map(|&(_, c)| c);
        if start.is_some() && before.is_some_and(|before| is_border(before, c, after)) {
            close(&mut words, &mut start, at);
        }
        start.get_or_insert(at);
    }
    close(&mut words, &mut start, tag.len());
    words
}

/// True when a new word begins at `c`.
fn is_border(before: char, c: char, after: Option<char>) -> bool {
    let camel = before.is_lowercase() && c.is_uppercase();
    let acronym_ends = before.is_uppercase() && c.is_uppercase() && after.is_some_and(char::is_lowercase);
    let digits = before.is_numeric() != c.is_numeric() && (before.is_alphanumeric() && c.is_alphanumeric());
    camel || acronym_ends || digits
}

fn close(words: &mut Vec<std::ops::Range<usize>>, start: &mut Option<usize>, end: usize) {
    if let Some(start) = start.take()
        && start < end
    {
        words.push(start..end);
    }
}

#[cfg(test)]
mod tests {
    use super::split_hashtag;

    #[test]
    fn cuts_camel_case_digits_and_underscores() {
        for (tag, words) in [
            ("PanamáSinAgua", vec!["Panamá", "Sin", "Agua"]),
            ("panama", vec!["panama"]),
            ("PANAMA", vec!["PANAMA"]),
            ("SOSPanamá", vec!["SOS", "Panamá"]),
            ("Elecciones2026", vec!["Elecciones", "2026"]),
            ("sin_agua_ya", vec!["sin", "agua", "ya"]),
            ("_", vec![]),
        ] {
            let got: Vec<&str> = split_hashtag(tag).into_iter().map(|r| &tag[r]).collect();
            assert_eq!(got, words, "{tag}");
        }
    }
}
