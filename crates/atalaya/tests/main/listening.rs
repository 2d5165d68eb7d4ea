//! Three ways to ask one question agree: the meaning of the language, the
//! index over history, the matcher at arrival. And what happens is seen soon.

use crate::installation::{Installation, eventually, import, total, views, while_listening};
use crate::posts::{jetstream, lines, made, saying, statuses};
use crate::wire::{Script, Server};
use app::Actor;
use app::listening::Derived;
use model::listening::Purpose;
use model::query::{matches, parse};
use sim::serve::Stage;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// One or more of every kind; each matches some of the posts and not all of them, unless it says so.
const EXPRESSIONS: &[&str] = &[
    "acme",
    "café",
    "cafe",
    "CAFÉ",
    "\"café acme\"",
    "«café acme»",
    "\"=Café\"",
    "\"=cafe\"",
    "\"=Café Acme\"",
    "kotowa OR durán",
    "acme AND café",
    "acme café",
    "acme -café",
    "acme NOT (café OR pan)",
    "-acme",
    "NOT (acme OR kotowa)",
    "(acme OR kotowa) (app OR pedido)",
    "acme NEAR/3 app",
    "acme NEAR/1 café",
    "(app OR fila OR pan) NEAR/4 (acme OR kotowa)",
    "pés* NEAR/6 acme",
    "\"café acme\" NEAR/8 \"la app\"",
    "pes*",
    "ac*",
    "excel*",
    "panamá",
    "panama",
    "\"san miguelito\"",
    "#CaféAcme",
    "hashtag:cafeacme",
    "#caféacme OR #sinagua",
    "@CafeAcme",
    "to:cafeacme",
    "network:bluesky",
    "network:mastodon acme",
    "network:x",
    "lang:es",
    "lang:pt OR lang:en",
    "lang:unknown",
    "tone:negative",
    "tone:positive acme",
    "-tone:neutral",
    "author:ana0",
    "-author:ana0 acme",
    "domain:prensa.example",
    "domain:diario.example OR domain:blog.example",
    "country:PA",
    "-country:PA",
    "followers:>100",
    "followers:<50",
    "followers:10..99",
    "engagement:>0",
    "engagement:>=10 acme",
    "-followers:>100",
    "has:link",
    "has:image",
    "-has:link has:hashtag",
    "has:question OR has:media",
    "is:reply",
    "is:original acme",
    "is:quote",
    "label:urgente",
    "-label:urgente acme",
    "since:2025-06-02T12:05:00Z",
    "until:2025-06-02T12:05:00Z",
    "since:2025-06-02T12:02:00Z until:2025-06-02T12:08:00Z acme",
    "source:1",
    "source:-1",
    "intent:complaint",
    "intent:question OR intent:praise",
    "urgency:>=25",
    "urgency:<25 acme",
    "-offence:none",
    "emotion:joy OR emotion:anger",
    "cascade:1 OR cascade:2",
    "link:https://prensa.example/1 OR has:link",
    "acme OR -acme",
    "ñandú",
    "*",
];

/// Posts on three networks.
fn fill(workspace: &app::listening::Workspace) -> usize {
    let posts = made(51, 900);
    let mut of_x = posts[600..].to_vec();
    of_x.push(saying(&posts[0], 5_000, 3, "Año nuevo, ¿ano? ñandú y nandu: #PanamáSinAgua @CafeAcme"));
    import(workspace, "a.jsonl", jetstream(&posts[..300]));
    import(workspace, "b.jsonl", statuses(&posts[300..600]));
    import(workspace, "c.jsonl", lines(of_x.iter().map(sim::wire::x::v2)));
    901
}

#[test]
fn meaning_index_and_matcher_agree() {
    let place = Installation::new();
    let (app, workspace) = place.open();
    let actor = Actor::operator();
    let mut of_query = BTreeMap::new();
    for (n, expression) in EXPRESSIONS.iter().enumerate() {
        let saved = workspace.insert_query(&actor, &format!("q{n}"), Purpose::Topic, expression).unwrap();
        of_query.insert(saved.id, *expression);
    }
    let mut live = workspace.subscribe();
    let count = fill(&workspace);
    let mut arrived: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    while let Ok(batch) = live.try_recv() {
        arrived.extend(batch.iter().map(|post| (post.id, post.queries.iter().copied().collect())));
    }
    assert_eq!(arrived.len(), count, "every post was announced");

    let documents: Vec<(i64, Derived)> =
        views(&workspace, "").iter().map(|view| (view.id, workspace.derive(view).unwrap())).collect();
    assert_eq!(documents.len(), count);
    let labelled: Vec<i64> = documents.iter().step_by(9).map(|(id, _)| *id).collect();
    for (id, expression) in &of_query {
        let expr = parse(expression).unwrap();
        for (record, derived) in &documents {
            let (oracle, seen) = (matches(&expr, &derived.document(&[])), arrived[record].contains(id));
            assert_eq!(oracle, seen, "the matcher at arrival, «{expression}»: {}", derived.text);
        }
    }
    workspace.add_label(&actor, &labelled, "Urgente").unwrap();
    let labels = ["urgente".to_owned()];
    let mut neither = BTreeSet::new();
    for expression in EXPRESSIONS {
        let expr = parse(expression).unwrap();
        let truth: BTreeSet<i64> = documents
            .iter()
            .filter(|(id, derived)| {
                matches(&expr, &derived.document(if labelled.contains(id) { &labels } else { &[] }))
            })
            .map(|(id, _)| *id)
            .collect();
        let found: BTreeSet<i64> = views(&workspace, expression).iter().map(|view| view.id).collect();
        assert_eq!(found, truth, "the index, «{expression}»");
        assert_eq!(total(&workspace, expression), truth.len() as u64, "the count, «{expression}»");
        if truth.is_empty() || truth.len() == count {
            neither.insert(*expression);
        }
    }
    assert!(neither.len() <= 12, "too many expressions tell nothing apart: {neither:?}");
    let total_of_first = total(&workspace, "acme -café");
    drop((app, workspace));
    assert_eq!(place.count("acme -café"), total_of_first, "the command line counts the same");
}

