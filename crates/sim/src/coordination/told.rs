//! The events of a world as networks tell them: model posts and accounts, and
//! lines of X and Mastodon.
//!
//! Limits: follows are told by no network's posts and give nothing; posts and
//! accounts bear the identifiers of X, under which a renamed account stays the
//! same (on Mastodon the handle is the identity).

use super::{CoordinationWorld, Event, EventKind, Person};
use crate::wire::{Relation, Teller, Told, mastodon, x};
use model::{Account, Known, Lang, Media, MediaKind, Metrics, NativeId, Network, Post, PostKind, Timestamp};
use serde_json::Value;

/// Ordinals of posts begin here, away from those of [`crate::World`].
const POSTS_FROM: u64 = 500_000_000;
/// Ordinals of accounts begin here.
const ACCOUNTS_FROM: u64 = 500_000;

/// Tells the events of a world; made once, it knows the engagement of each.
#[derive(Debug, Clone)]
pub struct Narrator<'w> {
    world: &'w CoordinationWorld,
    /// Likes (made up), replies, reshares by event, as they stand at the end.
    counts: Vec<[u64; 3]>,
}

impl CoordinationWorld {
    /// A teller of the events. Cost: one pass.
    pub fn narrator(&self) -> Narrator<'_> {
        let mut counts = vec![[0_u64; 3]; self.events.len()];
        for event in &self.events {
            let about = event.about.and_then(|about| counts.get_mut(about as usize));
            if let Some([likes, replies, reshares]) = about {
                match event.kind {
                    EventKind::Reply => (*replies, *likes) = (*replies + 1, *likes + 1),
                    EventKind::Reshare => (*reshares, *likes) = (*reshares + 1, *likes + 3),
                    _ => {}
                }
            }
        }
        Narrator { world: self, counts }
    }

    /// The native identifier of an account in [`Narrator::post`] and X lines.
    pub fn native_account(&self, account: u32) -> String {
        x::user_id(ACCOUNTS_FROM + u64::from(account))
    }

    /// The native identifier of an event's post in [`Narrator::post`] and X lines.
    pub fn native_post(&self, event: u32) -> String {
        x::id(POSTS_FROM + u64::from(event))
    }

    /// The number of the account with this native identifier.
    pub fn account_of_native(&self, native: &str) -> Option<u32> {
        let first: u64 = x::user_id(ACCOUNTS_FROM).parse().ok()?;
        let number = u32::try_from(native.parse::<u64>().ok()?.checked_sub(first)?).ok()?;
        self.people.get(number as usize).map(|person| person.number)
    }
}

impl<'w> Narrator<'w> {
    /// One line of an X v2 archive; `None` for follows.
    pub fn x_line(&self, event: &Event) -> Option<Value> {
        self.told(event).map(|told| x::told(&told))
    }

    /// One status as Mastodon's API gives it; `None` for follows.
    pub fn mastodon_line(&self, event: &Event) -> Option<Value> {
        self.told(event).map(|told| mastodon::told(&told))
    }

    /// The post as Atalaya maps it from its X line; `None` for follows.
    pub fn post(&self, event: &Event) -> Option<Post> {
        let told = self.told(event)?;
        let id = |number: u32| NativeId::parse(&self.world.native_post(number)).ok();
        let author = self.account(event.account, event.time)?;
        let mut post = Post::new(Network::X, id(event.number)?, author, String::new());
        post.url = Some(format!("https://x.com/{}/status/{}", told.author.handle, post.key.native_id));
        post.created_at = Some(event.time);
        post.declared_language = Some(Lang::ES);
        let about = event.about.and_then(id);
        match event.kind {
            EventKind::Original => {}
            EventKind::Reply => {
                post.kind = PostKind::Reply;
                (post.reply_to, post.thread_root) = (about.clone(), about);
                post.tagged_accounts = self.answered(event).map(|(_, h)| h.to_owned()).into_iter().collect();
            }
            EventKind::Reshare => {
                (post.kind, post.shared) = (PostKind::Reshare, about);
                return Some(post);
            }
            EventKind::Quote => (post.kind, post.shared) = (PostKind::Quote, about),
            EventKind::Follow => return None,
        }
        post.links = told.link.map(str::to_owned).into_iter().collect();
        post.hashtags = told.hashtags.iter().map(|tag| (*tag).to_owned()).collect();
        let picture = |number| format!("https://{}/media/{number}.jpg", mastodon::SERVER);
        post.media = told
            .picture
            .map(|number| Media { kind: MediaKind::Image, url: Some(picture(number)), alt: None })
            .into_iter()
            .collect();
        let [likes, replies, reshares] = told.counts.map(Known::Value);
        post.metrics = Metrics { likes, replies, reshares, quotes: Known::Value(0), ..Metrics::default() };
        post.text = told.text;
        Some(post)
    }

