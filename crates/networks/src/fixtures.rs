//! Checks of wire samples: one line of text for each reading.

use crate::{Arrival, Mapped, Readings, map};
use model::{Known, Post, Timestamp};

/// When the samples arrived: 2026-03-02T00:00:00Z.
pub(crate) const AT: Arrival = Arrival { line: 7, fetched_at: Timestamp::from_millis(1_772_409_600_000) };

/// Compares readings with one line each; every record must map again to the same.
#[track_caller]
pub(crate) fn check(readings: Readings, expect: &[&str]) {
    let mut lines = Vec::new();
    for reading in readings {
        match reading {
            Ok((record, mapped)) => {
                assert_eq!(map(&record).as_ref(), Ok(&mapped), "a record maps again to the same");
                lines.push(match &mapped {
                    Mapped::Post(post) => line_of(post),
                    Mapped::Account(account) => format!("{account:?}"),
                });
            }
            Err(reject) => lines.push(format!("line {}: {}", reject.line, reject.reason)),
        }
    }
    assert_eq!(lines, expect, "\n{}\n", lines.join("\n"));
}

/// What is known of a post, without what is not.
pub(crate) fn line_of(post: &Post) -> String {
    let mut line = format!("{} {} {}", post.key.native_id, post.kind.name(), post.author.key.native_id);
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            line.push_str(&format!(" {name}={value}"));
        }
    };
    let count = |known: Known<u64>| known.get().map(|n| n.to_string());
    add("@", post.author.handle.clone());
    add("name", post.author.name.clone());
    add("followers", count(post.author.followers));
    add("at", post.created_at.map(|t| t.to_string()));
    add("edited", post.edited_at.map(|t| t.to_string()));
    add("lang", post.declared_language.map(|lang| lang.to_string()));
    add("title", post.title.clone());
    add("text", Some(post.text.replace('\n', "⏎")));
    add("re", post.reply_to.as_ref().map(ToString::to_string));
    add("root", post.thread_root.as_ref().map(ToString::to_string));
    add("shared", post.shared.as_ref().map(ToString::to_string));
    add("links", Some(post.links.join(",")));
    add("hashtags", Some(post.hashtags.join(",")));
    add("tagged", Some(post.tagged_accounts.join(",")));
    let media = post.media.iter().map(|m| format!("{:?}:{}", m.kind, m.alt.as_deref().unwrap_or("-")));
    add("media", Some(media.collect::<Vec<_>>().join(",")));
    let metrics = &post.metrics;
    for (name, known) in [
        ("likes", metrics.likes),
        ("replies", metrics.replies),
        ("reshares", metrics.reshares),
        ("quotes", metrics.quotes),
        ("views", metrics.views),
    ] {
        add(name, count(known));
    }
    add("country", post.country.clone());
    add("url", post.url.clone());
    line
}
