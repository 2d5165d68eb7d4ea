//! RSS, Atom and JSON feeds: press and blogs.
//!
//! In: a feed document. Out: one record for each entry, normalised to the JSON
//! of [`Entry`]; the document itself is not kept. An entry is identified by
//! its global id (Atom id, guid with a scheme), else its link, else the site
//! and its local id, else a hash of its words. The author is the site, with
//! the byline where there is one.
//! Source: <https://www.rssboard.org/rss-specification>, RFC 4287,
//! <https://www.jsonfeed.org/version/1.1/>.
//! Limits: the words of an entry as in `markup`; entity declarations of XML
//! are not expanded.

pub(crate) mod listen;

use crate::dates::network_date;
use crate::gather::{add_hashtag, add_link, add_media, address, media_kind, scan_text, short};
use crate::map::{OwnReason, parse_json, read_into};
use crate::markup::plain_text;
use crate::{Arrival, MapError, Mapped, Readings};
use feed_rs::model as feed;
use model::post::host_of;
use model::{Account, Format, Lang, MediaKind, NativeId, Network, Post, Reject};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One entry of a feed as it is recorded: texts verbatim, what is missing left out.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Entry {
    /// Identifier given by the feed, if any.
    #[serde(skip_serializing_if = "String::is_empty")]
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Address of the entry's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<File>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    feed: Site,
}

/// A text with whether it is HTML.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Words {
    text: String,
    html: bool,
}

/// An enclosure.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct File {
    url: String,
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<String>,
}

