//! What the team decided about groups, and the groups that it remembers.
//!
//! In: a decision about a group of the last run. Out: the decision, signed and
//! in the audit; for every group the earlier ones that it resembles.
//! Errors: [`AppError::Invalid`], [`AppError::NotFound`]. Cost: one transaction;
//! comparing is a walk over both prints for each of [`EARLIER_MAX`] groups, done
//! once for each run and decision.
//! Limits: [`EARLIER_MAX`], [`NOTE_CHARS_MAX`]. An erased account leaves every
//! print; a deletion at its source takes its handle only.

use crate::coordination::report::views::GroupReport;
use crate::coordination::workspace::account::EarlierGroup;
use crate::coordination::workspace::groups::{DecisionView, Resemblance};
use crate::coordination::workspace::kept::{GroupKept, Kept, Past};
use crate::listening::Workspace;
use crate::{Actor, AppError};
use analysis::coordination::remembered::{Likeness, Print, remember};
use model::text::is_hidden;
use model::{AccountKey, GroupDecision, Permission, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use store::archive::groups::GROUP_MEMBERS_MAX;
use store::archive::{NewGroupDecision, StoredGroupDecision, account_number};

/// Longest note, characters.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// Earlier groups that a group is compared with: decided ones first, then those of earlier runs, the newest.
pub const EARLIER_MAX: usize = 300;
/// Resemblances of a group that are shown.
pub const RESEMBLANCES_MAX: usize = 5;

impl Workspace {
    /// Decides about a group of the last run, in the name of the actor, and says
    /// why. What was decided before stays on record; the same again, by the same
    /// person with the same words, is not written twice.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]
    /// without a reason that can be read, or with a long one.
    pub fn decide_group(
        &self,
        actor: &Actor,
        id: &str,
        decision: GroupDecision,
        note: &str,
    ) -> Result<(), AppError> {
        actor.require(Permission::Label)?;
        let (kept, at) = self.kept_group(id)?;
        let note = note.trim();
        let is_seen = |c: char| !c.is_whitespace() && !c.is_control() && !is_hidden(c);
        if !note.chars().any(is_seen) || note.chars().count() > NOTE_CHARS_MAX {
            return Err(AppError::invalid("note", format!("write why, in 1 to {NOTE_CHARS_MAX} characters")));
        }
        let Some((group, rest)) = kept.report.groups.get(at).zip(kept.groups.get(at)) else { return Ok(()) };
        let members: Vec<(AccountKey, Option<String>)> = group
            .members
            .iter()
            .filter_map(|member| Some((AccountKey::parse(&member.account)?, member.handle.clone())))
            .take(GROUP_MEMBERS_MAX)
            .collect();
        let aims: Vec<AccountKey> = rest.aims.iter().filter_map(|aim| AccountKey::parse(aim)).collect();
        self.archive().insert_group_decision(&NewGroupDecision {
            group: id,
            decision,
            note,
            by: actor.user,
            signed: &actor.name,
            at: self.settings().now(),
            members: &members,
            aims: &aims,
            objects: &objects_of(rest),
        })?;
        self.coordinated().forget_memory();
        Ok(())
    }

    /// Every decision about a group, the newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_group_decisions(&self, actor: &Actor, id: &str) -> Result<Vec<DecisionView>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().decisions_of_group(id)?.iter().map(view).collect())
    }
}

fn view(stored: &StoredGroupDecision) -> DecisionView {
    DecisionView {
        decision: stored.decision,
        note: stored.note.clone(),
        by: stored.signed.clone(),
        at: stored.at,
        group: stored.group.clone(),
    }
}

fn objects_of(rest: &GroupKept) -> Vec<(u64, u32)> {
    rest.marks.iter().map(|mark| (mark.key, mark.accounts)).collect()
}

fn numbers_of<'a>(accounts: impl Iterator<Item = &'a String>) -> Vec<u64> {
    accounts.filter_map(|account| Some(account_number(&AccountKey::parse(account)?))).collect()
}

fn print_of(group: &GroupReport, rest: &GroupKept) -> Print {
    Print {
        members: numbers_of(group.members.iter().map(|member| &member.account)),
        objects: objects_of(rest),
        handles: group.members.iter().filter_map(|member| member.handle.clone()).collect(),
        aims: numbers_of(rest.aims.iter()),
    }
}

