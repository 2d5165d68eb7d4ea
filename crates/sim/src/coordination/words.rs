//! Made-up words of people and of groups, in Spanish, by a small grammar:
//! `{slot}` stands for one line of the slot's list, which may hold slots.
//!
//! Ordinary posts come from some 10⁹ combinations, so that equal texts mean
//! something; short answers repeat by chance, as they do among people.

use super::settings::Wording;
use super::vocabulary::{FRONTS, INTERESTS, Interest, SLOTS, SYNONYMS, TAILS};
use crate::random::Random;

/// Slots inside slots.
const NESTING_MAX: u32 = 4;

/// A template with its slots filled; `{asunto}` is `subject`.
pub(super) fn expand(random: &mut Random, template: &str, subject: &str) -> String {
    let mut out = String::with_capacity(140);
    fill(random, template, subject, 0, &mut out);
    if out.contains(" el ") {
        out = out.replace(" de el ", " del ").replace(" a el ", " al ");
    }
    out
}

fn fill(random: &mut Random, template: &str, subject: &str, depth: u32, out: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (slot, after) = after.split_once('}').unwrap_or(("", after));
        if slot == "asunto" {
            out.push_str(subject);
        } else if let Some((_, lines)) = SLOTS.iter().find(|(name, _)| *name == slot)
            && depth < NESTING_MAX
        {
            let line = *random.pick(lines);
            fill(random, line, subject, depth + 1, out);
        }
        rest = after;
    }
    out.push_str(rest);
}

/// The field of talk of a number; numbers go round.
pub(super) fn interest(number: usize) -> &'static Interest {
    // The remainder is below the length of the table.
    &INTERESTS[number % INTERESTS.len()]
}

/// What somebody says of their own accord.
pub(super) fn said(random: &mut Random, field: usize) -> String {
    let subject = *random.pick(interest(field).subjects);
    let template = *random.pick(&[
        "{inicio}: {asunto} {verbo} {cuando}, {enlace} {segundo}{cola}",
        "{inicio} {asunto} {cuando}. {segundo} {enlace} {segundo}{cola}",
        "En {lugar} {asunto} {verbo}, {enlace} {segundo} {cuando}{cola}",
        "¿Vieron {asunto}? {verbo} en {lugar} {cuando}, {enlace} {segundo}",
        "{cuando} {segundo}: {asunto} {verbo}{cola}",
        "Para {lugar} {asunto} {verbo}. {inicio}, {segundo} {enlace} {segundo}",
    ]);
    expand(random, template, subject)
}

/// The text of one operation as another account writes it.
pub(super) fn retold(
    random: &mut Random,
    text: &str,
    wording: Wording,
    template: &str,
    subject: &str,
) -> String {
    match wording {
        Wording::Copied => text.to_owned(),
        Wording::Edited => edited(random, text),
        Wording::Rewritten => expand(random, template, subject),
    }
}

/// The text with small changes: a word, a front, an ending.
pub(super) fn edited(random: &mut Random, text: &str) -> String {
    let mut changed = text.to_owned();
    for _ in 0..2 {
        let (from, to) = *random.pick(SYNONYMS);
        if random.chance(0.6) {
            let words: Vec<&str> =
                changed.split(' ').map(|word| if word == from { to } else { word }).collect();
            changed = words.join(" ");
        }
    }
    format!("{}{changed}{}", random.pick(FRONTS), random.pick(TAILS))
}

/// The words of a headline as addresses have them.
pub(super) fn slug(headline: &str) -> String {
    let words = model::text::fold(headline);
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 2);
    words.take(6).collect::<Vec<_>>().join("-")
}
