//! The acts of a group as data for somebody who wants to repeat the test.
//!
//! In: an actor and a group. Out: [`GroupActions`]: every act that is kept,
//! with the settings of the run and what was left out. Posts are named as the
//! archive has them now; others than members have a number and no name.
//! Errors: [`AppError`]. Cost: reading the records of the members' acts.
//! Limits: [`ACTS_MAX`] of a group, [`ACTS_ALL_MAX`] of a run.

use crate::coordination::detect::DetectSettings;
use crate::coordination::detect::parts::key_of;
use crate::coordination::report::settings::RunSettings;
use crate::coordination::report::views::as_text;
use crate::coordination::workspace::acts::{ACTS_ALL_MAX, ACTS_MAX, Act, ActObject, ActsKept, TraceActs};
use crate::listening::Workspace;
use crate::{Actor, AppError};
use analysis::coordination::held_out;
use model::time::DAY_MS;
use model::{Permission, Timestamp, Trace};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Records read at once.
const CHUNK: usize = 2_000;
/// Bytes of a date such as `2026-03-01`.
const DATE_BYTES: usize = 10;

/// What was kept, and what the limits left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionsManifest {
    /// The group.
    pub group: String,
    /// When the posts were chosen.
    #[serde(serialize_with = "as_text")]
    pub run_at: Timestamp,
    /// The oldest instant that was looked at.
    #[serde(serialize_with = "as_text")]
    pub since: Timestamp,
    /// Posts past the limit of posts of a run.
    pub posts_over_limit: u64,
    /// The settings of the run.
    pub settings: RunSettings,
    /// Acts kept of a group, at most.
    pub acts_max: usize,
    /// Acts kept of all groups of a run, at most, the strongest groups first.
    pub acts_of_run_max: usize,
    /// By trace: what there was at the run and what was kept of it.
    pub traces: BTreeMap<Trace, TraceActs>,
    /// True when a limit left nothing out.
    pub is_complete: bool,
    /// Acts that are still there: records erased since took theirs along.
    pub acts: u64,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActionView {
    /// The trace.
    pub trace: Trace,
    /// The object's identifier in these files.
    pub object: String,
    /// The object as a person knows it; empty when that is not kept.
    pub name: String,
    /// 1 or 2: which half of the objects it belongs to.
    pub half: u8,
    /// `network:native_id` of a member; `None` for somebody else.
    pub account: Option<String>,
    /// Number of somebody else, from 1.
    pub other: Option<u32>,
    /// `network:native_id` of a member's post.
    pub post: Option<String>,
    /// Second since 1970.
    pub time_s: u32,
    /// Who is answered, named or followed: a member, or `other-N` as in the rows
    /// of what others did.
    pub target: Option<String>,
    /// On what occasion: `post-N` for the post that is answered, the day in UTC
    /// for who is only named.
    pub occasion: Option<String>,
}

impl ActionView {
    /// The member, or `other-N`.
    pub fn who(&self) -> String {
        self.account.clone().unwrap_or_else(|| alias(self.other.unwrap_or(0)))
    }
}

/// The acts of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupActions {
    /// What they are.
    pub manifest: ActionsManifest,
    /// By object, then time.
    pub acts: Vec<ActionView>,
}

impl Workspace {
    /// The acts that are kept of a group, for repeating the test.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] without the right to take data out,
    /// [`AppError::NotFound`].
    pub fn group_actions(&self, actor: &Actor, id: &str) -> Result<GroupActions, AppError> {
        actor.require(Permission::Export)?;
        let manifest = self.group_manifest(actor, id)?;
        let (kept, at) = self.kept_group(id)?;
        let Some((group, rest)) = kept.report.groups.get(at).zip(kept.groups.get(at)) else {
            return Ok(GroupActions { manifest, acts: Vec::new() });
        };
        let names: Vec<String> =
            (0_usize..).zip(&rest.acts.objects).map(|(n, one)| identifier(n, one)).collect();
        let posts = self.names_of_posts(&rest.acts)?;
        let told = |act: &Act| {
            let Act(object, who, time_s, record) = *act;
            let (at, place) = (object as usize, usize::try_from(who).ok());
            let of = rest.acts.objects.get(at)?;
            let member = place.and_then(|place| group.members.get(place));
            Some(ActionView {
                trace: of.trace,
                object: names.get(at)?.clone(),
                name: of.name.clone(),
                half: of.half,
                account: member.map(|member| member.account.clone()),
                other: member.is_none().then_some(who.unsigned_abs()),
                post: member.and_then(|_| posts.get(&record).cloned()),
                time_s,
                target: of.target.and_then(|target| match usize::try_from(target) {
                    Ok(place) => group.members.get(place).map(|member| member.account.clone()),
                    Err(_) => Some(alias(target.unsigned_abs())),
                }),
                occasion: occasion(object, of),
            })
        };
        Ok(GroupActions { manifest, acts: rest.acts.acts.iter().filter_map(told).collect() })
    }

