//! Words that ask for the same thing: «precio», «cuesta», «cuánto vale».

use super::stems::stem;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What kind of answer a question wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    When,
    Where,
    Much,
    How,
    Who,
    Why,
}

impl Class {
    const ALL: [(Self, &'static str); 6] = [
        (Self::When, "when"),
        (Self::Where, "where"),
        (Self::Much, "much"),
        (Self::How, "how"),
        (Self::Who, "who"),
        (Self::Why, "why"),
    ];

    /// The class of a folded question word.
    pub fn of_word(folded: &str) -> Option<Self> {
        match folded {
            "cuando" | "quando" | "when" | "kuando" | "cdo" | "hora" | "horas" => Some(Self::When),
            "donde" | "adonde" | "onde" | "aonde" | "where" | "dnd" | "dond" => Some(Self::Where),
            "cuanto" | "cuanta" | "cuantos" | "cuantas" | "quanto" | "quanta" | "quantos" | "much"
            | "many" | "cto" | "kuanto" => Some(Self::Much),
            "como" | "how" | "komo" => Some(Self::How),
            "quien" | "quienes" | "who" | "quem" | "kien" => Some(Self::Who),
            "porque" | "xq" | "pq" | "why" | "porke" => Some(Self::Why),
            _ => None,
        }
    }
}

/// A thing that is asked for, with the kind of question that it implies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Concept {
    /// Its number.
    pub id: u16,
    /// The class that says nothing more beside it.
    pub implies: Option<Class>,
}

static CONCEPTS: LazyLock<HashMap<String, Concept>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    let lines = include_str!("concepts.tsv").lines().filter(|line| !line.starts_with('#'));
    for (id, line) in (0..).zip(lines) {
        let mut fields = line.split('\t').skip(1);
        let class = fields.next().unwrap_or("-");
        let implies = Class::ALL.iter().find(|(_, name)| *name == class).map(|(class, _)| *class);
        for word in fields.flat_map(str::split_whitespace) {
            words.entry(stem(word)).or_insert(Concept { id, implies });
        }
    }
    words
});

/// The concept of a stem.
pub(super) fn concept_of(stem: &str) -> Option<Concept> {
    CONCEPTS.get(stem).copied()
}
