//! What is kept of the last run: its report, the ties and places of its
//! accounts, what new posts are recognised by, and the records that vouch for
//! every text and name in it.
//!
//! In: a run. Out: a derived file that is read again at the next start.
//! Every string of the report that was received stands under the newest
//! [`SOURCES_MAX`] records that hold it; when none of them is there any more,
//! because the post was deleted or erased or is past the retention, the string
//! leaves the report, and with an account's name the account.
//! Errors: [`AppError`] of the file. Cost: a forgotten record that the report
//! rests on is one walk over it and one write at the next commit.
//! Limits: [`GROUPS_MAX`], [`TIES_MAX`], [`PAST_MAX`]. The counts of a report
//! are those of the day of its run: forgetting takes names and texts, and does
//! not count again.

use crate::coordination::observed::EXCERPT_CHARS;
use crate::coordination::report::views::{GroupReport, MemberView, Report};
use crate::coordination::workspace::acts::ActsKept;
use crate::coordination::workspace::reach::Reach;
use model::{Timestamp, Trace};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Name and version of the file.
pub(crate) const KEPT_FILE: (&str, u32) = ("coordination", 2);
/// Groups kept of a run, the strongest; the rest is counted.
pub const GROUPS_MAX: usize = 500;
/// Ties kept of a group, the heaviest.
pub const TIES_MAX: usize = 20_000;
/// Records that vouch for a string, the newest.
pub const SOURCES_MAX: usize = 8;
/// Groups of earlier runs that are remembered, the newest.
pub const PAST_MAX: usize = 100;
/// Members with whom a group is still one.
const MEMBERS_LEFT_MIN: usize = 2;

/// The records that vouch for a string.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Source {
    /// Second and id of each, the newest in time: retention takes them last.
    pub ids: BTreeSet<(u32, i64)>,
    /// It is the beginning of a post's text, which an edit may change.
    pub is_text: bool,
}

impl Source {
    pub(crate) fn add(&mut self, time: u32, id: i64) {
        self.ids.insert((time, id));
        if self.ids.len() > SOURCES_MAX {
            self.ids.pop_first();
        }
    }
}

/// What new posts about a message of a group are recognised by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// The trace.
    pub trace: Trace,
    /// Hash of trace and object.
    pub key: u64,
    /// The object, named as in the report.
    pub object: String,
    /// Accounts that ever acted on it.
    pub accounts: u32,
    /// The cascade of its text.
    pub cascade: Option<i64>,
    /// Interactions of members at the run, as far as they matter.
    pub inside: u32,
    /// Others at the run that nothing speaks against, hashed; `None` when it had
    /// reached an audience by then.
    pub people: Option<Vec<u32>>,
    /// How far it had come by then.
    #[serde(default)]
    pub reach: Reach,
}

/// What ties two members in one trace.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct TieKept {
    /// Places in the list of members, the lower first.
    pub a: u32,
    pub b: u32,
    /// The trace.
    pub trace: Trace,
    /// Objects on which they met.
    pub together: u32,
    /// As many were to be expected.
    pub expected: f32,
    /// Objects on which both acted.
    pub joint: u32,
    /// Logarithm of the chance.
    pub ln_p: f32,
    /// The accounts' own delays do not explain it.
    pub beyond_habit: bool,
}

/// What is kept of a group besides its report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct GroupKept {
    /// Ties as places in the list of members, with their weight.
    pub ties: Vec<(u32, u32, f32)>,
    /// What each of these ties rests on, by trace.
    pub grounds: Vec<TieKept>,
    /// What the members did on their joint objects.
    pub acts: ActsKept,
    /// Where each member stands on the map.
    pub places: Vec<(f32, f32)>,
    /// Its messages, most members first.
    pub marks: Vec<Mark>,
    /// Accounts of its patrons and targets.
    pub aims: Vec<String>,
}

/// A group of an earlier run, as hashes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Past {
    pub id: String,
    pub seen_at: Timestamp,
    pub members: Vec<u64>,
    pub objects: Vec<(u64, u32)>,
    pub aims: Vec<u64>,
}

