//! The acts of a group on its joint objects, kept so that a third party can
//! repeat the test, and so that each account can be laid beside the others.
//!
//! In: what was observed, the groups of a report. Out: [`ActsKept`] for each.
//! An object is joint when two members acted on it. Acts of members come before
//! those of others, objects before moments of activity, objects of many members
//! before those of few; an object is kept whole or not at all.
//! Others have a number within the group and no name. An act goes with its
//! record; the name of an object with the records that vouch for it.
//! Errors: none. Cost: a pass over the actions of each trace; what others did is
//! read only where it is kept.
//! Limits: [`ACTS_MAX`] of a group, [`ACTS_ALL_MAX`] of a run; what is beyond is counted.

use crate::coordination::observed::acts::{Act as Seen, TraceSeen};
use crate::coordination::observed::{Observed, day_of, target_of};
use crate::coordination::report::views::{GroupReport, Report};
use crate::coordination::workspace::kept::Change;
use model::Trace;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Acts kept of a group.
pub const ACTS_MAX: usize = 10_000;
/// Acts kept of all groups of a run, the strongest groups first.
pub const ACTS_ALL_MAX: usize = 100_000;
/// Members that make an object joint.
pub(crate) const JOINT_MIN: usize = 2;

/// What several members acted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ActObject {
    pub trace: Trace,
    /// 1 or 2: the half of the objects that it belongs to.
    pub half: u8,
    /// Its name, as far as a record vouches for it; empty otherwise.
    pub name: String,
    /// Who is answered, named or followed, numbered as in [`Act`].
    #[serde(default)]
    pub target: Option<i32>,
    /// The day since 1970 on which somebody is named; `None` for everything else.
    #[serde(default)]
    pub day: Option<u32>,
}

/// One act: object, who, second since 1970, record. Who is a place in the list
/// of members, or below zero one of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Act(pub u32, pub i32, pub u32, pub i64);

/// How much there is of one trace, and how much of it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TraceActs {
    /// Joint objects.
    pub objects: u64,
    /// Of them, those of which the members' acts were kept.
    pub objects_kept: u64,
    /// Acts of members on joint objects.
    pub member_acts: u64,
    /// Of them, kept.
    pub member_acts_kept: u64,
    /// Acts of others on them.
    pub other_acts: u64,
    /// Of them, kept.
    pub other_acts_kept: u64,
}

/// The acts of one group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct ActsKept {
    pub objects: Vec<ActObject>,
    /// By object, then time.
    pub acts: Vec<Act>,
    pub counts: BTreeMap<Trace, TraceActs>,
}

/// The acts of every group of a report, in its order. `records` holds the record of each post.
pub(crate) fn keep(observed: &Observed, report: &Report, records: &[i64]) -> Vec<ActsKept> {
    let mut group_of: HashMap<u32, (usize, i32)> = HashMap::new();
    for (at, group) in report.groups.iter().enumerate() {
        let members = group.members.iter().map(|member| observed.accounts.find(&member.account));
        group_of.extend((0_i32..).zip(members).filter_map(|(place, member)| Some((member?, (at, place)))));
    }
    let mut joint: Vec<Vec<JointObject>> = report.groups.iter().map(|_| Vec::new()).collect();
    for (trace, seen) in &observed.traces {
        joint_objects(observed, *trace, seen, &group_of, records, &mut |group, object| {
            if let (Some(objects), Some(report)) = (joint.get_mut(group), report.groups.get(group))
                && is_tested(report, *trace)
            {
                objects.push(object);
            }
        });
    }
    let mut left = ACTS_ALL_MAX;
    joint
        .into_iter()
        .enumerate()
        .map(|(group, objects)| {
            let kept = ActsKept::of(objects, left.min(ACTS_MAX), &|object| {
                let seen = observed.traces.get(&object.trace);
                let acts = seen.map(|seen| seen.of_object(object.object)).unwrap_or_default();
                let of_others = acts
                    .into_iter()
                    .filter(|act| group_of.get(&act.action.account).is_none_or(|(of, _)| *of != group));
                let told = of_others.filter_map(|act| {
                    Some((act.action.account, act.action.time, *records.get(act.post as usize)?))
                });
                told.collect()
            });
            left = left.saturating_sub(kept.acts.len());
            kept
        })
        .collect()
}

