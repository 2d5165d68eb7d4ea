//! Which acts a post is, and what counts as the same object.

use super::*;
use model::{NativeId, Network};

#[test]
fn links_to_one_page_are_one() {
    let plain = "prensa.example/nota/7";
    assert_eq!(plain_link("https://www.Prensa.example/nota/7/?utm_source=x&fbclid=1#top"), plain);
    assert_eq!(plain_link("http://prensa.example/nota/7"), plain);
    assert_eq!(plain_link("https://prensa.example/nota?id=7&utm_medium=y"), "prensa.example/nota?id=7");
}

/// A post with its author, seconds after a day begins.
fn post(id: &str, author: &str, kind: PostKind, second: i64) -> Post {
    let [id, author] = [id, author].map(|name| NativeId::parse(name).unwrap());
    let account = Account::bare(Network::X, author);
    let mut post = Post::new(Network::X, id, account, String::new());
    post.kind = kind;
    post.created_at = Some(Timestamp::from_millis((1_700_006_400 + second) * 1_000));
    post
}

/// The objects of a trace by name, without what tells occasions apart, and how many acted on each.
fn objects(observed: &Observed, trace: Trace) -> Vec<(String, u32)> {
    let Some(seen) = observed.traces.get(&trace) else { return Vec::new() };
    let named = |object: u32| (target_of(&seen.objects.name(object)).to_owned(), seen.count_on(object));
    (0..seen.objects.len()).map(named).collect()
}

#[test]
fn answers_meet_on_the_post_and_mentions_on_the_day() {
    let mut observed = Observed::default();
    for (id, second) in [("1", 0), ("2", 60)] {
        observed.add_post(&post(id, "target", PostKind::Original, second));
    }
    for (id, author, to, second) in [("3", "a", "1", 100), ("4", "b", "1", 130), ("5", "a", "2", 160)] {
        let mut answer = post(id, author, PostKind::Reply, second);
        answer.reply_to = Some(NativeId::parse(to).unwrap());
        observed.add_post(&answer);
    }
    for (id, author, second) in [("6", "a", 200), ("7", "b", 300), ("8", "b", 86_500)] {
        let mut naming = post(id, author, PostKind::Original, second);
        naming.tagged_accounts = vec!["Other".to_owned()];
        observed.add_post(&naming);
    }
    observed.close();
    let expected = [("x:target", 2), ("x:target", 1), ("@other", 2), ("@other", 1)];
    assert_eq!(objects(&observed, Trace::CoReply), expected.map(|(name, acts)| (name.to_owned(), acts)));
    // Nobody shared anything.
    assert!(objects(&observed, Trace::FastReshare).is_empty());
}

#[test]
fn who_reshares_another_is_quick_or_slow_on_that_post() {
    let mut observed = Observed::default();
    observed.add_post(&post("1", "patron", PostKind::Original, 0));
    for (id, author, second) in [("2", "a", 5), ("3", "b", 9), ("4", "patron", 20)] {
        let mut share = post(id, author, PostKind::Reshare, second);
        share.shared = Some(NativeId::parse("1").unwrap());
        observed.add_post(&share);
    }
    observed.close();
    assert_eq!(objects(&observed, Trace::CoReshare), [("1".to_owned(), 3)]);
    assert_eq!(
        objects(&observed, Trace::FastReshare),
        [("1".to_owned(), 2)],
        "a patron is no patron of itself"
    );
}
