//! The mentions most worth a label.
//!
//! In: an expression. Out: posts of which the method is unsure and which are
//! unlike each other, a tenth of them drawn at random.
//! Errors: [`AppError`]. Cost: about 60 µs for each candidate.
//! Limits: [`PROPOSALS`], [`CANDIDATES_MAX`].

use crate::listening::{PostView, Workspace};
use crate::{Actor, AppError};
use analysis::copies::{Signature, signature, similarity};
use analysis::understanding::{Explanation, explain};
use model::{Permission, RecordKey, RecordKind};
use std::collections::HashMap;
use store::index::{Order, SearchRequest};

/// Mentions proposed at once.
pub const PROPOSALS: usize = 20;
/// Of them, drawn at random: the only unbiased measure.
const RANDOM_PROPOSALS: usize = PROPOSALS / 10;
/// Newest posts among which the proposals are sought.
const CANDIDATES_MAX: usize = 2_000;
/// Two proposals are not more alike than this.
const ALIKE_MAX: f32 = 0.4;

/// Why a mention is worth a label.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Worth {
    /// The method is unsure of this question.
    Unsure {
        /// The question.
        head: &'static str,
        /// The likeliest answer.
        value: &'static str,
        /// Its probability, 0…1.
        probability: f32,
    },
    /// Drawn at random, so that the measure is fair.
    Random,
}

/// A mention worth a label.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Proposal {
    /// The post.
    pub view: PostView,
    /// Why.
    pub worth: Worth,
}

impl Workspace {
    /// The mentions most worth a label: unsure and unlike each other, a tenth
    /// of them at random; those that were corrected already are left out.
    /// Cost: about 60 µs for each of the newest 2,000 mentions.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Query`].
    pub fn worth_labelling(&self, actor: &Actor, expression: &str) -> Result<Vec<Proposal>, AppError> {
        actor.require(Permission::Label)?;
        let expr = crate::listening::parse_or_all(expression)?;
        let page = self.index().search(&SearchRequest {
            expr: &expr,
            labels: &self.labels_for(&[&expr])?,
            order: Order::Newest,
            limit: CANDIDATES_MAX.min(store::index::SEARCH_LIMIT_MAX),
            after: None,
        })?;
        let ids: Vec<i64> = page.hits.iter().map(|hit| hit.id).collect();
        let taught = self.taught();
        let mut candidates = Vec::new();
        for (id, post) in self.posts_of(&ids)? {
            let key = RecordKey::of(RecordKind::Post, post.key.network, &post.key.native_id);
            if taught.knows(key) {
                continue;
            }
            let text = post.full_text().into_owned();
            let explained = explain(&text, &model::text::Tokens::of(&text), taught.layer());
            candidates.push(Candidate {
                id,
                unsure: unsure(&explained),
                signature: signature(&text),
                lot: key
                    .0
                    .iter()
                    .fold(0_u64, |lot, byte| lot.wrapping_mul(31).wrapping_add(u64::from(*byte))),
            });
        }
        let chosen = choose(candidates);
        let mut views: HashMap<i64, PostView> = HashMap::new();
        let ids: Vec<i64> = chosen.iter().map(|(id, _)| *id).collect();
        for view in self.views(&ids, Some(&expr))? {
            views.insert(view.id, view);
        }
        Ok(chosen
            .into_iter()
            .filter_map(|(id, worth)| Some(Proposal { view: views.remove(&id)?, worth }))
            .collect())
    }
}

/// A post that may be proposed.
struct Candidate {
    id: i64,
    unsure: Option<(f32, Worth)>,
    signature: Option<Signature>,
    /// Decides the random ones: no clock and no dice, so a reload shows the same.
    lot: u64,
}

/// The question that the method is least sure of, with the distance from an even chance.
fn unsure(explained: &Explanation) -> Option<(f32, Worth)> {
    let choices = [&explained.tone, &explained.offence].into_iter().flatten().map(|one| {
        let second = one.others.first().map_or(0.0, |(_, probability)| *probability);
        (one.probability - second, one)
    });
    let intents = explained.intents.iter().map(|one| ((one.probability - 0.5).abs() * 2.0, one));
    let least = choices.chain(intents).min_by(|(one, _), (other, _)| one.total_cmp(other));
    least.map(|(margin, one)| {
        let (head, value, probability) = (one.head.name(), one.value, one.probability);
        (margin, Worth::Unsure { head, value, probability })
    })
}

/// The most unsure that are unlike each other, then the random ones.
fn choose(mut candidates: Vec<Candidate>) -> Vec<(i64, Worth)> {
    candidates.sort_by_key(|candidate| (candidate.lot, candidate.id));
    let random: Vec<(i64, Worth)> =
        candidates.iter().take(RANDOM_PROPOSALS).map(|candidate| (candidate.id, Worth::Random)).collect();
    let mut rest: Vec<(f32, Worth, Candidate)> = candidates
        .into_iter()
        .skip(RANDOM_PROPOSALS)
        .filter_map(|candidate| candidate.unsure.map(|(margin, worth)| (margin, worth, candidate)))
        .collect();
    rest.sort_by(|(one, _, a), (other, _, b)| one.total_cmp(other).then(b.id.cmp(&a.id)));
    let mut chosen: Vec<(Worth, Candidate)> = Vec::new();
    for (_, worth, candidate) in rest {
        if chosen.len() == PROPOSALS - RANDOM_PROPOSALS {
            break;
        }
        let alike = |other: &Candidate| match (&candidate.signature, &other.signature) {
            (Some(one), Some(other)) => similarity(one, other) >= ALIKE_MAX,
            _ => false,
        };
        if !chosen.iter().any(|(_, other)| alike(other)) {
            chosen.push((worth, candidate));
        }
    }
    chosen.into_iter().map(|(worth, candidate)| (candidate.id, worth)).chain(random).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of six made-up words, other ones for each number.
    fn unlike(id: i64) -> String {
        let mut seed = id.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut word = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let letter = |at: u64| char::from(b'a' + (seed >> (20 + 5 * at)) as u8 % 26);
            (0..8).map(letter).collect::<String>()
        };
        (0..6).map(|_| word()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn proposals_are_unsure_unlike_each_other_and_partly_random() {
        let candidate = |id: i64, text: &str, margin: f32| Candidate {
            id,
            unsure: Some((margin, Worth::Unsure { head: "tone", value: "negative", probability: 0.5 })),
            signature: signature(text),
            lot: id.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15),
        };
        let chain = "Reenvía esto a diez contactos o se cerrará tu cuenta mañana por la tarde";
        let list: Vec<Candidate> = (0..300_i64)
            .map(|id| match id % 3 {
                0 => candidate(id, chain, 0.01),
                _ => candidate(id, &unlike(id), 0.02),
            })
            .collect();
        let chosen = choose(list);
        assert_eq!(chosen.len(), PROPOSALS);
        assert_eq!(chosen.iter().filter(|(_, worth)| *worth == Worth::Random).count(), RANDOM_PROPOSALS);
        let unsure: Vec<i64> =
            chosen.iter().filter(|(_, worth)| *worth != Worth::Random).map(|(id, _)| *id).collect();
        assert!(unsure.iter().filter(|id| *id % 3 == 0).count() <= 1, "{unsure:?}");
    }
}
