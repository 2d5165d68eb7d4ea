//! Generated posts as the bytes that networks send, after their public
//! documentation.

pub mod bluesky;
pub mod mastodon;
pub mod x;

use crate::world::{Made, Shape};
use model::Timestamp;

/// The author of something told.
#[derive(Debug, Clone, PartialEq)]
pub struct Teller<'a> {
    /// Its ordinal, from which each network's identifier is made.
    pub ordinal: u64,
    /// Handle without `@`.
    pub handle: &'a str,
    /// Display name.
    pub name: &'a str,
    /// Self-description.
    pub bio: &'a str,
    /// Followers.
    pub followers: u64,
    /// Accounts followed.
    pub following: u64,
    /// Posts ever written.
    pub posts: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// True when it never set a picture.
    pub default_avatar: bool,
    /// Declared automatic.
    pub automated: bool,
    /// Verified.
    pub verified: bool,
    /// True to write a full profile, and on Mastodon the handle without its
    /// server, as the account's own server does.
    pub local: bool,
}

/// What something told is in relation to others.
#[derive(Debug, Clone, PartialEq)]
pub enum Relation<'a> {
    /// Stands alone.
    None,
    /// Answers the post with this ordinal, by this account and handle if known.
    Reply(u64, Option<(u64, &'a str)>),
    /// Repeats it without words.
    Reshare(Box<Told<'a>>),
    /// Repeats it with words.
    Quote(Box<Told<'a>>),
}

/// One post in the form that every wire writer takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<'a> {
    /// Its ordinal, from which each network's identifier is made.
    pub ordinal: u64,
    /// Who.
    pub author: Teller<'a>,
    /// When.
    pub time: Timestamp,
    /// The whole text, with handles, hashtags and address.
    pub text: String,
    /// Hashtags in it, without `#`.
    pub hashtags: Vec<&'a str>,
    /// The address in it.
    pub link: Option<&'a str>,
    /// Number of the attached picture; the same number is the same picture.
    pub picture: Option<u64>,
    /// Language code.
    pub language: &'a str,
    /// Likes, replies, reshares.
    pub counts: [u64; 3],
    /// What it is.
    pub relation: Relation<'a>,
}

impl<'a> From<&'a Made> for Told<'a> {
    fn from(made: &'a Made) -> Self {
        let author = &made.author;
        Self {
            ordinal: made.ordinal,
            author: Teller {
                ordinal: author.ordinal,
                handle: &author.handle,
                name: &author.name,
                bio: "Cuenta de un mundo generado",
                followers: author.followers,
                following: author.followers / 2,
                posts: 100,
                created_at: author.created_at,
                default_avatar: false,
                automated: false,
                verified: false,
                local: false,
            },
            time: made.time,
            text: made.text.clone(),
            hashtags: made.hashtags.iter().map(String::as_str).collect(),
            link: made.link.as_deref(),
            picture: made.picture.then_some(made.ordinal),
            language: made.truth.language.as_str(),
            counts: made.counts,
            relation: match made.shape {
                Shape::Original => Relation::None,
                Shape::Reply(parent) => Relation::Reply(parent, None),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{bluesky, mastodon, x};
    use crate::{World, WorldSettings};
    use model::Timestamp;

    /// FNV-1a of the lines of the first posts of a world.
    fn checksum() -> u64 {
        let settings = WorldSettings::new(7, Timestamp::from_millis(1_700_000_000_000), 1_000.0);
        let mut sum = 0xcbf2_9ce4_8422_2325_u64;
        for made in World::new(settings).take(1_000) {
            for line in [mastodon::status(&made), x::v2(&made), bluesky::jetstream_event(&made)] {
                for byte in line.to_string().bytes() {
                    sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
                }
            }
        }
        sum
    }

    /// Recorded imports and measurements rest on these bytes.
    #[test]
    fn the_bytes_of_the_plain_world_stay() {
        assert_eq!(checksum(), 0x5dea_cab3_7c35_a3c0);
    }
}
