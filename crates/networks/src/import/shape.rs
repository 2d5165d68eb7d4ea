//! What the JSON of a file looks like, from its first bytes alone.
//!
//! In: the start of JSON, usually cut off in the middle. Out: the set of key
//! paths in it (`data[].author_id`), and the [`Layout`] that they betray.

use model::Format;
use std::collections::BTreeSet;

/// How the items of a file are laid out and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Records of this format, alone or in pages.
    Records(Format),
    /// A feed document.
    Feed,
    /// Rows as JSON objects.
    Objects,
    /// Rows of delimited text.
    Rows,
}

/// Deepest nesting that is looked at.
const DEPTH_MAX: usize = 6;

/// The key paths of JSON that may be cut off; lists at the top are left out of the paths.
#[derive(Debug, Default)]
pub(super) struct Shape(BTreeSet<String>);

impl Shape {
    /// Walks over `sample`; goes on at the next line that begins an object where it is no JSON.
    pub(super) fn of(sample: &[u8]) -> Self {
        let mut shape = Self::default();
        let mut at = 0;
        while at < sample.len() {
            let before = at;
            if shape.value(sample, &mut at, "", 0).is_some() && at > before {
                continue;
            }
            // A broken line must not hide what the others are. Where the
            // sample merely ends, nothing is skipped.
            match next_line(sample, before).filter(|_| at < sample.len()) {
                Some(next) => at = next,
                None => break,
            }
        }
        shape
    }

    /// True when there is such a path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.0.contains(path)
    }

    /// The keys at the top, in order of the alphabet.
    pub(super) fn top_keys(&self) -> Vec<String> {
        self.0.iter().filter(|path| !path.contains('.') && !path.contains("[]")).cloned().collect()
    }

    /// The keys directly under a path that ends with a dot.
    pub(super) fn keys_under(&self, prefix: &str) -> Vec<String> {
        let inner = self.0.iter().filter_map(|path| path.strip_prefix(prefix));
        inner.filter(|key| !key.contains('.') && !key.contains("[]")).map(str::to_owned).collect()
    }

    fn value(&mut self, text: &[u8], at: &mut usize, path: &str, depth: usize) -> Option<()> {
        blanks(text, at);
        match text.get(*at)? {
            b'{' => self.object(text, at, path, depth),
            b'[' => self.array(text, at, path, depth),
            b'"' => string(text, at).map(|_| ()),
            _ => {
                let start = *at;
                while text.get(*at).is_some_and(|b| !b" \t\r\n,]}".contains(b)) {
                    *at += 1;
                }
                (*at > start).then_some(())
            }
        }
    }

    fn object(&mut self, text: &[u8], at: &mut usize, path: &str, depth: usize) -> Option<()> {
        *at += 1;
        loop {
            blanks(text, at);
            match text.get(*at)? {
                b'}' => {
                    *at += 1;
                    return Some(());
                }
                b',' => *at += 1,
                b'"' => {
                    let key = String::from_utf8_lossy(string(text, at)?).into_owned();
                    let path = if path.is_empty() { key } else { format!("{path}.{key}") };
                    blanks(text, at);
                    if text.get(*at)? != &b':' {
                        return None;
                    }
                    *at += 1;
                    if depth < DEPTH_MAX && path.len() < 200 {
                        self.0.insert(path.clone());
                    }
                    if depth > 100 {
                        return None;
                    }
                    self.value(text, at, &path, depth + 1)?;
                }
                _ => return None,
            }
        }
    }

    fn array(&mut self, text: &[u8], at: &mut usize, path: &str, depth: usize) -> Option<()> {
        *at += 1;
        let inner = if path.is_empty() { String::new() } else { format!("{path}[]") };
        if depth < DEPTH_MAX && !inner.is_empty() && inner.len() < 200 {
            self.0.insert(inner.clone());
        }
        loop {
            blanks(text, at);
            match text.get(*at)? {
                b']' => {
                    *at += 1;
                    return Some(());
                }
                b',' => *at += 1,
                _ if depth > 100 => return None,
                _ => self.value(text, at, &inner, depth + 1)?,
            }
        }
    }
}

/// Where the next line that begins an object starts.
fn next_line(text: &[u8], after: usize) -> Option<usize> {
    let rest = text.get(after..)?;
    rest.windows(2).position(|pair| pair == b"\n{").map(|place| after + place + 1)
}

fn blanks(text: &[u8], at: &mut usize) {
    while text.get(*at).is_some_and(u8::is_ascii_whitespace) {
        *at += 1;
    }
}

