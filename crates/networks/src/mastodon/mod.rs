//! Mastodon and servers that speak its API (the fediverse).
//!
//! In: statuses with the server that showed them. Out: posts identified by
//! their ActivityPub `uri`, which is the same on every server (the status `id`
//! is not); accounts by `user@host`. A reblog is a reshare, and the status
//! inside it is a record of its own; so is a quoted one.
//! Limits: the answered status is named by its `uri` where it can be known
//! (the answered account is of the same server and named); else by
//! `server#id`, which no other server uses.

pub(crate) mod listen;
mod status_ids;
pub(crate) mod wire;

use crate::dates::network_date;
use crate::gather::{
    ADDRESS_BYTES_MAX, add_hashtag, add_link, add_media, add_tagged, address, handle, media_kind, short,
};
use crate::map::{page_text, parse_json, read_into, unreadable};
use crate::markup::{decode_entities, plain_text};
use crate::{Arrival, MapError, Mapped, Readings};
use model::post::host_of;
use model::{Account, Format, Lang, MediaKind, Metrics, NativeId, Network, Post, PostKind, Reject};
use serde_json::value::RawValue;

/// The name under which the server that showed a status deletes it:
/// `server#id`. `None` for records that say neither.
pub fn local_name(body: &[u8]) -> Option<NativeId> {
    #[derive(serde::Deserialize)]
    struct Envelope {
        server: Option<String>,
        status: Status,
    }
    #[derive(serde::Deserialize)]
    struct Status {
        id: String,
    }
    let envelope: Envelope = serde_json::from_slice(body).ok()?;
    let server = envelope.server.filter(|server| !server.trim().is_empty())?;
    NativeId::parse(&format!("{server}#{}", envelope.status.id)).ok()
}

/// Maps one record: `{"server":…,"status":…}`.
///
/// # Errors
/// [`MapError`].
pub fn map_status(text: &str) -> Result<Mapped, MapError> {
    let envelope: wire::Envelope = parse_json(Format::MastodonStatus, text)?;
    let status = envelope.status;
    let given = envelope.server.as_deref().filter(|server| !server.trim().is_empty());
    let server = given.map(str::to_owned).or_else(|| home_of(&status.account)).unwrap_or_default();
    let host = host_of(&server).unwrap_or_else(|| server.trim_start_matches("https://").to_owned());
    let uri = status.uri.as_deref().or(status.url.as_deref()).ok_or(MapError::Lacks("uri"))?;
    let author = map_account(&status.account, &host)?;
    let mut post = Post::new(Network::Mastodon, NativeId::parse(uri)?, author, String::new());
    post.created_at = status.created_at.as_deref().and_then(network_date);
    post.edited_at = status.edited_at.as_deref().and_then(network_date);
    post.url = status.url.as_deref().and_then(address).or_else(|| address(uri));
    post.declared_language = status.language.as_deref().and_then(|lang| Lang::parse(lang).ok());
    if let Some(original) = &status.reblog {
        let shared = original
            .uri
            .as_deref()
            .or(original.url.as_deref())
            .ok_or(MapError::Lacks("uri of the reblogged"))?;
        post.kind = PostKind::Reshare;
        post.shared = Some(NativeId::parse(shared)?);
        return Ok(Mapped::Post(Box::new(post)));
    }
    map_words(&mut post, &status);
    map_lists(&mut post, &status, &host);
    map_relations(&mut post, &status, &server, &host);
    post.metrics = Metrics {
        likes: status.favourites_count.known(),
        replies: status.replies_count.known(),
        reshares: status.reblogs_count.known(),
        quotes: status.quotes_count.known(),
        ..Metrics::default()
    };
    Ok(Mapped::Post(Box::new(post)))
}

