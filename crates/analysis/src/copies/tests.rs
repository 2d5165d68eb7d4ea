use super::*;
use model::Timestamp;
use proptest::prelude::*;
use std::collections::HashSet;

const NEWS: &str =
    "El alcalde anunció que mañana no habrá agua en todo el distrito de San Miguelito por reparaciones";
const EDITED: &str =
    "URGENTE: el alcalde anunció que mañana no habrá agua en el distrito de San Miguelito por reparaciones!!";
const OTHER: &str =
    "La selección ganó tres a cero en un partido que nadie esperaba y la gente salió a celebrar";

fn sign(text: &str) -> Signature {
    signature(text).unwrap()
}

/// Made-up words from a seed, so that texts of different seeds have little in common.
fn made_up(seed: u64, words: u64) -> String {
    let mut state = seed;
    let mut out = String::new();
    for _ in 0..words {
        for _ in 0..3 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            out.push(b"bcdfglmnprst"[(state >> 33) as usize % 12] as char);
            out.push(b"aeiou"[(state >> 45) as usize % 5] as char);
        }
        out.push(' ');
    }
    out
}

#[test]
fn what_does_not_count_is_dropped() {
    for (text, plain) in [
        ("RT @ana: Mañana, SIN agua… https://t.co/x 😡😡", "manana sin agua"),
        ("rt @a_b.c@servidor.social  hola", "hola"),
        ("mira www.x.com/a?b=1 ya", "mira ya"),
        ("escribe a ana@correo.com", "escribe a ana correo com"),
        ("#SinAgua #ya", "sinagua ya"),
        ("n\u{303}andu ¡Así! 50 %", "nandu asi 50"),
        ("ＡＧＵＡ 𝐲𝐚", "agua ya"),
        ("pa\u{200b}na\u{fe0f}má", "panama"),
        ("Москва И Йод", "москва и иод"),
        ("😡🇵🇦 ¡¿…?!", ""),
        ("", ""),
    ] {
        assert_eq!(normalised(text), plain, "{text}");
    }
}

#[test]
fn an_edited_copy_is_near_and_another_text_is_not() {
    let (news, edited, other) = (sign(NEWS), sign(EDITED), sign(OTHER));
    assert_eq!(similarity(&news, &news), 1.0);
    assert!(similarity(&news, &edited) >= JOIN_SIMILARITY_MIN, "{}", similarity(&news, &edited));
    assert!(similarity(&news, &other) < 0.15, "{}", similarity(&news, &other));
    let dressed = sign(&format!("RT @x: {} 😂 https://t.co/abc", NEWS.to_uppercase()));
    assert_eq!(dressed, news, "case, handles, addresses and emoji do not count");
    assert!(news.bytes().len() <= SIGNATURE_BYTES_MAX && SIGNATURE_BYTES_MAX <= 128);
}

#[test]
fn signatures_stay_the_same_for_ever() {
    // Stored signatures are compared with new ones: a change needs a new METHOD_VERSION.
    let bytes = sign(NEWS).bytes();
    let sum = bytes.iter().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    assert_eq!((METHOD_VERSION, bytes.len(), sum), (1, 72, GOLDEN), "{sum}");
}

const GOLDEN: u64 = 17_267_399_996_793_245_664;

#[test]
fn short_and_monotonous_texts_are_compared_whole() {
    for text in ["buenos días", "jajajajajajajajajajaja", &"a".repeat(1 << 20), &"no ".repeat(500)] {
        assert!(sign(text).is_exact_only(), "{}", text.get(..10).unwrap());
    }
    let mut copies = Copies::new(100);
    assert_eq!(copies.place(1, &sign("Buenos días")).cascade, 1);
    assert_eq!(copies.place(2, &sign("buenos dias!!")), Placement { cascade: 1, nearest: Some((1, 1.0)) });
    assert_eq!(copies.place(3, &sign("buenos días a")).cascade, 3);
    // Two short texts are no copies, though alike; a shortened one of a longer text is.
    let mut copies = Copies::new(100);
    copies.place(1, &sign("Feliz cumpleaños"));
    assert_eq!(copies.place(2, &sign("feliz cumplea")).cascade, 1);
    assert_eq!(similarity(&sign("feliz cumplea"), &sign("feliz cumple")), 0.0);
}