/// A trace ties the group, was asked to confirm it, or is one of its messages.
pub(crate) fn is_tested(report: &GroupReport, trace: Trace) -> bool {
    report.traces.iter().any(|view| view.trace == trace)
        || report.objects.iter().any(|view| view.trace == trace)
}

/// Reads what others did with an object: account, second, record.
type Others<'a> = &'a dyn Fn(&JointObject) -> Vec<(u32, u32, i64)>;

/// Who is answered, named or followed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Target {
    /// The member at a place.
    Member(i32),
    /// Another account that was seen.
    Account(u32),
    /// One that was not, as it is named.
    Named(String),
}

/// An object on which several members acted.
struct JointObject {
    trace: Trace,
    /// Its number in the trace.
    object: u32,
    half: u8,
    name: String,
    target: Option<Target>,
    day: Option<u32>,
    /// Distinct members.
    members: usize,
    /// Who, second, record.
    own: Vec<(i32, u32, i64)>,
    /// Acts of others.
    others: usize,
}

/// Visits the objects of a trace on which two members of a group acted.
fn joint_objects(
    observed: &Observed,
    trace: Trace,
    seen: &TraceSeen,
    group_of: &HashMap<u32, (usize, i32)>,
    records: &[i64],
    visit: &mut dyn FnMut(usize, JointObject),
) {
    seen.each_block(&mut |block| {
        for acts in block.chunk_by(|one, other| one.action.object == other.action.object) {
            let Some(object) = acts.first().map(|act| act.action.object) else { continue };
            let mut own: BTreeMap<usize, Vec<(i32, u32, i64)>> = BTreeMap::new();
            let mut known = 0;
            for act in acts {
                let Some(record) = records.get(act.post as usize) else { continue };
                known += 1;
                if let Some((group, place)) = group_of.get(&act.action.account) {
                    own.entry(*group).or_default().push((*place, act.action.time, *record));
                }
            }
            for (group, own) in own {
                let members = own.iter().map(|(place, ..)| place).collect::<BTreeSet<_>>().len();
                if members < JOINT_MIN {
                    continue;
                }
                // Acts come in the order of time. Copies are called by a member's words.
                let is_own = |act: &&Seen| group_of.get(&act.action.account).is_some_and(|of| of.0 == group);
                let posts = || acts.iter().filter(is_own).filter_map(|act| observed.posts.get(act.post));
                let words =
                    || posts().map(|post| observed.posts.excerpt(&post)).find(|text| !text.is_empty());
                let called = seen.objects.name(object);
                let (target, day) = aim(observed, trace, &called, acts, &|account| {
                    group_of.get(&account).filter(|of| of.0 == group).map(|of| of.1)
                });
                let name = shown(trace, called, words);
                let half = u8::from(seen.objects.is_held_out(object)) + 1;
                let others = known - own.len();
                visit(group, JointObject { trace, object, half, name, target, day, members, own, others });
            }
        }
    });
}

/// Who is answered, named or followed, and on which day somebody is named.
/// `place` tells that of a member.
fn aim(
    observed: &Observed,
    trace: Trace,
    name: &str,
    acts: &[Seen],
    place: &impl Fn(u32) -> Option<i32>,
) -> (Option<Target>, Option<u32>) {
    if !matches!(trace, Trace::CoReply | Trace::CoFollow) {
        return (None, None);
    }
    let whom = target_of(name);
    let target = match observed.accounts.find(whom) {
        Some(account) => place(account).map_or(Target::Account(account), Target::Member),
        None => Target::Named(whom.to_owned()),
    };
    (Some(target), acts.first().and_then(|act| day_of(name, act.action.time)))
}

/// The object as a person knows it. A moment is told by its times, and who is
/// answered by the posts: that name is not the answerers' to give.
pub(crate) fn shown(trace: Trace, name: String, words: impl Fn() -> Option<String>) -> String {
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    match trace {
        Trace::Synchrony | Trace::CoReply | Trace::CoFollow => String::new(),
        Trace::CoText | Trace::CoReshare if is_number => words().unwrap_or_default(),
        _ => name,
    }
}

