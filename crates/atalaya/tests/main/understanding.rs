//! Copies find their cascade, corrections count at once and can be taken back,
//! and both outlive a restart and a rebuild.

use crate::installation::{Installation, import, total, views};
use crate::posts::{jetstream, made, saying, statuses};
use app::Actor;
use app::listening::{PostView, Workspace};
use model::{Network, Tone};
use sim::Made;

/// Words of posts that are unlike each other.
const WORDS: [&str; 48] = [
    "camino",
    "ventana",
    "domingo",
    "playa",
    "trabajo",
    "lluvia",
    "hermana",
    "cocina",
    "abuelo",
    "partido",
    "escuela",
    "jardín",
    "música",
    "ciudad",
    "zapatos",
    "verano",
    "mercado",
    "película",
    "guitarra",
    "montaña",
    "desayuno",
    "calle",
    "amigos",
    "bicicleta",
    "teléfono",
    "pregunta",
    "noche",
    "fiesta",
    "libro",
    "tormenta",
    "naranja",
    "puerta",
    "viaje",
    "silencio",
    "maestra",
    "barrio",
    "autobús",
    "historia",
    "perro",
    "cuaderno",
    "paraguas",
    "helado",
    "vecino",
    "examen",
    "sombrero",
    "farola",
    "puente",
    "reloj",
];

/// Nine words of the list, other ones for each number.
fn unlike(n: u64) -> String {
    let mut seed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut words = vec!["gatos"];
    for _ in 0..9 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        words.push(WORDS[(seed >> 33) as usize % WORDS.len()]);
    }
    words.join(" ")
}

/// A chain message with its copies over two networks, among posts that are unlike it.
fn chain() -> Vec<Made> {
    let like = &made(3, 1)[0];
    let mut posts: Vec<Made> = (0..40).map(|n| saying(like, 1_000 + n, n + 1, &unlike(n))).collect();
    for (n, text) in [
        "URGENTE: el agua de la potabilizadora viene contaminada, no la beban hasta nuevo aviso y avisen a todos",
        "URGENTE el agua de la potabilizadora viene contaminada, no la beban hasta nuevo aviso, avisen a todos!!",
        "urgente: el agua de la potabilizadora viene contaminada; no la beban hasta nuevo aviso y avisen a todos",
        "Me llegó: URGENTE: el agua de la potabilizadora viene muy contaminada, no la beban hasta nuevo aviso y avisen a todos",
    ]
    .into_iter()
    .enumerate()
    {
        posts.insert(8 * (n + 1), saying(like, 2_000 + n as u64, 100 + n as u64, text));
    }
    for (n, post) in (0_i64..).zip(&mut posts) {
        post.time = crate::posts::start().plus(n * 60_000);
    }
    posts
}

fn of_chain(workspace: &Workspace) -> Vec<PostView> {
    let mut found = views(workspace, "potabilizadora");
    found.sort_by_key(|view| view.time);
    found
}

#[track_caller]
fn check_chain(workspace: &Workspace) {
    let actor = Actor::operator();
    let posts = of_chain(workspace);
    let root = posts[0].id;
    assert_eq!(posts.len(), 4);
    assert_eq!(posts[0].copy_of, None);
    assert!(posts[1..].iter().all(|view| view.copy_of == Some(root)), "{posts:?}");
    let list = workspace.cascades(&actor, "", None, 10).unwrap();
    assert_eq!((list[0].cascade, list[0].total, list[0].first.id), (root, 4, root));
    assert_eq!(total(workspace, &format!("cascade:{root}")), 4);
    let page = workspace.load_cascade(&actor, root).unwrap();
    assert_eq!(page.members.iter().map(|view| view.id).collect::<Vec<_>>(), ids(&posts));
    assert_eq!(page.firsts[0].network, Network::Bluesky);
    assert_eq!(page.firsts.len(), 2, "two networks");
    assert_eq!(page.mutations.len() as u64 + page.exact_copies, 3, "each came of an earlier one");
    assert!(page.speed.unwrap().first_hour >= 3);
    let last = workspace.load_post(&actor, posts[3].id).unwrap().seen_before.unwrap();
    assert_eq!((last.total, last.earlier, last.first.id), (4, 3, root));
    assert!(workspace.load_cascade(&actor, 999_999).is_err());
}

fn ids(posts: &[PostView]) -> Vec<i64> {
    posts.iter().map(|view| view.id).collect()
}