/// What is kept of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// When the posts were chosen.
    pub run_at: Timestamp,
    /// The oldest instant looked at.
    pub since: Timestamp,
    /// When the posts of the run before it were chosen: what crossed since is
    /// told as alerts. `None` for the first.
    #[serde(default)]
    pub before: Option<Timestamp>,
    /// Posts past the limit.
    pub over_limit: u64,
    /// Groups past [`GROUPS_MAX`].
    pub groups_left_out: u64,
    /// Highest record id that the run may have looked at.
    pub upto: i64,
    /// What was found.
    pub report: Report,
    /// The rest about each group, in the order of the report.
    pub groups: Vec<GroupKept>,
    /// The strings that may be shown.
    pub sources: BTreeMap<String, Source>,
    /// Groups of earlier runs.
    pub past: Vec<Past>,
    /// Every record in `sources`.
    #[serde(skip)]
    pub records: HashSet<i64>,
}

/// What happens to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is gone.
    Gone(i64),
    /// Its post came again under another id; the beginning of its text now.
    Replaced { old: i64, new: i64, excerpt: String },
}

impl Change {
    /// A post that came again, with its text now.
    pub(crate) fn replaced(old: i64, new: i64, text: &str) -> Self {
        Self::Replaced { old, new, excerpt: text.chars().take(EXCERPT_CHARS).collect() }
    }

    /// The record that is not there any more.
    fn id(&self) -> i64 {
        match self {
            Self::Gone(id) | Self::Replaced { old: id, .. } => *id,
        }
    }
}

impl Kept {
    /// Reads what was written; `None` when it is of another shape.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut kept: Self = serde_json::from_slice(bytes).ok()?;
        kept.note_records();
        (kept.groups.len() == kept.report.groups.len()).then_some(kept)
    }

    /// Fills [`Self::records`].
    pub(crate) fn note_records(&mut self) {
        let sources = self.sources.values().flat_map(|source| source.ids.iter().map(|(_, id)| *id));
        let acts = self.groups.iter().flat_map(|rest| rest.acts.acts.iter().map(|act| act.3));
        self.records = sources.chain(acts).collect();
    }

    /// True when the report rests on the record.
    pub(crate) fn rests_on(&self, change: &Change) -> bool {
        self.records.contains(&change.id())
    }

    /// Takes the changes of records over; what nothing vouches for any more goes.
    pub(crate) fn apply(&mut self, changes: &[Change]) {
        // The first change of a record counts: what was replaced is gone as well.
        let mut by_id: HashMap<i64, &Change> = HashMap::new();
        for change in changes {
            by_id.entry(change.id()).or_insert(change);
        }
        for (text, source) in &mut self.sources {
            source.apply(text, &by_id);
        }
        self.groups.iter_mut().for_each(|rest| rest.acts.apply(&by_id));
        self.prune();
    }

    /// Removes every string that no record vouches for, and the groups of which too little is left.
    pub(crate) fn prune(&mut self) {
        self.sources.retain(|_, source| !source.ids.is_empty());
        let sources = &self.sources;
        let known = |text: &str| sources.contains_key(text);
        let kept = std::mem::take(&mut self.groups);
        let reports = std::mem::take(&mut self.report.groups);
        for (mut group, mut rest) in reports.into_iter().zip(kept) {
            prune_members(&mut group, &mut rest, &known);
            if group.members.len() < MEMBERS_LEFT_MIN {
                continue;
            }
            prune_group(&mut group, &known);
            rest.marks.retain(|mark| known(&mark.object));
            rest.aims.retain(|aim| known(aim));
            self.report.groups.push(group);
            self.groups.push(rest);
        }
        self.note_records();
    }

    /// Every received string in it.
    pub(crate) fn strings(&self) -> BTreeSet<String> {
        let mut strings = BTreeSet::new();
        for group in &self.report.groups {
            each_string(group, &mut |text| {
                strings.insert(text.to_owned());
            });
        }
        for rest in &self.groups {
            strings.extend(rest.marks.iter().map(|mark| mark.object.clone()));
            strings.extend(rest.aims.iter().cloned());
            strings.extend(rest.acts.objects.iter().map(|object| object.name.clone()));
        }
        strings.remove("");
        strings
    }
}

impl Source {
    fn apply(&mut self, text: &str, changes: &HashMap<i64, &Change>) {
        // Ends: a new record has a higher id than the one that it replaces.
        while let Some((time, change)) =
            self.ids.iter().find_map(|(time, id)| Some((*time, changes.get(id).copied()?)))
        {
            self.ids.remove(&(time, change.id()));
            match change {
                // Of an edited text only what it still says stays.
                Change::Replaced { new, excerpt, .. } if !self.is_text || excerpt == text => {
                    self.ids.insert((time, *new));
                }
                Change::Gone(_) | Change::Replaced { .. } => {}
            }
        }
    }
}