/// The groups of a run as later runs remember them, before those of earlier ones.
pub(crate) fn past_of(kept: &Kept) -> Vec<Past> {
    let now = kept.report.groups.iter().zip(&kept.groups).map(|(group, rest)| {
        let Print { members, objects, aims, .. } = print_of(group, rest);
        Past { id: group.id.clone(), seen_at: kept.run_at, members, objects, aims }
    });
    let mut known = BTreeSet::new();
    let all = now.chain(kept.past.iter().cloned());
    all.filter(|past| known.insert(past.id.clone()))
        .take(crate::coordination::workspace::kept::PAST_MAX)
        .collect()
}

/// An earlier group.
struct Earlier {
    id: String,
    seen_at: Timestamp,
    print: Print,
    decision: Option<DecisionView>,
}

/// What the team decided and what is remembered, compared with the groups of a run.
#[derive(Default)]
pub(crate) struct Memory {
    decisions: HashMap<String, DecisionView>,
    earlier: BTreeMap<String, Vec<Resemblance>>,
    /// Earlier groups with the numbers of their accounts.
    before: Vec<(EarlierGroup, HashSet<u64>)>,
    /// Groups of the run that the team said have an innocent explanation.
    dismissed: HashSet<String>,
}

impl Memory {
    /// As of now; compared once for each run and decision.
    pub(crate) fn load(workspace: &Workspace) -> Result<Arc<Self>, AppError> {
        if let Some(memory) = workspace.coordinated().memory() {
            return Ok(memory);
        }
        let stored = workspace.archive().group_decisions()?;
        let memory = Arc::new(Self::of(workspace.coordinated().kept().as_deref(), &stored));
        workspace.coordinated().set_memory(&memory);
        Ok(memory)
    }

    fn of(kept: Option<&Kept>, stored: &[StoredGroupDecision]) -> Self {
        let decisions: HashMap<String, DecisionView> =
            stored.iter().map(|stored| (stored.group.clone(), view(stored))).collect();
        let decided = stored.iter().map(|stored| Earlier {
            id: stored.group.clone(),
            seen_at: stored.at,
            print: Print {
                members: stored.members.clone(),
                objects: stored.objects.clone(),
                handles: stored.handles.clone(),
                aims: stored.aims.clone(),
            },
            decision: Some(view(stored)),
        });
        let past = kept.into_iter().flat_map(|kept| &kept.past);
        let past = past.filter(|past| !decisions.contains_key(&past.id)).map(|past| Earlier {
            id: past.id.clone(),
            seen_at: past.seen_at,
            print: Print {
                members: past.members.clone(),
                objects: past.objects.clone(),
                handles: Vec::new(),
                aims: past.aims.clone(),
            },
            decision: None,
        });
        // A group of this run is not an earlier one.
        let now: HashSet<&str> =
            kept.into_iter().flat_map(|kept| &kept.report.groups).map(|group| group.id.as_str()).collect();
        let (earlier, prints): (Vec<Earlier>, Vec<Print>) = decided
            .chain(past)
            .filter(|earlier| !now.contains(earlier.id.as_str()))
            .take(EARLIER_MAX)
            .map(|mut earlier| {
                let print = std::mem::take(&mut earlier.print);
                (earlier, print)
            })
            .unzip();
        let before = before_of(kept, &earlier, &prints);
        let groups = kept.into_iter().flat_map(|kept| kept.report.groups.iter().zip(&kept.groups));
        let compared = groups
            .map(|(group, rest)| (group.id.clone(), resemblances(&print_of(group, rest), &earlier, &prints)));
        let earlier = compared.collect();
        let mut memory = Self { decisions, earlier, before, dismissed: HashSet::new() };
        let dismissed = now.iter().filter(|id| memory.is_dismissed(id)).map(|id| (*id).to_owned());
        memory.dismissed = dismissed.collect();
        memory
    }

    /// The groups of the run that the team said have an innocent explanation.
    pub(crate) fn dismissed(&self) -> &HashSet<String> {
        &self.dismissed
    }

