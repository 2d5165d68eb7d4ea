//! Agreement with the meaning of the language, and bad days.

use super::*;
use model::query::{Comparison, Facts, Field, Has, Leaf, Word, matches, parse};
use model::text::Tokens;
use model::{Account, Lang, NativeId, Network, Post, PostKind, Timestamp, Tone, Understood};
use proptest::prelude::*;

/// Few words, so that posts and queries meet often.
const WORDS: &[&str] =
    &["agua", "Agua", "luz", "sin", "Sin", "aguacero", "panama", "no", "el", "iluminaciones", "ñandú"];
const TAGS: &[&str] = &["SinAgua", "luz", "PanamáSinAgua", "agua"];
const HOSTS: &[&str] = &["prensa.com", "blog.prensa.com", "otraprensa.com", "a.b.c"];
const LABELS: &[&str] = &["urgente", "queja"];

#[derive(Debug, Clone)]
struct Sample {
    text: String,
    facts: Facts,
    labels: Vec<String>,
}

fn sample(text: &str, tags: &[&str], hosts: &[&str], labels: &[&str], pick: u8) -> Sample {
    let author = Account {
        handle: (pick & 1 != 0).then(|| "Ana".to_owned()),
        ..Account::bare(
            if pick & 2 != 0 { Network::X } else { Network::Bluesky },
            NativeId::parse("7").unwrap(),
        )
    };
    let mut post = Post::new(author.key.network, NativeId::parse("1").unwrap(), author, text.to_owned());
    post.hashtags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    post.links = hosts.iter().map(|host| format!("https://{host}/x")).collect();
    if pick & 4 != 0 {
        post.tagged_accounts = vec!["@Luz".into()];
    }
    let language = (pick & 8 != 0).then_some(Lang::ES);
    let understood = Understood { language, tone: Tone::Neutral, ..Understood::default() };
    let facts = Facts::of(&post, Timestamp::from_millis(5), i64::from(pick & 3), &understood);
    Sample { text: text.to_owned(), facts, labels: labels.iter().map(|label| (*label).to_owned()).collect() }
}

fn word() -> impl Strategy<Value = Word> {
    (prop::sample::select(WORDS), prop::bool::weighted(0.2)).prop_map(|(word, exact)| Word {
        folded: model::text::fold(word),
        exact: exact.then(|| word.to_owned()),
    })
}

fn leaf() -> impl Strategy<Value = Leaf> {
    prop_oneof![
        4 => word().prop_map(Leaf::Word),
        1 => prop::sample::select(&["ag", "agua", "aguacero", "iluminacion", "iluminaciones", "s", "", "ñ", "zz"][..])
            .prop_map(|prefix| Leaf::Prefix(prefix.to_owned())),
        2 => prop::collection::vec(word(), 0..4).prop_map(Leaf::Phrase),
    ]
}

fn field() -> impl Strategy<Value = Field> {
    prop_oneof![
        prop::sample::select(&["sinagua", "luz", "panamasinagua", "nada"][..])
            .prop_map(|t| Field::Hashtag(t.into())),
        prop::sample::select(&["ana", "x:7", "otra"][..]).prop_map(|a| Field::Author(a.into())),
        Just(Field::To("luz".into())),
        prop::sample::select(&["prensa.com", "com", "c", "b.c", "ensa.com", ""][..])
            .prop_map(|d| Field::Domain(d.into())),
        prop::sample::select(LABELS).prop_map(|l| Field::Label(l.into())),
        Just(Field::Lang(Some(Lang::ES))),
        Just(Field::Lang(None)),
        Just(Field::Network(Network::X)),
        Just(Field::Followers(Comparison { min: 0, max: 9 })),
        Just(Field::Has(Has::Link)),
        Just(Field::Is(PostKind::Original)),
        (0i64..4).prop_map(Field::Source),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    let atom = prop_oneof![
        6 => leaf().prop_map(Expr::Leaf),
        2 => (prop::collection::vec(leaf(), 1..3), prop::collection::vec(leaf(), 1..3), 1u32..4)
            .prop_map(|(left, right, distance)| Expr::Near { left, right, distance }),
        2 => field().prop_map(Expr::Field),
        1 => Just(Expr::All),
    ];
    atom.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            2 => prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::And),
            2 => prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::Or),
            1 => inner.prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    })
}

