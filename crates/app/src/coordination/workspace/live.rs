//! What arrives about known groups after a run, counted as it arrives.
//!
//! In: posts on their way into the index. Out: [`LiveCounts`], and the
//! messages that reached an audience. A post is recognised by its author, and
//! by the shared post, link, hashtags, picture or text cascade that it has in
//! common with a group. Errors: those of the file.
//! Cost: no group: nothing; else a hash and a look-up for the author and each
//! object of a post. Counts are written at most once a minute; after a sudden
//! end what came later is counted again from the archive.
//! Limits: [`crate::coordination::workspace::kept::GROUPS_MAX`] groups with [`MARKS_MAX`] messages;
//! people outside are told apart until a message has its audience. A post that
//! was edited in the minute before a sudden end may count again.

use crate::coordination::detect::parts::key_of;
use crate::coordination::observed::plain_link;
use crate::coordination::report::outside::quiet_days;
use crate::coordination::workspace::groups::LiveCounts;
use crate::coordination::workspace::kept::{Kept, Mark};
use crate::coordination::workspace::reach::{Act, Reach, carries};
use analysis::coordination::audit::Engager;
use analysis::coordination::breakout::{INTERACTIONS_MIN, Interaction, Spread, doubt_of};
use model::{Doubt, Post, PostKind, RecordKey, RecordKind, Strength, Timestamp, Trace};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Name and version of the file.
pub(crate) const LIVE_FILE: (&str, u32) = ("coordination-live", 2);
/// Messages of a group that are followed, those of most members.
pub const MARKS_MAX: usize = 200;
/// How often counts are written, ms.
pub(crate) const SAVE_MS: i64 = 60_000;
/// Records after which they are written though nothing was counted, so that
/// few have to be read again at the next start.
pub(crate) const UNSAVED_MAX: i64 = 50_000;

/// What posts are compared with.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    members: HashMap<u64, u32>,
    objects: HashMap<u64, Vec<u32>>,
    cascades: HashMap<i64, Vec<u32>>,
    /// The group and the key of each mark.
    marks: Vec<(u32, u64)>,
    groups: Vec<(String, Strength)>,
    /// Accounts that a group copies.
    copied: HashSet<(u32, u64)>,
}

impl Watch {
    /// What the groups of a run are recognised by.
    pub(crate) fn of(kept: &Kept) -> Self {
        let mut watch = Self::default();
        for (group, (report, rest)) in (0_u32..).zip(kept.report.groups.iter().zip(&kept.groups)) {
            watch.groups.push((report.id.clone(), report.strength));
            watch.copied.extend(report.copied.iter().map(|one| (group, key_of(&one.account))));
            watch.members.extend(report.members.iter().map(|member| (key_of(&member.account), group)));
            for mark in &rest.marks {
                let number = watch.marks.len() as u32; // At most GROUPS_MAX · MARKS_MAX.
                watch.marks.push((group, mark.key));
                watch.objects.entry(mark.key).or_default().push(number);
                if let Some(cascade) = mark.cascade {
                    watch.cascades.entry(cascade).or_default().push(number);
                }
            }
        }
        watch
    }

    /// A post as groups see it.
    pub(crate) fn sight(&self, post: &Post) -> Sight {
        let mut sight = Sight::default();
        if !self.objects.is_empty() {
            sight.key = Some(RecordKey::of(RecordKind::Post, post.key.network, &post.key.native_id));
            sight.carries = carries(post.kind);
            sight.quiet_days = post.created_at.and_then(|at| quiet_days(&post.author, 1, at));
            each_object(post, &mut |trace, name| {
                let key = object_key(trace, name);
                if self.objects.contains_key(&key) {
                    sight.objects.push(key);
                }
            });
        }
        sight
    }

    /// True when a post may be about a message of a group.
    pub(crate) fn concerns(&self, post: &Sighted<'_>) -> bool {
        let of_cascade = |cascade: &i64| self.cascades.contains_key(cascade);
        !post.sight.objects.is_empty() || post.cascade.as_ref().is_some_and(of_cascade)
    }

    /// What speaks against counting the author of a post, member of another
    /// group or of none, as the audience of a group.
    fn doubt(&self, group: u32, post: &Sighted<'_>, member_of: Option<&(String, Strength)>) -> Option<Doubt> {
        let strength = member_of.map(|(_, strength)| *strength);
        let engager = Engager { interactions: 1, group: strength, quiet_days: post.quiet_days };
        doubt_of(&engager, self.copied.contains(&(group, key_of(post.author))))
    }
}

/// The objects of a post whose names are known at once, as
/// [`crate::coordination::observed::Observed`] names them.
pub(crate) fn each_object(post: &Post, visit: &mut impl FnMut(Trace, &str)) {
    if post.kind == PostKind::Reshare {
        if let Some(shared) = &post.shared {
            visit(Trace::CoReshare, shared.as_str());
        }
        return;
    }
    let mut links: Vec<String> = post.links.iter().map(|link| plain_link(link)).collect();
    links.sort_unstable();
    links.dedup();
    links.iter().for_each(|link| visit(Trace::CoLink, link));
    if post.hashtags.len() > 1 {
        let tags: Vec<String> = post.hashtags.iter().map(|tag| tag.to_lowercase()).collect();
        visit(Trace::CoHashtag, &tags.join(" "));
    }
    post.media.iter().filter_map(|media| media.url.as_deref()).for_each(|url| visit(Trace::CoMedia, url));
}