/// Takes the members that are not known any more out of a group.
fn prune_members(group: &mut GroupReport, rest: &mut GroupKept, known: &impl Fn(&str) -> bool) {
    let is_left: Vec<bool> = group.members.iter().map(|member| known(&member.account)).collect();
    let mut number = HashMap::new();
    for (at, _) in (0_u32..).zip(&is_left).filter(|(_, left)| **left) {
        let next = number.len() as u32; // Never more than members.
        number.insert(at, next);
    }
    let mut left = is_left.iter();
    group.members.retain(|_| *left.next().unwrap_or(&false));
    let mut left = is_left.iter();
    rest.places.retain(|_| *left.next().unwrap_or(&false));
    rest.ties = rest
        .ties
        .iter()
        .filter_map(|(a, b, weight)| Some((*number.get(a)?, *number.get(b)?, *weight)))
        .collect();
    rest.grounds.retain_mut(|tie| {
        let places = number.get(&tie.a).zip(number.get(&tie.b));
        (tie.a, tie.b) = places.map_or((tie.a, tie.b), |(a, b)| (*a, *b));
        places.is_some()
    });
    rest.acts.prune(&number, known);
    for MemberView { handle, name, handles, .. } in &mut group.members {
        handle.take_if(|text| !known(text));
        name.take_if(|text| !text.is_empty() && !known(text));
        handles.retain(|text| known(text));
    }
}

/// Takes texts and names that are not known any more out of what a group did.
fn prune_group(group: &mut GroupReport, known: &impl Fn(&str) -> bool) {
    let clear = |text: &mut String| {
        if !known(text) {
            text.clear();
        }
    };
    group.copied.retain(|copied| known(&copied.account));
    for copied in &mut group.copied {
        copied.handle.take_if(|text| !known(text));
    }
    for behaviour in group.behaviours.iter_mut().chain(&mut group.not_shown) {
        behaviour.toward.retain(|label| known(label));
    }
    let listed = group.objects.len();
    group.objects.retain(|object| known(&object.object));
    group.objects_left_out += (listed - group.objects.len()) as u64;
    group.messages.retain(|message| known(&message.object));
    for message in &mut group.messages {
        clear(&mut message.text);
        message.amplifiers.retain(|(label, ..)| known(label));
    }
    for moment in &mut group.moments {
        clear(&mut moment.object);
        moment.posts.retain(|post| [&post.id, &post.account, &post.key].into_iter().all(|text| known(text)));
        moment.posts.iter_mut().for_each(|post| clear(&mut post.text));
    }
    group.moments.retain(|moment| moment.posts.len() > 1);
    let signs = &mut group.signs;
    for (_, handles) in &mut signs.renamed {
        handles.retain(|handle| known(handle));
    }
    signs.renamed.retain(|(account, handles)| known(account) && !handles.is_empty());
    for (_, accounts) in &mut signs.passed {
        accounts.retain(|account| known(account));
    }
    signs.passed.retain(|(handle, accounts)| known(handle) && !accounts.is_empty());
    // A stem is of nobody in particular while two members have it.
    let handles: Vec<String> =
        group.members.iter().filter_map(|member| member.handle.as_deref()).map(model::text::fold).collect();
    signs.look_alikes.retain(|family| {
        let stem = model::text::fold(&family.stem);
        handles.iter().filter(|handle| handle.contains(&stem)).count() > 1
    });
}

/// Visits every received string of a group.
fn each_string(group: &GroupReport, visit: &mut impl FnMut(&str)) {
    for member in &group.members {
        visit(&member.account);
        member.handle.iter().chain(&member.name).chain(&member.handles).for_each(|text| visit(text));
    }
    for copied in &group.copied {
        visit(&copied.account);
        copied.handle.iter().for_each(|text| visit(text));
    }
    for behaviour in group.behaviours.iter().chain(&group.not_shown) {
        behaviour.toward.iter().for_each(|label| visit(label));
    }
    group.objects.iter().for_each(|object| visit(&object.object));
    for message in &group.messages {
        visit(&message.object);
        visit(&message.text);
        message.amplifiers.iter().for_each(|(label, ..)| visit(label));
    }
    for moment in &group.moments {
        visit(&moment.object);
        for post in &moment.posts {
            [&post.id, &post.account, &post.key, &post.text].into_iter().for_each(|text| visit(text));
        }
    }
    for (account, handles) in &group.signs.renamed {
        visit(account);
        handles.iter().for_each(|handle| visit(handle));
    }
    for (handle, accounts) in &group.signs.passed {
        visit(handle);
        accounts.iter().for_each(|account| visit(account));
    }
}