    /// What the data of a group hold and what the limits left out.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub fn group_manifest(&self, actor: &Actor, id: &str) -> Result<ActionsManifest, AppError> {
        actor.require(Permission::Read)?;
        let (kept, at) = self.kept_group(id)?;
        let acts = kept.groups.get(at).map(|rest| &rest.acts);
        let traces = acts.map(|acts| acts.counts.clone()).unwrap_or_default();
        Ok(ActionsManifest {
            group: id.to_owned(),
            run_at: kept.run_at,
            since: kept.since,
            posts_over_limit: kept.over_limit,
            settings: RunSettings::of(&kept.report, &DetectSettings::default()),
            acts_max: ACTS_MAX,
            acts_of_run_max: ACTS_ALL_MAX,
            is_complete: traces
                .values()
                .all(|one| (one.member_acts, one.other_acts) == (one.member_acts_kept, one.other_acts_kept)),
            traces,
            acts: acts.map_or(0, |acts| acts.acts.len() as u64),
        })
    }

    fn names_of_posts(&self, acts: &ActsKept) -> Result<HashMap<i64, String>, AppError> {
        let mut records: Vec<i64> = acts.acts.iter().filter(|act| act.1 >= 0).map(|act| act.3).collect();
        records.sort_unstable();
        records.dedup();
        let mut names = HashMap::with_capacity(records.len());
        for chunk in records.chunks(CHUNK) {
            names.extend(self.posts_of(chunk)?.into_iter().map(|(id, post)| (id, post.key.to_text())));
        }
        Ok(names)
    }
}

/// What somebody else is called.
fn alias(number: u32) -> String {
    format!("other-{number}")
}

/// On what occasion somebody is answered or named.
fn occasion(number: u32, object: &ActObject) -> Option<String> {
    match (object.trace, object.day) {
        (Trace::CoReply, Some(day)) => {
            let midnight = Timestamp::from_millis(i64::from(day) * DAY_MS);
            midnight.to_string().get(..DATE_BYTES).map(str::to_owned)
        }
        (Trace::CoReply, None) => Some(format!("post-{}", u64::from(number) + 1)),
        _ => None,
    }
}

/// A name for an object that says nothing of it and falls into the same half.
fn identifier(number: usize, object: &ActObject) -> String {
    let plain = format!("{}:{number}", object.trace.name());
    let is_right = |name: &String| u8::from(held_out(key_of(name))) + 1 == object.half;
    // Each try is right by half: the last of these is never needed.
    let tries = (0..u8::MAX).map(|salt| format!("{plain}.{salt}"));
    std::iter::once(plain.clone()).chain(tries).find(is_right).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_keep_the_half_and_differ() {
        let mut seen = std::collections::BTreeSet::new();
        for number in 0..200 {
            for half in [1, 2] {
                let object =
                    ActObject { trace: Trace::CoLink, half, name: String::new(), target: None, day: None };
                let name = identifier(number, &object);
                assert_eq!(u8::from(held_out(key_of(&name))) + 1, half, "{name}");
                assert!(name.starts_with("co_link:"));
                seen.insert(name);
            }
        }
        assert_eq!(seen.len(), 400);
    }

    #[test]
    fn an_occasion_is_a_post_or_a_day() {
        let of = |trace, day| ActObject { trace, half: 1, name: String::new(), target: Some(-1), day };
        assert_eq!(occasion(4, &of(Trace::CoReply, None)).as_deref(), Some("post-5"));
        assert_eq!(occasion(4, &of(Trace::CoReply, Some(20_515))).as_deref(), Some("2026-03-03"));
        assert_eq!(occasion(4, &of(Trace::CoFollow, None)), None);
    }
}
