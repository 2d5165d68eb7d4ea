//! The shipped models are whole, both paths agree, bad days are bounded.

use super::*;
use crate::wording::PIECES_MAX;
use model::IntentSet;

const LANGUAGES: [Lang; 3] = [Lang::ES, Lang::PT, Lang::EN];

fn read_in(language: Lang, text: &str) -> Understood {
    understand_in(text, &Tokens::of(text), Some(language), None)
}

#[test]
fn the_shipped_models_are_whole() {
    let files: [&[u8]; 3] = [
        include_bytes!("../../models/understanding-es.bin"),
        include_bytes!("../../models/understanding-pt.bin"),
        include_bytes!("../../models/understanding-en.bin"),
    ];
    for (language, bytes) in LANGUAGES.into_iter().zip(files) {
        let table = Table::parse(bytes).unwrap();
        assert!(table.scales.iter().all(|scale| scale.is_finite() && *scale > 0.0), "{language}");
        assert!(table.calibrations.iter().all(|fitted| fitted.slope > 0.0 && fitted.offset.is_finite()));
        assert!(table.limits.iter().all(|limit| (0.0..=1.0).contains(limit)));
        assert!(bytes.len() <= 4 << 20, "{language}: {} bytes", bytes.len());
        for end in [0, 7, 100, bytes.len() - 1] {
            assert!(Table::parse(&bytes[..end]).is_err(), "{language} cut at {end}");
        }
    }
    assert!(Table::parse(b"ATTEXT01\xff\xff\xff\xff").is_err());
}

#[test]
fn tells_plain_cases_apart() {
    let text = "Llevo tres días sin internet y nadie de la compañía me contesta, pésimo servicio";
    let read = read_in(Lang::ES, text);
    assert_eq!(read.tone, Tone::Negative);
    assert!(read.intents.contains(Intent::Complaint), "{read:?}");
    assert!(read_in(Lang::ES, "¿A qué hora abren mañana?").intents.contains(Intent::Question));
    assert_eq!(read_in(Lang::ES, "Excelente atención, muchas gracias a todo el equipo").tone, Tone::Positive);
    assert_eq!(read_in(Lang::ES, "eres un gilipollas y un imbécil").offence, Offence::Person);
    assert_eq!(read_in(Lang::ES, "Mañana hay reunión de vecinos a las ocho").offence, Offence::None);
    let fire = "AUXILIO se está quemando el edificio con gente adentro, manden bomberos ya";
    let calm = "Buenos días, qué bonita mañana de domingo";
    assert!(read_in(Lang::ES, fire).urgency_percent > read_in(Lang::ES, calm).urgency_percent);
    assert_eq!(read_in(Lang::PT, "Adorei o atendimento, parabéns a todos").tone, Tone::Positive);
    assert_eq!(read_in(Lang::EN, "Worst service ever, still waiting for my refund").tone, Tone::Negative);
}

/// The fast path and the explained one add the same numbers.
#[test]
fn both_paths_agree() {
    for text in [
        "Llevo tres días sin internet, PÉSIMO servicio 😡 @acme",
        "¿Alguien sabe a qué hora abren mañana?",
        "Gracias por nada, de verdad… qué maravilla",
        "me cago en todo, qué puto calor jajajaja",
        "Great service, thank you so much!",
        "Adorei, muito obrigado ❤",
        "Bonjour tout le monde, quelle belle journée aujourd'hui",
        "😍😍😍",
        "",
    ] {
        let tokens = Tokens::of(text);
        let explanation = explain(text, &tokens, None);
        assert_eq!(explanation.understood, understand(text, &tokens, None), "{text}");
        for language in LANGUAGES {
            let explanation = explain_in(text, &tokens, Some(language), None);
            assert_eq!(explanation.understood, understand_in(text, &tokens, Some(language), None), "{text}");
            for judgement in explanation.tone.iter().chain(&explanation.offence).chain(&explanation.emotion) {
                let sum: f32 = judgement.probability + judgement.others.iter().map(|(_, p)| p).sum::<f32>();
                assert!((sum - 1.0).abs() < 1e-3, "{text}: {judgement:?}");
            }
            let strange = |one: &Judgement| {
                one.reasons.iter().any(|r| r.place.clone().is_some_and(|p| text.get(p).is_none()))
            };
            assert!(!explanation.intents.iter().any(strange), "{text}");
        }
    }
}

#[test]
fn reasons_name_the_words_that_weighed() {
    let text = "La atención fue pésima y grosera";
    let explanation = explain_in(text, &Tokens::of(text), Some(Lang::ES), None);
    let tone = explanation.tone.unwrap();
    assert_eq!(tone.value, "negative");
    assert!(
        tone.reasons.iter().any(|reason| reason.text.contains("pésima") && reason.weight > 0.0),
        "{tone:?}"
    );
}

#[test]
fn abstains_where_nothing_is_known() {
    for text in ["", "   ", "https://example.com/a", "Привет, как дела у вас сегодня утром?"]
    {
        let read = understand(text, &Tokens::of(text), None);
        assert_eq!(
            (read.tone, read.intents, read.urgency_percent),
            (Tone::Unknown, IntentSet::default(), None),
            "{text}"
        );
        assert_eq!(read.offence, Offence::Unknown, "{text}");
    }
    assert_eq!(understand("😍😍 👏", &Tokens::of("😍😍 👏"), None).tone, Tone::Positive);
}

/// Long, empty or broken texts end soon, within the limits.
#[test]
fn bad_days_are_bounded() {
    let zalgo: String =
        "malo".chars().flat_map(|c| [c].into_iter().chain(std::iter::repeat_n('\u{336}', 40))).collect();
    for text in [
        "a".repeat(1 << 20),
        "😡".repeat(20_000),
        "puta ".repeat(20_000),
        "p*".repeat(1 << 16),
        "no sirve ".repeat(20_000),
        zalgo,
        "\u{202e}omisép \0 olleh مرحبا שלום estafа р\u{443}т\u{430}".to_owned(),
    ] {
        let tokens = Tokens::of(&text);
        for language in LANGUAGES {
            let explanation = explain_in(&text, &tokens, Some(language), None);
            assert_eq!(explanation.understood, understand_in(&text, &tokens, Some(language), None));
            let score = explanation.understood.tone_score;
            assert!(score.is_none_or(|score| (-1.0..=1.0).contains(&score)));
            let reasons = explanation.tone.iter().flat_map(|tone| &tone.reasons);
            assert!(reasons.clone().count() <= explain::REASONS_MAX);
            assert!(
                reasons.clone().all(|reason| reason.text.chars().count() <= explain::REASON_CHARS_MAX + 10)
            );
        }
        let mut keys = Vec::new();
        keys_of(&text, &tokens, Lang::ES, &mut keys);
        assert!(keys.len() <= features::FEATURES_MAX && PIECES_MAX > 0);
    }
}