/// The hash of an object.
pub(crate) fn object_key(trace: Trace, name: &str) -> u64 {
    key_of(&format!("{}\n{name}", trace.name()))
}

/// An account outside, as far as it has to be told from others.
pub(crate) fn person_key(account: &str) -> u32 {
    // The low half of the hash.
    (key_of(account) & u64::from(u32::MAX)) as u32
}

/// What groups see of a post.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sight {
    /// The objects that groups act on, as hashes.
    pub objects: Vec<u64>,
    /// Its record; `None` without groups.
    pub key: Option<RecordKey>,
    /// It carries what it is about to others.
    pub carries: bool,
    /// Days in which its author did nothing else, as its network tells.
    pub quiet_days: Option<u32>,
}

/// One post on its way into the index.
pub(crate) struct Sighted<'a> {
    /// Its record.
    pub id: i64,
    /// `network:native id` of its author.
    pub author: &'a str,
    /// What [`Watch::sight`] said of it.
    pub sight: &'a Sight,
    /// Its cascade.
    pub cascade: Option<i64>,
    /// When.
    pub time: Timestamp,
    /// As in its sight, unless we hold something else of its author.
    pub quiet_days: Option<u32>,
    /// It was not there before: an edit or new figures are no new post.
    pub is_new: bool,
}

/// A message that has not reached an audience.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Message {
    inside: u32,
    people: Vec<u32>,
    reach: Reach,
}

impl Message {
    /// Adds an interaction; true when an audience is reached with it.
    fn record(&mut self, person: u32, is_member: bool) -> bool {
        let interaction = |account, is_member| Interaction {
            account,
            time_ms: 0,
            is_member,
            carries: true,
            doubt: None,
            followers: None,
        };
        let mut spread = Spread::default();
        for _ in 0..self.inside {
            spread.record(&interaction(0, true));
        }
        for known in &self.people {
            spread.record(&interaction(*known, false));
        }
        let crosses = spread.record(&interaction(person, is_member));
        if is_member {
            // More than this changes nothing.
            self.inside = (self.inside + 1).min(INTERACTIONS_MIN as u32);
        } else if !self.people.contains(&person) {
            self.people.push(person);
        }
        crosses
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct GroupLive {
    posts: u64,
    newest: Option<Timestamp>,
    outside: u64,
    crossed: Vec<(u64, Reach)>,
    messages: BTreeMap<u64, Message>,
}

/// The counts since a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Live {
    /// The run.
    pub run_at: Timestamp,
    /// Highest record id that is counted.
    pub upto: i64,
    groups: BTreeMap<String, GroupLive>,
    /// When it was written last.
    #[serde(skip)]
    pub saved_at: Timestamp,
    /// Something was counted since.
    #[serde(skip)]
    pub is_changed: bool,
    /// [`Self::upto`] when it was written last.
    #[serde(skip)]
    pub saved_upto: i64,
    /// How many of the messages that crossed were told as alerts.
    #[serde(skip)]
    pub told: usize,
}

impl Live {
    /// Nothing counted yet.
    pub(crate) fn of(kept: &Kept) -> Self {
        let message = |mark: &Mark| {
            let (people, reach) = (mark.people.clone()?, mark.reach.clone());
            Some((mark.key, Message { inside: mark.inside.min(INTERACTIONS_MIN as u32), people, reach }))
        };
        let groups = kept.report.groups.iter().zip(&kept.groups).map(|(report, rest)| {
            let messages = rest.marks.iter().filter_map(message).collect();
            (report.id.clone(), GroupLive { messages, ..GroupLive::default() })
        });
        Self { run_at: kept.run_at, upto: kept.upto, groups: groups.collect(), ..Self::default() }
    }

