//! YouTube: comments, comment threads and the videos they stand under.
//!
//! In: answers of `commentThreads.list`, `comments.list` and `videos.list`, or
//! one resource of them. Out: posts identified by comment or video id,
//! accounts by channel id. The answers inside a thread are records of their own.
//! Source: <https://developers.google.com/youtube/v3/docs/commentThreads>.

pub(crate) mod listen;

use crate::dates::network_date;
use crate::gather::{add_hashtag, add_link, address, handle, scan_text, set_text, short};
use crate::map::{page_text, parse_json, read_into, unreadable};
use crate::markup::plain_text;
use crate::wire::{Count, Text, list};
use crate::{Arrival, MapError, Mapped, Readings};
use model::{Account, Format, Lang, Metrics, NativeId, Network, Post, PostKind, Reject};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow)]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    snippet: Option<&'a RawValue>,
    #[serde(default)]
    statistics: Option<Statistics>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Statistics {
    #[serde(default)]
    view_count: Count,
    #[serde(default)]
    like_count: Count,
    #[serde(default)]
    comment_count: Count,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Thread<'a> {
    #[serde(borrow)]
    top_level_comment: Option<Comment<'a>>,
    #[serde(default)]
    total_reply_count: Count,
}

#[derive(Deserialize)]
struct Comment<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    snippet: Snippet<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snippet<'a> {
    #[serde(borrow)]
    text_original: Option<Text<'a>>,
    #[serde(borrow)]
    text_display: Option<Text<'a>>,
    #[serde(borrow)]
    author_display_name: Option<Text<'a>>,
    #[serde(borrow)]
    author_profile_image_url: Option<Text<'a>>,
    #[serde(borrow)]
    author_channel_url: Option<Text<'a>>,
    #[serde(borrow)]
    author_channel_id: Option<ChannelId<'a>>,
    #[serde(borrow)]
    video_id: Option<Text<'a>>,
    #[serde(borrow)]
    parent_id: Option<Text<'a>>,
    #[serde(borrow)]
    published_at: Option<Text<'a>>,
    #[serde(borrow)]
    updated_at: Option<Text<'a>>,
    #[serde(default)]
    like_count: Count,
}

#[derive(Deserialize)]
struct ChannelId<'a> {
    #[serde(borrow)]
    value: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Video<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    channel_id: Option<Text<'a>>,
    #[serde(borrow)]
    channel_title: Option<Text<'a>>,
    #[serde(borrow)]
    published_at: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    tags: Vec<Text<'a>>,
    #[serde(borrow)]
    default_audio_language: Option<Text<'a>>,
}

/// Maps a comment, the first comment of a thread, or a video.
///
/// # Errors
/// [`MapError`]; [`MapError::Other`] for other resources.
pub fn map_comment(text: &str) -> Result<Mapped, MapError> {
    let resource: Resource = parse_json(Format::Youtube, text)?;
    let kind = resource.kind.as_deref().unwrap_or_default();
    let snippet = resource.snippet.ok_or(MapError::Lacks("snippet"))?.get();
    if kind == "youtube#video" {
        return map_video(&resource, snippet);
    }
    if !kind.is_empty() && !kind.starts_with("youtube#comment") {
        return Err(MapError::Other(kind.chars().take(60).collect()));
    }
    let thread: Thread = parse_json(Format::Youtube, snippet)?;
    let mut post = match thread.top_level_comment {
        Some(comment) => {
            let id = comment.id.as_deref().or(resource.id.as_deref()).ok_or(MapError::Lacks("id"))?;
            map_snippet(id, &comment.snippet)?
        }
        None => {
            let id = resource.id.as_deref().ok_or(MapError::Lacks("id"))?;
            map_snippet(id, &parse_json(Format::Youtube, snippet)?)?
        }
    };
    post.metrics.replies = thread.total_reply_count.known();
    Ok(Mapped::Post(Box::new(post)))
}

