//! What patterns find, and bad days.

use super::*;

const LEXICON: &str = "# a comment\n@su\tsu|sus|tu|tus\npag(ar|ue|a) ~ $\tpay\t0.5\n@su cuenta(|s)\taccount\n\
    estaf*\tfraud\n# horas\thours\nno nunca? jamas\tnever\n";

fn tag_of(tag: &str) -> Option<u8> {
    ["pay", "account", "fraud", "hours", "never"].iter().position(|known| *known == tag).map(|at| at as u8)
}

#[track_caller]
fn check(text: &str, expect: &[(u8, &str)]) {
    let phrases = Phrases::read(&[LEXICON], tag_of);
    let hits = phrases.find(text, &Tokens::of(text));
    let got: Vec<(u8, &str)> = hits.iter().map(|hit| (hit.tag, &text[hit.bytes.clone()])).collect();
    assert_eq!(got, expect, "{text}");
}

#[test]
fn finds_words_sets_gaps_and_amounts() {
    check("Pague hoy mismo $1.500 ya", &[(0, "Pague hoy mismo $1.500")]);
    check("pagar 20 euros", &[(0, "pagar 20 euros")]);
    check("pagar 20 veces", &[]);
    check("pague: Q350", &[(0, "pague: Q350")]);
    check("pague RD$ 10,000", &[(0, "pague RD$ 10,000")]);
    check("pagar con 5 mil", &[(0, "pagar con 5 mil")]);
    check("TUS cuentas, mi cuenta", &[(1, "TUS cuentas")]);
    check("Estafadoooores", &[(2, "Estafadoooores")]);
    check("en 24 horas", &[(3, "24 horas")]);
    check("24 horaaaas", &[(3, "24 horaaaas")]);
    check("no jamás; no nunca jamás", &[(4, "no jamás"), (4, "no nunca jamás")]);
    check("su. Cuenta", &[]);
    check("#TuCuenta", &[(1, "TuCuenta")]);
    check("@estafas_mx y estafas.example/x", &[]);
    check("no es una estafa.Pero", &[(2, "estafa")]);
    check("", &[]);
}

#[test]
fn lines_that_are_unsound_are_told() {
    for line in
        ["~ a\tpay", "a ~\tpay", "a\tnone", "ab*\tpay", "a?\tpay", "@nobody\tpay", "a\tpay\tx", "a-b\tpay"]
    {
        assert_eq!(pattern::parse_lexicon(line, tag_of), [None], "{line}");
    }
}

#[test]
fn bad_days_are_bounded() {
    let phrases = Phrases::read(&[LEXICON], tag_of);
    for text in [
        "a".repeat(1 << 20),
        "pagar ".repeat(100_000),
        "@".repeat(1 << 16),
        "pagar 1.".repeat(20_000),
        "😡".repeat(50_000),
        "su cuenta ".repeat(20_000),
        "p\u{336}a\u{336}g\u{336}a\u{336}r\u{336} 5 euros".to_owned(),
        format!("estafa{}", ".a".repeat(1 << 16)),
    ] {
        let hits = phrases.find(&text, &Tokens::of(&text));
        assert!(hits.len() <= HITS_MAX + LEXICON.lines().count());
        assert!(hits.iter().all(|hit| text.get(hit.bytes.clone()).is_some_and(|words| !words.is_empty())));
    }
}
