//! Coordinated networks: what the last search found, the evidence of a group,
//! the team's decisions, the audit of a campaign.

use super::view::Instant;
use super::{Answer, Asked, Named, NoParameters, Sent, invalid};
use crate::front::{Call, Need, Route, work};
use app::coordination::{
    AccountCard, CampaignAudit, CampaignClass, CampaignGroup, CoordinationView, DecisionView, DetectionState,
    EarlierGroup, GroupActions, GroupMap, GroupReport, KnownGroup, LiveCounts, METHOD, METHOD_VERSION,
    Resemblance, TraceReport,
};
use axum::Json;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use model::{Behaviour, GroupDecision, Permission, Strength, Trace};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let (read, label) = (Need::Token(Permission::Read), Need::Token(Permission::Label));
    let route = |method, path, need, summary, handler| Route { method, path, need, summary, handler };
    vec![
        route(
            Method::GET,
            "/api/v1/coordination",
            read,
            "Groups of accounts that act as one, as the last search found them",
            get(list),
        ),
        route(Method::POST, "/api/v1/coordination/run", label, "Begins to search for groups", post(run)),
        route(
            Method::GET,
            "/api/v1/coordination/groups/{group}",
            read,
            "One group with all its evidence",
            get(load),
        ),
        route(
            Method::GET,
            "/api/v1/coordination/groups/{group}/accounts/{account}",
            read,
            "One account of a group with its evidence",
            get(account),
        ),
        route(
            Method::GET,
            "/api/v1/coordination/groups/{group}/actions",
            Need::Token(Permission::Export),
            "The acts of a group on its joint objects, to repeat the test",
            get(actions),
        ),
        route(
            Method::POST,
            "/api/v1/coordination/groups/{group}/decision",
            label,
            "Signs what the team decides of a group",
            post(decide),
        ),
        route(
            Method::GET,
            "/api/v1/coordination/audit",
            read,
            "Which share of a campaign's engagement is organic, coordinated, inactive",
            get(audit),
        ),
        route(
            Method::GET,
            "/api/v1/coordination/map",
            read,
            "Accounts of the groups with their places and ties",
            get(map),
        ),
    ]
}

/// A decision of the team.
#[derive(Serialize)]
struct DecisionBody {
    decision: GroupDecision,
    note: String,
    by: String,
    at: Instant,
    /// The group of which it was said.
    group: String,
}

impl From<DecisionView> for DecisionBody {
    fn from(view: DecisionView) -> Self {
        Self {
            decision: view.decision,
            note: view.note,
            by: view.by,
            at: Instant(view.at),
            group: view.group,
        }
    }
}

/// What came since the search.
#[derive(Serialize)]
struct LiveBody {
    posts_count: u64,
    newest: Option<Instant>,
    outside_count: u64,
    crossed: Vec<String>,
}

impl From<LiveCounts> for LiveBody {
    fn from(live: LiveCounts) -> Self {
        Self {
            posts_count: live.posts,
            newest: live.newest.map(Instant),
            outside_count: live.outside,
            crossed: live.crossed,
        }
    }
}

/// A behaviour of a group in the list.
#[derive(Serialize)]
struct DoesBody {
    behaviour: Behaviour,
    strength: Strength,
    toward: Vec<String>,
}

/// A group in the list.
#[derive(Serialize)]
struct LineBody {
    id: String,
    strength: Strength,
    p: f64,
    members_count: u64,
    does: Vec<DoesBody>,
    decision: Option<DecisionBody>,
    live: LiveBody,
}

impl From<KnownGroup> for LineBody {
    fn from(group: KnownGroup) -> Self {
        let report = group.report;
        Self {
            members_count: report.members.len() as u64,
            does: report
                .behaviours
                .into_iter()
                .map(|view| DoesBody {
                    behaviour: view.behaviour,
                    strength: view.strength,
                    toward: view.toward,
                })
                .collect(),
            id: report.id,
            strength: report.strength,
            p: report.p,
            decision: group.decision.map(Into::into),
            live: group.live.into(),
        }
    }
}

/// What the last search found.
#[derive(Serialize)]
struct FoundBody {
    run_at: Instant,
    since: Instant,
    posts_count: u64,
    accounts_count: u64,
    left_out_count: u64,
    over_limit_count: u64,
    texts_compared_count: u64,
    texts_beyond_count: u64,
    traces: BTreeMap<Trace, TraceReport>,
    weak_signals_count: u64,
    groups_left_out_count: u64,
    groups: Vec<LineBody>,
}

impl From<CoordinationView> for FoundBody {
    fn from(view: CoordinationView) -> Self {
        Self {
            run_at: Instant(view.run_at),
            since: Instant(view.since),
            posts_count: view.posts,
            accounts_count: view.accounts,
            left_out_count: view.left_out,
            over_limit_count: view.over_limit,
            texts_compared_count: view.texts_compared,
            texts_beyond_count: view.texts_beyond,
            traces: view.traces,
            weak_signals_count: view.weak_signals,
            groups_left_out_count: view.groups_left_out,
            groups: view.groups.into_iter().map(Into::into).collect(),
        }
    }
}

#[derive(Serialize)]
struct CoordinationBody {
    state: DetectionState,
    /// `null` when there was no search yet.
    found: Option<FoundBody>,
}

async fn list(call: Call, _: Asked<NoParameters>) -> Answer<Json<CoordinationBody>> {
    let (state, view) = work(move || {
        Ok((call.workspace.detection_state(&call.actor)?, call.workspace.coordination(&call.actor)?))
    })
    .await?;
    Ok(Json(CoordinationBody { state, found: view.map(Into::into) }))
}