fn map_snippet(id: &str, snippet: &Snippet<'_>) -> Result<Post, MapError> {
    let name = snippet.author_display_name.as_deref();
    let channel = snippet.author_channel_id.as_ref().and_then(|channel| channel.value.as_deref());
    let channel = channel.or(name).ok_or(MapError::Lacks("author"))?;
    let mut author = Account::bare(Network::Youtube, NativeId::parse(channel)?);
    author.handle = name.filter(|name| name.starts_with('@')).and_then(handle);
    author.name = name.and_then(short);
    author.url = snippet.author_channel_url.as_deref().and_then(address);
    author.avatar_url = snippet.author_profile_image_url.as_deref().and_then(address);
    let mut post = Post::new(Network::Youtube, NativeId::parse(id)?, author, String::new());
    match (snippet.text_original.as_deref(), snippet.text_display.as_deref()) {
        (Some(original), _) => set_text(&mut post, original),
        (None, Some(html)) => {
            let plain = plain_text(html);
            set_text(&mut post, &plain.text);
            plain.anchors.iter().for_each(|anchor| add_link(&mut post, &anchor.href));
        }
        (None, None) => return Err(MapError::Lacks("text")),
    }
    scan_text(&mut post);
    post.created_at = snippet.published_at.as_deref().and_then(network_date);
    let updated = snippet.updated_at.as_deref().and_then(network_date);
    post.edited_at = updated.filter(|updated| Some(*updated) != post.created_at);
    post.reply_to = snippet.parent_id.as_deref().and_then(|id| NativeId::parse(id).ok());
    post.thread_root = post.reply_to.clone();
    if post.reply_to.is_some() {
        post.kind = PostKind::Reply;
    }
    post.metrics.likes = snippet.like_count.known();
    let video = snippet.video_id.as_deref();
    post.url = video.and_then(|video| address(&format!("https://www.youtube.com/watch?v={video}&lc={id}")));
    Ok(post)
}

fn map_video(resource: &Resource<'_>, snippet: &str) -> Result<Mapped, MapError> {
    let video: Video = parse_json(Format::Youtube, snippet)?;
    let id = resource.id.as_deref().ok_or(MapError::Lacks("id"))?;
    let channel = video.channel_id.as_deref().ok_or(MapError::Lacks("channelId"))?;
    let mut author = Account::bare(Network::Youtube, NativeId::parse(channel)?);
    author.name = video.channel_title.as_deref().and_then(short);
    author.url = address(&format!("https://www.youtube.com/channel/{channel}"));
    let mut post = Post::new(Network::Youtube, NativeId::parse(id)?, author, String::new());
    post.title = video.title.as_deref().and_then(short);
    set_text(&mut post, video.description.as_deref().unwrap_or_default());
    scan_text(&mut post);
    video.tags.iter().for_each(|tag| add_hashtag(&mut post, tag));
    post.created_at = video.published_at.as_deref().and_then(network_date);
    post.declared_language = video.default_audio_language.as_deref().and_then(|lang| Lang::parse(lang).ok());
    post.url = address(&format!("https://www.youtube.com/watch?v={id}"));
    let statistics = resource.statistics.as_ref();
    let count = |pick: fn(&Statistics) -> Count| statistics.map_or(Count(None), pick).known();
    post.metrics = Metrics {
        likes: count(|s| s.like_count),
        replies: count(|s| s.comment_count),
        views: count(|s| s.view_count),
        ..Metrics::default()
    };
    Ok(Mapped::Post(Box::new(post)))
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    kind: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    items: Vec<&'a RawValue>,
    #[serde(borrow)]
    snippet: Option<&'a RawValue>,
    #[serde(borrow)]
    replies: Option<Replies<'a>>,
}

#[derive(Deserialize)]
struct Replies<'a> {
    #[serde(borrow, default, deserialize_with = "list")]
    comments: Vec<&'a RawValue>,
}

/// How deep resources lie in each other: answer, thread, comment.
const NESTING_MAX: usize = 3;

/// Reads an answer with its items, or one resource. Answers inside a thread
/// become records of their own.
pub fn read_page(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    let text = match page_text(body, at) {
        Ok(text) => text,
        Err(reject) => return vec![Err(reject)],
    };
    let mut open: Vec<(&str, usize)> = vec![(text.trim(), 0)];
    while let Some((item, depth)) = open.pop() {
        let page: Page = match serde_json::from_str(item) {
            Ok(page) => page,
            Err(error) => {
                let error = unreadable(Format::Youtube, error);
                readings.push(Err(Reject::new(at.line, error, item.as_bytes())));
                continue;
            }
        };
        let inner = page.replies.iter().flat_map(|replies| &replies.comments);
        let found: Vec<&RawValue> = page.items.iter().chain(inner).copied().collect();
        if depth < NESTING_MAX {
            open.extend(found.iter().rev().map(|raw| (raw.get(), depth + 1)));
        }
        let is_list = page.kind.as_deref().is_some_and(|kind| kind.ends_with("ListResponse"));
        if page.snippet.is_some() || !is_list {
            read_into(&mut readings, Format::Youtube, Network::Youtube, item.as_bytes().to_vec(), at);
        }
    }
    readings
}

#[cfg(test)]
mod tests;
