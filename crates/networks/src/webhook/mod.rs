//! Inbound webhooks of our own generic shape and of Ghost.
//!
//! In: a body whose signature was checked before. Generic: one object of our
//! field names (see `table`), a list of them, or `{"posts":[…]}`. Ghost:
//! `{"post":{"current":…,"previous":…}}`. Out: posts; drafts and deletions of
//! Ghost are no posts.
//! Source: <https://ghost.org/docs/webhooks/>.

use crate::dates::network_date;
use crate::gather::{add_hashtag, add_link, add_media, address, scan_text, set_text, short};
use crate::map::{page_text, parse_json, read_into, unreadable};
use crate::markup::plain_text;
use crate::wire::{Text, list};
use crate::{Arrival, MapError, Mapped, Readings};
use model::listening::WebhookMaker;
use model::post::host_of;
use model::{Account, Format, MediaKind, NativeId, Network, Post, RawRecord, Reject};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Ghost<'a> {
    #[serde(borrow)]
    post: Option<Versions<'a>>,
    #[serde(borrow)]
    page: Option<Versions<'a>>,
}

#[derive(Deserialize)]
struct Versions<'a> {
    #[serde(borrow)]
    current: Option<Article<'a>>,
}

#[derive(Deserialize)]
struct Article<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    uuid: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    html: Option<Text<'a>>,
    #[serde(borrow)]
    plaintext: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    published_at: Option<Text<'a>>,
    #[serde(borrow)]
    updated_at: Option<Text<'a>>,
    #[serde(borrow)]
    feature_image: Option<Text<'a>>,
    #[serde(borrow)]
    feature_image_alt: Option<Text<'a>>,
    #[serde(borrow)]
    primary_author: Option<Writer<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    authors: Vec<Writer<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    tags: Vec<Tag<'a>>,
}

#[derive(Deserialize)]
struct Writer<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    slug: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    bio: Option<Text<'a>>,
    #[serde(borrow)]
    profile_image: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

/// Maps one body: Ghost's shape if it has `post` or `page`, else one object of ours.
///
/// # Errors
/// [`MapError`]; [`MapError::Other`] for drafts and deletions.
pub fn map_body(text: &str, record: &RawRecord) -> Result<Mapped, MapError> {
    let ghost: Ghost = parse_json(Format::Webhook, text)?;
    match ghost.post.or(ghost.page) {
        None => crate::table::map_row(text, record),
        Some(versions) => map_article(&versions),
    }
}

fn map_article(versions: &Versions<'_>) -> Result<Mapped, MapError> {
    let article = versions.current.as_ref();
    let known = article.and_then(|a| Some((a, a.uuid.as_deref().or(a.id.as_deref())?)));
    let (article, id) = known.ok_or_else(|| MapError::Other("deletion of an article".to_owned()))?;
    if let Some(status) = article.status.as_deref().filter(|s| !matches!(*s, "published" | "sent")) {
        return Err(MapError::Other(format!("{} article", status.chars().take(40).collect::<String>())));
    }
    let url = article.url.as_deref().and_then(address);
    let host = url.as_deref().and_then(host_of).unwrap_or_else(|| "ghost".to_owned());
    let writer = article.primary_author.as_ref().or(article.authors.first());
    let slug = writer.and_then(|writer| writer.slug.as_deref().or(writer.name.as_deref()));
    let author_id = slug.map_or_else(|| host.clone(), |slug| format!("{host}/{slug}"));
    let mut author = Account::bare(Network::Webhook, NativeId::parse(&author_id)?);
    author.name = writer.and_then(|w| w.name.as_deref()).and_then(short).or_else(|| short(&host));
    author.bio = writer.and_then(|w| w.bio.as_deref()).and_then(short);
    author.url = writer.and_then(|w| w.url.as_deref()).and_then(address);
    author.avatar_url = writer.and_then(|w| w.profile_image.as_deref()).and_then(address);
    let mut post = Post::new(Network::Webhook, NativeId::parse(id)?, author, String::new());
    post.title = article.title.as_deref().and_then(short);
    let html = plain_text(article.html.as_deref().unwrap_or_default());
    set_text(&mut post, article.plaintext.as_deref().filter(|_| html.text.is_empty()).unwrap_or(&html.text));
    post.truncated |= html.truncated;
    post.url.clone_from(&url);
    url.iter().for_each(|url| add_link(&mut post, url));
    html.anchors.iter().for_each(|anchor| add_link(&mut post, &anchor.href));
    scan_text(&mut post);
    if let Some(image) = article.feature_image.as_deref() {
        add_media(&mut post, MediaKind::Image, Some(image), article.feature_image_alt.as_deref());
    }
    for image in &html.images {
        add_media(&mut post, MediaKind::Image, Some(&image.src), Some(&image.alt));
    }
    for tag in article.tags.iter().filter_map(|tag| tag.name.as_deref()) {
        add_hashtag(&mut post, tag);
    }
    post.created_at = article.published_at.as_deref().and_then(network_date);
    let updated = article.updated_at.as_deref().and_then(network_date);
    post.edited_at = updated.filter(|updated| Some(*updated) > post.created_at);
    Ok(Mapped::Post(Box::new(post)))
}

/// True when a body has Ghost's shape.
pub(crate) fn is_ghost(body: &[u8]) -> bool {
    serde_json::from_slice::<Ghost>(body).is_ok_and(|ghost| ghost.post.is_some() || ghost.page.is_some())
}

#[derive(Deserialize)]
struct Posts<'a> {
    #[serde(borrow)]
    posts: Option<Vec<&'a RawValue>>,
}

/// Reads the body of a webhook of our generic shape or of Ghost. Meta's has
/// its own reader.
pub fn read_body(maker: WebhookMaker, body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    let text = match page_text(body, at) {
        Ok(text) => text.trim(),
        Err(reject) => return vec![Err(reject)],
    };
    let reject = |error| vec![Err(Reject::new(at.line, unreadable(Format::Webhook, error), body))];
    match maker {
        WebhookMaker::Meta => return crate::meta::read_webhook(body, at),
        WebhookMaker::Ghost => {
            read_into(&mut readings, Format::Webhook, Network::Webhook, body.to_vec(), at);
        }
        WebhookMaker::Generic => {
            let items: Vec<&str> = if text.starts_with('[') {
                match serde_json::from_str::<Vec<&RawValue>>(text) {
                    Ok(items) => items.iter().map(|raw| raw.get()).collect(),
                    Err(error) => return reject(error),
                }
            } else {
                match serde_json::from_str::<Posts>(text) {
                    Ok(Posts { posts: Some(items) }) => items.iter().map(|raw| raw.get()).collect(),
                    Ok(Posts { posts: None }) => vec![text],
                    Err(error) => return reject(error),
                }
            };
            for item in items {
                readings.push(crate::table::read_row(
                    item.as_bytes().to_vec(),
                    Format::Webhook,
                    Network::Webhook,
                    at,
                ));
            }
        }
    }
    readings
}

#[cfg(test)]
mod tests;
