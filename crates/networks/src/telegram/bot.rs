//! Updates of the Telegram Bot API.

use super::{ChatKind, message_id};
use crate::gather::{
    add_link, add_media, add_tagged, address, handle, media_kind, scan_text, set_text, short,
};
use crate::map::{parse_json, read_into};
use crate::wire::{Count, Flag, Text, list};
use crate::{Arrival, MapError, Mapped, Readings};
use model::{Account, Format, MediaKind, NativeId, Network, Post, PostKind, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow)]
    message: Option<Message<'a>>,
    #[serde(borrow)]
    edited_message: Option<Message<'a>>,
    #[serde(borrow)]
    channel_post: Option<Message<'a>>,
    #[serde(borrow)]
    edited_channel_post: Option<Message<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(default)]
    message_id: Count,
    #[serde(borrow)]
    from: Option<User<'a>>,
    #[serde(borrow)]
    sender_chat: Option<Chat<'a>>,
    #[serde(borrow)]
    chat: Chat<'a>,
    #[serde(default)]
    date: Count,
    #[serde(default)]
    edit_date: Count,
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    caption: Option<Text<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    entities: Vec<Entity<'a>>,
    #[serde(borrow, default, deserialize_with = "list")]
    caption_entities: Vec<Entity<'a>>,
    reply_to_message: Option<Answered>,
    #[serde(default)]
    photo: Option<IgnoredAny>,
    #[serde(default)]
    video: Option<IgnoredAny>,
    #[serde(default)]
    video_note: Option<IgnoredAny>,
    #[serde(default)]
    animation: Option<IgnoredAny>,
    #[serde(default)]
    audio: Option<IgnoredAny>,
    #[serde(default)]
    voice: Option<IgnoredAny>,
    #[serde(default)]
    sticker: Option<IgnoredAny>,
    #[serde(borrow)]
    document: Option<Document<'a>>,
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    mime_type: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(default)]
    is_bot: Flag,
    #[serde(borrow)]
    first_name: Option<Text<'a>>,
    #[serde(borrow)]
    last_name: Option<Text<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Chat<'a> {
    #[serde(default)]
    id: Count,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Entity<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    user: Option<User<'a>>,
}

#[derive(Deserialize)]
struct Answered {
    #[serde(default)]
    message_id: Count,
}

/// The Bot API writes the number 123 of a channel as −1000000000123.
const CHANNEL_OFFSET: u64 = 1_000_000_000_000;

impl Chat<'_> {
    /// Kind and number as in an export.
    fn number(&self) -> Result<(ChatKind, u64), MapError> {
        let id = self.id.0.ok_or(MapError::Lacks("chat id"))?;
        let size = id.unsigned_abs();
        Ok(match self.kind.as_deref() {
            Some("channel" | "supergroup") => {
                (ChatKind::Channel, size.checked_sub(CHANNEL_OFFSET).unwrap_or(size))
            }
            Some("group") => (ChatKind::Group, size),
            _ => (ChatKind::Person, size),
        })
    }
}

/// Maps a message, channel post or an edit of either.
///
/// # Errors
/// [`MapError`]; [`MapError::Other`] for updates without a message.
pub fn map_update(text: &str) -> Result<Mapped, MapError> {
    let update: Update = parse_json(Format::TelegramBot, text)?;
    let message =
        update.message.or(update.edited_message).or(update.channel_post).or(update.edited_channel_post);
    let message = message.ok_or_else(|| MapError::Other("update without a message".to_owned()))?;
    let (kind, chat) = message.chat.number()?;
    let id = |number: Count| number.0.map(|number| message_id(kind, chat, number)).transpose();
    let own = id(message.message_id)?.ok_or(MapError::Lacks("message_id"))?;
    let mut post = Post::new(Network::Telegram, own, map_author(&message)?, String::new());
    let attached = map_attached(&mut post, &message);
    let words = message.text.as_deref().or(message.caption.as_deref());
    if words.is_none() && !attached {
        return Err(MapError::Other("service message".to_owned()));
    }
    set_text(&mut post, words.unwrap_or_default());
    scan_text(&mut post);
    for entity in message.entities.iter().chain(&message.caption_entities) {
        entity.url.iter().for_each(|url| add_link(&mut post, url));
        entity.user.iter().for_each(|user| add_tagged(&mut post, &format!("user{}", &*user.id)));
    }
    post.created_at = message.date.0.map(Timestamp::from_seconds);
    post.edited_at = message.edit_date.0.map(Timestamp::from_seconds);
    if let Some(answered) = message.reply_to_message.as_ref().map(|m| id(m.message_id)).transpose()?.flatten()
    {
        (post.kind, post.reply_to) = (PostKind::Reply, Some(answered));
    }
    let page = match (message.chat.username.as_deref(), kind) {
        (Some(name), _) => Some(name.to_owned()),
        (None, ChatKind::Channel) => Some(format!("c/{chat}")),
        _ => None,
    };
    let number = message.message_id.0.unwrap_or_default();
    post.url = page.and_then(|page| address(&format!("https://t.me/{page}/{number}")));
    Ok(Mapped::Post(Box::new(post)))
}

fn map_author(message: &Message<'_>) -> Result<Account, MapError> {
    if let Some(chat) = message.sender_chat.as_ref().or(message.from.is_none().then_some(&message.chat)) {
        let (_, number) = chat.number()?;
        let mut author = Account::bare(Network::Telegram, NativeId::parse(&format!("channel{number}"))?);
        author.name = chat.title.as_deref().and_then(short);
        author.handle = chat.username.as_deref().and_then(handle);
        author.url = author.handle.as_ref().and_then(|name| address(&format!("https://t.me/{name}")));
        return Ok(author);
    }
    let user = message.from.as_ref().ok_or(MapError::Lacks("author"))?;
    let mut author = Account::bare(Network::Telegram, NativeId::parse(&format!("user{}", &*user.id))?);
    let name = [user.first_name.as_deref(), user.last_name.as_deref()];
    author.name = short(&name.into_iter().flatten().collect::<Vec<_>>().join(" "));
    author.handle = user.username.as_deref().and_then(handle);
    author.automated = user.is_bot.0;
    author.url = author.handle.as_ref().and_then(|name| address(&format!("https://t.me/{name}")));
    Ok(author)
}

/// True when something is attached.
fn map_attached(post: &mut Post, message: &Message<'_>) -> bool {
    let document = message.document.as_ref();
    let of_document = document.and_then(|document| document.mime_type.as_deref()).and_then(media_kind);
    // An animation is also sent as a document: count it once.
    let of_document = of_document.filter(|_| message.animation.is_none());
    let image = message.photo.is_some() || message.sticker.is_some();
    let video = message.video.is_some() || message.video_note.is_some() || message.animation.is_some();
    let audio = message.audio.is_some() || message.voice.is_some();
    for (there, kind) in [(image, MediaKind::Image), (video, MediaKind::Video), (audio, MediaKind::Audio)] {
        if there || of_document == Some(kind) {
            add_media(post, kind, None, None);
        }
    }
    document.is_some() || !post.media.is_empty()
}

/// Reads one update; nothing when it bears no message.
pub fn read_update(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    read_into(&mut readings, Format::TelegramBot, Network::Telegram, body.to_vec(), at);
    readings
}