/// Reads a status, a notification, an array of them, a search answer or a
/// context of `server` (`https://host`; empty when unknown). A reblog gives two records.
pub fn read_statuses(server: &str, body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    let text = match page_text(body, at) {
        Ok(text) => text,
        Err(reject) => return vec![Err(reject)],
    };
    if text.trim_start().starts_with('[') {
        match serde_json::from_str::<Vec<&RawValue>>(text) {
            Ok(items) => {
                items.into_iter().for_each(|item| read_one(&mut readings, server, item.get(), at, 0))
            }
            Err(error) => {
                readings.push(Err(Reject::new(at.line, unreadable(Format::MastodonStatus, error), body)));
            }
        }
    } else {
        read_one(&mut readings, server, text, at, 0);
    }
    readings
}

/// How deep statuses may lie in each other: notification, reblog, quote.
const NESTING_MAX: usize = 4;

fn read_one(readings: &mut Readings, server: &str, text: &str, at: Arrival, depth: usize) {
    let page: wire::Page = match serde_json::from_str(text) {
        Ok(page) => page,
        Err(error) => {
            readings.push(Err(Reject::new(
                at.line,
                unreadable(Format::MastodonStatus, error),
                text.as_bytes(),
            )));
            return;
        }
    };
    if depth > NESTING_MAX {
        return;
    }
    let of_ours = page.server.as_deref().unwrap_or(server);
    for status in page.ancestors.iter().chain(&page.statuses).chain(&page.descendants) {
        read_one(readings, of_ours, status.get(), at, depth + 1);
    }
    if let Some(status) = page.status {
        // Notifications of a favourite or reblog repeat our own status: no new post.
        let repeats = matches!(page.kind.as_deref(), Some("favourite" | "reblog" | "poll" | "update"));
        if !repeats {
            read_one(readings, of_ours, status.get(), at, depth + 1);
        }
        return;
    }
    if page.account.is_none() || (page.content.is_none() && page.reblog.is_none()) {
        let nothing = page.statuses.is_empty() && page.ancestors.is_empty() && page.descendants.is_empty();
        if nothing && page.kind.is_none() {
            readings.push(Err(Reject::new(at.line, MapError::Lacks("account and content"), text.as_bytes())));
        }
        return;
    }
    let quoted = page.quote.and_then(|quote| quote.quoted_status);
    for inner in page.reblog.into_iter().chain(quoted) {
        read_one(readings, server, inner.get(), at, depth + 1);
    }
    read_into(readings, Format::MastodonStatus, Network::Mastodon, envelope(server, text), at);
}

/// The bytes of a record: the status verbatim with its server.
fn envelope(server: &str, status: &str) -> Vec<u8> {
    let server = serde_json::Value::from(server.trim_end_matches('/'));
    format!("{{\"server\":{server},\"status\":{}}}", status.trim()).into_bytes()
}

/// The server of an account that is local to it, from its address.
fn home_of(account: &wire::Account<'_>) -> Option<String> {
    let url = account.url.as_deref().filter(|_| !account.acct.contains('@'))?;
    host_of(url).map(|host| format!("https://{host}"))
}

/// `user@host` of an account as a server writes it (`user` when it is its own).
fn full_name(acct: &str, host: &str) -> String {
    if acct.contains('@') || host.is_empty() { acct.to_owned() } else { format!("{acct}@{host}") }
}

fn map_account(account: &wire::Account<'_>, host: &str) -> Result<Account, MapError> {
    let name = full_name(&account.acct, host);
    let mut mapped = Account::bare(Network::Mastodon, NativeId::parse(&name)?);
    mapped.handle = handle(&name);
    mapped.name = account.display_name.as_deref().and_then(short);
    mapped.bio = account.note.as_deref().and_then(|note| short(&plain_text(note).text));
    mapped.url = account.url.as_deref().and_then(address);
    mapped.avatar_url = account.avatar.as_deref().and_then(address);
    mapped.created_at = account.created_at.as_deref().and_then(network_date);
    mapped.followers = account.followers_count.known();
    mapped.following = account.following_count.known();
    mapped.posts = account.statuses_count.known();
    mapped.automated = account.bot.0;
    Ok(mapped)
}

