//! The card of one account of a group: its acts beside those of the others.
//!
//! In: a group of the last run and an account of it. Out: [`AccountCard`].
//! Everything is taken from what is kept of the run, and the texts from the
//! archive as it is now. Errors: [`AppError::NotFound`] for a group that the
//! last run did not find, or an account that is not in it any more.
//! Cost: a walk over the acts of the group; reading the posts that are shown.
//! Limits: [`POSTS_MAX`], [`PARTNERS_MAX`], [`OBJECTS_MAX`], and those of the
//! acts that are kept; what is left out is counted.

use crate::coordination::observed::EXCERPT_CHARS;
use crate::coordination::report::times::Times;
use crate::coordination::report::views::{ExplanationView, GroupReport, MemberView, as_text};
use crate::coordination::workspace::acts::Act;
use crate::coordination::workspace::against::{AgainstView, against};
use crate::coordination::workspace::decisions::Memory;
use crate::coordination::workspace::groups::{DecisionView, no_group};
use crate::coordination::workspace::kept::{GroupKept, Kept};
use crate::listening::Workspace;
use crate::{Actor, AppError};
use analysis::coordination::PairSettings;
use model::{AccountKey, Permission, Strength, Timestamp, Trace};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Posts of an account that are laid beside those of others, the newest.
pub const POSTS_MAX: usize = 30;
/// Partners listed, the least likely first.
pub const PARTNERS_MAX: usize = 20;
/// Shared objects listed, those of most members first.
pub const OBJECTS_MAX: usize = 30;
/// One account of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccountCard {
    /// The group.
    pub group: String,
    /// How strongly its evidence speaks: the word of the group, never of an account.
    pub strength: Strength,
    /// Its members.
    pub members: u64,
    /// What is known of the account, with its signs.
    pub member: MemberView,
    /// Place among the members, from 1, the most central first.
    pub place: u64,
    /// When the posts were chosen.
    #[serde(serialize_with = "as_text")]
    pub run_at: Timestamp,
    /// How near its joint posts are to those of others.
    pub near: NearView,
    /// Its joint posts beside the nearest of another member, the newest first.
    pub posts: Vec<PostBeside>,
    /// Joint posts that are not listed.
    pub posts_left_out: u64,
    /// With whom it meets, by trace.
    pub partners: Vec<PartnerView>,
    /// Partners in all.
    pub partners_count: u64,
    /// What it shares with others.
    pub objects: Vec<AccountObject>,
    /// Such objects that are not listed.
    pub objects_left_out: u64,
    /// Its joint posts by day since 1970, UTC.
    pub days: Vec<(i32, u32)>,
    /// Its joint posts by hour since 1970, those without any left out.
    pub hourly: Vec<(u32, u32)>,
    /// Earlier groups in which it was, the newest first; told apart by who serialises.
    #[serde(skip)]
    pub earlier: Vec<EarlierGroup>,
    /// What speaks against its part in the group, found or not.
    pub against: Vec<AgainstView>,
    /// Innocent explanations found for the group.
    pub explanations: Vec<ExplanationView>,
}

/// How near the joint posts of an account are to those of other members.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct NearView {
    /// Its joint posts whose acts are kept.
    pub posts: u64,
    /// Of them, with another member on the same object within the trace's window.
    pub within: u64,
    /// Median of the seconds to the nearest; `None` without posts.
    pub median_s: Option<u32>,
}

/// A post beside the nearest one of another member.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PostBeside {
    /// Record of the post.
    pub record: i64,
    /// When.
    #[serde(serialize_with = "as_text")]
    pub time: Timestamp,
    /// The beginning of its text; empty when it has none.
    pub text: String,
    /// What it has in common with the nearest one.
    pub traces: Vec<Trace>,
    /// The object of the first of these, where its name is kept.
    pub object: String,
    /// Other members that acted on one of its objects within the window.
    pub members_near: u32,
    /// The nearest post.
    pub nearest: NearestPost,
}

/// The nearest post of another member on the same object.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearestPost {
    /// `network:native_id` of its author.
    pub account: String,
    /// What its author is called.
    pub label: String,
    /// Record of the post.
    pub record: i64,
    /// When.
    #[serde(serialize_with = "as_text")]
    pub time: Timestamp,
    /// The beginning of its text.
    pub text: String,
    /// Seconds after the account's own post; below zero before it.
    pub seconds: i64,
}

