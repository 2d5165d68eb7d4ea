//! What the rules are for, bad days, and a judge beside null and a plain sum.

use super::lexicon::Effect;
use super::*;
use std::path::PathBuf;

#[track_caller]
fn check(language: Lang, text: &str, expect: Tone) {
    let tokens = Tokens::of(text);
    let sentiment = rules_explain(text, &tokens, Some(language));
    assert_eq!(sentiment.tone, expect, "{text}: {sentiment:?}");
    assert_eq!(rules_score(text, &tokens, Some(language)), (sentiment.tone, sentiment.score), "{text}");
}

#[test]
fn reads_spanish() {
    use Tone::{Mixed, Negative, Neutral, Positive, Unknown};
    for (text, tone) in [
        ("Excelente servicio, muchas gracias", Positive),
        ("Pésimo servicio, hasta cuándo", Negative),
        ("La aplicación no funciona desde ayer", Negative),
        ("No es bueno", Negative),
        ("no es nada bueno lo que hacen", Negative),
        ("Todo bien, sin problemas", Positive),
        ("Sin agua otra vez en San Miguelito", Negative),
        ("Es caro, pero me encanta", Positive),
        ("Me encanta pero es una estafa", Negative),
        ("Aunque el local es feo, la comida es excelente", Positive),
        ("¡Buenísimooooo!", Positive),
        ("qué chévere, bacano, padrísimo", Positive),
        ("una VERGÜENZA lo de hoy", Negative),
        ("La atención es excelente. El sistema es pésimo", Mixed),
        ("Sí claro, excelente servicio el de ustedes 🙄", Unknown),
        ("El presidente estuvo ayer en la ciudad con su gobierno", Neutral),
        ("😡😡😡", Negative),
        ("hola :)", Positive),
        ("@Gracias_Panama hay reunión en la ciudad esta tarde", Neutral),
        ("jajaja", Neutral),
        ("zxcv qwrt mnbv", Unknown),
    ] {
        check(Lang::ES, text, tone);
    }
}

#[test]
fn reads_portuguese_and_english() {
    use Tone::{Negative, Positive};
    for (language, text, tone) in [
        (Lang::PT, "Amei, muito bom mesmo", Positive),
        (Lang::PT, "Não gostei do atendimento", Negative),
        (Lang::PT, "O aplicativo é bonito, mas não funciona", Negative),
        (Lang::PT, "parabéns pelo trabalho ❤", Positive),
        (Lang::PT, "que vergonha, um absurdo", Negative),
        (Lang::EN, "Great service, thank you!", Positive),
        (Lang::EN, "I don't like it, not good", Negative),
        (Lang::EN, "It isn’t good at all", Negative),
        (Lang::EN, "The app is pretty but it doesn't work", Negative),
        (Lang::EN, "worst company ever, total scam", Negative),
    ] {
        check(language, text, tone);
    }
}

#[test]
fn reasons_stand_in_the_text() {
    let text = "La app NO funciona nunca, pero gracias";
    let sentiment = rules_explain(text, &Tokens::of(text), Some(Lang::ES));
    let words: Vec<&str> = sentiment.reasons.iter().map(|reason| reason.text.as_str()).collect();
    assert_eq!(words, ["gracias", "NO funciona", "rule: negation"]);
    let text = "no me parece muy bonito";
    let sentiment = rules_explain(text, &Tokens::of(text), Some(Lang::ES));
    let reason = &sentiment.reasons[0];
    assert!(
        reason.text.starts_with("no ") && reason.text.ends_with("bonito") && reason.weight < 0.0,
        "{reason:?}"
    );
}

#[test]
fn abstains_where_it_cannot_read() {
    for (text, language) in [
        ("C'est magnifique 😍", Lang::parse("fr").ok()),
        ("excelente servicio", None),
        ("", Some(Lang::ES)),
        ("", None),
        ("12345 67", Some(Lang::ES)),
        ("Привет мир 日本 agua", Some(Lang::ES)),
    ] {
        let tokens = Tokens::of(text);
        assert_eq!(rules_score(text, &tokens, language), (Tone::Unknown, None), "{text}");
        assert_eq!(rules_explain(text, &tokens, language).reasons, [], "{text}");
    }
    assert_eq!(rules_score("😍😍 👏", &Tokens::of("😍😍 👏"), None).0, Tone::Positive);
}

