//! From a source's setup to its listener.
//!
//! In: setup, secret, stored cursor. Out: a listener that has not connected yet.
//! Errors: [`SetupError`]. Cost: none; no network access happens here.

use super::{Client, Listener, SetupError};
use crate::{bluesky, feeds, mastodon, matrix, nostr, reddit, telegram, x, youtube};
use model::listening::SourceSetup;

/// Makes the listener of a source; it connects on the first `next`.
///
/// `secret` is what the setup's documentation names (app password, token, key);
/// `cursor` is the last one stored, in the listener's own form. A cursor that
/// cannot be read counts as none.
///
/// # Errors
/// [`SetupError`] when the setup can never work as it is.
pub fn open(
    setup: &SourceSetup,
    secret: Option<&str>,
    cursor: Option<&str>,
    client: &Client,
) -> Result<Box<dyn Listener>, SetupError> {
    let secret = secret.map(str::trim).filter(|secret| !secret.is_empty());
    let client = client.clone();
    match setup {
        SourceSetup::BlueskyJetstream { endpoint } => bluesky::jetstream::open(client, endpoint, cursor),
        SourceSetup::BlueskyFirehose { endpoint } => bluesky::firehose::open(client, endpoint, cursor),
        SourceSetup::BlueskySearch { service, identifier, search } => {
            bluesky::search::open(client, service, identifier, secret, search, cursor)
        }
        SourceSetup::BlueskyNotifications { service, identifier } => {
            bluesky::notifications::open(client, service, identifier, secret, cursor)
        }
        SourceSetup::MastodonStream { server, timeline } => {
            mastodon::listen::open_stream(client, server, timeline, secret, cursor)
        }
        SourceSetup::MastodonPoll { server, timeline } => {
            mastodon::listen::open_poll(client, server, timeline, secret, cursor)
        }
        SourceSetup::NostrRelay { relay, hashtags } => nostr::listen::open(client, relay, hashtags, cursor),
        SourceSetup::MatrixRooms { server, rooms } => {
            matrix::listen::open(client, server, rooms, secret, cursor)
        }
        SourceSetup::Feed { url } => feeds::listen::open(client, url, cursor),
        SourceSetup::XSearch { search, endpoint } => {
            x::listen::open(client, endpoint, search, secret, cursor)
        }
        SourceSetup::YoutubeComments { subject, endpoint } => {
            youtube::listen::open(client, endpoint, subject, secret, cursor)
        }
        SourceSetup::RedditListing { subreddit, search, endpoint } => {
            reddit::listen::open(client, endpoint, subreddit, search, secret, cursor)
        }
        SourceSetup::TelegramBot { endpoint } => telegram::listen::open(client, endpoint, secret, cursor),
        SourceSetup::Webhook { .. } => Err(SetupError::Pushed),
    }
}
