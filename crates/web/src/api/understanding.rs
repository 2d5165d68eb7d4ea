//! Understanding: what a post says and wants, corrections, what they taught.
//!
//! Shapes: [`ReadingBody`] keeps the method beside each statement;
//! probabilities are 0…1, weights in the units of the method.

use super::view::{Instant, PostBody};
use super::{Answer, Asked, Listed, Named, Sent, created, page_size};
use crate::errors::{Code, Error};
use crate::front::{Call, Need, Route, work};
use app::listening::Judgement;
use app::understanding::{
    CorrectionView, HeadReport, LearningReport, Outcome, Proposal, Reading, ScamCheck, SeenBefore, SignView,
    Worth,
};
use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{delete, get, post};
use model::sentiment::Reason;
use model::{Lang, Permission, Tone};
use serde::{Deserialize, Serialize};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/corrections",
            need: Need::Token(Permission::Read),
            summary: "What people decided instead of the method, newest first, undone ones included",
            handler: get(corrections),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/corrections",
            need: Need::Token(Permission::Label),
            summary: "Say that a post is something else than the method says; it holds at once",
            handler: post(correct),
        },
        Route {
            method: Method::DELETE,
            path: "/api/v1/corrections/{id}",
            need: Need::Token(Permission::Label),
            summary: "Take a correction back; what the method says stands again",
            handler: delete(undo),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/learning",
            need: Need::Token(Permission::Read),
            summary: "What the team taught, and the method before and after on the corrections that only judge",
            handler: get(learning),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/worth-labelling",
            need: Need::Token(Permission::Label),
            summary: "The twenty mentions of an expression most worth a label, a tenth of them at random",
            handler: get(worth_labelling),
        },
    ]
}

/// Other answers of a choice.
#[derive(Debug, Serialize)]
pub(super) struct OtherAnswer {
    value: &'static str,
    probability_01: f32,
}

/// One answer of the method.
#[derive(Debug, Serialize)]
pub(super) struct AnswerBody {
    head: &'static str,
    value: &'static str,
    probability_01: f32,
    given: bool,
    reasons: Vec<Reason>,
    others: Vec<OtherAnswer>,
}

/// Why it is urgent.
#[derive(Debug, Serialize)]
pub(super) struct UrgencyReasonBody {
    reason: &'static str,
    text: String,
    weight: f32,
}

/// Tone toward a brand.
#[derive(Debug, Serialize)]
pub(super) struct TargetBody {
    target: String,
    own: bool,
    tone: Tone,
    score: Option<f32>,
    reasons: Vec<Reason>,
}

/// Name and version of a method.
#[derive(Debug, Serialize)]
pub(super) struct MethodBody {
    name: &'static str,
    version: u32,
}

impl<T> From<&Judgement<T>> for MethodBody {
    fn from(judgement: &Judgement<T>) -> Self {
        Self { name: judgement.method, version: judgement.version }
    }
}

/// What a post says and wants, as the method reads it.
#[derive(Debug, Serialize)]
pub(super) struct ReadingBody {
    read_as: Option<Lang>,
    answers: Vec<AnswerBody>,
    answers_method: MethodBody,
    urgency_reasons: Vec<UrgencyReasonBody>,
    urgency_method: MethodBody,
    targets: Vec<TargetBody>,
    targets_method: MethodBody,
}

impl From<Reading> for ReadingBody {
    fn from(reading: Reading) -> Self {
        let answers_method = MethodBody::from(&reading.answers);
        let urgency_method = MethodBody::from(&reading.urgency_reasons);
        let targets_method = MethodBody::from(&reading.targets);
        let answer = |answer: app::understanding::Answer| AnswerBody {
            head: answer.head,
            value: answer.value,
            probability_01: answer.probability,
            given: answer.given,
            reasons: answer.reasons,
            others: answer
                .others
                .into_iter()
                .map(|(value, probability_01)| OtherAnswer { value, probability_01 })
                .collect(),
        };
        let reason = |note: app::understanding::UrgencyNote| UrgencyReasonBody {
            reason: note.reason,
            text: note.words.text,
            weight: note.words.weight,
        };
        let target = |target: app::understanding::TargetReading| TargetBody {
            target: target.target,
            own: target.own,
            tone: target.sentiment.tone,
            score: target.sentiment.score,
            reasons: target.sentiment.reasons,
        };
        Self {
            read_as: reading.read_as,
            answers: reading.answers.value.into_iter().map(answer).collect(),
            answers_method,
            urgency_reasons: reading.urgency_reasons.value.into_iter().map(reason).collect(),
            urgency_method,
            targets: reading.targets.value.into_iter().map(target).collect(),
            targets_method,
        }
    }
}

/// A sign of a scam.
#[derive(Debug, Serialize)]
pub(super) struct SignBody {
    sign: &'static str,
    number: Option<u8>,
    weight: f32,
    evidence: Vec<Reason>,
}

/// What a scam check found.
#[derive(Debug, Serialize)]
pub(super) struct ScamBody {
    verdict: &'static str,
    signs: Vec<SignBody>,
    against: Vec<Reason>,
    is_read: bool,
    seen: Option<i64>,
    method: MethodBody,
}

