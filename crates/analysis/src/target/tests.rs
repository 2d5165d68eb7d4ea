//! What is said about whom, and bad days.

use super::*;

#[track_caller]
fn check(language: Lang, text: &str, name: &str, expect: Tone) {
    let found = explain(text, &Tokens::of(text), Some(language), &[name.to_owned()]);
    let found = found.unwrap_or_else(|| panic!("{name} is not found in {text}"));
    assert_eq!(found.sentiment.tone, expect, "{name} in {text}: {:?}", found.sentiment);
    assert!(!found.places.is_empty());
}

#[test]
fn each_clause_speaks_of_its_own() {
    use Tone::{Negative, Positive};
    let text = "Telebit es pésimo, pero Movilar me atendió excelente";
    check(Lang::ES, text, "Telebit", Negative);
    check(Lang::ES, text, "Movilar", Positive);
    let text = "La pantalla es hermosa, la batería una vergüenza";
    check(Lang::ES, text, "pantalla", Positive);
    check(Lang::ES, text, "batería", Negative);
    let text = "The camera is amazing but the battery is terrible";
    check(Lang::EN, text, "camera", Positive);
    check(Lang::EN, text, "battery", Negative);
    check(Lang::PT, "O atendimento é ótimo, mas o aplicativo é péssimo", "aplicativo", Negative);
}

#[test]
fn comparisons_take_sides() {
    use Tone::{Negative, Positive};
    for (text, name, tone) in [
        ("Movilar es mejor que Telebit", "Movilar", Positive),
        ("Movilar es mejor que Telebit", "Telebit", Negative),
        ("prefiero Movilar a Telebit", "Movilar", Positive),
        ("prefiero Movilar a Telebit", "Telebit", Negative),
        ("Movilar le da mil vueltas a Telebit", "Movilar", Positive),
        ("ojalá fueran como Telebit", "Telebit", Positive),
        ("me cambié a Movilar", "Movilar", Positive),
        ("nunca más Telebit", "Telebit", Negative),
    ] {
        check(Lang::ES, text, name, tone);
    }
    check(Lang::EN, "Movilar is better than Telebit", "Telebit", Negative);
    check(Lang::PT, "a Movilar é melhor do que a Telebit", "Telebit", Negative);
}

#[test]
fn one_name_in_every_spelling() {
    let places = |text: &str, name: &str| {
        let names = Names::of(&[name.to_owned()]);
        names
            .places(text, &Tokens::of(text))
            .into_iter()
            .map(|place| text[place].to_owned())
            .collect::<Vec<_>>()
    };
    for (text, name, expect) in [
        ("el Correo Ibérico llegó", "correo iberico", vec!["Correo Ibérico"]),
        ("ay #CorreoIberico", "@Correo_Iberico", vec!["CorreoIberico"]),
        ("@correo_iberico hola", "Correo Ibérico", vec!["correo_iberico"]),
        ("CorreoIbérico, correo ibérico", "correo ibérico", vec!["CorreoIbérico", "correo ibérico"]),
        ("el correo. Ibérico", "correo iberico", vec!["correo. Ibérico"]),
        ("¿correo? Ibérico", "correo iberico", vec![]),
        ("correos ibéricos", "correo iberico", vec![]),
        ("", "correo", vec![]),
        ("correo", "", vec![]),
    ] {
        assert_eq!(places(text, name), expect, "{text}");
    }
    assert_eq!(explain("nada", &Tokens::of("nada"), Some(Lang::ES), &["otro".to_owned()]), None);
}

#[test]
fn a_name_says_nothing_of_its_tone() {
    check(
        Lang::ES,
        "hoy fui a la oficina de Banco Excelente por la mañana",
        "Banco Excelente",
        Tone::Neutral,
    );
}

#[test]
fn reasons_stand_in_the_text_and_places_on_characters() {
    let text = "Ñandú Móvil: excelente 👏 pero Telebit pésimo";
    let found = explain(text, &Tokens::of(text), Some(Lang::ES), &["ñandú móvil".to_owned()]).unwrap();
    assert_eq!(found.places.iter().map(|place| &text[place.clone()]).collect::<Vec<_>>(), ["Ñandú Móvil"]);
    assert_eq!(found.sentiment.tone, Tone::Positive);
    assert!(
        found
            .sentiment
            .reasons
            .iter()
            .all(|reason| reason.text.starts_with("rule: ") || text.contains(&reason.text))
    );
}

#[test]
fn abstains_where_it_cannot_read() {
    let text = "Telebit c'est magnifique";
    let found = explain(text, &Tokens::of(text), Lang::parse("fr").ok(), &["Telebit".to_owned()]).unwrap();
    assert_eq!((found.sentiment.tone, found.sentiment.score), (Tone::Unknown, None));
}

#[test]
fn bad_days_are_bounded() {
    let names = ["a".to_owned(), "😡".to_owned(), "telebit".to_owned(), "\u{336}".to_owned(), " ".to_owned()];
    for text in [
        String::new(),
        "a".repeat(1 << 20),
        "a ".repeat(100_000),
        "😡".repeat(100_000),
        "Telebit pero ".repeat(50_000),
        "Telebit mejor que ".repeat(20_000),
        "t\u{336}e\u{336}l\u{336}e\u{336}b\u{336}i\u{336}t\u{336} pésimo".to_owned(),
        "Τelebit Телебит telebit مرحبا שלום 日本".to_owned(),
    ] {
        for language in [Some(Lang::ES), Some(Lang::EN), None] {
            if let Some(found) = explain(&text, &Tokens::of(&text), language, &names) {
                assert!(!found.places.is_empty() && found.places.len() <= PLACES_MAX);
                assert!(
                    found
                        .places
                        .iter()
                        .all(|place| text.get(place.clone()).is_some_and(|name| !name.is_empty()))
                );
                assert!(found.sentiment.score.is_none_or(|score| (-1.0..=1.0).contains(&score)));
                assert!(found.sentiment.reasons.len() <= PLACES_MAX);
            }
        }
    }
}