/// What an account and another meet on, in one trace.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartnerView {
    /// `network:native_id`.
    pub account: String,
    /// What it is called.
    pub label: String,
    /// The trace.
    pub trace: Trace,
    /// Objects on which they met.
    pub together: u64,
    /// As many were to be expected.
    pub expected: f64,
    /// Objects on which both acted.
    pub joint: u64,
    /// Chance of as many, for this pair alone.
    pub p: f64,
    /// The accounts' own delays do not explain it.
    pub beyond_habit: bool,
}

/// An object that the account shares with other members.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccountObject {
    /// The trace.
    pub trace: Trace,
    /// The object, where its name is kept.
    pub object: String,
    /// Members that acted on it, the account among them.
    pub members: u32,
    /// Others whose acts on it are kept.
    pub others: u32,
    /// Times that the account did.
    pub times: u32,
    /// When it first did.
    #[serde(serialize_with = "as_text")]
    pub first_at: Timestamp,
}

/// An earlier group, as far as it is remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct EarlierGroup {
    /// Its identifier.
    pub id: String,
    /// When it was decided about or last seen.
    pub seen_at: Timestamp,
    /// Its accounts.
    pub accounts: u64,
    /// What the team decided of it.
    pub decision: Option<DecisionView>,
    /// Groups of the last run with accounts of it, and how many.
    pub now: Vec<(String, u64)>,
}

/// How an account is named in addresses: sixteen hexadecimal digits that say
/// nothing of it and stand in any path.
pub fn account_address(account: &str) -> String {
    Sha256::digest(account.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

impl Workspace {
    /// One account of a group of the last run. `account` is its
    /// [`account_address`] or `network:native_id`.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub fn coordinated_account(
        &self,
        actor: &Actor,
        id: &str,
        account: &str,
    ) -> Result<AccountCard, AppError> {
        actor.require(Permission::Read)?;
        let (kept, at) = self.kept_group(id)?;
        let (group, rest) =
            kept.report.groups.get(at).zip(kept.groups.get(at)).ok_or_else(|| no_group(id))?;
        let is_asked =
            |member: &MemberView| member.account == account || account_address(&member.account) == account;
        let place = group.members.iter().position(is_asked);
        let found = place.and_then(|place| Some((i32::try_from(place).ok()?, group.members.get(place)?)));
        let Some((place, member)) = found else {
            return Err(AppError::NotFound { what: "account", name: account.chars().take(64).collect() });
        };
        let memory = Memory::load(self)?;
        let mut card = card(&kept, group, rest, place, member);
        let number = AccountKey::parse(&member.account).map(|key| store::archive::account_number(&key));
        card.earlier = number.map(|number| memory.groups_of_account(number)).unwrap_or_default();
        self.add_texts(&mut card.posts)?;
        Ok(card)
    }

    /// An earlier group that the last run did not find again under this name.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub fn earlier_group(&self, actor: &Actor, id: &str) -> Result<EarlierGroup, AppError> {
        actor.require(Permission::Read)?;
        Memory::load(self)?.earlier_group(id).ok_or_else(|| no_group(id))
    }

    fn add_texts(&self, posts: &mut [PostBeside]) -> Result<(), AppError> {
        let ids: BTreeSet<i64> = posts.iter().flat_map(|post| [post.record, post.nearest.record]).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let texts: HashMap<i64, String> = self
            .posts_of(&ids)?
            .into_iter()
            .map(|(id, post)| (id, post.full_text().chars().take(EXCERPT_CHARS).collect()))
            .collect();
        let text = |record| texts.get(&record).cloned().unwrap_or_default();
        for post in posts {
            post.text = text(post.record);
            post.nearest.text = text(post.nearest.record);
        }
        Ok(())
    }
}

