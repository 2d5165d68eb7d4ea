//! Topics, questions and answers of a workspace with posts in it.

use super::{AnswerDraft, TooLittle};
use crate::listening::{ExploreRequest, ImportOptions, ImportSource, Span, Workspace};
use crate::trial::first_day;
use crate::{Actor, AppError};
use model::time::{DAY_MS, HOUR_MS};
use model::{Lang, Permission, Role, Timestamp};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

struct Bench {
    _folder: tempfile::TempDir,
    workspace: Arc<Workspace>,
    now: Timestamp,
}

impl Bench {
    fn new() -> Self {
        let (folder, app, workspace) = first_day("Acme", &[]);
        Self { _folder: folder, now: app.now(), workspace }
    }

    fn week(&self) -> Option<Span> {
        Some(Span { from: self.now.plus(-7 * DAY_MS), to: self.now })
    }

    /// Imports posts as id, author, text and hours before now.
    fn import(&self, posts: &[(String, String, String, i64)]) {
        let mut csv = "id,author,text,time\n".to_owned();
        for (id, author, text, hours) in posts {
            csv.push_str(&format!("{id},{author},\"{text}\",{}\n", self.now.plus(-hours * HOUR_MS)));
        }
        let source = ImportSource {
            name: "posts.csv".to_owned(),
            size_bytes: None,
            input: Box::new(std::io::Cursor::new(csv.into_bytes())),
        };
        let stop = AtomicBool::new(false);
        let options = ImportOptions::default();
        let done = self.workspace.import(&Actor::operator(), source, &options, &stop, &mut |_| {}).unwrap();
        assert_eq!(done.1.new, posts.len() as u64, "{:?}", done.1);
        self.workspace.flush().unwrap();
    }

    /// Everyday talk: 400 posts of the weeks before, 150 of this one.
    fn talk(&self) {
        const STARTS: [&str; 7] = [
            "Qué calor en",
            "El tráfico en",
            "La feria de",
            "Vieron el partido en",
            "Leyendo en",
            "El café de",
            "La fila en",
        ];
        const PLACES: [&str; 5] = ["David", "Colón", "Lima", "Quito", "Rosario"];
        const ENDS: [&str; 11] = [
            "hoy llueve",
            "mi perro ladra",
            "compré zapatos",
            "la calle cerrada",
            "jugó bien",
            "pan caliente",
            "me cobraron doble",
            "lindo paisaje",
            "el bus lleno",
            "rica receta",
            "sin ascensor",
        ];
        let post = |at: usize, hours: i64| {
            let text = format!("{} {}, {}", STARTS[at % 7], PLACES[at % 5], ENDS[at % 11]);
            (format!("talk-{at:08}"), format!("cuenta{}", at % 240), text, hours)
        };
        let before = (0..400).map(|at| post(at, 170 + i64::try_from(at).unwrap() % 600));
        let now = (400..550).map(|at| post(at, 1 + i64::try_from(at).unwrap() % 160));
        self.import(&before.chain(now).collect::<Vec<_>>());
    }

    fn water_main(&self, first: usize, posts: usize) {
        const WHAT: [&str; 4] = [
            "La tubería madre de Chilibre rota",
            "Otra vez Chilibre, la tubería madre",
            "Chilibre sin arreglo",
            "reparan la tubería madre",
        ];
        const MORE: [&str; 5] =
            ["qué pésimo", "nadie sale", "mi abuela carga baldes", "cisternas ya", "hasta cuándo"];
        let post = |at: usize| {
            let text = format!("{}, {}", WHAT[at % 4], MORE[at % 5]);
            (format!("water-{at:07}"), format!("vecino{at}"), text, 2 + i64::try_from(at).unwrap() % 30)
        };
        self.import(&(first..first + posts).map(post).collect::<Vec<_>>());
    }
}

fn person(role: Role) -> Actor {
    Actor { user: Some(9), role, ..Actor::operator() }
}