#[test]
fn copies_over_two_networks_are_one_cascade() {
    let place = Installation::new();
    {
        let (_app, workspace) = place.open();
        let posts = chain();
        let (early, late) = posts.split_at(25);
        import(&workspace, "a.jsonl", jetstream(early));
        import(&workspace, "b.jsonl", statuses(late));
        check_chain(&workspace);
    }
    let (_app, workspace) = place.open();
    check_chain(&workspace);
    // A copy that comes after a restart still finds its cascade.
    let like = &made(3, 1)[0];
    let copy = saying(
        like,
        9_000,
        300,
        "URGENTE: el agua de la potabilizadora viene contaminada, no la beban hasta nuevo aviso y avisen a todos",
    );
    import(&workspace, "c.jsonl", jetstream(&[copy]));
    assert_eq!(total(&workspace, &format!("cascade:{}", of_chain(&workspace)[0].copy_of.unwrap_or(1))), 5);
    let before: Vec<Option<i64>> = of_chain(&workspace).iter().map(|view| view.copy_of).collect();
    workspace.rebuild(&Actor::operator(), &mut |_| {}).unwrap();
    let after: Vec<Option<i64>> = of_chain(&workspace).iter().map(|view| view.copy_of).collect();
    assert_eq!(before, after, "a rebuild finds the same cascades");
}

/// A post whose corrections teach, or judge.
fn post_that(workspace: &Workspace, judges: bool) -> PostView {
    let actor = Actor::operator();
    views(workspace, "gatos")
        .into_iter()
        .find(|view| {
            let id = workspace.correct(&actor, view.id, "emotion", "fear").unwrap();
            let list = workspace.list_corrections(&actor, None, 1).unwrap();
            workspace.undo_correction(&actor, id).unwrap();
            list[0].held_out == judges
        })
        .unwrap()
}

#[test]
fn a_correction_counts_at_once_and_can_be_taken_back() {
    let place = Installation::new();
    let actor = Actor::operator();
    let (post, id) = {
        let (_app, workspace) = place.open();
        import(&workspace, "a.jsonl", jetstream(&chain()));
        let post = post_that(&workspace, false);
        let before = total(&workspace, "intent:complaint");
        assert!(!post.intents.contains(model::Intent::Complaint), "the test needs a plain post");
        workspace.correct(&actor, post.id, "tone", "negative").unwrap();
        let id = workspace.correct(&actor, post.id, "intent", "complaint").unwrap();
        let page = workspace.load_post(&actor, post.id).unwrap();
        assert_eq!(page.view.tone, Tone::Negative);
        assert!(page.view.intents.contains(model::Intent::Complaint));
        assert_eq!(page.corrections.len(), 2);
        assert_eq!(total(&workspace, "intent:complaint"), before + 1, "searches see it");
        let report = workspace.learning_report(&actor).unwrap();
        assert_eq!((report.standing, report.teaching), (2, 2));
        assert!(workspace.correct(&actor, post.id, "tone", "furious").is_err());
        assert!(workspace.correct(&actor, 999_999, "tone", "negative").is_err());
        let proposed = workspace.worth_labelling(&actor, "").unwrap();
        assert_eq!(proposed.len(), app::understanding::PROPOSALS);
        assert!(proposed.iter().all(|one| one.view.id != post.id), "what was corrected is not asked again");
        (post, id)
    };
    let (_app, workspace) = place.open();
    assert!(views(&workspace, "intent:complaint").iter().any(|view| view.id == post.id), "after a restart");
    workspace.rebuild(&actor, &mut |_| {}).unwrap();
    assert!(views(&workspace, "intent:complaint").iter().any(|view| view.id == post.id), "after a rebuild");
    workspace.undo_correction(&actor, id).unwrap();
    assert!(views(&workspace, "intent:complaint").iter().all(|view| view.id != post.id), "taken back");
    assert!(workspace.undo_correction(&actor, id).is_err(), "only once");
}

#[test]
fn what_judges_never_teaches() {
    let place = Installation::new();
    let actor = Actor::operator();
    let (_app, workspace) = place.open();
    import(&workspace, "a.jsonl", jetstream(&chain()));
    let post = post_that(&workspace, true);
    workspace.correct(&actor, post.id, "intent", "threat").unwrap();
    let report = workspace.learning_report(&actor).unwrap();
    assert_eq!((report.standing, report.teaching), (1, 0));
    let head = report.heads.iter().find(|head| head.head == "intent").unwrap();
    assert_eq!((head.judged, head.right_before, head.right_after), (1, 0, 0));
}

#[test]
fn a_message_is_checked_against_the_archive() {
    let place = Installation::new();
    let actor = Actor::operator();
    let (_app, workspace) = place.open();
    import(&workspace, "a.jsonl", jetstream(&chain()));
    let text = "Urgente: el agua de la potabilizadora viene contaminada, no la beban hasta nuevo aviso y avisen a todos";
    let check = workspace.check_scam(&actor, text).unwrap();
    assert_eq!(check.seen.unwrap().id, of_chain(&workspace)[0].id);
    assert!(
        workspace.check_scam(&actor, "Nos vemos a las ocho en el parque de siempre").unwrap().seen.is_none()
    );
    assert!(workspace.check_scam(&actor, "  ").is_err());
}