#[test]
fn a_post_is_found_within_two_seconds_and_gone_after_its_deletion() {
    let stage = Stage::default();
    let server = Server::of_stage(&stage);
    let place = Installation::new();
    place.run(&["source", "add", "sim", &server.setup(), "--keep-all"]).expect(0);
    let world = made(52, 200);
    let (app, workspace) = place.open();
    while_listening(&app, || {
        world[..100].iter().for_each(|made| stage.post(made.clone()));
        eventually("the source is connected", || total(&workspace, "") == 100);
        let mut slowest = Duration::ZERO;
        for n in 0..5 {
            let word = format!("novedad{n}");
            let post = saying(&world[100 + n], 9_000 + n as u64, 1, &format!("acme {word}"));
            let happened = Instant::now();
            stage.post(post.clone());
            eventually("the new post", || total(&workspace, &word) == 1);
            slowest = slowest.max(happened.elapsed());
            stage.delete(post.clone(), post.time.millis() * 1_000 + 1);
            eventually("its deletion", || total(&workspace, &word) == 0);
        }
        assert!(slowest < Duration::from_secs(2), "{slowest:?}");
        println!("the slowest of five posts was found after {slowest:?}");
    });
    assert_eq!(total(&workspace, ""), 100);
}

#[test]
fn an_edit_at_the_source_replaces_the_post() {
    let script = Script::new();
    let server = Server::of_script(&script);
    let place = Installation::new();
    place.run(&["source", "add", "sim", &server.setup(), "--keep-all"]).expect(0);
    let like = &made(53, 1)[0];
    let mut event = sim::wire::bluesky::jetstream_event(&saying(like, 1, 1, "acme palabravieja"));
    script.say_text(&event.to_string());
    let (app, workspace) = place.open();
    let actor = Actor::operator();
    while_listening(&app, || {
        eventually("the post", || total(&workspace, "palabravieja") == 1);
        let id = views(&workspace, "palabravieja")[0].id;
        workspace.add_label(&actor, &[id], "urgente").unwrap();
        event["commit"]["operation"] = "update".into();
        event["commit"]["record"]["text"] = "acme palabranueva".into();
        event["time_us"] = (event["time_us"].as_i64().unwrap() + 1).into();
        script.say_text(&event.to_string());
        eventually("the edit", || total(&workspace, "palabranueva") == 1);
        assert_eq!(total(&workspace, "palabravieja"), 0);
        assert_eq!(total(&workspace, "label:urgente palabranueva"), 1, "the label stays with the post");
    });
    assert_eq!(total(&workspace, ""), 1);
    drop((app, workspace));
    // The replaced text leaves the files at the next start.
    drop(place.open());
    assert!(crate::traces::files_with(&place, "palabravieja").is_empty());
    assert!(crate::traces::terms_with(&place, "palabravieja").is_empty());
    assert_eq!(place.count("palabranueva"), 1);
}

#[test]
fn a_new_query_applies_to_history_and_decides_what_is_kept() {
    let stage = Stage::default();
    let server = Server::of_stage(&stage);
    let place = Installation::new();
    // Without --keep-all: only what a query matches. The workspace has one of its brand, Acme.
    place.run(&["source", "add", "sim", &server.setup()]).expect(0);
    let world = made(54, 300);
    let actor = Actor::operator();
    let (app, workspace) = place.open();
    let expression = workspace.saved_queries(&actor).unwrap().remove(0).expression;
    let brand = {
        let other = Installation::new();
        let (_app, all) = other.open();
        import(&all, "a.jsonl", jetstream(&world));
        total(&all, &expression)
    };
    assert!(brand > 0 && brand < 300, "{brand}");
    world.iter().for_each(|made| stage.post(made.clone()));
    let health = || workspace.list_sources(&actor).unwrap().remove(0).health;
    while_listening(&app, || eventually("all posts", || health().received_count == 300));
    assert_eq!(total(&workspace, ""), brand);
    assert_eq!(health().kept_count, brand);
    workspace.insert_query(&actor, "App", Purpose::Topic, "app").unwrap();
    let mentions = workspace.list_queries(&actor).unwrap().pop().unwrap().mentions;
    assert_eq!(mentions, total(&workspace, "app"));
    assert!(mentions > 0 && mentions < brand);
}
