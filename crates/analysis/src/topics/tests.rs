use super::question::KnownQuestion;
use super::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Made-up posts: everyday talk from a seed, many authors.
struct Talk {
    state: u64,
    made: Vec<(String, String)>,
}

impl Talk {
    const fn new(seed: u64) -> Self {
        Self { state: seed, made: Vec::new() }
    }

    fn number(&mut self, below: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % below
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.number(list.len())]
    }

    fn say(&mut self, author: &str, text: impl Into<String>) {
        self.made.push((author.to_owned(), text.into()));
    }

    fn chatter(mut self, posts: usize) -> Self {
        const STARTS: &[&str] = &[
            "Qué calor en",
            "El tráfico en",
            "Feliz cumpleaños a mi mamá desde",
            "Empieza la feria de",
            "Se fue la luz en",
            "No hay agua en",
            "Vieron el partido en",
            "Bom dia",
            "Good morning from",
            "Estafa total lo del pedido en",
            "Me encanta el café de",
            "La fila del banco en",
            "Buen desayuno en",
            "Leyendo un buen libro en",
        ];
        const PLACES: &[&str] = &[
            "Panamá",
            "San Miguelito",
            "Madrid",
            "Bogotá",
            "Lima",
            "David",
            "Colón",
            "Sevilla",
            "Quito",
            "Rosario",
        ];
        const THINGS: &[&str] = &[
            "la app no abre",
            "la factura llegó tarde",
            "el pan está caliente",
            "me cobraron dos veces",
            "lindo paisaje",
            "el profesor no vino",
            "compré zapatos",
            "mi perro ladra",
            "la película aburre",
            "el ascensor no sirve",
            "gracias por todo",
            "la receta quedó rica",
            "el bus pasó lleno",
            "cerraron la calle",
            "jugó la selección",
        ];
        const TAILS: &[&str] =
            &["", " jajaja", " 🙏", " la verdad", " en serio", " #BuenosDías", " @cafebayano"];
        for _ in 0..posts {
            let author = format!("cuenta{}", self.number(posts / 2 + 1));
            let text = format!(
                "{} {}, {}{}",
                self.pick(STARTS),
                self.pick(PLACES),
                self.pick(THINGS),
                self.pick(TAILS)
            );
            self.say(&author, text);
        }
        self
    }

    /// People who talk about a burst water main, each in words of their own.
    fn water_main(mut self, posts: usize) -> Self {
        const WHAT: &[&str] = &[
            "Se reventó la tubería madre de Chilibre",
            "otra vez la tubería madre rota y nadie sale a explicar",
            "La planta potabilizadora de Chilibre parada",
            "carros cisterna para los hospitales por lo de Chilibre",
            "reparan la tubería madre esta noche según el IDAAN",
            "cisternas vacías en mi barrio y la planta potabilizadora muda",
        ];
        const MORE: &[&str] =
            &["qué desastre", "sin palabras", "#ChilibreSeca", "mi abuela cargando baldes", "hasta cuándo"];
        for at in 0..posts {
            let text = format!("{}, {}", self.pick(WHAT), self.pick(MORE));
            self.say(&format!("vecino{at}"), text);
        }
        self
    }

    fn documents(&self) -> Vec<TopicDocument<'_>> {
        self.made.iter().map(|(author, text)| TopicDocument { author, text }).collect()
    }
}

fn found(recent: &Talk, before: &Talk) -> Vec<Topic> {
    emerging(&recent.documents(), &before.documents(), &TopicOptions::default())
}

fn words(topics: &[Topic]) -> Vec<String> {
    topics.iter().flat_map(|topic| &topic.terms).map(|term| term.text.to_lowercase()).collect()
}

/// The baseline: the most frequent words of the recent posts.
fn most_frequent(talk: &Talk, count: usize) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (_, text) in &talk.made {
        let tokens = model::text::Tokens::of(text);
        for (folded, _) in tokens.iter().filter(|(folded, _)| !plain::is_stop(folded)) {
            *counts.entry(folded.to_owned()).or_default() += 1;
        }
    }
    let mut list: Vec<(String, usize)> = counts.into_iter().collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list.into_iter().take(count).map(|(word, _)| word).collect()
}

const PLANTED: [&str; 9] = [
    "tuberia",
    "madre",
    "chilibre",
    "potabilizadora",
    "planta",
    "cisterna",
    "cisternas",
    "chilibreseca",
    "revento",
];

