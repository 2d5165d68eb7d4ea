//! Bluesky and the rest of the AT Protocol network.
//!
//! In: Jetstream events, post views (search, feeds, threads, notifications)
//! and profiles. Out: posts identified by their `at://` address, accounts by
//! their DID. A repost is a reshare without text; likes, follows and deletions
//! are no posts. Source of the shapes: see `wire`.

mod car;
pub(crate) mod firehose;
pub(crate) mod jetstream;
pub(crate) mod notifications;
pub mod profiles;
pub(crate) mod search;
mod session;
pub(crate) mod wire;

use crate::dates::network_date;
use crate::gather::{add_hashtag, add_link, add_media, add_tagged, address, handle, set_text, short};
use crate::map::{page_text, parse_json, read_into, unreadable};
use crate::{Arrival, MapError, Mapped, Readings};
use model::{
    Account, Format, Lang, MediaKind, Metrics, NativeId, Network, Post, PostKind, Reject, Timestamp,
};

/// Collection of posts.
pub const POST_COLLECTION: &str = "app.bsky.feed.post";
/// Collection of reposts.
pub const REPOST_COLLECTION: &str = "app.bsky.feed.repost";

/// Maps a Jetstream event of a post or repost.
///
/// # Errors
/// [`MapError::Other`] for likes, follows, deletions and account events.
pub fn map_event(text: &str) -> Result<Mapped, MapError> {
    let event: wire::Event = parse_json(Format::Jetstream, text)?;
    let Some(commit) = event.commit else {
        return Err(MapError::Other(
            event.kind.map_or_else(|| "event".to_owned(), |kind| kind.0.into_owned()),
        ));
    };
    let is_post = &*commit.collection == POST_COLLECTION || &*commit.collection == REPOST_COLLECTION;
    let Some(raw) = commit.record.filter(|_| is_post && &*commit.operation != "delete") else {
        return Err(MapError::Other(format!("{} of {}", &*commit.operation, &*commit.collection)));
    };
    let uri = format!("at://{}/{}/{}", &*event.did, &*commit.collection, &*commit.rkey);
    let account = Account::bare(Network::Bluesky, NativeId::parse(&event.did)?);
    let record: wire::Record = parse_json(Format::Jetstream, raw.get())?;
    let mut post = map_record(&uri, account, &record)?;
    if &*commit.operation == "update" {
        post.edited_at = event.time_us.map(|micros| Timestamp::from_millis(micros.div_euclid(1_000)));
    }
    Ok(Mapped::Post(Box::new(post)))
}

/// Maps a post view or a notification.
///
/// # Errors
/// [`MapError`]; [`MapError::Other`] for notifications of likes and follows.
pub fn map_view(text: &str) -> Result<Mapped, MapError> {
    let view: wire::View = parse_json(Format::BlueskyPostView, text)?;
    if !view.uri.contains(POST_COLLECTION) && !view.uri.contains(REPOST_COLLECTION) {
        return Err(MapError::Other("record that is no post".to_owned()));
    }
    let record: wire::Record = parse_json(Format::BlueskyPostView, view.record.get())?;
    let mut post = map_record(&view.uri, map_author(&view.author)?, &record)?;
    if let Some(embed) = &view.embed {
        // The view's pictures have addresses that the record's lack.
        let did = post.author.key.native_id.as_str().to_owned();
        post.media.clear();
        map_embed(&mut post, embed, &did);
    }
    post.metrics = Metrics {
        likes: view.like_count.known(),
        replies: view.reply_count.known(),
        reshares: view.repost_count.known(),
        quotes: view.quote_count.known(),
        ..Metrics::default()
    };
    Ok(Mapped::Post(Box::new(post)))
}

/// Maps a profile.
///
/// # Errors
/// [`MapError`].
pub fn map_profile(text: &str) -> Result<Mapped, MapError> {
    let profile: wire::Profile = parse_json(Format::BlueskyProfile, text)?;
    Ok(Mapped::Account(Box::new(map_author(&profile)?)))
}