/// Long, empty or broken texts end soon, with a score within its range.
#[test]
fn bad_days_are_bounded() {
    let zalgo: String =
        "pésimo".chars().flat_map(|c| [c].into_iter().chain(std::iter::repeat_n('\u{336}', 40))).collect();
    for text in [
        "a".repeat(1 << 20),
        "bueno".to_owned() + &"o".repeat(1 << 20),
        "😡".repeat(100_000),
        "!".repeat(1 << 20),
        "@".repeat(1 << 18),
        "no ".repeat(100_000),
        "no sirve para ".repeat(50_000),
        ":( ".repeat(100_000),
        "pésimo ".repeat(100_000),
        zalgo,
        "\u{202e}omisép \0 olleh مرحبا שלום".to_owned(),
    ] {
        let tokens = Tokens::of(&text);
        for language in [Some(Lang::ES), Some(Lang::PT), Some(Lang::EN), None] {
            let sentiment = rules_explain(&text, &tokens, language);
            assert_eq!(rules_score(&text, &tokens, language), (sentiment.tone, sentiment.score));
            assert_eq!(sentiment.tone == Tone::Unknown, sentiment.score.is_none());
            assert!(sentiment.score.is_none_or(|score| (-1.0..=1.0).contains(&score)));
            assert!(sentiment.reasons.len() <= REASONS_MAX + 3);
            assert!(sentiment.reasons.iter().all(|reason| reason.text.chars().count() <= REASON_CHARS_MAX));
        }
    }
    let sad = "p\u{336}e\u{336}\u{301}s\u{336}i\u{336}m\u{336}o\u{336}";
    assert_eq!(rules_score(sad, &Tokens::of(sad), Some(Lang::ES)).0, Tone::Negative);
}

/// The class that a tone counts as: 0 negative, 1 neutral, 2 positive. Mixed
/// and unknown count as neutral: the judge has no other place for them.
fn class(tone: Tone) -> usize {
    match tone {
        Tone::Negative => 0,
        Tone::Positive => 2,
        Tone::Neutral | Tone::Mixed | Tone::Unknown => 1,
    }
}

fn plain_sum(text: &str, language: Lang) -> usize {
    let lexicon = lexicon_of(Some(language));
    let tokens = Tokens::of(text);
    let sum: f32 = tokens
        .iter()
        .filter_map(|(folded, _)| match lexicon.effect_of(folded) {
            Some(Effect::Polar(value) | Effect::Emoji(value)) => Some(value),
            _ => None,
        })
        .sum();
    if sum > 0.0 {
        2
    } else if sum < 0.0 {
        0
    } else {
        1
    }
}

/// Macro-averaged F1 of three classes, 0…1.
fn macro_f1(pairs: &[(usize, usize)]) -> f64 {
    let count =
        |keep: &dyn Fn(&(usize, usize)) -> bool| pairs.iter().filter(|pair| keep(pair)).count() as f64;
    let f1 = |class: usize| {
        let both = count(&|&(truth, guess)| truth == class && guess == class);
        let either = count(&|&(truth, _)| truth == class) + count(&|&(_, guess)| guess == class);
        if either == 0.0 { 0.0 } else { 2.0 * both / either }
    };
    (0..3).map(f1).sum::<f64>() / 3.0
}

/// Labelled posts of one language: development parts of UMSAB, which judge
/// and never train.
fn labelled(folder: &str, part: &str) -> Option<Vec<(usize, String)>> {
    let base =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/sentiment_umsab").join(folder);
    let texts = std::fs::read_to_string(base.join(format!("{part}_text.txt"))).ok()?;
    let labels = std::fs::read_to_string(base.join(format!("{part}_labels.txt"))).ok()?;
    Some(
        labels
            .lines()
            .map(|label| label.trim().parse().unwrap())
            .zip(texts.lines().map(str::to_owned))
            .collect(),
    )
}

#[test]
fn beats_null_and_a_plain_sum_on_labelled_posts() {
    for (folder, language) in [("spanish", Lang::ES), ("portuguese", Lang::PT), ("english", Lang::EN)] {
        let (Some(train), Some(val)) = (labelled(folder, "train"), labelled(folder, "val")) else {
            println!("SKIPPED (counted): no labelled posts of sentiment_umsab/{folder}");
            continue;
        };
        judge_posts(folder, language, &val);
        let all: Vec<(usize, String)> = train.into_iter().chain(val).collect();
        let (ours, plain, null) = judge_posts(folder, language, &all);
        assert!(ours > null + 0.2 && ours > plain, "{folder}");
    }
}

/// Macro-F1 of the method, of the plain sum and of the majority class.
fn judge_posts(folder: &str, language: Lang, posts: &[(usize, String)]) -> (f64, f64, f64) {
    let tones: Vec<(usize, Tone)> = posts
        .iter()
        .map(|(label, text)| (*label, rules_score(text, &Tokens::of(text), Some(language)).0))
        .collect();
    let pairs: Vec<(usize, usize)> = tones.iter().map(|(label, tone)| (*label, class(*tone))).collect();
    let ours = macro_f1(&pairs);
    let answered: Vec<(usize, usize)> =
        tones.iter().filter(|(_, tone)| *tone != Tone::Unknown).map(|(l, t)| (*l, class(*t))).collect();
    let plain =
        macro_f1(&posts.iter().map(|(label, text)| (*label, plain_sum(text, language))).collect::<Vec<_>>());
    let null = macro_f1(&posts.iter().map(|(label, _)| (*label, 0)).collect::<Vec<_>>());
    println!(
        "tone {folder}: {} posts, macro-F1 {:.1} (answered {:.0} %: {:.1}), plain sum {:.1}, null {:.1}",
        posts.len(),
        100.0 * ours,
        100.0 * answered.len() as f64 / posts.len() as f64,
        100.0 * macro_f1(&answered),
        100.0 * plain,
        100.0 * null,
    );
    (ours, plain, null)
}