fn is_planted(text: &str) -> bool {
    model::text::Tokens::of(text).iter().any(|(folded, _)| PLANTED.contains(&folded))
}

#[test]
fn a_planted_topic_is_found_where_frequent_words_are_the_usual_ones() {
    let before = Talk::new(1).chatter(4_000);
    let recent = Talk::new(2).chatter(1_000).water_main(40);
    let topics = found(&recent, &before);
    let first = topics.first().expect("a topic");
    let ours = topics.iter().filter(|topic| is_planted(&topic.terms[0].text)).count();
    let named = words(&topics);
    let right = named.iter().filter(|word| is_planted(word)).count();
    let usual = most_frequent(&recent, named.len().max(8));
    let usual_right = usual.iter().filter(|word| is_planted(word)).count();
    println!(
        "topics {named:?}: {right} of {} right; frequent words {usual:?}: {usual_right} right",
        named.len()
    );
    assert!(is_planted(&first.terms[0].text), "{named:?}");
    assert!(right * 3 >= named.len() * 2, "{named:?}");
    assert!(usual_right * 10 < usual.len() * 3, "{usual:?}");
    assert!(ours >= 1 && topics.len() <= 5, "{topics:?}");
    assert!(first.authors >= 10 && first.growth.is_none_or(|growth| growth > 5.0), "{first:?}");
    for topic in &topics {
        let expr = model::query::parse(&topic.expression).unwrap();
        drop(expr);
        assert!(topic.examples.iter().all(|place| *place < recent.made.len()));
    }
    let example = &recent.made[first.examples[0]].1;
    assert!(is_planted(example), "{example}");
}

#[test]
fn the_expression_of_a_topic_finds_the_texts_it_was_made_of() {
    let before = Talk::new(1).chatter(2_000);
    let recent = Talk::new(2).chatter(500).water_main(40);
    let topics = found(&recent, &before);
    let leaf = |topic: &Topic| {
        let clean = topic.expression.replace('"', "");
        clean.split(" OR ").map(str::to_owned).collect::<Vec<_>>()
    };
    let says = |text: &str, phrase: &str| {
        let tokens = model::text::Tokens::of(text);
        let folded: Vec<&str> = tokens.iter().map(|(folded, _)| folded).collect();
        let wanted: Vec<&str> = phrase.trim_start_matches('#').split(' ').collect();
        folded.windows(wanted.len()).any(|part| part == wanted)
    };
    for topic in &topics {
        let phrases = leaf(topic);
        let texts = recent.made.iter().filter(|(_, text)| phrases.iter().any(|phrase| says(text, phrase)));
        let authors: HashSet<&str> = texts.map(|(author, _)| author.as_str()).collect();
        // Copies were counted once; the expression finds them all.
        assert!(authors.len() >= topic.authors as usize, "{}", topic.expression);
        let example = |place: &usize| phrases.iter().any(|phrase| says(&recent.made[*place].1, phrase));
        assert!(topic.examples.iter().all(example), "{}", topic.expression);
    }
}

#[test]
fn a_chain_message_is_no_topic_however_many_send_it() {
    let before = Talk::new(3).chatter(2_000);
    let mut recent = Talk::new(4).chatter(500);
    for at in 0..200 {
        let end = recent.pick(&["", " Pásalo", " 🙏🙏", " urgente", " compartan"]);
        recent.say(
            &format!("reenvio{at}"),
            format!("Cadena: mañana cobran diez balboas por mensaje enviado, reenvía esto a veinte contactos para que tu logo se ponga verde{end}"),
        );
    }
    let topics = found(&recent, &before);
    assert_eq!(words(&topics), Vec::<String>::new());
}

#[test]
fn one_hyperactive_account_is_no_topic() {
    let before = Talk::new(5).chatter(2_000);
    let mut recent = Talk::new(6).chatter(500);
    for at in 0..400 {
        let tail = recent.pick(&["ya", "ahora", "mañana", "siempre", "nunca más"]);
        recent.say("tienda", format!("Ofertón de licuadoras {at} en Electrohogar {tail}"));
    }
    assert_eq!(words(&found(&recent, &before)), Vec::<String>::new());
}

