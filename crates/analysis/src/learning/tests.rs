//! A correction counts, can be undone, and no one person rules.

use super::*;
use crate::understanding::understand_in;
use model::understanding::Intent;
use model::{Tone, Understood};

const TEXT: &str = "Otra vez el ascensor del edificio parado, toca subir nueve pisos a pie";

fn says(person: u64, text: &str, tone: Tone) -> Correction {
    Correction { text: text.to_owned(), language: Lang::ES, value: Value::Tone(tone), person, weight: 1.0 }
}

fn read(text: &str, layer: &Layer) -> Understood {
    understand_in(text, &Tokens::of(text), Some(Lang::ES), Some(layer))
}

fn score(text: &str, layer: &Layer) -> f32 {
    read(text, layer).tone_score.unwrap_or(0.0)
}

#[test]
fn a_correction_counts_at_once_and_is_undone_by_building_again() {
    let before = Layer::default();
    let correction = says(1, TEXT, Tone::Positive);
    let mut after = Layer::default();
    assert_eq!(after.learn(&correction), Learned::Added);
    assert!(score(TEXT, &after) > score(TEXT, &before) + 0.1, "{:?}", read(TEXT, &after));
    assert_eq!(Layer::of(std::slice::from_ref(&correction)), after);
    assert_eq!(read(TEXT, &Layer::of(&[])), read(TEXT, &before));
}

#[test]
fn an_empty_layer_changes_nothing_and_the_same_list_gives_the_same_layer() {
    let empty = Layer::of(&[]);
    assert!(empty.is_empty());
    let plain = understand_in(TEXT, &Tokens::of(TEXT), Some(Lang::ES), None);
    assert_eq!(read(TEXT, &empty), plain);
    let list: Vec<Correction> = (0..40)
        .map(|at| says(at % 3, &format!("mensaje número {at} del vecino"), Tone::ALL[1 + at as usize % 3]))
        .collect();
    assert_eq!(Layer::of(&list), Layer::of(&list));
}

#[test]
fn intents_are_taught_one_by_one() {
    let value = Value::Intent(Intent::Suggestion, true);
    let list = vec![Correction { value, ..says(1, TEXT, Tone::Negative) }; 6];
    let layer = Layer::of(&list);
    let (before, after) = (read(TEXT, &Layer::default()), read(TEXT, &layer));
    assert!(!before.intents.contains(Intent::Suggestion) && after.intents.contains(Intent::Suggestion));
    assert_eq!(before.tone, after.tone);
}

/// Somebody who floods the workspace moves no more than the documented share.
#[test]
fn one_person_among_several_is_capped() {
    let mut list: Vec<Correction> =
        (0..30).map(|at| says(1, &format!("queja número {at} del barrio"), Tone::Negative)).collect();
    list.extend((0..500).map(|at| says(2, &format!("texto {at} repetido hasta cansar"), Tone::Positive)));
    let layer = Layer::of(&list);
    let weights: BTreeMap<u64, f32> = layer.weights().collect();
    let all: f32 = weights.values().sum();
    assert!(weights[&1] >= FREE_WEIGHT && weights[&2] > 0.0);
    assert!(weights[&2] <= (all * SHARE_MAX).max(FREE_WEIGHT) + 1e-3, "{weights:?}");
}

#[test]
fn two_people_who_contradict_each_other_count_half() {
    let list = [says(1, TEXT, Tone::Positive), says(2, TEXT, Tone::Negative)];
    let layer = Layer::of(&list);
    assert_eq!(layer.conflicts(), 1);
    assert_eq!(layer.weights().map(|(_, weight)| weight).collect::<Vec<_>>(), [0.5, 0.5]);
    let mut step = Layer::of(&list[..1]);
    assert_eq!(step.learn(&list[1]), Learned::BuildAgain);
    // The same person may think again: that is no conflict.
    assert_eq!(Layer::of(&[says(1, TEXT, Tone::Positive), says(1, TEXT, Tone::Negative)]).conflicts(), 0);
}

#[test]
fn a_layer_moves_no_text_beyond_its_limit() {
    let list = vec![Correction { weight: f32::INFINITY, ..says(1, TEXT, Tone::Positive) }; 3];
    assert!(Layer::of(&list).is_empty());
    let list = vec![Correction { weight: 1e9, ..says(1, TEXT, Tone::Positive) }; 300];
    let moved = read(TEXT, &Layer::of(&list));
    assert!(moved.tone_score.is_some_and(|score| score.is_finite() && score <= 1.0));
}

#[test]
fn bad_corrections_teach_nothing() {
    let unknown = says(1, TEXT, Tone::Unknown);
    let french = Correction { language: Lang::parse("fr").unwrap(), ..says(1, TEXT, Tone::Positive) };
    let empty = says(1, "", Tone::Positive);
    assert!(Layer::of(&[unknown, french]).is_empty());
    assert_eq!(read(TEXT, &Layer::of(&[empty])), read(TEXT, &Layer::default()));
}
