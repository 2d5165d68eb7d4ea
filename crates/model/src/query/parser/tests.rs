use super::*;
use proptest::prelude::*;

fn word(folded: &str) -> Expr {
    Expr::Leaf(Leaf::Word(Word { folded: folded.to_owned(), exact: None }))
}

fn phrase(words: &[&str]) -> Expr {
    Expr::Leaf(Leaf::Phrase(words.iter().map(|w| Word { folded: (*w).to_owned(), exact: None }).collect()))
}

#[test]
fn reads_operators_by_their_binding() {
    assert_eq!(parse("a1 b1 OR c1"), Ok(Expr::Or(vec![Expr::And(vec![word("a1"), word("b1")]), word("c1")])));
    assert_eq!(
        parse("a1 (b1 OR c1)"),
        Ok(Expr::And(vec![word("a1"), Expr::Or(vec![word("b1"), word("c1")])]))
    );
    assert_eq!(parse("a1 -b1"), parse("a1 AND NOT b1"));
    assert_eq!(parse("«Café Acme»"), Ok(phrase(&["cafe", "acme"])));
    assert_eq!(parse("café-acme"), Ok(phrase(&["cafe", "acme"])));
    assert_eq!(parse("*"), Ok(Expr::All));
}

#[test]
fn reads_near_exact_prefix_and_fields() {
    let leaf = |w: &str| Leaf::Word(Word { folded: w.to_owned(), exact: None });
    assert_eq!(
        parse("(agua OR luz) NEAR/3 corte"),
        Ok(Expr::Near { left: vec![leaf("agua"), leaf("luz")], right: vec![leaf("corte")], distance: 3 })
    );
    assert_eq!(
        parse("\"=Así\""),
        Ok(Expr::Leaf(Leaf::Word(Word { folded: "asi".to_owned(), exact: Some("Así".to_owned()) })))
    );
    assert_eq!(parse("Agu*"), Ok(Expr::Leaf(Leaf::Prefix("agu".to_owned()))));
    for (text, field) in [
        ("network:twitter", Field::Network(Network::X)),
        ("lang:es", Field::Lang(Some(Lang::ES))),
        ("author:@Ácme", Field::Author("acme".to_owned())),
        ("author:bluesky:did:plc:abc", Field::Author("bluesky:did:plc:abc".to_owned())),
        ("#Sin_Agua", Field::Hashtag("sinagua".to_owned())),
        ("@Acme", Field::To("acme".to_owned())),
        ("domain:www.prensa.com", Field::Domain("prensa.com".to_owned())),
        ("followers:>=10", Field::Followers(Comparison { min: 10, max: u64::MAX })),
        ("followers:10..20", Field::Followers(Comparison { min: 10, max: 20 })),
        ("has:image", Field::Has(Has::Image)),
        ("is:reply", Field::Is(PostKind::Reply)),
        ("tone:negative", Field::Tone(Tone::Negative)),
        ("label:\"muy urgente\"", Field::Label("muy urgente".to_owned())),
        ("since:2026-03-01T10:30:00Z", Field::Since(Timestamp::parse("2026-03-01T10:30:00Z").unwrap())),
        ("until:2026-03-01", Field::Until(Timestamp::parse("2026-03-02").unwrap())),
    ] {
        assert_eq!(parse(text), Ok(Expr::Field(field)), "{text}");
    }
}

#[test]
fn errors_point_at_the_character() {
    for (text, position, start) in [
        ("", 0, "there is nothing"),
        ("agua \"sin cerrar", 5, "this quotation mark"),
        ("(agua", 0, "this parenthesis"),
        ("ñandú )", 6, "this )"),
        ("agua OR", 5, "OR needs"),
        ("AND agua", 0, "AND needs"),
        ("agua NOT", 5, "NOT needs"),
        ("agua NEAR/x luz", 5, "NEAR needs"),
        ("agua NEAR/3 lang:es", 12, "NEAR joins"),
        ("áéí idioma:es", 4, "there is no field"),
        ("lang:", 0, "«lang:» needs"),
        ("lang:español", 5, "«lang:» does not take"),
        ("!!!", 0, "«!!!» holds no"),
        ("a*", 0, "a prefix"),
        ("a*b", 0, "* can only"),
        ("()", 0, "there is nothing"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.position, position, "{text}: {error}");
        assert!(error.to_string().starts_with(start), "{text}: {error}");
    }
}

#[test]
fn limits_hold() {
    assert!(matches!(parse(&"a".repeat(9_000)).unwrap_err().kind, QueryErrorKind::TooLong(9_000)));
    assert_eq!(parse(&"(".repeat(100)).unwrap_err().kind, QueryErrorKind::TooDeep);
    assert_eq!(parse(&"-".repeat(100)).unwrap_err().kind, QueryErrorKind::TooDeep);
    assert_eq!(parse(&"a ".repeat(2_001)).unwrap_err().kind, QueryErrorKind::TooManyParts);
}

proptest! {
    #[test]
    fn never_panics(text in "(\\PC|[()\"*:@#-]|AND|OR|NOT|NEAR/){0,40}") {
        if let Err(error) = parse(&text) {
            prop_assert!(error.position <= text.chars().count());
        }
    }
}