#[test]
fn bad_texts_give_a_signature_or_none() {
    assert_eq!(signature(""), None);
    assert_eq!(signature("😡😡 🇵🇦 !!"), None);
    assert_eq!(signature("https://x.com/abc @ana"), None);
    let zalgo: String =
        NEWS.chars().flat_map(|c| std::iter::once(c).chain(['\u{335}', '\u{489}', '\u{30f}'])).collect();
    assert_eq!(sign(&zalgo), sign(NEWS));
    let long = format!("{NEWS} {}", "palabra larga ".repeat(80_000));
    assert!(!sign(&long).is_exact_only());
    assert!(mutation_tree(&[]).is_empty() && difference("", "").is_empty());
    assert!(shared_passages(&"a".repeat(1 << 20), &"a".repeat(1 << 20)).len() <= 1);
}

#[test]
fn a_copy_joins_and_a_removed_post_is_forgotten() {
    let mut copies = Copies::new(1_000);
    assert_eq!(copies.place(10, &sign(NEWS)), Placement { cascade: 10, nearest: None });
    assert_eq!(copies.place(11, &sign(OTHER)).cascade, 11);
    let placed = copies.place(12, &sign(EDITED));
    assert_eq!((placed.cascade, placed.nearest.unwrap().0), (10, 10));
    assert_eq!(copies.place(13, &sign(EDITED)).nearest, Some((12, 1.0)));
    copies.remove_all(&HashSet::from([10, 12, 13]));
    assert_eq!(copies.place(14, &sign(NEWS)), Placement { cascade: 14, nearest: None });
    copies.remove(11);
    assert_eq!(copies.place(15, &sign(OTHER)).cascade, 15);
}

#[test]
fn copies_of_a_removed_post_are_still_found() {
    let mut copies = Copies::new(1_000);
    copies.place(1, &sign(NEWS));
    // Exact copies are not entered while the first is young …
    copies.place(2, &sign(NEWS));
    copies.place(3, &sign("Buenos días"));
    copies.place(4, &sign("Buenos días"));
    copies.remove_all(&HashSet::from([1, 3]));
    // … and take its place when it goes.
    assert_eq!(copies.place(5, &sign(EDITED)).cascade, 1, "the cascade keeps its name");
    assert_eq!(copies.place(6, &sign("buenos días")).cascade, 3);
}

#[test]
fn the_oldest_leave_at_the_limit() {
    let mut copies = Copies::new(100);
    copies.place(0, &sign(NEWS));
    for id in 1..100 {
        copies.place(id, &sign(&made_up(id as u64, 12)));
    }
    copies.place(100, &sign(OTHER));
    assert_eq!(copies.place(101, &sign(EDITED)).cascade, 101, "post 0 has just left");
    for id in 102..5_000 {
        copies.place(id, &sign(&made_up(id as u64, 12)));
    }
    assert_eq!(copies.len(), 100);
    assert_eq!(copies.place(5_000, &sign(NEWS)).cascade, 5_000);
    assert_eq!(copies.place(5_001, &sign(EDITED)).cascade, 5_000);
}

#[test]
fn an_exact_copy_is_found_as_long_as_copies_come() {
    let mut copies = Copies::new(100);
    for id in 0..2_000 {
        let text = if id % 10 == 0 { NEWS.to_owned() } else { made_up(id as u64, 12) };
        let placed = copies.place(id, &sign(&text));
        assert_eq!(placed.cascade, if id % 10 == 0 { 0 } else { id });
    }
}

#[test]
fn loading_gives_the_same_index_as_placing() {
    let texts: Vec<String> = (0..3_000).map(|seed| made_up(seed % 1_200, 10 + seed / 1_200)).collect();
    let mut placed = Copies::new(2_000);
    let cascades: Vec<i64> =
        (0..).zip(&texts).map(|(id, text)| placed.place(id, &sign(text)).cascade).collect();
    let mut loaded = Copies::new(2_000);
    // In any order, more than the limit: the highest ids stay.
    for id in (0..3_000_i64).map(|at| at * 1_009 % 3_000) {
        let at = usize::try_from(id).unwrap();
        loaded.insert(id, cascades[at], &Signature::from_bytes(&sign(&texts[at]).bytes()).unwrap());
    }
    for id in 3_000..3_400 {
        let text = made_up(id as u64 % 1_200, 12);
        assert_eq!(loaded.place(id, &sign(&text)), placed.place(id, &sign(&text)), "{id}");
    }
    assert_eq!(loaded.len(), 2_000);
}

