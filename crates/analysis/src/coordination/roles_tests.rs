//! What each rule needs, number by number.

use super::*;

type Change = fn(&mut ReplyFacts);

fn toward(account: u32, actions: u32) -> Toward {
    Toward { account, actions, members: 8, judged: 0, insults: 0, answers: Some(0) }
}

fn attack() -> ReplyFacts {
    let target = Toward { account: 7, actions: 90, members: 12, judged: 80, insults: 40, answers: Some(2) };
    let by_the_way = Toward { account: 8, actions: 10, members: 2, judged: 10, insults: 0, answers: None };
    ReplyFacts { targets: vec![by_the_way, target], replies: 100, base_rate: Some(0.05), ln_p: Some(-20.0) }
}

fn inflation() -> ReshareFacts {
    ReshareFacts {
        patrons: vec![toward(3, 30), toward(4, 50), toward(5, 20)],
        reshares: 100,
        ln_p: Some(-30.0),
        collapsed_audience: Some(0.05),
    }
}

fn campaign() -> MessageFacts {
    MessageFacts { carried: 9, members: 10, posts: 100, carrying: 80, sources: Some(4), ln_p: Some(-15.0) }
}

fn watch() -> WatchFacts {
    let mut follows_by_community = vec![0; 30];
    follows_by_community[3] = 400;
    WatchFacts {
        follows_by_community,
        target: Some(9),
        members: 12,
        own_posts_median: Some(900.0),
        own_posts_per_follow: Some(0.1),
        mutual_links: Some(0.0),
        arrival_ln_p: Some(-12.0),
        kin_confirmed: false,
    }
}

#[test]
fn a_group_may_do_several_things() {
    let facts = GroupFacts {
        replies: Some(attack()),
        reshares: Some(inflation()),
        messages: Some(campaign()),
        watching: Some(watch()),
    };
    let found = behaviours(&facts);
    let said: Vec<_> = found.iter().map(|one| (one.behaviour, one.toward.clone())).collect();
    let expected = [
        (Behaviour::Watcher, vec![9]),
        (Behaviour::Harasser, vec![7]),
        (Behaviour::Booster, vec![4, 3]),
        (Behaviour::Spreader, vec![]),
    ];
    assert_eq!(said, expected);
    assert!(examine(&GroupFacts::default()).is_empty());
}

/// Each of these changes takes one number across its limit, and the word away.
#[test]
fn each_number_of_an_attack_is_needed() {
    let changes: [(Fact, Change); 7] = [
        (Fact::MembersTakingPart, |facts| facts.targets[1].members = 2),
        (Fact::Replies, |facts| {
            facts.targets.remove(0);
            facts.targets.push(Toward { actions: 9, ..facts.targets[0] });
            facts.targets.remove(0);
            facts.replies = 9;
        }),
        (Fact::ShareToTargets, |facts| facts.replies = 200),
        (Fact::Insults, |facts| facts.targets[1].insults = 4),
        (Fact::InsultRatio, |facts| facts.base_rate = Some(0.2)),
        (Fact::ReplyTimingLnP, |facts| facts.ln_p = Some(-3.0)),
        (Fact::AnswersPerReply, |facts| facts.targets[1].answers = Some(60)),
    ];
    for (fact, change) in changes {
        let mut facts = attack();
        change(&mut facts);
        let examined = harasser(&facts);
        assert_eq!(examined.verdict, Verdict::Fails, "{fact:?}");
        let failed = examined.numbers.iter().filter(|number| number.is_met() == Some(false));
        assert!(failed.map(|number| number.fact).any(|found| found == fact), "{fact:?}");
    }
}

#[test]
fn what_is_not_known_is_not_said() {
    let changes: [Change; 4] = [
        |facts| facts.base_rate = None,
        |facts| facts.ln_p = None,
        |facts| facts.targets[1].answers = None,
        |facts| (facts.targets[1].judged, facts.targets[1].insults) = (0, 0),
    ];
    for change in changes {
        let mut facts = attack();
        change(&mut facts);
        assert_eq!(harasser(&facts).verdict, Verdict::NotKnown);
        assert!(behaviours(&GroupFacts { replies: Some(facts), ..GroupFacts::default() }).is_empty());
    }
}

#[test]
fn a_polite_topic_does_not_make_three_insults_an_attack() {
    let mut facts = attack();
    (facts.base_rate, facts.targets[1].insults) = (Some(0.0), 0);
    assert_eq!(harasser(&facts).verdict, Verdict::Fails);
}

#[test]
fn small_counts_bear_a_small_word() {
    let mut facts = attack();
    (facts.targets[1].judged, facts.targets[1].insults) = (12, 8);
    let examined = harasser(&facts);
    assert_eq!((examined.verdict, examined.cap), (Verdict::Holds, Strength::Possible));
    assert_eq!(harasser(&attack()).cap, Strength::VeryLikely);
}

#[test]
fn the_inflation_of_a_patron() {
    assert_eq!(booster(&inflation()).cap, Strength::VeryLikely);
    let unknown = ReshareFacts { collapsed_audience: None, ..inflation() };
    assert_eq!((booster(&unknown).verdict, booster(&unknown).cap), (Verdict::Holds, Strength::Likely));
    let many: Vec<_> = (0..10).map(|account| toward(account, 10)).collect();
    assert_eq!(booster(&ReshareFacts { patrons: many, ..inflation() }).verdict, Verdict::Fails);
    // Admirers share what they like when they like.
    assert_eq!(booster(&ReshareFacts { ln_p: Some(-1.0), ..inflation() }).verdict, Verdict::Fails);
}

#[test]
fn the_spreading_of_messages() {
    assert_eq!(spreader(&campaign()).cap, Strength::VeryLikely);
    assert_eq!(spreader(&MessageFacts { sources: Some(1), ..campaign() }).cap, Strength::Likely);
    let untold = spreader(&MessageFacts { sources: None, ..campaign() });
    assert_eq!((untold.verdict, untold.cap), (Verdict::Holds, Strength::Likely));
    assert_eq!(spreader(&MessageFacts { posts: 0, carrying: 0, ..campaign() }).verdict, Verdict::NotKnown);
}

#[test]
fn a_watcher_is_possible_and_no_more() {
    assert_eq!((watcher(&watch()).verdict, watcher(&watch()).cap), (Verdict::Holds, Strength::Possible));
    assert_eq!(watcher(&WatchFacts { kin_confirmed: true, ..watch() }).cap, Strength::Likely);
    // Who talks as much as it follows is no watcher, and silence must be known.
    let talking = WatchFacts { own_posts_per_follow: Some(0.5), own_posts_median: Some(1.0), ..watch() };
    assert_eq!(watcher(&talking).verdict, Verdict::Fails);
    assert_eq!(watcher(&WatchFacts { own_posts_per_follow: None, ..watch() }).verdict, Verdict::NotKnown);
    // Silent readers who came each at their own time are readers.
    assert_eq!(watcher(&WatchFacts { arrival_ln_p: Some(-1.0), ..watch() }).verdict, Verdict::Fails);
    assert_eq!(
        watcher(&WatchFacts { follows_by_community: vec![40; 10], ..watch() }).verdict,
        Verdict::Fails
    );
}

#[test]
fn concentration() {
    assert_eq!(gini(&[0, 0]), None);
    assert_eq!(gini(&[5, 5, 5, 5]), Some(0.0));
    assert!((gini(&[0, 0, 0, 8]).unwrap() - 0.75).abs() < 1e-12);
}
