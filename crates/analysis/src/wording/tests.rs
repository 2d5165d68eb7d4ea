//! What is written alike is read alike; bad days; idempotence.

use super::*;
use proptest::prelude::*;

#[track_caller]
fn check(text: &str, expect: &str) {
    assert_eq!(normalise(text, Some(Lang::ES)), expect, "{text}");
}

#[test]
fn reads_what_people_write() {
    check("Q tal?? Buenooooo", "que tal ? bueno ‹long›");
    check("jajajajja no xq", "‹laughter› no porque");
    check("@Acme_Oficial mira https://x.com/a?b=1 ya!!!", "‹user› mira ‹link› ya !");
    check("#PanamáSinAgua 😡", "panama ‹tag› sin ‹tag› agua ‹tag› ‹angryface›");
    check("son 1.500 pesos, NADA más", "son ‹number› pesos nada ‹caps› mas");
    check("llama al 61234567", "llama al ‹longnumber›");
    check("hijo de p*ta", "hijo de puta ‹mask›");
    check("p3nd3jo", "pendejo ‹mask›");
    check("estaf\u{430} total", "estafa ‹mask› total");
    check("hola :) ...", "hola ‹smile› …");
    check("año 4G", "año 4g");
    check("", "");
}

#[test]
fn a_quotation_is_set_apart() {
    let text = "dice «no nos consta» y ya";
    let wording = Wording::of(text, &Tokens::of(text), Some(Lang::ES));
    let quoted: Vec<&str> =
        wording.iter().filter(|(_, piece)| piece.flags.has(Flags::QUOTED)).map(|(form, _)| form).collect();
    assert_eq!(quoted, ["no", "nos", "consta"]);
}

#[test]
fn places_point_into_the_source() {
    let text = "@Acme ¡BASTA! 😡 p*ta";
    let wording = Wording::of(text, &Tokens::of(text), Some(Lang::ES));
    let pieces: Vec<&str> = wording.iter().map(|(_, p)| &text[p.start as usize..p.end as usize]).collect();
    assert_eq!(pieces, ["@Acme", "¡", "BASTA", "!", "😡", "p*ta"]);
}

/// Long, empty or broken texts end soon, within the limits.
#[test]
fn bad_days_are_bounded() {
    let zalgo: String =
        "malo".chars().flat_map(|c| [c].into_iter().chain(std::iter::repeat_n('\u{336}', 40))).collect();
    for text in [
        "a".repeat(1 << 20),
        "😡".repeat(100_000),
        "?".repeat(1 << 20),
        "?!".repeat(1 << 19),
        "@".repeat(1 << 18),
        "p*".repeat(1 << 18),
        "a.".repeat(1 << 18),
        "\"«".repeat(1 << 17),
        ":( ".repeat(100_000),
        zalgo,
        "\u{202e}omisép \0 olleh مرحبا שלום".to_owned(),
    ] {
        let wording = Wording::of(&text, &Tokens::of(&text), Some(Lang::ES));
        assert!(wording.len() <= PIECES_MAX);
    }
}

proptest! {
    #[test]
    fn twice_is_once(text in "(\\PC|[a-zA-Z@#*.?!:() jJaA0-9‹›\"]){0,60}") {
        for language in [Some(Lang::ES), Some(Lang::PT), Some(Lang::EN), None] {
            let once = normalise(&text, language);
            prop_assert_eq!(&normalise(&once, language), &once);
        }
    }

    #[test]
    fn places_are_characters_of_the_text(text in "\\PC{0,120}") {
        for (_, piece) in Wording::of(&text, &Tokens::of(&text), Some(Lang::ES)).iter() {
            prop_assert!(text.get(piece.start as usize..piece.end as usize).is_some());
        }
    }
}