/// The feed that an entry stands in.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
struct Site {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Address of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// Address of the feed itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

/// Maps one recorded entry.
///
/// # Errors
/// [`MapError`].
pub fn map_entry(text: &str) -> Result<Mapped, MapError> {
    let entry: Entry = parse_json(Format::FeedEntry, text)?;
    let host = [&entry.feed.link, &entry.link, &entry.feed.address]
        .into_iter()
        .find_map(|address| host_of(address.as_deref()?))
        .unwrap_or_else(|| "feed".to_owned());
    let mut post =
        Post::new(Network::Rss, entry_id(&entry, &host)?, map_author(&entry, &host)?, String::new());
    let words =
        entry.content.as_ref().filter(|words| !words.text.trim().is_empty()).or(entry.summary.as_ref());
    post.title = entry.title.as_deref().and_then(|title| short(&plain_text(title).text));
    if words.is_none() && post.title.is_none() {
        return Err(MapError::Lacks("title or text"));
    }
    // A feed's own page of the entry counts as a link, so that its site is found by domain.
    post.url = entry.link.as_deref().and_then(address);
    entry.link.iter().for_each(|link| add_link(&mut post, link));
    map_words(&mut post, words);
    entry.categories.iter().for_each(|category| add_hashtag(&mut post, category));
    for file in &entry.media {
        let kind = media_kind(&file.kind).unwrap_or(MediaKind::Image);
        if !post.media.iter().any(|known| known.url.as_deref() == Some(&file.url)) {
            add_media(&mut post, kind, Some(&file.url), file.alt.as_deref());
        }
    }
    let language = entry.language.as_deref().or(entry.feed.language.as_deref());
    post.declared_language = language.and_then(|code| Lang::parse(code).ok());
    let updated = entry.updated.as_deref().and_then(network_date);
    post.created_at = entry.published.as_deref().and_then(network_date).or(updated);
    post.edited_at = updated.filter(|updated| Some(*updated) != post.created_at);
    Ok(Mapped::Post(Box::new(post)))
}

fn map_words(post: &mut Post, words: Option<&Words>) {
    let Some(words) = words else { return };
    if words.html {
        let plain = plain_text(&words.text);
        (post.text, post.truncated) = (plain.text, plain.truncated);
        plain.anchors.iter().for_each(|anchor| add_link(post, &anchor.href));
        for image in &plain.images {
            add_media(post, MediaKind::Image, Some(&image.src), Some(&image.alt));
        }
    } else {
        crate::gather::set_text(post, &words.text);
    }
    scan_text(post);
}

fn entry_id(entry: &Entry, host: &str) -> Result<NativeId, MapError> {
    let id = entry.id.trim();
    if id.contains(':') {
        return Ok(NativeId::parse(id)?);
    }
    if let Some(link) = entry.link.as_deref().filter(|link| link.contains("://")) {
        return Ok(NativeId::parse(link)?);
    }
    if !id.is_empty() {
        return Ok(NativeId::parse(&format!("{host}/{id}"))?);
    }
    let mut hasher = Sha256::new();
    hasher.update(host.as_bytes());
    for text in
        [entry.title.as_deref(), entry.content.as_ref().or(entry.summary.as_ref()).map(|w| w.text.as_str())]
    {
        hasher.update([0]);
        hasher.update(text.unwrap_or_default().as_bytes());
    }
    Ok(NativeId::parse(&format!("{host}/{}", crate::table::hex_head(&hasher.finalize())))?)
}

fn map_author(entry: &Entry, host: &str) -> Result<Account, MapError> {
    let byline = entry.authors.first().and_then(|name| short(name));
    let id = byline.as_ref().map_or_else(|| host.to_owned(), |name| format!("{host}/{name}"));
    let mut author = Account::bare(Network::Rss, NativeId::parse(&id)?);
    author.handle = Some(host.to_owned());
    author.name =
        byline.or_else(|| entry.feed.title.as_deref().and_then(|title| short(&plain_text(title).text)));
    author.bio = entry.feed.description.as_deref().and_then(|text| short(&plain_text(text).text));
    author.url = entry.feed.link.as_deref().and_then(address);
    Ok(author)
}

/// Reads a feed document; `address` is where it came from, if known.
pub fn read_feed(body: &[u8], address: Option<&str>, at: Arrival) -> Readings {
    let mut readings = Readings::new();
    // An empty id means "the feed gave none"; the reader would make one up.
    let parser =
        feed_rs::parser::Builder::new().base_uri(address).id_generator(|_, _, _| String::new()).build();
    let document = match parser.parse(body) {
        Ok(document) => document,
        Err(error) => {
            let reason = OwnReason("not-a-feed", vec![error.to_string()], format!("not a feed: {error}"));
            return vec![Err(Reject::new(at.line, reason, body))];
        }
    };
    let site = Site {
        title: document.title.map(|title| title.content),
        link: page_link(&document.links),
        address: address.map(str::to_owned),
        description: document.description.map(|text| text.content),
        language: document.language,
    };
    for entry in document.entries {
        match serde_json::to_vec(&normalise(entry, &site)) {
            Ok(body) => read_into(&mut readings, Format::FeedEntry, Network::Rss, body, at),
            Err(error) => readings.push(Err(Reject::new(at.line, error.to_string(), &[]))),
        }
    }
    readings
}

/// Reads one record of ours: an entry.
pub(crate) fn read_entry(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    read_into(&mut readings, Format::FeedEntry, Network::Rss, body.to_vec(), at);
    readings
}

/// The address of a page among links: the alternate one, else the first that
/// is not the feed itself.
fn page_link(links: &[feed::Link]) -> Option<String> {
    let alternate = links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    let other = links.iter().find(|link| !matches!(link.rel.as_deref(), Some("self" | "hub" | "enclosure")));
    alternate.or(other).map(|link| link.href.clone())
}

fn normalise(entry: feed::Entry, site: &Site) -> Entry {
    let words = |text: feed::Text| Words { html: text.content_type.subty() == "html", text: text.content };
    let content = entry.content.and_then(|content| {
        let html = content.content_type.subty() == "html" || content.content_type.subty() == "xhtml+xml";
        content.body.map(|text| Words { text, html })
    });
    let mut media = Vec::new();
    for object in entry.media {
        let alt = object.description.map(|text| text.content);
        for file in object.content {
            let kind = file.content_type.map(|kind| kind.to_string()).unwrap_or_default();
            media.extend(file.url.map(|url| File { url: url.to_string(), kind, alt: alt.clone() }));
        }
    }
    Entry {
        id: entry.id,
        title: entry.title.map(|text| text.content),
        link: page_link(&entry.links),
        content,
        summary: entry.summary.map(words),
        published: entry.published.map(|date| date.to_rfc3339()),
        updated: entry.updated.map(|date| date.to_rfc3339()),
        authors: entry.authors.into_iter().filter_map(|person| person.name.or(person.email)).collect(),
        categories: entry
            .categories
            .into_iter()
            .map(|category| category.label.unwrap_or(category.term))
            .collect(),
        media,
        language: entry.language,
        feed: site.clone(),
    }
}

#[cfg(test)]
mod tests;
