//! Messages of a Telegram Desktop export.

use super::{ChatKind, message_id};
use crate::dates::network_date;
use crate::gather::{add_link, add_media, add_tagged, address, media_kind, scan_text, set_text, short};
use crate::map::{parse_json, read_into};
use crate::wire::{Count, Text, list};
use crate::{Arrival, MapError, Mapped, Readings};
use model::{Account, Format, Known, NativeId, Network, Post, PostKind};
use serde::Deserialize;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    chat: Chat<'a>,
    #[serde(borrow)]
    message: Message<'a>,
}

#[derive(Deserialize)]
struct Chat<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(default)]
    id: Count,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(default)]
    id: Count,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    date: Option<Text<'a>>,
    #[serde(borrow)]
    date_unixtime: Option<Text<'a>>,
    #[serde(borrow)]
    edited: Option<Text<'a>>,
    #[serde(borrow)]
    edited_unixtime: Option<Text<'a>>,
    #[serde(borrow)]
    from: Option<Text<'a>>,
    #[serde(borrow)]
    from_id: Option<Text<'a>>,
    #[serde(default)]
    reply_to_message_id: Count,
    #[serde(borrow, default)]
    text: Option<Words<'a>>,
    #[serde(borrow)]
    photo: Option<Text<'a>>,
    #[serde(borrow)]
    media_type: Option<Text<'a>>,
    #[serde(borrow)]
    mime_type: Option<Text<'a>>,
    #[serde(default, deserialize_with = "list")]
    reactions: Vec<Reaction>,
}

/// The text: one piece, or a list of plain and marked pieces.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words<'a> {
    Plain(#[serde(borrow)] Text<'a>),
    Pieces(#[serde(borrow)] Vec<Piece<'a>>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Piece<'a> {
    Marked(#[serde(borrow)] Marked<'a>),
    Plain(#[serde(borrow)] Text<'a>),
}

#[derive(Deserialize)]
struct Marked<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    text: Text<'a>,
    #[serde(borrow)]
    href: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Reaction {
    #[serde(default)]
    count: Count,
}

/// Maps one message with its chat.
///
/// # Errors
/// [`MapError`]; [`MapError::Other`] for service messages.
pub fn map_message(text: &str) -> Result<Mapped, MapError> {
    let Envelope { chat, message } = parse_json(Format::TelegramExport, text)?;
    if let Some(kind) = message.kind.as_deref().filter(|kind| *kind != "message") {
        return Err(MapError::Other(format!("{} message", kind.chars().take(40).collect::<String>())));
    }
    let kind = match chat.kind.as_deref().unwrap_or_default() {
        "private_group" => ChatKind::Group,
        "personal_chat" | "bot_chat" | "saved_messages" => ChatKind::Person,
        _ => ChatKind::Channel,
    };
    let chat_id = chat.id.0.map(i64::unsigned_abs).ok_or(MapError::Lacks("chat id"))?;
    let id = |number: Count| number.0.map(|number| message_id(kind, chat_id, number)).transpose();
    let own = id(message.id)?.ok_or(MapError::Lacks("id"))?;
    let author = map_author(&chat, &message, kind, chat_id)?;
    let mut post = Post::new(Network::Telegram, own, author, String::new());
    map_words(&mut post, message.text.as_ref());
    let date = |unix: &Option<Text<'_>>, civil: &Option<Text<'_>>| {
        unix.as_deref().or(civil.as_deref()).and_then(network_date)
    };
    post.created_at = date(&message.date_unixtime, &message.date);
    post.edited_at = date(&message.edited_unixtime, &message.edited);
    if let Some(answered) = id(message.reply_to_message_id)? {
        (post.kind, post.reply_to) = (PostKind::Reply, Some(answered));
    }
    if kind == ChatKind::Channel {
        post.url = message.id.0.and_then(|number| address(&format!("https://t.me/c/{chat_id}/{number}")));
    }
    map_attached(&mut post, &message);
    let likes = message.reactions.iter().filter_map(|r| r.count.0).reduce(i64::saturating_add);
    post.metrics.likes = Known::from_count(likes);
    Ok(Mapped::Post(Box::new(post)))
}

fn map_author(
    chat: &Chat<'_>,
    message: &Message<'_>,
    kind: ChatKind,
    chat_id: u64,
) -> Result<Account, MapError> {
    let of_chat = (kind == ChatKind::Channel).then(|| format!("channel{chat_id}"));
    let from = message.from.as_deref();
    // Deleted accounts have no name, old exports no number.
    let id = message.from_id.as_deref().or(from).map(str::to_owned).or(of_chat);
    let mut author =
        Account::bare(Network::Telegram, NativeId::parse(&id.ok_or(MapError::Lacks("author"))?)?);
    author.name = from.or(chat.name.as_deref().filter(|_| message.from_id.is_none())).and_then(short);
    Ok(author)
}

fn map_words(post: &mut Post, words: Option<&Words<'_>>) {
    let mut whole = String::new();
    match words {
        None => {}
        Some(Words::Plain(text)) => whole.push_str(text),
        Some(Words::Pieces(pieces)) => {
            for piece in pieces {
                match piece {
                    Piece::Plain(text) => whole.push_str(text),
                    Piece::Marked(marked) => {
                        whole.push_str(&marked.text);
                        match marked.kind.as_deref() {
                            Some("text_link") => add_link(post, marked.href.as_deref().unwrap_or_default()),
                            Some("link") if !marked.text.contains("://") => {
                                add_link(post, &format!("https://{}", &*marked.text));
                            }
                            Some("mention_name") => add_tagged(post, &marked.text),
                            _ => {}
                        }
                    }
                }
            }
        }
    }
    set_text(post, &whole);
    scan_text(post);
}

fn map_attached(post: &mut Post, message: &Message<'_>) {
    if message.photo.is_some() {
        add_media(post, model::MediaKind::Image, None, None);
    }
    let named = match message.media_type.as_deref() {
        Some("sticker") => Some(model::MediaKind::Image),
        Some("voice_message" | "audio_file") => Some(model::MediaKind::Audio),
        Some("video_file" | "video_message" | "animation") => Some(model::MediaKind::Video),
        _ => message.mime_type.as_deref().and_then(media_kind),
    };
    if let Some(kind) = named {
        add_media(post, kind, None, None);
    }
}

/// Reads one message with its chat: `{"chat":…,"message":…}`.
pub fn read_message(body: &[u8], at: Arrival) -> Readings {
    let mut readings = Readings::new();
    read_into(&mut readings, Format::TelegramExport, Network::Telegram, body.to_vec(), at);
    readings
}