#[test]
fn a_chain_does_not_swallow_what_is_unlike_its_first() {
    // Each text replaces a tenth of the one before: neighbours are alike, ends are not.
    let words: Vec<String> = (0..400).map(|seed| made_up(seed, 1)).collect();
    let mut copies = Copies::new(10_000);
    let mut cascades = HashSet::new();
    for id in 0..300 {
        let text: String = words[id..id + 20].concat();
        let placed = copies.place(id as i64, &sign(&text));
        if id > 0 {
            assert!(placed.nearest.is_some(), "{id}");
        }
        let first = usize::try_from(placed.cascade).unwrap();
        let like_first = similarity(&sign(&words[first..first + 20].concat()), &sign(&text));
        assert!(like_first >= FIRST_SIMILARITY_MIN, "{id} is {like_first} like {first}");
        cascades.insert(placed.cascade);
    }
    assert!(cascades.len() >= 10, "{cascades:?}");
    assert!(copies.counts().kept_apart > 0);
}

#[test]
fn a_flood_of_posts_that_share_bands_is_bounded() {
    // As many bands in common as two posts can have that are no copies.
    let shared = (JOIN_SIMILARITY_MIN * signature::VALUES as f32) as usize - 1;
    let mut copies = Copies::new(100_000);
    let mut state = 1_u64;
    for id in 0..100_000 {
        let mut values = [7; signature::VALUES];
        for value in &mut values[shared..] {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *value = (state >> 56) as u8;
        }
        let placed = copies.place(id, &Signature::of_parts(state, Some(values)));
        assert!(placed.nearest.is_none_or(|(_, similarity)| similarity < 0.6), "{placed:?}");
    }
    let counts = copies.counts();
    assert!(counts.capped > 900_000, "{counts:?}");
    // Two posts for each of the 21 bands at most, whatever is posted.
    assert!(counts.compared <= counts.placed * 2 * signature::BANDS as u64, "{counts:?}");
    assert!(copies.memory_bytes() < 100_000 * 300);
}

#[test]
fn placement_is_deterministic() {
    let run = || {
        let mut copies = Copies::new(500);
        (0..2_000)
            .map(|id| copies.place(id, &sign(&made_up(id as u64 % 700, 6 + id as u64 % 5))))
            .collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn groups_have_first_size_span_and_kind() {
    let at = |ms| Some(Timestamp::from_millis(ms));
    let list = groups(
        [
            ("a", NEWS, at(1_000)),
            ("b", OTHER, at(2_000)),
            ("c", EDITED, at(9_000)),
            ("d", "😡", at(3_000)),
            ("e", NEWS, None),
            ("f", OTHER, at(500)),
        ],
        1_000,
    );
    let shown: Vec<_> = list
        .iter()
        .map(|group| (group.first, group.size, group.exact, group.edited(), group.span_ms()))
        .collect();
    assert_eq!(shown, [("a", 3, 2, 1, Some(8_000)), ("b", 2, 2, 0, Some(1_500))]);
}

#[test]
fn a_tree_hangs_each_post_on_the_most_similar_earlier_one() {
    let second = format!("{NEWS}, avisen a sus vecinos y guarden agua");
    let third = format!("{second} en tanques limpios desde hoy mismo");
    let member = |id, ms, text| Member { id, time: Timestamp::from_millis(ms), text };
    // In no certain order.
    let edges = mutation_tree(&[
        member(3, 30, third.as_str()),
        member(1, 10, NEWS),
        member(5, 50, OTHER),
        member(2, 20, second.as_str()),
        member(4, 40, NEWS),
    ]);
    let shown: Vec<(i64, i64)> = edges.iter().map(|edge| (edge.child, edge.parent)).collect();
    assert_eq!(shown, [(2, 1), (3, 2), (4, 1)]);
    assert!(edges.iter().all(|edge| edge.similarity >= EDGE_SIMILARITY_MIN));
}

#[test]
fn a_difference_names_words() {
    let changes = |parent, child| {
        difference(parent, child).iter().map(|piece| (piece.change, piece.text)).collect::<Vec<_>>()
    };
    assert_eq!(
        changes("Mañana no habrá agua en Colón", "mañana no habrá LUZ ni agua en David"),
        [
            (Change::Same, "mañana no habrá"),
            (Change::Added, "LUZ ni"),
            (Change::Same, "agua en"),
            (Change::Removed, "Colón"),
            (Change::Added, "David"),
        ]
    );
    assert_eq!(changes("a b", ""), [(Change::Removed, "a b")]);
    assert_eq!(
        changes("mira https://a.com/x", "mira https://b.com/y").len(),
        3,
        "another address is a change"
    );
    let many = "x ".repeat(DIFFERENCE_WORDS_MAX + 5);
    let others = "y ".repeat(DIFFERENCE_WORDS_MAX + 5);
    assert_eq!(difference(&many, &others).len(), 2);
}

#[test]
fn a_known_text_is_found_inside_a_longer_one() {
    let mut known = Fragments::default();
    assert!(known.insert(1, NEWS) && known.insert(2, OTHER) && !known.insert(3, "muy corto"));
    let chain = format!(
        "Reenviado muchas veces. Mi cuñado que trabaja allí dice: «{}». Pásalo a todos.",
        NEWS.to_uppercase()
    );
    let found = known.find(&chain);
    assert_eq!(found.iter().map(|fragment| fragment.known).collect::<Vec<_>>(), [1]);
    assert!(found[0].share_of_known > 0.9 && found[0].share_of_text < 0.8, "{found:?}");
    let passages = shared_passages(&chain, NEWS);
    assert_eq!(passages.len(), 1);
    assert!(chain[passages[0].first.clone()].starts_with("EL ALCALDE ANUNCIÓ"), "{passages:?}");
    assert!(NEWS[passages[0].second.clone()].ends_with("reparaciones"));
    assert!(shared_passages(NEWS, OTHER).is_empty());
}

#[test]
fn the_fuzzing_corpus_breaks_nothing() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/copies");
    let mut inputs = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let (one, other) = text.split_once('\n').unwrap();
        assert_eq!(normalised(&normalised(one)), normalised(one));
        assert!(!difference(one, other).is_empty());
        for passage in shared_passages(one, other) {
            assert!(one.get(passage.first).is_some() && other.get(passage.second).is_some());
        }
        let mut copies = Copies::new(4);
        copies.place(1, &sign(one));
        assert_eq!(copies.place(2, &sign(one)).nearest, Some((1, 1.0)));
        inputs += 1;
    }
    assert!(inputs >= 3);
}

