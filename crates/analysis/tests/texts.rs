//! The fuzzing corpus of texts as a plain test.

use atalaya_analysis::{scam, target, urgency};
use model::Lang;
use model::text::Tokens;

/// Seeds and inputs that once broke something.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/text");

#[test]
fn every_text_is_read_within_its_characters() {
    let (mut texts, mut signs, mut targets) = (0, 0, 0);
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let tokens = Tokens::of(&text);
        let names: Vec<String> = text.split_whitespace().take(2).map(str::to_owned).collect();
        texts += 1;
        for language in [Some(Lang::ES), Some(Lang::PT), Some(Lang::EN), None] {
            let assessment = urgency::assess(&text, &tokens, language);
            assert_eq!(assessment.percent, urgency::signals(&text, &tokens, language).percent);
            assert!(assessment.reasons.iter().all(|(_, reason)| text.contains(&reason.text)));
            let found = scam::check(&text, &tokens, language, &scam::ScamContext::default());
            signs += found.signs.len();
            for evidence in found.signs.iter().flat_map(|sign| &sign.evidence).chain(&found.against) {
                assert!(evidence.bytes.clone().is_none_or(|bytes| text.get(bytes).is_some()), "{text}");
            }
            if let Some(found) = target::explain(&text, &tokens, language, &names) {
                targets += 1;
                assert!(found.places.iter().all(|place| text.get(place.clone()).is_some()), "{text}");
            }
        }
    }
    assert!(texts >= 5 && signs >= 5 && targets >= 4, "{texts} texts, {signs} signs, {targets} targets");
}