    /// Counts a post, unless it was counted before. Ids have to rise. Members of
    /// a `dismissed` group are an audience as anybody is.
    pub(crate) fn count(&mut self, watch: &Watch, dismissed: &HashSet<String>, post: &Sighted<'_>) {
        if post.id <= self.upto {
            return;
        }
        self.upto = post.id;
        if !post.is_new {
            // Written soon: read again from the archive it would look new.
            self.is_changed = true;
            return;
        }
        let member_of = watch.members.get(&key_of(post.author)).copied();
        let mut marks: Vec<u32> =
            post.sight.objects.iter().filter_map(|key| watch.objects.get(key)).flatten().copied().collect();
        marks.extend(post.cascade.and_then(|cascade| watch.cascades.get(&cascade)).into_iter().flatten());
        if member_of.is_none() && marks.is_empty() {
            return;
        }
        self.is_changed = true;
        if let Some(live) = self.group_mut(watch, member_of) {
            live.posts += 1;
            live.newest = live.newest.max(Some(post.time));
        }
        marks.sort_unstable();
        marks.dedup();
        let mut counted = None;
        let named = member_of.and_then(|group| watch.groups.get(group as usize));
        let accused = named.filter(|(id, _)| !dismissed.contains(id));
        let person = person_key(post.author);
        // Marks of one group stand together.
        for (group, key) in marks.iter().filter_map(|mark| watch.marks.get(*mark as usize)) {
            let is_member = member_of == Some(*group);
            let Some(live) = self.group_mut(watch, Some(*group)) else { continue };
            if !is_member && counted != Some(*group) {
                counted = Some(*group);
                live.outside += 1;
            }
            let Some(message) = live.messages.get_mut(key) else { continue };
            let Sight { key: record, carries, .. } = *post.sight;
            // The first posts of the group were kept by the run.
            let record = record.filter(|_| !is_member);
            // Who was counted once goes on counting.
            let is_new = !is_member && !message.people.contains(&person);
            let doubt = watch.doubt(*group, post, accused).filter(|_| is_new);
            message.reach.add(&Act { key: record, account: post.author, is_member, doubt, carries });
            if doubt.is_none()
                && message.record(person, is_member)
                && let Some(Message { mut reach, .. }) = live.messages.remove(key)
            {
                reach.crossed_at = Some(post.time);
                live.crossed.push((*key, reach));
            }
        }
    }

    fn group_mut(&mut self, watch: &Watch, group: Option<u32>) -> Option<&mut GroupLive> {
        self.groups.get_mut(&watch.groups.get(group? as usize)?.0)
    }

    /// The messages that crossed since the run: group, key and how far it came.
    pub(crate) fn crossed(&self) -> impl Iterator<Item = (&str, u64, &Reach)> {
        self.groups
            .iter()
            .flat_map(|(id, live)| live.crossed.iter().map(|(key, reach)| (id.as_str(), *key, reach)))
    }

    /// The counts of a group.
    pub(crate) fn counts(&self, kept: &Kept, id: &str) -> LiveCounts {
        let Some(live) = self.groups.get(id).filter(|_| self.run_at == kept.run_at) else {
            return LiveCounts::default();
        };
        let at = kept.report.groups.iter().position(|group| group.id == id);
        let marks = at.and_then(|at| kept.groups.get(at)).map_or(&[][..], |rest| &rest.marks);
        let named = |(key, _): &(u64, Reach)| {
            marks.iter().find(|mark| mark.key == *key).map(|mark| mark.object.clone())
        };
        LiveCounts {
            posts: live.posts,
            newest: live.newest,
            outside: live.outside,
            crossed: live.crossed.iter().filter_map(named).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coordination::observed::Observed;
    use model::{Account, Media, MediaKind, NativeId, Network};

    fn id(text: &str) -> NativeId {
        NativeId::parse(text).unwrap()
    }

    fn post(kind: PostKind) -> Post {
        let author = Account::bare(Network::Mastodon, id("ana@a.example"));
        let media = |url: &str| Media { kind: MediaKind::Image, url: Some(url.to_owned()), alt: None };
        Post {
            kind,
            created_at: Some(Timestamp::from_millis(1_700_000_000_000)),
            shared: Some(id("https://a.example/1")),
            links: vec!["https://www.B.example/x/?utm_source=a".into(), "http://b.example/x".into()],
            hashtags: vec!["SinAgua".into(), "Colón".into()],
            media: vec![media("https://a.example/i.png")],
            ..Post::new(Network::Mastodon, id("https://a.example/2"), author, String::new())
        }
    }

    #[test]
    fn new_posts_name_objects_as_runs_do() {
        let traces = [Trace::CoReshare, Trace::CoLink, Trace::CoHashtag, Trace::CoMedia];
        for kind in PostKind::ALL {
            let post = post(kind);
            let mut observed = Observed::default();
            observed.add_post(&post);
            observed.close();
            let mut of_run = Vec::new();
            for trace in traces {
                let Some(seen) = observed.traces.get(&trace) else { continue };
                of_run.extend(seen.objects.iter().map(|(_, name)| (trace, name)));
            }
            let mut live = Vec::new();
            each_object(&post, &mut |trace, name| live.push((trace, name.to_owned())));
            live.sort();
            of_run.sort();
            assert_eq!(live, of_run, "{kind:?}");
            assert!(!live.is_empty());
        }
    }

    #[test]
    fn a_message_has_its_audience_with_the_last_of_them_and_holds_no_more() {
        let mut message = Message::default();
        (0..1_000).for_each(|_| assert!(!message.record(7, true)));
        assert_eq!(u64::from(message.inside), INTERACTIONS_MIN);
        let least = u32::try_from(analysis::coordination::breakout::AUDIENCE_MIN).unwrap();
        for person in 0..least - 1 {
            assert!(!message.record(person, false) && !message.record(person, false), "{person}");
        }
        assert_eq!(message.people.len() as u32, least - 1);
        assert!(message.record(least, false));
    }
}