#[test]
fn a_new_topic_is_told_with_the_figures_that_the_explorer_gives() {
    let bench = Bench::new();
    let operator = Actor::operator();
    bench.talk();
    let usual = bench.workspace.topics(&operator, "", bench.week()).unwrap();
    assert_eq!((usual.too_little, usual.topics.len()), (None, 0), "{usual:?}");
    assert_eq!((usual.total, usual.read, usual.total_before), (150, 150, 400));
    bench.water_main(0, 30);
    let found = bench.workspace.topics(&operator, "", bench.week()).unwrap();
    let topic = found.topics.first().expect("a topic");
    let words = topic.words.join(" ").to_lowercase();
    assert!(words.contains("chilibre") || words.contains("tubería madre"), "{words}");
    assert!(topic.growth.is_none() && topic.posts_before == 0 && topic.authors_read >= 10, "{topic:?}");
    assert!(!topic.examples.is_empty());
    for topic in &found.topics {
        let span = bench.week().unwrap();
        let expression = format!("{} since:{} until:{}", topic.expression, span.from, span.to);
        let request = ExploreRequest { expression, limit: 1, ..ExploreRequest::default() };
        assert_eq!(bench.workspace.explore(&operator, &request).unwrap().total, topic.posts);
        assert_eq!(topic.tones.iter().sum::<u64>(), topic.posts);
    }
    let again = bench.workspace.topics(&operator, "", bench.week()).unwrap();
    assert!(Arc::ptr_eq(&found, &again), "remembered");
    bench.water_main(30, 1);
    let after = bench.workspace.topics(&operator, "", bench.week()).unwrap();
    assert!(!Arc::ptr_eq(&found, &after) && after.total == found.total + 1, "forgotten when posts came");
    let of_one = bench.workspace.topics(&operator, "chilibre", bench.week()).unwrap();
    assert_eq!(of_one.too_little, Some(TooLittle::Now));
    assert!(matches!(bench.workspace.topics(&operator, "(", None), Err(AppError::Query(_))));
}

#[test]
fn too_few_posts_are_told_by_side() {
    let bench = Bench::new();
    let topics = || bench.workspace.topics(&Actor::operator(), "", bench.week()).unwrap();
    assert_eq!(topics().too_little, Some(TooLittle::Now));
    assert_eq!(bench.workspace.topics(&Actor::operator(), "", None).unwrap().total, 0);
    bench.water_main(0, 60);
    assert_eq!((topics().too_little, topics().topics.len()), (Some(TooLittle::Before), 0));
}

#[test]
fn recurring_questions_meet_their_answer() {
    let bench = Bench::new();
    let ask =
        |at: usize, author: &str, text: &str| (format!("ask-{at:08}"), author.to_owned(), text.to_owned(), 5);
    bench.import(&[
        ask(1, "ana", "@acme ¿Tienen wifi?"),
        ask(2, "beto", "hola, hay wifi?"),
        ask(3, "caro", "hay wifi?"),
        ask(4, "dani", "¿Quién ganó el partido?"),
        ask(5, "eva", "Llueve en David"),
    ]);
    let director = person(Role::Director);
    let groups = || bench.workspace.question_groups(&director, "", bench.week()).unwrap();
    let found = groups();
    let expression = "has:question OR intent:question".to_owned();
    let request = ExploreRequest { expression, limit: 1, ..ExploreRequest::default() };
    let asking = bench.workspace.explore(&director, &request).unwrap().total;
    assert_eq!((found.total, found.read, found.groups.len()), (asking, asking, 1), "{found:?}");
    let group = &found.groups[0];
    assert_eq!(
        (group.text.as_str(), group.posts, group.authors_read, group.answer),
        ("hay wifi?", 3, 3, None)
    );
    let request =
        ExploreRequest { expression: group.expression.clone(), limit: 9, ..ExploreRequest::default() };
    assert_eq!(bench.workspace.explore(&director, &request).unwrap().total, 3);

    let draft = || AnswerDraft {
        question: " ¿Hay  wifi? ".to_owned(),
        answer: "Sí:\r\npide la clave en caja.".to_owned(),
        languages: vec![Lang::ES, Lang::ES],
        wordings: vec![" ".to_owned(), "clave del wifi".to_owned()],
    };
    let refused = bench.workspace.insert_answer(&person(Role::Agent), draft());
    assert!(matches!(refused, Err(AppError::Forbidden(Permission::EditQueries))));
    let answer = bench.workspace.insert_answer(&director, draft()).unwrap();
    assert_eq!(
        (answer.question.as_str(), answer.answer.as_str()),
        ("¿Hay wifi?", "Sí:\npide la clave en caja.")
    );
    assert_eq!((answer.languages.len(), answer.wordings.len()), (1, 1));
    assert_eq!(groups().groups[0].answer, Some(answer.id), "told at once");
    for (field, wrong) in [
        ("question", AnswerDraft { question: "¿?".to_owned(), ..draft() }),
        ("answer", AnswerDraft { answer: " \n".to_owned(), ..draft() }),
        ("wordings", AnswerDraft { wordings: (0..30).map(|n| n.to_string()).collect(), ..draft() }),
    ] {
        let refused = bench.workspace.update_answer(&director, answer.id, wrong);
        assert!(matches!(refused, Err(AppError::Invalid { field: of, .. }) if of == field), "{field}");
    }
    bench.workspace.archive_answer(&director, answer.id).unwrap();
    assert_eq!(groups().groups[0].answer, None);
    assert_eq!(bench.workspace.list_answers(&person(Role::Viewer)).unwrap(), []);
    let audit = bench.workspace.list_audit(&director, None, 9).unwrap();
    assert!(audit.iter().any(|entry| entry.what == "answer_archived" && entry.by == Some(9)));
}