/// Reads one Jetstream event: one record, or none when it is no post.
pub fn read_event(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    read_into(&mut readings, Format::Jetstream, Network::Bluesky, body.to_vec(), at);
    readings
}

/// Reads an answer that holds post views (search, feed, thread,
/// notifications), or one view.
pub fn read_views(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    let text = match page_text(body, at) {
        Ok(text) => text,
        Err(reject) => return vec![Err(reject)],
    };
    let page: wire::Page = match serde_json::from_str(text) {
        Ok(page) => page,
        Err(error) => {
            return vec![Err(Reject::new(at.line, unreadable(Format::BlueskyPostView, error), body))];
        }
    };
    let mut read = |view: &str| {
        read_into(&mut readings, Format::BlueskyPostView, Network::Bluesky, view.as_bytes().to_vec(), at);
    };
    if page.uri.is_some() {
        read(text);
    }
    let of_feed = page.feed.iter().filter_map(|item| item.post);
    for view in page.posts.iter().copied().chain(of_feed).chain(page.notifications).chain(page.post) {
        read(view.get());
    }
    let mut nodes: Vec<&wire::Thread> = page.thread.iter().collect();
    while let Some(node) = nodes.pop() {
        if let Some(view) = node.post {
            read(view.get());
        }
        nodes.extend(node.parent.as_deref());
        nodes.extend(&node.replies);
    }
    readings
}

/// Reads one profile or the answer of `getProfiles`.
pub fn read_profile(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    let profiles = serde_json::from_slice::<wire::Page>(body).map(|page| page.profiles).unwrap_or_default();
    if profiles.is_empty() {
        read_into(&mut readings, Format::BlueskyProfile, Network::Bluesky, body.to_vec(), at);
    }
    for profile in profiles {
        let body = profile.get().as_bytes().to_vec();
        read_into(&mut readings, Format::BlueskyProfile, Network::Bluesky, body, at);
    }
    readings
}

fn map_author(profile: &wire::Profile<'_>) -> Result<Account, MapError> {
    let mut account = Account::bare(Network::Bluesky, NativeId::parse(&profile.did)?);
    // The AppView writes this in place of a handle that it could not verify.
    account.handle = profile.handle.as_deref().filter(|h| *h != "handle.invalid").and_then(handle);
    account.name = profile.display_name.as_deref().and_then(short);
    account.bio = profile.description.as_deref().and_then(short);
    account.avatar_url = profile.avatar.as_deref().and_then(address);
    account.created_at = profile.created_at.as_deref().and_then(network_date);
    account.followers = profile.followers_count.known();
    account.following = profile.follows_count.known();
    account.posts = profile.posts_count.known();
    account.url = address(&format!("https://bsky.app/profile/{}", &*profile.did));
    let status = profile.verification.as_ref().and_then(|v| v.verified_status.as_deref());
    account.verified = status.map(|status| status == "valid");
    // A label that the account put on itself, not one that others put on it.
    let declares_bot = |label: &wire::Label<'_>| {
        label.val.as_deref() == Some("bot")
            && label.src.as_deref() == Some(&*profile.did)
            && !label.neg.is_set()
    };
    account.automated = profile.labels.iter().any(declares_bot).then_some(true);
    Ok(account)
}