proptest! {
    #[test]
    fn any_text_is_like_itself_and_its_bytes_tell_all(text in "\\PC{0,200}") {
        if let Some(one) = signature(&text) {
            prop_assert_eq!(similarity(&one, &one), 1.0);
            prop_assert_eq!(Signature::from_bytes(&one.bytes()), Some(one));
        }
        prop_assert_eq!(normalised(&normalised(&text)), normalised(&text));
    }

    #[test]
    fn similarity_has_no_direction(a in "[a-e ]{20,80}", b in "[a-e ]{20,80}") {
        if let (Some(a), Some(b)) = (signature(&a), signature(&b)) {
            prop_assert_eq!(similarity(&a, &b), similarity(&b, &a));
        }
    }

    #[test]
    fn stored_bytes_never_break_anything(bytes in proptest::collection::vec(any::<u8>(), 0..130)) {
        if let Some(signature) = Signature::from_bytes(&bytes) {
            prop_assert_eq!(signature.bytes(), bytes);
            let mut copies = Copies::new(4);
            copies.place(1, &signature);
            prop_assert_eq!(copies.place(2, &signature).cascade, 1);
        }
    }

    #[test]
    fn exact_groups_do_not_depend_on_the_order(order in Just((0..60_u64).collect::<Vec<_>>()).prop_shuffle()) {
        let text = |at: &u64| made_up(at % 17, 8);
        let list = groups(order.iter().map(|at| (*at, text(at), None)), 1_000);
        let mut sizes: Vec<(u64, u64)> = list.iter().map(|group| (group.first % 17, group.size)).collect();
        sizes.sort_unstable();
        let expected: Vec<(u64, u64)> = (0..17).map(|kind| (kind, (0..60).filter(|at| at % 17 == kind).count() as u64)).collect();
        prop_assert_eq!(sizes, expected);
    }

    #[test]
    fn a_difference_gives_both_texts_back(parent in "[ab ]{0,30}", child in "[ab ]{0,30}") {
        let pieces = difference(&parent, &child);
        let words = |left_out: Change| -> Vec<&str> {
            pieces.iter().filter(|piece| piece.change != left_out).flat_map(|piece| piece.text.split_whitespace()).collect()
        };
        prop_assert_eq!(words(Change::Removed), child.split_whitespace().collect::<Vec<_>>());
        prop_assert_eq!(words(Change::Added), parent.split_whitespace().collect::<Vec<_>>());
    }
}
