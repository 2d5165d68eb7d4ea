//! Telegram: messages of a Desktop export and updates of the Bot API.
//!
//! In: `{"chat":…,"message":…}` (export) or one update. Out: posts identified
//! by kind and number of the chat and number of the message (`c123/45`), equal
//! for both ways in; accounts as `user123` or `channel123`.
//! Source: <https://core.telegram.org/bots/api#message> and the JSON that
//! Telegram Desktop writes (`Telegram/SourceFiles/export/output/export_output_json.cpp`).

mod bot;
mod export;
pub(crate) mod listen;

pub use bot::{map_update, read_update};
pub use export::{map_message, read_message};

use model::{InvalidId, NativeId};

/// What a chat number counts; the numbers of different kinds overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChatKind {
    /// Channels and supergroups.
    Channel,
    /// Small groups.
    Group,
    /// Talks with one person.
    Person,
}

/// The identifier of a message.
fn message_id(kind: ChatKind, chat: u64, message: i64) -> Result<NativeId, InvalidId> {
    let letter = match kind {
        ChatKind::Channel => 'c',
        ChatKind::Group => 'g',
        ChatKind::Person => 'u',
    };
    NativeId::parse(&format!("{letter}{chat}/{message}"))
}

#[cfg(test)]
mod tests;