/// The place of a member, or below zero the number of somebody else.
fn number_for(number_of: &mut HashMap<Target, i32>, who: Target) -> i32 {
    if let Target::Member(place) = who {
        return place;
    }
    // Far below two thousand million.
    let next = -(number_of.len() as i32) - 1;
    *number_of.entry(who).or_insert(next)
}

impl ActsKept {
    /// `others` reads the acts of others on an object: account, second, record.
    fn of(mut joint: Vec<JointObject>, limit: usize, others: Others<'_>) -> Self {
        joint.sort_by(|one, two| {
            let rank =
                |joint: &JointObject| (joint.trace == Trace::Synchrony, std::cmp::Reverse(joint.members));
            rank(one).cmp(&rank(two)).then(one.trace.cmp(&two.trace)).then(one.name.cmp(&two.name))
        });
        let mut kept = Self::default();
        let mut number_of: HashMap<Target, i32> = HashMap::new();
        // Moments of activity hold everything that anybody wrote then: they come last.
        let (moments, objects): (Vec<_>, Vec<_>) =
            joint.iter().partition(|joint| joint.trace == Trace::Synchrony);
        for part in [objects, moments] {
            let taken = kept.add_own(&part, limit, &mut number_of);
            kept.add_others(&taken, limit, &mut number_of, others);
        }
        kept.acts.sort_unstable_by_key(|act| (act.0, act.2, act.1, act.3));
        kept
    }

    /// The acts of members on whole objects, and which these are.
    fn add_own<'a>(
        &mut self,
        joint: &[&'a JointObject],
        limit: usize,
        number_of: &mut HashMap<Target, i32>,
    ) -> Vec<(u32, &'a JointObject)> {
        let mut taken = Vec::new();
        let mut is_full = false;
        for one in joint {
            let counts = self.counts.entry(one.trace).or_default();
            counts.objects += 1;
            counts.member_acts += one.own.len() as u64;
            counts.other_acts += one.others as u64;
            is_full |= self.acts.len() + one.own.len() > limit;
            if is_full {
                continue;
            }
            counts.objects_kept += 1;
            counts.member_acts_kept += one.own.len() as u64;
            let number = self.objects.len() as u32; // Never more than acts.
            self.objects.push(ActObject {
                trace: one.trace,
                half: one.half,
                name: one.name.clone(),
                target: one.target.clone().map(|target| number_for(number_of, target)),
                day: one.day,
            });
            self.acts.extend(one.own.iter().map(|(who, time, record)| Act(number, *who, *time, *record)));
            taken.push((number, *one));
        }
        taken
    }

    fn add_others(
        &mut self,
        taken: &[(u32, &JointObject)],
        limit: usize,
        number_of: &mut HashMap<Target, i32>,
        others: Others<'_>,
    ) {
        for (number, one) in taken {
            if self.acts.len() + one.others > limit {
                return;
            }
            self.counts.entry(one.trace).or_default().other_acts_kept += one.others as u64;
            for (account, time, record) in others(one) {
                let who = number_for(number_of, Target::Account(account));
                self.acts.push(Act(*number, who, time, record));
            }
        }
    }

    /// Takes the changes of records over: an act goes with its record.
    pub(crate) fn apply(&mut self, changes: &HashMap<i64, &Change>) {
        self.acts.retain_mut(|act| {
            // Ends: a new record has a higher id than the one that it replaces.
            while let Some(change) = changes.get(&act.3) {
                match change {
                    Change::Gone(_) => return false,
                    Change::Replaced { new, .. } => act.3 = *new,
                }
            }
            true
        });
    }