async fn run(call: Call, _: Asked<NoParameters>) -> Answer<Json<DetectionState>> {
    let state = work(move || {
        call.workspace.detect_coordination(&call.actor)?;
        call.workspace.detection_state(&call.actor)
    })
    .await?;
    Ok(Json(state))
}

/// An earlier group.
#[derive(Serialize)]
struct ResemblanceBody {
    id: String,
    score_01: f64,
    likeness: &'static str,
    shared_members_count: u64,
    seen_at: Instant,
    decision: Option<DecisionBody>,
}

impl From<Resemblance> for ResemblanceBody {
    fn from(one: Resemblance) -> Self {
        Self {
            id: one.id,
            score_01: one.score,
            likeness: one.likeness,
            shared_members_count: one.shared_members,
            seen_at: Instant(one.seen_at),
            decision: one.decision.map(Into::into),
        }
    }
}

/// A group with all its evidence, and what made it.
#[derive(Serialize)]
pub(crate) struct EvidenceBody {
    method: &'static str,
    method_version: u32,
    report: GroupReport,
    decision: Option<DecisionBody>,
    earlier: Vec<ResemblanceBody>,
    live: LiveBody,
}

impl From<KnownGroup> for EvidenceBody {
    fn from(group: KnownGroup) -> Self {
        Self {
            method: METHOD,
            method_version: METHOD_VERSION,
            report: group.report,
            decision: group.decision.map(Into::into),
            earlier: group.earlier.into_iter().map(Into::into).collect(),
            live: group.live.into(),
        }
    }
}

async fn load(call: Call, Named(id): Named<String>, _: Asked<NoParameters>) -> Answer<Json<EvidenceBody>> {
    Ok(Json(work(move || call.workspace.coordinated_group(&call.actor, &id)).await?.into()))
}

/// A group of the last search with accounts of an earlier one.
#[derive(Serialize)]
struct NowBody {
    id: String,
    shared_accounts_count: u64,
}

/// An earlier group in which an account was.
#[derive(Serialize)]
struct EarlierBody {
    id: String,
    seen_at: Instant,
    accounts_count: u64,
    decision: Option<DecisionBody>,
    now: Vec<NowBody>,
}

impl From<EarlierGroup> for EarlierBody {
    fn from(group: EarlierGroup) -> Self {
        let now = |(id, shared_accounts_count)| NowBody { id, shared_accounts_count };
        Self {
            id: group.id,
            seen_at: Instant(group.seen_at),
            accounts_count: group.accounts,
            decision: group.decision.map(Into::into),
            now: group.now.into_iter().map(now).collect(),
        }
    }
}

/// An account of a group with its evidence, and what made it.
#[derive(Serialize)]
pub(crate) struct AccountBody {
    method: &'static str,
    method_version: u32,
    earlier: Vec<EarlierBody>,
    card: AccountCard,
}

impl From<AccountCard> for AccountBody {
    fn from(mut card: AccountCard) -> Self {
        Self {
            method: METHOD,
            method_version: METHOD_VERSION,
            earlier: std::mem::take(&mut card.earlier).into_iter().map(Into::into).collect(),
            card,
        }
    }
}

async fn account(
    call: Call,
    Named((group, account)): Named<(String, String)>,
    _: Asked<NoParameters>,
) -> Answer<Json<AccountBody>> {
    let card = work(move || call.workspace.coordinated_account(&call.actor, &group, &account)).await?;
    Ok(Json(card.into()))
}

async fn actions(call: Call, Named(id): Named<String>, _: Asked<NoParameters>) -> Answer<Json<GroupActions>> {
    Ok(Json(work(move || call.workspace.group_actions(&call.actor, &id)).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewDecision {
    decision: GroupDecision,
    #[serde(default)]
    note: String,
}

async fn decide(
    call: Call,
    Named(id): Named<String>,
    _: Asked<NoParameters>,
    Sent(new): Sent<NewDecision>,
) -> Answer<StatusCode> {
    work(move || call.workspace.decide_group(&call.actor, &id, new.decision, &new.note)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuditQuery {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct AuditBody {
    expression: String,
    posts_count: u64,
    accounts_count: u64,
    accounts_left_out_count: u64,
    posts_not_examined_count: u64,
    classes: Vec<CampaignClass>,
    groups: Vec<CampaignGroup>,
    run_at: Instant,
    inactive_days: u32,
    method: &'static str,
    method_version: u32,
}

impl From<CampaignAudit> for AuditBody {
    fn from(audit: CampaignAudit) -> Self {
        Self {
            expression: audit.expression,
            posts_count: audit.posts,
            accounts_count: audit.accounts,
            accounts_left_out_count: audit.accounts_left_out,
            posts_not_examined_count: audit.posts_not_examined,
            classes: audit.classes,
            groups: audit.groups,
            run_at: Instant(audit.run_at),
            inactive_days: audit.inactive_days,
            method: audit.method,
            method_version: audit.method_version,
        }
    }
}

async fn audit(call: Call, Asked(asked): Asked<AuditQuery>) -> Answer<Json<AuditBody>> {
    if asked.q.trim().is_empty() {
        return Err(invalid("q", "write a query that finds the posts of the campaign"));
    }
    Ok(Json(work(move || call.workspace.audit_campaign(&call.actor, &asked.q)).await?.into()))
}

async fn map(call: Call, _: Asked<NoParameters>) -> Answer<Json<GroupMap>> {
    Ok(Json(work(move || call.workspace.group_map(&call.actor)).await?))
}