    /// The account as it was described at this instant; `None` for unknown numbers.
    pub fn account(&self, account: u32, at: Timestamp) -> Option<Account> {
        let person = self.world.people.get(account as usize)?;
        let native = NativeId::parse(&self.world.native_account(account)).ok()?;
        let mut told = Account::bare(Network::X, native);
        let handle = person.handle_at(at).to_owned();
        told.url = Some(format!("https://x.com/{handle}"));
        told.handle = Some(handle);
        told.name = Some(person.name.clone());
        told.bio.clone_from(&person.bio);
        told.followers = Known::Value(person.followers);
        told.following = Known::Value(person.following);
        told.posts = Known::Value(person.posts);
        told.created_at = Some(person.created_at);
        told.avatar_url = Some(x::avatar(ACCOUNTS_FROM + u64::from(account), person.default_avatar));
        told.verified = Some(person.verified);
        Some(told)
    }

    /// Ordinal and handle of the account that is answered.
    fn answered(&self, event: &Event) -> Option<(u64, &'w str)> {
        let toward = event.toward?;
        let person = self.world.people.get(toward as usize)?;
        Some((ACCOUNTS_FROM + u64::from(toward), person.handle_at(event.time)))
    }

    fn told(&self, event: &Event) -> Option<Told<'w>> {
        let about = event.about.and_then(|about| self.world.events.get(about as usize));
        let relation = match (event.kind, about) {
            (EventKind::Follow, _) => return None,
            (EventKind::Reply, Some(about)) => {
                Relation::Reply(POSTS_FROM + u64::from(about.number), self.answered(event))
            }
            (EventKind::Reshare, Some(about)) => Relation::Reshare(Box::new(self.alone(about)?)),
            (EventKind::Quote, Some(about)) => Relation::Quote(Box::new(self.alone(about)?)),
            _ => Relation::None,
        };
        Some(Told { relation, ..self.alone(event)? })
    }

    /// The event without what it refers to.
    fn alone(&self, event: &Event) -> Option<Told<'w>> {
        let world = self.world;
        let person = world.people.get(event.account as usize)?;
        let hashtags: Vec<&str> = event
            .hashtags
            .iter()
            .filter_map(|tag| world.hashtags.get(*tag as usize).map(String::as_str))
            .collect();
        let link = event.link.and_then(|link| world.links.get(link as usize)).map(String::as_str);
        let mut text = String::with_capacity(event.text.len() + 60);
        if event.kind == EventKind::Reply
            && let Some((_, handle)) = self.answered(event)
        {
            text.push('@');
            text.push_str(handle);
            text.push(' ');
        }
        text.push_str(&event.text);
        for tag in &hashtags {
            text.push_str(" #");
            text.push_str(tag);
        }
        if let Some(link) = link {
            text.push(' ');
            text.push_str(link);
        }
        Some(Told {
            ordinal: POSTS_FROM + u64::from(event.number),
            author: teller(person, event.time),
            time: event.time,
            text,
            hashtags,
            link,
            picture: event.media.map(u64::from),
            language: "es",
            counts: self.counts.get(event.number as usize).copied().unwrap_or_default(),
            relation: Relation::None,
        })
    }
}

fn teller(person: &Person, at: Timestamp) -> Teller<'_> {
    Teller {
        ordinal: ACCOUNTS_FROM + u64::from(person.number),
        handle: person.handle_at(at),
        name: &person.name,
        bio: person.bio.as_deref().unwrap_or_default(),
        followers: person.followers,
        following: person.following,
        posts: person.posts,
        created_at: person.created_at,
        default_avatar: person.default_avatar,
        automated: person.automated,
        verified: person.verified,
        local: true,
    }
}