    /// Takes out what members did who are no longer told, and names that are not known any more.
    pub(crate) fn prune(&mut self, place_of: &HashMap<u32, u32>, known: &impl Fn(&str) -> bool) {
        self.acts.retain_mut(|act| {
            let Ok(place) = u32::try_from(act.1) else { return true };
            let now = place_of.get(&place).and_then(|place| i32::try_from(*place).ok());
            act.1 = now.unwrap_or(act.1);
            now.is_some()
        });
        for object in &mut self.objects {
            object.target = object.target.and_then(|target| {
                let Ok(place) = u32::try_from(target) else { return Some(target) };
                i32::try_from(*place_of.get(&place)?).ok()
            });
            if !known(&object.name) {
                object.name.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn others(one: &JointObject) -> Vec<(u32, u32, i64)> {
        (100_u32..).take(one.others).map(|who| (who, 11, i64::from(who))).collect()
    }

    fn object(trace: Trace, name: &str, own: usize, others: usize) -> JointObject {
        let own = (0_i32..).take(own).map(|who| (who, 10, i64::from(who))).collect::<Vec<_>>();
        let name = name.to_owned();
        let (target, day) = (None, None);
        JointObject { trace, object: 0, half: 1, name, target, day, members: own.len(), own, others }
    }

    #[test]
    fn members_come_before_others_and_objects_before_moments() {
        let joint = || {
            vec![
                object(Trace::Synchrony, "", 5, 9),
                object(Trace::CoLink, "b", 3, 4),
                object(Trace::CoText, "a", 4, 1),
            ]
        };
        let all = ActsKept::of(joint(), 100, &others);
        assert_eq!(all.acts.len(), 26);
        assert_eq!(all.objects.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["a", "b", ""]);
        // The same stranger has the same number everywhere.
        let strangers: BTreeSet<i32> = all.acts.iter().map(|act| act.1).filter(|who| *who < 0).collect();
        assert_eq!(strangers, (-9..0).collect());
        // Seven acts of members, one other, and then no more whole object fits.
        let cut = ActsKept::of(joint(), 9, &others);
        assert_eq!(cut.acts.len(), 8);
        let link = cut.counts[&Trace::CoLink];
        assert_eq!((link.member_acts_kept, link.other_acts, link.other_acts_kept), (3, 4, 0));
        let moments = cut.counts[&Trace::Synchrony];
        assert_eq!((moments.objects, moments.objects_kept, moments.member_acts), (1, 0, 5));
    }

    #[test]
    fn whom_acts_are_about_has_one_number_everywhere_and_goes_with_the_member() {
        let about = |name: &str, others, target, day| JointObject {
            target: Some(target),
            day,
            ..object(Trace::CoReply, name, 3, others)
        };
        let joint = vec![
            about("a", 1, Target::Account(100), None),
            about("b", 0, Target::Named("@nadie".to_owned()), Some(20_000)),
            about("c", 0, Target::Member(1), None),
            about("d", 0, Target::Named("@nadie".to_owned()), Some(20_001)),
        ];
        let mut kept = ActsKept::of(joint, 99, &others);
        let targets = |kept: &ActsKept| kept.objects.iter().map(|one| one.target).collect::<Vec<_>>();
        assert_eq!(targets(&kept), [Some(-1), Some(-2), Some(1), Some(-2)]);
        assert_eq!(kept.objects[3].day, Some(20_001));
        // Who answered too is the same stranger: the account 100 has one number.
        assert!(kept.acts.iter().any(|act| act.1 == -1), "{:?}", kept.acts);
        assert!(!serde_json::to_string(&kept).unwrap().contains("nadie"), "no name is kept");
        kept.prune(&HashMap::from([(0, 0), (2, 1)]), &|_| true);
        assert_eq!(targets(&kept), [Some(-1), Some(-2), None, Some(-2)]);
        kept.prune(&HashMap::from([(1, 0)]), &|_| true);
        assert_eq!(targets(&kept), [Some(-1), Some(-2), None, Some(-2)], "others have no place");
    }

    #[test]
    fn an_act_goes_with_its_record_and_follows_a_new_one() {
        let mut kept = ActsKept::of(vec![object(Trace::CoLink, "b", 3, 0)], 9, &others);
        let changes = [
            Change::Gone(0),
            Change::replaced(1, 7, "otro"),
            Change::replaced(7, 8, "otro más"),
            Change::Gone(9),
        ];
        let by_id: HashMap<i64, &Change> = [0, 1, 7, 9].into_iter().zip(&changes).collect();
        kept.apply(&by_id);
        assert_eq!(kept.acts.iter().map(|act| act.3).collect::<Vec<_>>(), [8, 2]);
        // Of the two that are left the first is no longer told.
        kept.prune(&HashMap::from([(2, 0)]), &|name| name == "otro");
        assert_eq!((kept.acts.as_slice(), kept.objects[0].name.as_str()), (&[Act(0, 0, 10, 2)][..], ""));
    }
}