/// The inside of a string that begins at `at`; moves behind it.
fn string<'t>(text: &'t [u8], at: &mut usize) -> Option<&'t [u8]> {
    let start = *at + 1;
    let mut end = start;
    loop {
        match text.get(end)? {
            b'"' => {
                *at = end + 1;
                return text.get(start..end);
            }
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
}

/// Formats by the paths that betray them: all of one list must be there. The
/// first match counts, so the special ones stand first.
#[rustfmt::skip]
const BETRAYALS: &[(Layout, &[&str])] = &[
    (Layout::Records(Format::Jetstream), &["did", "time_us"]),
    (Layout::Records(Format::Nostr), &["pubkey", "sig", "created_at", "content"]),
    (Layout::Records(Format::Matrix), &["room_id", "event"]),
    (Layout::Records(Format::TelegramExport), &["chat", "message"]),
    (Layout::Records(Format::TelegramExport), &["messages", "name", "type"]),
    (Layout::Records(Format::TelegramExport), &["chats.list"]),
    (Layout::Records(Format::TelegramBot), &["update_id"]),
    (Layout::Records(Format::MastodonStatus), &["server", "status"]),
    (Layout::Records(Format::MastodonStatus), &["account.acct"]),
    (Layout::Records(Format::MastodonStatus), &["statuses[].account.acct"]),
    (Layout::Records(Format::MastodonStatus), &["status.account.acct"]),
    (Layout::Records(Format::BlueskyPostView), &["posts[].uri"]),
    (Layout::Records(Format::BlueskyPostView), &["feed[].post"]),
    (Layout::Records(Format::BlueskyPostView), &["notifications[].uri"]),
    (Layout::Records(Format::BlueskyPostView), &["thread.post"]),
    (Layout::Records(Format::BlueskyPostView), &["uri", "author.did", "record"]),
    (Layout::Records(Format::BlueskyPostView), &["post.uri", "post.author.did"]),
    (Layout::Records(Format::Youtube), &["items[].snippet"]),
    (Layout::Records(Format::Youtube), &["snippet.topLevelComment"]),
    (Layout::Records(Format::Youtube), &["snippet.textDisplay"]),
    (Layout::Records(Format::Reddit), &["kind", "data.children"]),
    (Layout::Records(Format::Reddit), &["kind", "data.permalink"]),
    (Layout::Records(Format::Reddit), &["kind", "data.subreddit"]),
    (Layout::Records(Format::Reddit), &["subreddit", "author", "body"]),
    (Layout::Records(Format::Reddit), &["subreddit", "author", "title"]),
    (Layout::Records(Format::MetaGraph), &["object", "entry[].changes"]),
    (Layout::Records(Format::MetaGraph), &["object", "change"]),
    (Layout::Records(Format::XV1), &["statuses[].user"]),
    (Layout::Records(Format::XV1), &["tweet.user"]),
    (Layout::Records(Format::XV1), &["user.screen_name", "created_at"]),
    (Layout::Records(Format::XV1), &["id_str", "user", "full_text"]),
    (Layout::Records(Format::XV1), &["id_str", "user", "text"]),
    (Layout::Records(Format::XV2), &["data[].author_id"]),
    (Layout::Records(Format::XV2), &["data[].edit_history_tweet_ids"]),
    (Layout::Records(Format::XV2), &["data.author_id", "data.text"]),
    (Layout::Records(Format::XV2), &["data.edit_history_tweet_ids"]),
    (Layout::Records(Format::XV2), &["author_id", "edit_history_tweet_ids", "text"]),
    (Layout::Records(Format::XV2), &["author_id", "public_metrics.retweet_count", "text"]),
    (Layout::Records(Format::XV2), &["author_id", "conversation_id", "text", "created_at"]),
    (Layout::Records(Format::Webhook), &["post.current"]),
    (Layout::Feed, &["version", "items"]),
];

/// The layout that a shape betrays; rows when it is none of the known formats.
pub(super) fn detect(shape: &Shape) -> Layout {
    let known = BETRAYALS.iter().find(|(_, paths)| paths.iter().all(|path| shape.has(path)));
    known.map_or(Layout::Objects, |(layout, _)| *layout)
}

/// The keys whose lists are taken apart, for a document that wraps them; none
/// when the objects of the document are themselves the items.
pub(super) fn wrapper_keys(shape: &Shape, layout: Layout) -> &'static [&'static str] {
    let (path, keys): (&str, &'static [&'static str]) = match layout {
        Layout::Records(Format::TelegramExport) if shape.has("chats.list") => {
            return &["chats", "left_chats", "list", "messages"];
        }
        Layout::Records(Format::TelegramExport) => ("messages", &["messages"]),
        Layout::Records(Format::Reddit) => ("data.children", &["data", "children"]),
        Layout::Records(Format::MastodonStatus | Format::XV1) => ("statuses", &["statuses"]),
        Layout::Records(Format::Youtube) => ("items", &["items"]),
        Layout::Records(Format::BlueskyPostView) => {
            return if shape.has("posts") || shape.has("feed") || shape.has("notifications") {
                &["posts", "feed", "notifications"]
            } else {
                &[]
            };
        }
        Layout::Objects => {
            const LISTS: &[&str] =
                &["posts", "tweets", "items", "data", "results", "rows", "records", "messages", "comments"];
            return if LISTS.iter().any(|key| shape.has(&format!("{key}[]"))) && shape.top_keys().len() <= 8 {
                LISTS
            } else {
                &[]
            };
        }
        _ => return &[],
    };
    if shape.has(path) { keys } else { &[] }
}