    /// Earlier groups in which an account was, the newest first.
    pub(crate) fn groups_of_account(&self, number: u64) -> Vec<EarlierGroup> {
        let with = self.before.iter().filter(|(_, members)| members.contains(&number));
        let mut groups: Vec<EarlierGroup> = with.map(|(group, _)| group.clone()).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.seen_at));
        groups
    }

    /// An earlier group, as far as it is remembered.
    pub(crate) fn earlier_group(&self, id: &str) -> Option<EarlierGroup> {
        self.before.iter().find(|(group, _)| group.id == id).map(|(group, _)| group.clone())
    }

    /// The earlier groups that a group of the run resembles.
    pub(crate) fn earlier(&self, id: &str) -> Vec<Resemblance> {
        self.earlier.get(id).cloned().unwrap_or_default()
    }

    /// What the team says of a group. A confirmation is signed for certain
    /// accounts: it is never taken over by a group that only resembles it.
    pub(crate) fn decision_of(&self, id: &str) -> Option<DecisionView> {
        if let Some(decision) = self.decisions.get(id) {
            return Some(decision.clone());
        }
        let same = self.earlier.get(id)?.iter().filter(|one| one.likeness == Likeness::SameAccounts.name());
        let newest = same.filter_map(|one| one.decision.as_ref()).max_by_key(|decision| decision.at)?;
        (newest.decision != GroupDecision::Confirmed).then(|| newest.clone())
    }

    /// True when the team said that a group has an innocent explanation.
    pub(crate) fn is_dismissed(&self, id: &str) -> bool {
        self.decision_of(id).is_some_and(|decision| decision.decision == GroupDecision::Dismissed)
    }
}

/// Of the groups of a new run those that the team dismissed, themselves or as a
/// group of the same accounts; the newest decision counts.
pub(crate) fn dismissed_of(groups: &[GroupReport], stored: &[StoredGroupDecision]) -> HashSet<String> {
    let accounts = |members: Vec<u64>| Print { members, ..Print::default() };
    let prints: Vec<Print> = stored.iter().map(|one| accounts(one.members.clone())).collect();
    let is_dismissed = |group: &&GroupReport| {
        let own = accounts(numbers_of(group.members.iter().map(|member| &member.account)));
        let same = remember(&own, &prints).into_iter();
        let same = same.filter(|found| found.likeness == Likeness::SameAccounts);
        let resembling = same.filter_map(|found| stored.get(found.earlier as usize)).max_by_key(|one| one.at);
        let newest = stored.iter().find(|one| one.group == group.id).or(resembling);
        newest.is_some_and(|one| one.decision == GroupDecision::Dismissed)
    };
    groups.iter().filter(is_dismissed).map(|group| group.id.clone()).collect()
}

/// Each earlier group, with the groups of the run that have accounts of it.
fn before_of(
    kept: Option<&Kept>,
    earlier: &[Earlier],
    prints: &[Print],
) -> Vec<(EarlierGroup, HashSet<u64>)> {
    let now: Vec<(&str, Vec<u64>)> = kept
        .into_iter()
        .flat_map(|kept| &kept.report.groups)
        .map(|group| (group.id.as_str(), numbers_of(group.members.iter().map(|member| &member.account))))
        .collect();
    let told = |(before, print): (&Earlier, &Print)| {
        let members: HashSet<u64> = print.members.iter().copied().collect();
        let mut shared: Vec<(String, u64)> = now
            .iter()
            .map(|(id, own)| {
                let shared = own.iter().filter(|number| members.contains(number)).count();
                ((*id).to_owned(), shared as u64)
            })
            .filter(|(_, shared)| *shared > 0)
            .collect();
        shared.sort_by(|one, two| two.1.cmp(&one.1).then_with(|| one.0.cmp(&two.0)));
        let group = EarlierGroup {
            id: before.id.clone(),
            seen_at: before.seen_at,
            accounts: members.len() as u64,
            decision: before.decision.clone(),
            now: shared,
        };
        (group, members)
    };
    earlier.iter().zip(prints).map(told).collect()
}

fn resemblances(now: &Print, earlier: &[Earlier], prints: &[Print]) -> Vec<Resemblance> {
    let members: HashSet<u64> = now.members.iter().copied().collect();
    remember(now, prints)
        .into_iter()
        .take(RESEMBLANCES_MAX)
        .filter_map(|found| {
            let (before, print) = (earlier.get(found.earlier as usize)?, prints.get(found.earlier as usize)?);
            let shared: BTreeSet<u64> =
                print.members.iter().copied().filter(|member| members.contains(member)).collect();
            Some(Resemblance {
                id: before.id.clone(),
                score: found.score,
                likeness: found.likeness.name(),
                shared_members: shared.len() as u64,
                seen_at: before.seen_at,
                decision: before.decision.clone(),
            })
        })
        .collect()
}