fn map_words(post: &mut Post, status: &wire::Status<'_>) {
    let plain = plain_text(status.content.as_deref().unwrap_or_default());
    (post.text, post.truncated) = (plain.text, plain.truncated);
    for option in status.poll.iter().flat_map(|poll| &poll.options).take(model::post::POST_LIST_MAX) {
        if let Some(title) = option.title.as_deref().and_then(short)
            && post.text.len() + title.len() < model::post::POST_TEXT_BYTES_MAX
        {
            post.text.push_str("\n- ");
            post.text.push_str(&decode_entities(&title));
        }
    }
    post.title = status.spoiler_text.as_deref().and_then(short);
    for anchor in
        plain.anchors.iter().filter(|a| !a.class.contains("mention") && !a.class.contains("hashtag"))
    {
        if anchor.href.len() <= ADDRESS_BYTES_MAX {
            add_link(post, &anchor.href);
        }
    }
}

fn map_lists(post: &mut Post, status: &wire::Status<'_>, host: &str) {
    if let Some(url) = status.card.as_ref().and_then(|card| card.url.as_deref()) {
        add_link(post, url);
    }
    for tag in status.tags.iter().filter_map(|tag| tag.name.as_deref()) {
        add_hashtag(post, written_tag(&post.text, tag).unwrap_or(tag).to_owned().as_str());
    }
    for acct in status.mentions.iter().filter_map(|mention| mention.acct.as_deref()) {
        add_tagged(post, &full_name(acct, host));
    }
    for file in &status.media_attachments {
        let kind = file.kind.as_deref().and_then(media_kind).unwrap_or(MediaKind::Image);
        let url = file.url.as_deref().or(file.remote_url.as_deref());
        add_media(post, kind, url, file.description.as_deref());
    }
}

/// A hashtag as its author wrote it: servers fold it to lower case, which
/// loses the words of camel case.
fn written_tag<'t>(text: &'t str, folded: &str) -> Option<&'t str> {
    text.match_indices('#').find_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let tag = rest.get(..end)?;
        (tag.len() < 256 && tag.to_lowercase() == folded.to_lowercase()).then_some(tag)
    })
}

fn map_relations(post: &mut Post, status: &wire::Status<'_>, server: &str, host: &str) {
    if let Some(id) = status.in_reply_to_id.as_deref().filter(|id| !id.is_empty()) {
        post.kind = PostKind::Reply;
        let parent = answered_uri(status, id, server).unwrap_or_else(|| format!("{host}#{id}"));
        post.reply_to = NativeId::parse(&parent).ok();
    }
    if let Some(quote) = &status.quote {
        let shared = quote.quoted_status.as_ref().and_then(|s| s.uri.as_deref()).or(quote.uri.as_deref());
        post.shared = shared.and_then(|uri| NativeId::parse(uri).ok());
        if post.shared.is_some() && post.kind == PostKind::Original {
            post.kind = PostKind::Quote;
        }
    }
}

/// The `uri` of the answered status where the API tells enough: Mastodon
/// builds it as `server/users/NAME/statuses/ID` for its own accounts.
fn answered_uri(status: &wire::Status<'_>, id: &str, server: &str) -> Option<String> {
    let account = status.in_reply_to_account_id.as_deref()?;
    let name = if status.account.id.as_deref() == Some(account) {
        // An answer to oneself: take the shape of this very status.
        let own = status.id.as_deref().filter(|own| !own.is_empty())?;
        let uri = status.uri.as_deref()?;
        return uri.strip_suffix(own).map(|stem| format!("{stem}{id}"));
    } else {
        let named = status.mentions.iter().find(|mention| mention.id.as_deref() == Some(account))?;
        named.acct.as_deref().filter(|acct| !acct.contains('@'))?
    };
    let local = status.uri.as_deref().is_some_and(|uri| uri.starts_with(server) && uri.contains("/users/"));
    (local && !server.is_empty()).then(|| format!("{server}/users/{name}/statuses/{id}"))
}

#[cfg(test)]
mod tests;