impl From<ScamCheck> for ScamBody {
    fn from(check: ScamCheck) -> Self {
        let method = MethodBody::from(&check.signs);
        let sign = |sign: SignView| SignBody {
            sign: sign.sign,
            number: sign.number,
            weight: sign.weight,
            evidence: sign.evidence,
        };
        Self {
            verdict: check.verdict,
            signs: check.signs.value.into_iter().map(sign).collect(),
            against: check.against,
            is_read: check.is_read,
            seen: check.seen.map(|view| view.id),
            method,
        }
    }
}

/// What is known of a post's text from before.
#[derive(Debug, Serialize)]
pub(super) struct SeenBody {
    cascade: i64,
    posts_count: u64,
    earlier_count: u64,
    first: PostBody,
}

impl From<SeenBefore> for SeenBody {
    fn from(seen: SeenBefore) -> Self {
        Self {
            cascade: seen.cascade,
            posts_count: seen.total,
            earlier_count: seen.earlier,
            first: seen.first.into(),
        }
    }
}

/// A correction.
#[derive(Debug, Serialize)]
pub(super) struct CorrectionBody {
    id: i64,
    post: Option<i64>,
    head: String,
    value: String,
    at: Instant,
    user: Option<i64>,
    held_out: bool,
    undone_at: Option<Instant>,
}

impl From<CorrectionView> for CorrectionBody {
    fn from(correction: CorrectionView) -> Self {
        Self {
            id: correction.id,
            post: correction.post,
            head: correction.head,
            value: correction.value,
            at: Instant(correction.at),
            user: correction.by,
            held_out: correction.held_out,
            undone_at: correction.undone_at.map(Instant),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectionsPage {
    limit: Option<usize>,
    after: Option<i64>,
}

async fn corrections(
    call: Call,
    Asked(asked): Asked<CorrectionsPage>,
) -> Answer<Json<Listed<CorrectionBody>>> {
    let limit = page_size(asked.limit)?;
    let found = work(move || call.workspace.list_corrections(&call.actor, asked.after, limit + 1)).await?;
    Ok(Listed::cut(found.into_iter().map(CorrectionBody::from).collect(), limit, |one| one.id))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCorrection {
    post: i64,
    head: String,
    value: String,
}

async fn correct(call: Call, Sent(new): Sent<NewCorrection>) -> Answer<Response> {
    let made = work(move || {
        let id = call.workspace.correct(&call.actor, new.post, &new.head, &new.value)?;
        let newest = call.workspace.list_corrections(&call.actor, Some(id.saturating_add(1)), 1)?;
        Ok(newest.into_iter().find(|one| one.id == id))
    })
    .await?;
    // Just stored: absent only if the post was erased in between.
    let made = made.map(CorrectionBody::from).ok_or_else(|| Error::new(Code::NotFound))?;
    Ok(created("/api/v1/corrections".to_owned(), made))
}

async fn undo(call: Call, Named(id): Named<i64>) -> Answer<StatusCode> {
    work(move || call.workspace.undo_correction(&call.actor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct HeadBody {
    head: &'static str,
    judged_count: u64,
    right_before_count: u64,
    right_after_count: u64,
    outcome: Outcome,
}

impl From<HeadReport> for HeadBody {
    fn from(report: HeadReport) -> Self {
        Self {
            head: report.head,
            judged_count: report.judged,
            right_before_count: report.right_before,
            right_after_count: report.right_after,
            outcome: report.outcome(),
        }
    }
}

#[derive(Serialize)]
struct PersonWeight {
    user: Option<i64>,
    weight: f32,
}

#[derive(Serialize)]
struct LearningBody {
    standing_count: u64,
    teaching_count: u64,
    weights: Vec<PersonWeight>,
    conflicts_count: u64,
    heads: Vec<HeadBody>,
}

impl From<LearningReport> for LearningBody {
    fn from(report: LearningReport) -> Self {
        Self {
            standing_count: report.standing,
            teaching_count: report.teaching,
            weights: report.weights.into_iter().map(|(user, weight)| PersonWeight { user, weight }).collect(),
            conflicts_count: report.conflicts,
            heads: report.heads.into_iter().map(HeadBody::from).collect(),
        }
    }
}

async fn learning(call: Call) -> Answer<Json<LearningBody>> {
    let report = work(move || call.workspace.learning_report(&call.actor)).await?;
    Ok(Json(report.into()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct ProposalBody {
    post: PostBody,
    why: &'static str,
    /// The question that the method is unsure of; `null` for a random one.
    head: Option<&'static str>,
    value: Option<&'static str>,
    probability_01: Option<f32>,
}

impl From<Proposal> for ProposalBody {
    fn from(proposal: Proposal) -> Self {
        let post = proposal.view.into();
        match proposal.worth {
            Worth::Random => Self { post, why: "random", head: None, value: None, probability_01: None },
            Worth::Unsure { head, value, probability } => Self {
                post,
                why: "unsure",
                head: Some(head),
                value: Some(value),
                probability_01: Some(probability),
            },
        }
    }
}

async fn worth_labelling(call: Call, Asked(asked): Asked<Wanted>) -> Answer<Json<Listed<ProposalBody>>> {
    let found = work(move || call.workspace.worth_labelling(&call.actor, &asked.q)).await?;
    Ok(Listed::whole(found.into_iter().map(ProposalBody::from).collect()))
}
