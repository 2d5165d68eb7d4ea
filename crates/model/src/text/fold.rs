//! Folding of letters: case and accents go, ñ stays.

use unicode_normalization::UnicodeNormalization;

/// How one character takes part in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Part of a word.
    Word,
    /// A word by itself: ideographs and emoji.
    Alone,
    /// Invisible: neither part of a word nor a border of one.
    Invisible,
    /// Between words.
    Border,
}

/// The role of a character.
pub(super) fn role(c: char) -> Role {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Role::Word,
        '\0'..='\u{7f}' => Role::Border,
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{1f3fb}'..='\u{1f3ff}' => Role::Invisible,
        '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}'
        | '\u{0e00}'..='\u{0e7f}' => Role::Alone,
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' => Role::Alone,
        _ if is_mark(c) || c.is_alphanumeric() => Role::Word,
        _ => Role::Border,
    }
}

/// Combining marks of any script.
pub(super) fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Marks that folding drops: Latin, Greek and Cyrillic diacritics, Arabic
/// vowel signs, Hebrew points. Vowel signs of Indic scripts carry meaning and stay.
fn is_dropped_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{652}' | '\u{591}'..='\u{5c7}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}')
}

/// Appends the folded form of one character.
pub(super) fn push_folded(out: &mut String, c: char) {
    match c {
        '\0'..='\u{7f}' => out.push(c.to_ascii_lowercase()),
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'Á' | 'À' | 'Â' | 'Ä' | 'Ã' => out.push('a'),
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => out.push('e'),
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => out.push('i'),
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'Ó' | 'Ò' | 'Ô' | 'Ö' | 'Õ' => out.push('o'),
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ù' | 'Û' | 'Ü' => out.push('u'),
        'ñ' | 'Ñ' => out.push('ñ'),
        'ç' | 'Ç' => out.push('c'),
        '\u{303}' => push_tilde(out),
        _ if is_dropped_mark(c) => {}
        _ => {
            // Decompose first, lower after: mathematical and full-width
            // capitals have no lower case of their own.
            for part in std::iter::once(c).nfkd() {
                match part {
                    '\u{303}' => push_tilde(out),
                    _ if is_dropped_mark(part) => {}
                    _ => out.extend(part.to_lowercase().filter(|l| !is_dropped_mark(*l))),
                }
            }
        }
    }
}

/// A combining tilde makes ñ of n and nothing of any other letter.
fn push_tilde(out: &mut String) {
    if out.ends_with('n') {
        out.pop();
        out.push('ñ');
    }
}

/// The whole text folded: lower case, accents dropped, ñ kept, compatibility
/// forms (full width, mathematical letters) made plain, invisible characters gone.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if role(c) != Role::Invisible {
            push_folded(&mut out, c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_accents_and_case_but_keeps_enye() {
        for (text, folded) in [
            ("Panamá", "panama"),
            ("AÑO", "año"),
            ("an\u{303}o", "año"),
            ("coraça\u{303}o", "coracao"),
            ("ＰＡＮＡＭＡ", "panama"),
            ("𝐏𝐚𝐧𝐚𝐦𝐚́", "panama"),
            ("pa\u{200b}na\u{202e}má", "panama"),
            ("İstanbul", "istanbul"),
            ("Łódź", "łodz"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