fn post() -> impl Strategy<Value = Sample> {
    let piece = prop_oneof![
        6 => prop::sample::select(WORDS).prop_map(str::to_owned),
        1 => prop::sample::select(TAGS).prop_map(|tag| format!("#{tag}")),
        1 => Just("…".to_owned()),
        1 => Just("😡".to_owned()),
    ];
    (
        prop::collection::vec(piece, 0..12),
        prop::sample::subsequence(TAGS, 0..3),
        prop::sample::subsequence(HOSTS, 0..3),
        prop::sample::subsequence(LABELS, 0..2),
        any::<u8>(),
    )
        .prop_map(|(words, tags, hosts, labels, pick)| sample(&words.join(" "), &tags, &hosts, &labels, pick))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn agrees_with_the_meaning_of_the_language(
        exprs in prop::collection::vec(expr(), 1..12),
        posts in prop::collection::vec(post(), 1..6),
    ) {
        let queries: Vec<(u64, Expr)> = exprs.into_iter().zip((0u64..).map(|n| 100 - n)).map(|(e, id)| (id, e)).collect();
        let matcher = Matcher::new(queries.iter().cloned());
        let mut scratch = Scratch::default();
        for sample in &posts {
            let tokens = Tokens::of(&sample.text);
            let document =
                Document { text: &sample.text, tokens: &tokens, facts: &sample.facts, labels: &sample.labels };
            let mut expect: Vec<u64> =
                queries.iter().filter(|(_, expr)| matches(expr, &document)).map(|(id, _)| *id).collect();
            expect.sort_unstable();
            prop_assert_eq!(matcher.matches(&document, &mut scratch), expect, "{:?}", sample.text);
        }
    }
}

fn found(matcher: &Matcher, scratch: &mut Scratch, text: &str) -> Vec<u64> {
    let sample = sample(text, &[], &[], &[], 0);
    let tokens = Tokens::of(text);
    let document = Document { text, tokens: &tokens, facts: &sample.facts, labels: &[] };
    matcher.matches(&document, scratch).to_vec()
}

#[test]
fn one_scratch_serves_matchers_of_any_size() {
    let small = Matcher::new([(1, parse("agua").unwrap())]);
    let large = Matcher::new((0..300u64).map(|n| (n, parse(&format!("agua w{n}")).unwrap())));
    let mut scratch = Scratch::default();
    assert_eq!(found(&small, &mut scratch, "agua"), [1]);
    assert_eq!(found(&large, &mut scratch, "w7 agua w299"), [7, 299]);
    assert_eq!(found(&small, &mut scratch, "luz"), [0_u64; 0]);
    assert_eq!(found(&large, &mut scratch, "w7"), [0_u64; 0]);
    assert_eq!(found(&Matcher::new([]), &mut scratch, "agua"), [0_u64; 0]);
}

#[test]
fn one_id_may_have_several_expressions() {
    let matcher =
        Matcher::new([(3, parse("agua").unwrap()), (3, parse("luz").unwrap()), (1, parse("*").unwrap())]);
    assert_eq!(found(&matcher, &mut Scratch::default(), "luz y agua"), [1, 3]);
    assert_eq!(matcher.always_count(), 1);
}

/// Twenty thousand tokens that tempt phrases and NEAR into comparing all with all.
#[test]
fn a_hostile_post_stays_linear() {
    let matcher = Matcher::new([
        (1, parse("\"b a a a c\"").unwrap()),
        (2, parse("(a OR \"a b\") NEAR/1 c").unwrap()),
        (3, parse("a -c").unwrap()),
    ]);
    let text = "a a b ".repeat(7_000) + "x x c";
    assert_eq!(Tokens::of(&text).len(), model::text::TOKENS_MAX);
    assert_eq!(found(&matcher, &mut Scratch::default(), &text), [3]);
    // Within the limit of tokens the last word counts.
    let text = "a a b ".repeat(5_000) + "x x c";
    let mut scratch = Scratch::default();
    for _ in 0..50 {
        assert_eq!(found(&matcher, &mut scratch, &text), [0_u64; 0]);
    }
}
