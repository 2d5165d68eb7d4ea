//! Expressions: parsed or refused at a character inside them; matching never panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::query::{Document, Facts, highlights, matches, parse};
use model::text::Tokens;
use model::{Account, NativeId, Network, Post, Timestamp, Tone};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match parse(text) {
        Err(error) => assert!(error.position <= text.chars().count()),
        Ok(expr) => {
            // The expression itself is the post: whatever it asks for may be there.
            let id = NativeId::parse("1").expect("a plain identifier");
            let author = Account::bare(Network::File, id.clone());
            let post = Post::new(Network::File, id, author, text.to_owned());
            let facts = Facts::of(&post, Timestamp::from_millis(0), 1, None, Tone::Unknown, None);
            let tokens = Tokens::of(text);
            let document = Document { text, tokens: &tokens, facts: &facts, labels: &[] };
            let _ = matches(&expr, &document);
            for range in highlights(&expr, &document) {
                assert!(text.get(range).is_some(), "marks lie on characters");
            }
        }
    }
});