fn card(kept: &Kept, group: &GroupReport, rest: &GroupKept, place: i32, member: &MemberView) -> AccountCard {
    let beside = Beside::of(rest, place);
    let (partners, partners_count, habit_share) = partners(group, rest, place);
    let mut posts = beside.posts(group);
    let posts_left_out = posts.len().saturating_sub(POSTS_MAX) as u64;
    let near = near(&posts);
    // Their seconds were of u32.
    let second = |post: &PostBeside| u32::try_from(post.time.millis().div_euclid(1_000)).ok();
    let Times { days, hourly, .. } = Times::of(posts.iter().filter_map(second));
    posts.truncate(POSTS_MAX);
    let mut objects = beside.objects();
    let objects_left_out = objects.len().saturating_sub(OBJECTS_MAX) as u64;
    objects.truncate(OBJECTS_MAX);
    AccountCard {
        group: group.id.clone(),
        strength: group.strength,
        members: group.members.len() as u64,
        place: u64::from(place.unsigned_abs()) + 1,
        run_at: kept.run_at,
        against: against(member, &near, partners_count, habit_share, kept.run_at),
        explanations: group.explanations.iter().filter(|one| one.verdict == "holds").cloned().collect(),
        member: member.clone(),
        near,
        posts,
        posts_left_out,
        partners,
        partners_count,
        objects,
        objects_left_out,
        days,
        hourly,
        earlier: Vec::new(),
    }
}

/// The acts on the objects of one account.
struct Beside<'a> {
    place: i32,
    /// By object that it acted on: everybody's acts, by time.
    by_object: Vec<(Trace, &'a str, &'a [Act])>,
}

impl<'a> Beside<'a> {
    fn of(rest: &'a GroupKept, place: i32) -> Self {
        let by_object = rest.acts.acts.chunk_by(|one, two| one.0 == two.0);
        let mut by_object: Vec<(Trace, &str, &[Act])> = by_object
            .filter(|acts| acts.iter().any(|act| act.1 == place))
            .filter(|acts| acts.iter().any(|act| act.1 >= 0 && act.1 != place))
            .filter_map(|acts| {
                let object = rest.acts.objects.get(acts.first()?.0 as usize)?;
                Some((object.trace, object.name.as_str(), acts))
            })
            .collect();
        // Moments of activity hold every post: they speak only where nothing else ties.
        if rest.grounds.iter().any(|tie| tie.trace != Trace::Synchrony) {
            by_object.retain(|(trace, ..)| *trace != Trace::Synchrony);
        }
        Self { place, by_object }
    }

    /// Each joint post with the nearest of another member, the newest first.
    fn posts(&self, group: &GroupReport) -> Vec<PostBeside> {
        let mut posts: BTreeMap<(u32, i64), PostBeside> = BTreeMap::new();
        for (trace, name, acts) in &self.by_object {
            let window = PairSettings::of(*trace).window_s;
            let others = || acts.iter().filter(|act| act.1 >= 0 && act.1 != self.place);
            for own in acts.iter().filter(|act| act.1 == self.place) {
                let Some(near) = others().min_by_key(|act| (act.2.abs_diff(own.2), act.3)) else { continue };
                let members: BTreeSet<i32> =
                    others().filter(|act| act.2.abs_diff(own.2) <= window).map(|act| act.1).collect();
                let members_near = u32::try_from(members.len()).unwrap_or(u32::MAX);
                let Some(nearest) = nearest(group, own, near) else { continue };
                let beside = posts.entry((own.2, own.3)).or_insert_with(|| PostBeside {
                    record: own.3,
                    time: at(own.2),
                    text: String::new(),
                    traces: Vec::new(),
                    object: (*name).to_owned(),
                    members_near,
                    nearest: nearest.clone(),
                });
                beside.members_near = beside.members_near.max(members_near);
                // The same distance with an object that has a name says more.
                let rank = |near: &NearestPost, name: &str| (near.seconds.abs(), name.is_empty());
                if rank(&nearest, name) < rank(&beside.nearest, &beside.object) {
                    let is_other = nearest.record != beside.nearest.record;
                    (beside.nearest, beside.object) = (nearest, (*name).to_owned());
                    if is_other {
                        beside.traces.clear();
                    }
                }
                if beside.nearest.record == near.3 && !beside.traces.contains(trace) {
                    beside.traces.push(*trace);
                }
            }
        }
        posts.into_values().rev().collect()
    }