#[test]
fn talk_as_usual_has_no_topics() {
    let before = Talk::new(7).chatter(4_000);
    let mut topics = 0;
    for seed in 10..20 {
        topics += found(&Talk::new(seed).chatter(1_000), &before).len();
    }
    // One in a hundred words by chance, of few words that can reach it.
    assert!(topics <= 2, "{topics} topics in ten spans of nothing new");
}

#[test]
fn the_order_of_the_texts_does_not_matter_for_what_is_found() {
    let before = Talk::new(1).chatter(1_000);
    let recent = Talk::new(2).chatter(300).water_main(40);
    let mut turned = recent.documents();
    turned.reverse();
    let options = TopicOptions::default();
    let names = |topics: Vec<Topic>| topics.into_iter().map(|topic| topic.expression).collect::<Vec<_>>();
    let straight = names(emerging(&recent.documents(), &before.documents(), &options));
    assert!(!straight.is_empty());
    assert_eq!(straight, names(emerging(&turned, &before.documents(), &options)));
    assert_eq!(straight, names(emerging(&recent.documents(), &before.documents(), &options)));
}

#[test]
fn nothing_one_post_and_a_megabyte_are_borne() {
    let none: &[TopicDocument<'_>] = &[];
    let options = TopicOptions::default();
    assert_eq!(emerging(none, none, &options), []);
    let one = [TopicDocument { author: "a", text: "¿A qué hora abren?" }];
    assert_eq!(emerging(&one, none, &options), []);
    assert_eq!(emerging(none, &one, &options), []);
    assert_eq!(questions(none, &[]), []);
    assert_eq!(questions(&one, &[]), []);
    let letter = "a".repeat(1 << 20);
    let word = "tubería ".repeat(1 << 17);
    let marks = "¿?".repeat(1 << 18);
    let big: Vec<TopicDocument<'_>> = [&letter, &word, &marks]
        .into_iter()
        .zip(["a", "b", "c"])
        .map(|(text, author)| TopicDocument { author, text })
        .collect();
    assert_eq!(emerging(&big, &big, &options), []);
    assert_eq!(questions(&big, &[]), []);
}

/// One question of the written set: half, group (a single has its own), text.
fn written() -> Vec<(String, String, String)> {
    let lines = include_str!("testdata/questions.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .enumerate()
        .map(|(at, line)| {
            let mut fields = line.split('\t');
            let mut field = || fields.next().unwrap().to_owned();
            let (half, group, text) = (field(), field(), field());
            let group = if group == "-" { format!("single {at}") } else { group };
            (half, group, text)
        })
        .collect()
}

/// Pairs in one group, wanted and found.
#[derive(Debug, Default, Clone, Copy)]
struct Pairs {
    right: usize,
    found: usize,
    wanted: usize,
}

impl Pairs {
    fn of(wanted: &[&str], groups: &[Vec<usize>]) -> Self {
        let together = |pairs: &mut BTreeSet<(usize, usize)>, members: &[usize]| {
            for (index, a) in members.iter().enumerate() {
                pairs.extend(members[index + 1..].iter().map(|b| (*a.min(b), *a.max(b))));
            }
        };
        let mut found = BTreeSet::new();
        groups.iter().for_each(|group| together(&mut found, group));
        let mut truth = BTreeSet::new();
        let mut by_group: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        wanted.iter().enumerate().for_each(|(at, group)| by_group.entry(group).or_default().push(at));
        by_group.values().for_each(|group| together(&mut truth, group));
        Self { right: found.intersection(&truth).count(), found: found.len(), wanted: truth.len() }
    }

    fn precision(self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    fn recall(self) -> f64 {
        self.right as f64 / self.wanted.max(1) as f64
    }

    fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }
}

/// Baseline: equal folded texts.
fn by_text(texts: &[&str]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    texts
        .iter()
        .enumerate()
        .for_each(|(at, text)| groups.entry(model::text::fold(text)).or_default().push(at));
    groups.into_values().collect()
}

/// Baseline: texts whose words overlap by this Jaccard share, joined by single linkage.
fn by_jaccard(texts: &[&str], least: f64) -> Vec<Vec<usize>> {
    let sets: Vec<BTreeSet<String>> = texts
        .iter()
        .map(|text| model::text::Tokens::of(text).iter().map(|(folded, _)| folded.to_owned()).collect())
        .collect();
    let mut group: Vec<usize> = (0..texts.len()).collect();
    for a in 0..texts.len() {
        for b in a + 1..texts.len() {
            let both = sets[a].intersection(&sets[b]).count() as f64;
            if both / sets[a].union(&sets[b]).count() as f64 >= least {
                let (keep, moved) = (group[a], group[b]);
                group.iter_mut().filter(|group| **group == moved).for_each(|group| *group = keep);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    group.into_iter().enumerate().for_each(|(at, group)| groups.entry(group).or_default().push(at));
    groups.into_values().collect()
}

/// Ours, the nearest Jaccard and equal texts, on the questions of a half.
fn judged(half: Option<&str>) -> [Pairs; 3] {
    let all = written();
    let set: Vec<_> = all.iter().filter(|(of, ..)| half.is_none_or(|half| half == of)).collect();
    let wanted: Vec<&str> = set.iter().map(|(_, group, _)| group.as_str()).collect();
    let texts: Vec<&str> = set.iter().map(|(.., text)| text.as_str()).collect();
    let authors: Vec<String> = (0..texts.len()).map(|at| format!("a{at}")).collect();
    let documents: Vec<TopicDocument<'_>> =
        texts.iter().zip(&authors).map(|(text, author)| TopicDocument { author, text }).collect();
    let groups = questions(&documents, &[]);
    for group in &groups {
        let names: BTreeSet<&str> = group.documents.iter().map(|at| wanted[*at]).collect();
        if names.len() > 1 {
            println!(
                "mixed {names:?}: {:?}",
                group.documents.iter().map(|at| texts[*at]).collect::<Vec<_>>()
            );
        }
    }
    let ours: Vec<Vec<usize>> = groups.into_iter().map(|group| group.documents).collect();
    // The baseline gets the threshold that suits it best on the very set.
    let jaccard = (2..9)
        .map(|tenths| Pairs::of(&wanted, &by_jaccard(&texts, f64::from(tenths) / 10.0)))
        .max_by(|a, b| a.f1().total_cmp(&b.f1()))
        .unwrap();
    [Pairs::of(&wanted, &ours), jaccard, Pairs::of(&wanted, &by_text(&texts))]
}

#[test]
fn questions_that_ask_the_same_are_grouped_better_than_by_their_text() {
    for half in [Some("a"), Some("b"), None] {
        let figures = judged(half);
        for (name, pairs) in ["ours", "jaccard (its best threshold)", "equal text"].iter().zip(figures) {
            println!(
                "half {half:?} {name}: P {:.3} R {:.3} F1 {:.3} ({} pairs wanted)",
                pairs.precision(),
                pairs.recall(),
                pairs.f1(),
                pairs.wanted
            );
        }
        let [ours, jaccard, exact] = figures;
        assert!(ours.precision() >= 0.9, "{half:?} {ours:?}");
        assert!(ours.f1() > jaccard.f1() + 0.1 && ours.f1() > exact.f1(), "{half:?} {figures:?}");
    }
}

#[test]
fn a_group_tells_its_question_its_wordings_and_its_answer() {
    let texts = [
        "@acme ¿Tienen wifi?",
        "hola, hay wifi?",
        "hay wifi?",
        "¿A qué hora cierran los domingos?",
        "cual es el horario de los domingos",
        "Mi perro ladra mucho hoy",
    ];
    let documents: Vec<TopicDocument<'_>> = texts
        .iter()
        .zip(["a", "b", "c", "d", "e", "f"])
        .map(|(text, author)| TopicDocument { author, text })
        .collect();
    let known = [
        KnownQuestion { wordings: &["¿Cuánto cuesta el café?"] },
        KnownQuestion { wordings: &["¿Tienen internet?", "clave del wifi", "wifi"] },
    ];
    let groups = questions(&documents, &known);
    assert_eq!(groups.len(), 2, "{groups:?}");
    assert_eq!((groups[0].text.as_str(), groups[0].authors, groups[0].known), ("hay wifi?", 3, Some(1)));
    assert_eq!(groups[0].wordings, ["hay wifi", "hola hay wifi", "tienen wifi"]);
    assert_eq!((groups[1].authors, groups[1].known), (2, None));
}

#[test]
fn one_author_who_repeats_is_no_recurring_question() {
    let documents = [TopicDocument { author: "a", text: "¿tienen wifi?" }; 20];
    assert_eq!(questions(&documents, &[]), []);
}
