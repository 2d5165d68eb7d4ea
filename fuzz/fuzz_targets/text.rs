//! A text through the rules of urgency, scams and targets: bounded, and every place lies on characters.
#![no_main]

use analysis::{scam, target, urgency};
use libfuzzer_sys::fuzz_target;
use model::Lang;
use model::text::Tokens;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let tokens = Tokens::of(&text);
    // The first word is the target, so that it is often there.
    let names: Vec<String> = text.split_whitespace().take(2).map(str::to_owned).collect();
    for language in [Some(Lang::ES), Some(Lang::PT), Some(Lang::EN), None] {
        let assessment = urgency::assess(&text, &tokens, language);
        assert_eq!(assessment.percent, urgency::signals(&text, &tokens, language).percent);
        assert!(assessment.percent.is_none_or(|percent| percent <= 100));
        assert!(assessment.reasons.iter().all(|(_, reason)| text.contains(&reason.text)));
        let found = scam::check(&text, &tokens, language, &scam::ScamContext::default());
        for evidence in found.signs.iter().flat_map(|sign| &sign.evidence).chain(&found.against) {
            assert!(evidence.bytes.clone().is_none_or(|bytes| text.get(bytes).is_some()));
        }
        if let Some(found) = target::explain(&text, &tokens, language, &names) {
            assert!(found.places.iter().all(|place| text.get(place.clone()).is_some_and(|name| !name.is_empty())));
            assert!(found.sentiment.score.is_none_or(|score| (-1.0..=1.0).contains(&score)));
        }
    }
});
