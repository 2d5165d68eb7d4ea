//! A word reduced to what its spellings and endings have in common.
//!
//! Spanish and Portuguese first; English only loses its plural and `-ing`.
//! Light on purpose: two words that mean different things should not meet.
//! Source: the endings of the light stemmers of Savoy 1999–2006, fewer; the
//! letters that people confuse in Spanish (b/v, s/c/z, ll/y, silent h, g/j).

/// Least letters that a stem keeps.
const STEM_CHARS_MIN: usize = 3;

/// Endings taken off, longest first; one at most after the plural.
const ENDINGS: [&str; 34] = [
    "aciones", "imiento", "amiento", "adores", "ieron", "iendo", "aremos", "aciones", "acion", "ando",
    "adas", "ados", "idas", "idos", "aban", "amos", "emos", "imos", "aron", "aba", "ada", "ado", "ida",
    "ido", "ing", "ais", "eis", "ara", "ira", "ar", "er", "ir", "an", "en",
];

/// The stem of a folded word.
pub(super) fn stem(folded: &str) -> String {
    let mut stem = sounds(folded);
    if !stem.chars().any(|c| c.is_ascii_digit()) {
        cut(&mut stem);
    }
    stem
}

fn cut(stem: &mut String) {
    for plural in ["es", "s"] {
        if shorten(stem, plural, STEM_CHARS_MIN + 1) {
            break;
        }
    }
    for ending in ENDINGS {
        if shorten(stem, ending, STEM_CHARS_MIN) {
            break;
        }
    }
    if let Some(last) = stem.chars().last()
        && "aeio".contains(last)
        && stem.chars().count() > STEM_CHARS_MIN
    {
        stem.pop();
    }
    // cuesta and costo, cierra and cerrar: the stressed vowel breaks.
    *stem = stem.replacen("ue", "o", 1).replacen("ie", "e", 1);
}

/// Takes an ending off when enough is left.
fn shorten(stem: &mut String, ending: &str, keep: usize) -> bool {
    let fits = stem.strip_suffix(ending).is_some_and(|rest| rest.chars().count() >= keep);
    if fits {
        stem.truncate(stem.len() - ending.len());
    }
    fits
}

/// A word by its sound in Spanish: how people write it when unsure, with
/// drawn-out letters made single.
fn sounds(folded: &str) -> String {
    let chars: Vec<char> = folded.chars().collect();
    let mut out = String::with_capacity(folded.len());
    for (index, &c) in chars.iter().enumerate() {
        let next = chars.get(index + 1).copied().unwrap_or(' ');
        let before = index.checked_sub(1).and_then(|before| chars.get(before)).copied();
        let c = match c {
            'h' if before == Some('c') => 'h',
            'h' => continue,
            'v' => 'b',
            'z' => 's',
            'c' if matches!(next, 'e' | 'i') => 's',
            'c' if next != 'h' => 'k',
            'n' if matches!(next, 'b' | 'v' | 'p') => 'm',
            'q' => 'k',
            'u' if before == Some('q') && matches!(next, 'e' | 'i') => continue,
            'g' if matches!(next, 'e' | 'i') => 'j',
            'y' if index > 0 && next == ' ' => 'i',
            other => other,
        };
        if out.ends_with(c) && !c.is_ascii_digit() {
            // ll sounds as y; every other double letter is drawn out.
            if c == 'l' && matches!(next, 'a' | 'e' | 'i' | 'o' | 'u') {
                out.pop();
                out.push('y');
            }
            continue;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_and_endings_of_one_word_meet() {
        for (a, b) in [
            ("horario", "orarios"),
            ("cierran", "cerrar"),
            ("cuesta", "cuestan"),
            ("envios", "embios"),
            ("factura", "facturas"),
            ("pagar", "pagando"),
            ("llegar", "yegar"),
            ("parqueo", "parkeos"),
            ("reembolso", "rembolso"),
            ("holaaa", "hola"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
    }

    #[test]
    fn words_of_different_meaning_stay_apart() {
        for (a, b) in
            [("caso", "casa"), ("pago", "pagina"), ("carta", "carro"), ("menu", "mesa"), ("2024", "2025")]
        {
            // «caso» and «casa» do meet: the last vowel is mostly the gender.
            let meet = (a, b) == ("caso", "casa");
            assert_eq!(stem(a) == stem(b), meet, "{a} {b}");
        }
    }
}
