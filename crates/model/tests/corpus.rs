//! The fuzzing corpus of the query language as a plain test.

use atalaya_model::query::{Document, Facts, highlights, matches, parse};
use atalaya_model::text::Tokens;
use atalaya_model::{Account, NativeId, Network, Post, Timestamp, Understood};

/// Seeds and inputs that once broke something.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/query");

#[test]
fn every_expression_is_read_or_refused_at_a_character() {
    let (mut read, mut refused) = (0, 0);
    for entry in std::fs::read_dir(FOLDER).unwrap() {
        let path = entry.unwrap().path();
        let text = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
        let expr = match parse(&text) {
            Ok(expr) => expr,
            Err(error) => {
                assert!(error.position <= text.chars().count(), "{}: {error}", path.display());
                refused += 1;
                continue;
            }
        };
        read += 1;
        let id = NativeId::parse("1").unwrap();
        let post = Post::new(Network::File, id.clone(), Account::bare(Network::File, id), text.clone());
        let facts = Facts::of(&post, Timestamp::from_millis(0), 1, &Understood::default());
        let tokens = Tokens::of(&text);
        let document = Document { text: &text, tokens: &tokens, facts: &facts, labels: &[] };
        assert_eq!(matches(&expr, &document), matches(&expr, &document));
        for range in highlights(&expr, &document) {
            assert!(text.get(range).is_some(), "{}: marks lie on characters", path.display());
        }
    }
    assert!(read >= 5 && refused >= 3, "{read} read, {refused} refused");
}