fn map_record(uri: &str, author: Account, record: &wire::Record<'_>) -> Result<Post, MapError> {
    let did = author.key.native_id.as_str().to_owned();
    let mut post = Post::new(Network::Bluesky, NativeId::parse(uri)?, author, String::new());
    post.created_at = record.created_at.as_deref().and_then(network_date);
    if uri.contains(REPOST_COLLECTION) {
        let subject = record.subject.ok_or(MapError::Lacks("subject"))?;
        let subject: wire::Reference = parse_json(Format::Jetstream, subject.get())?;
        post.kind = PostKind::Reshare;
        post.shared = Some(NativeId::parse(&subject.uri.ok_or(MapError::Lacks("subject.uri"))?)?);
        return Ok(post);
    }
    let text = record.text.as_deref().ok_or(MapError::Lacks("text"))?;
    set_text(&mut post, text);
    post.declared_language = record.langs.first().and_then(|lang| Lang::parse(lang).ok());
    post.url = uri
        .strip_prefix("at://")
        .and_then(|path| path.split_once("/app.bsky.feed.post/"))
        .and_then(|(repo, key)| address(&format!("https://bsky.app/profile/{repo}/post/{key}")));
    for facet in &record.facets {
        map_facet(&mut post, facet, text);
    }
    for tag in &record.tags {
        add_hashtag(&mut post, tag);
    }
    if let Some(embed) = &record.embed {
        map_embed(&mut post, embed, &did);
    }
    if let Some(reply) = &record.reply {
        let id = |reference: &Option<wire::Reference<'_>>| {
            reference.as_ref().and_then(|r| r.uri.as_deref()).and_then(|uri| NativeId::parse(uri).ok())
        };
        post.reply_to = id(&reply.parent);
        post.thread_root = id(&reply.root);
        post.kind = PostKind::Reply;
    }
    Ok(post)
}

fn map_facet(post: &mut Post, facet: &wire::Facet<'_>, text: &str) {
    let stretch = facet.index.as_ref().and_then(|index| {
        let start = usize::try_from(index.byte_start.0?).ok()?;
        let end = usize::try_from(index.byte_end.0?).ok()?;
        text.get(start..end)
    });
    for feature in &facet.features {
        if let Some(uri) = &feature.uri {
            add_link(post, uri);
        }
        if let Some(tag) = &feature.tag {
            add_hashtag(post, tag);
        }
        if let Some(did) = &feature.did {
            let written = stretch.filter(|text| text.starts_with('@') && text.len() > 1);
            add_tagged(post, written.unwrap_or(did));
        }
    }
}

fn map_embed(post: &mut Post, embed: &wire::Embed<'_>, did: &str) {
    map_images(post, &embed.images, did);
    map_video(post, embed.video.as_ref(), embed.playlist.as_deref(), embed.alt.as_deref());
    let cards = [embed.external.as_ref(), embed.media.as_ref().and_then(|media| media.external.as_ref())];
    for uri in cards.into_iter().flatten().filter_map(|card| card.uri.as_deref()) {
        add_link(post, uri);
    }
    if let Some(media) = &embed.media {
        map_images(post, &media.images, did);
        map_video(post, media.video.as_ref(), media.playlist.as_deref(), media.alt.as_deref());
    }
    let quoted = embed.record.as_ref().and_then(|reference| {
        reference.uri.as_deref().or_else(|| reference.record.as_ref().and_then(|inner| inner.uri.as_deref()))
    });
    // Feeds, lists and starter packs are embedded in the same way.
    if let Some(uri) = quoted.filter(|uri| uri.contains(POST_COLLECTION)) {
        post.shared = NativeId::parse(uri).ok();
        if post.kind == PostKind::Original {
            post.kind = PostKind::Quote;
        }
    }
}

fn map_images(post: &mut Post, images: &[wire::Image<'_>], did: &str) {
    for image in images {
        let cid =
            image.image.as_ref().and_then(|blob| blob.link.as_ref()).and_then(|link| link.cid.as_deref());
        let stored = cid.map(|cid| format!("https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{cid}@jpeg"));
        let url = image.fullsize.as_deref().or(stored.as_deref());
        add_media(post, MediaKind::Image, url, image.alt.as_deref());
    }
}

fn map_video(post: &mut Post, blob: Option<&wire::Blob<'_>>, playlist: Option<&str>, alt: Option<&str>) {
    if blob.is_some() || playlist.is_some() {
        add_media(post, MediaKind::Video, playlist, alt);
    }
}

#[cfg(test)]
mod tests;