    /// What it shares, those of most members first; what has no name comes last.
    fn objects(&self) -> Vec<AccountObject> {
        let counted = |(trace, name, acts): &(Trace, &str, &[Act])| {
            let distinct = |wanted: &dyn Fn(i32) -> bool| {
                let who: BTreeSet<i32> = acts.iter().map(|act| act.1).filter(|who| wanted(*who)).collect();
                u32::try_from(who.len()).unwrap_or(u32::MAX)
            };
            AccountObject {
                trace: *trace,
                object: (*name).to_owned(),
                first_at: at(acts.iter().find(|act| act.1 == self.place).map_or(0, |act| act.2)),
                members: distinct(&|who| who >= 0),
                others: distinct(&|who| who < 0),
                times: u32::try_from(acts.iter().filter(|act| act.1 == self.place).count())
                    .unwrap_or(u32::MAX),
            }
        };
        let mut objects: Vec<AccountObject> = self.by_object.iter().map(counted).collect();
        objects.sort_by(|one, two| {
            let has_no_name = |object: &AccountObject| object.object.is_empty();
            has_no_name(one)
                .cmp(&has_no_name(two))
                .then(two.members.cmp(&one.members))
                .then_with(|| one.object.cmp(&two.object))
        });
        objects
    }
}

fn at(time_s: u32) -> Timestamp {
    Timestamp::from_millis(i64::from(time_s) * 1_000)
}

fn label(member: &MemberView) -> String {
    member.handle.as_ref().map_or_else(|| member.account.clone(), |handle| format!("@{handle}"))
}

fn nearest(group: &GroupReport, own: &Act, near: &Act) -> Option<NearestPost> {
    let author = group.members.get(usize::try_from(near.1).ok()?)?;
    Some(NearestPost {
        account: author.account.clone(),
        label: label(author),
        record: near.3,
        time: at(near.2),
        text: String::new(),
        seconds: i64::from(near.2) - i64::from(own.2),
    })
}

fn near(posts: &[PostBeside]) -> NearView {
    let mut seconds: Vec<u64> = posts.iter().map(|post| post.nearest.seconds.unsigned_abs()).collect();
    seconds.sort_unstable();
    let median = seconds.get(seconds.len() / 2).and_then(|seconds| u32::try_from(*seconds).ok());
    NearView {
        posts: posts.len() as u64,
        within: posts.iter().filter(|post| post.members_near > 0).count() as u64,
        median_s: median,
    }
}

/// The strongest partners, how many there are, and the share of pairs that the
/// accounts' own delays explain.
fn partners(group: &GroupReport, rest: &GroupKept, place: i32) -> (Vec<PartnerView>, u64, Option<f64>) {
    let mut found: BTreeMap<(u32, Trace), PartnerView> = BTreeMap::new();
    let (mut pairs, mut of_habit) = (0_u32, 0_u32);
    for tie in &rest.grounds {
        let is_own = |one: u32| i32::try_from(one) == Ok(place);
        let other = if is_own(tie.a) { tie.b } else { tie.a };
        if !is_own(tie.a) && !is_own(tie.b) {
            continue;
        }
        let Some(member) = group.members.get(other as usize) else { continue };
        pairs += 1;
        of_habit += u32::from(!tie.beyond_habit);
        let view = found.entry((other, tie.trace)).or_insert_with(|| PartnerView {
            account: member.account.clone(),
            label: label(member),
            trace: tie.trace,
            together: 0,
            expected: 0.0,
            joint: 0,
            p: 1.0,
            beyond_habit: false,
        });
        // The two halves of the objects are told together.
        view.together += u64::from(tie.together);
        view.expected += f64::from(tie.expected);
        view.joint += u64::from(tie.joint);
        view.p = view.p.min(f64::from(tie.ln_p).exp());
        view.beyond_habit |= tie.beyond_habit;
    }
    let count = found.keys().map(|(other, _)| other).collect::<BTreeSet<_>>().len() as u64;
    let share = (pairs > 0).then(|| f64::from(of_habit) / f64::from(pairs));
    let mut partners: Vec<PartnerView> = found.into_values().collect();
    partners.sort_by(|one, two| one.p.total_cmp(&two.p).then(two.together.cmp(&one.together)));
    partners.truncate(PARTNERS_MAX);
    (partners, count, share)
}
