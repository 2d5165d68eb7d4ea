//! The cards of accounts, and the data with which a third party repeats a test.

use super::*;
use crate::coordination::detect::{DetectSettings, detect};
use crate::coordination::file::{SHARE_COLUMNS, observe_file};
use crate::coordination::observed::Observed;
use crate::coordination::workspace::account::account_address;
use crate::coordination::{ACTS_MAX, GroupActions};
use std::collections::BTreeSet;

fn director() -> Actor {
    Actor { user: Some(5), name: "Dora".to_owned(), role: Role::Director, scopes: None }
}

/// One trace in CooRTweet's four columns.
fn shares(actions: &GroupActions, trace: Trace) -> String {
    let mut csv = format!("{}\n", SHARE_COLUMNS.join(","));
    for (number, act) in actions.acts.iter().enumerate().filter(|(_, act)| act.trace == trace) {
        let content = act.post.clone().unwrap_or_else(|| format!("other-{number}"));
        csv.push_str(&format!("{},{},{content},{}\n", act.object, act.who(), act.time_s));
    }
    csv
}

#[test]
fn an_account_is_laid_beside_the_others() {
    let bench = Bench::looked_at();
    let farm = bench.farm();
    let member = &farm.report.members[1];
    let card = |account: &str| bench.workspace().coordinated_account(&viewer(), &farm.report.id, account);
    let told = card(&account_address(&member.account)).unwrap();
    assert_eq!(told, card(&member.account).unwrap(), "its own name leads there as well");
    assert_eq!((told.place, told.members, &told.member), (2, FARM as u64, member));
    assert_eq!((told.near.posts, told.near.within), (MESSAGES as u64, MESSAGES as u64));
    assert!(told.near.median_s.unwrap() < 20, "{:?}", told.near);
    assert_eq!((told.posts.len(), told.posts_left_out), (30, MESSAGES as u64 - 30));
    for post in &told.posts {
        assert!(post.nearest.account != member.account && post.nearest.account.contains("zqxgranja"));
        assert!(post.nearest.seconds.abs() < 20 && !post.text.is_empty(), "{post:?}");
        assert_eq!(post.text, post.nearest.text, "the same words");
        assert_eq!(post.time.plus(post.nearest.seconds * SECOND_MS), post.nearest.time);
        assert_eq!(post.members_near, FARM as u32 - 1);
    }
    assert!(told.posts.windows(2).all(|two| two[0].time >= two[1].time));
    assert_eq!(told.partners_count, FARM as u64 - 1);
    assert!(told.partners.iter().all(|one| one.together as f64 > one.expected && one.p < 0.01));
    assert_eq!(told.days.iter().map(|(_, count)| u64::from(*count)).sum::<u64>(), MESSAGES as u64);
    assert_eq!(told.member.hours.iter().sum::<u32>(), MESSAGES as u32);
    assert_eq!(told.member.joint_posts, MESSAGES as u64);
    let verdict = |reason: &str| told.against.iter().find(|one| one.reason == reason).unwrap().verdict;
    assert_eq!((verdict("own_life"), verdict("apart")), ("fails", "fails"));
    assert_eq!((verdict("old"), verdict("declared")), ("not_known", "fails"));
    assert!(told.objects.iter().all(|object| object.members == FARM as u32 && object.times == 1));
    for stranger in ["file:vecino1", "", "0123456789abcdef"] {
        assert!(matches!(card(stranger), Err(AppError::NotFound { what: "account", .. })), "{stranger}");
    }
    assert_eq!(account_address("file:a/b?c#d").len(), 16);
}

#[test]
fn copies_are_called_by_the_words_of_a_member_and_not_of_who_wrote_before() {
    let bench = Bench::new();
    let mut posts = world(bench.now);
    let first = |posts: &[(String, String, String, Timestamp)], message: usize| {
        let id = format!("granja-{message:04}-");
        posts.iter().find(|post| post.0.starts_with(&id)).unwrap().clone()
    };
    for message in 0..12 {
        let (_, _, text, at) = first(&posts, message);
        let before = at.plus(-3 * HOUR_MS);
        posts.push((
            format!("antes-{message:06}"),
            format!("vecino{message}"),
            format!("🔥🔥 {text}"),
            before,
        ));
    }
    bench.import(&posts);
    bench.look(&DetectionRequest::default());
    let farm = bench.farm();
    let texts = |report: &crate::coordination::GroupReport| {
        let objects = report.objects.iter().map(|one| (one.trace, one.object.clone(), one.others));
        objects.filter(|one| one.0 == Trace::CoText).collect::<Vec<_>>()
    };
    let (led, own): (Vec<_>, Vec<_>) = texts(&farm.report).into_iter().partition(|one| one.2 > 0);
    assert!(!led.is_empty() && !own.is_empty(), "the copies of strangers are of the same group");
    assert!(!serde_json::to_string(&farm).unwrap().contains('🔥'), "but not what the group says");
    let said: BTreeSet<&str> =
        posts.iter().filter(|post| post.1.starts_with("zqx")).map(|post| post.2.as_str()).collect();
    assert!(led.iter().all(|one| said.contains(one.1.as_str())), "{led:?}");
    let card =
        bench.workspace().coordinated_account(&viewer(), &farm.report.id, &farm.report.members[0].account);
    assert!(!serde_json::to_string(&card.unwrap()).unwrap().contains('🔥'));
    let taken = bench.workspace().group_actions(&director(), &farm.report.id).unwrap();
    let names = |name: &str| taken.acts.iter().any(|act| act.name.contains(name));
    assert!(!names("🔥") && names(&led[0].1));
    let kept = bench.workspace().coordinated().kept().unwrap();
    assert!(kept.groups[0].marks.iter().all(|mark| !mark.object.contains('🔥')));
}

#[test]
fn whom_a_group_answers_has_a_number_until_a_member_is_answered() {
    let bench = Bench::new();
    let mut csv = "id,author,text,time,reply_to\n".to_owned();
    let mut dice = Dice(5);
    for (id, author, text, time) in world(bench.now) {
        csv.push_str(&format!("{id},{author},\"{text}\",{time},\n"));
    }
    for message in 0..MESSAGES {
        let at = bench.now.plus(-HOUR_MS * (4 + 7 * message as i64));
        // A victim outside, and every fourth time a member.
        let whom = if message % 4 == 0 { farmer(0) } else { "victimaria".to_owned() };
        let post = format!("blanco-{message:06}");
        csv.push_str(&format!("{post},{whom},\"{}\",{at},\n", words(&mut dice)));
        // Whoever else answers takes longer.
        let members = (1..FARM).map(|member| (farmer(member), 20));
        let others =
            (0..READERS).map(|other| (format!("vecino{}", (message * READERS + other) % CROWD), 7_200));
        for (place, (author, within)) in members.chain(others).enumerate() {
            let time = at.plus(HOUR_MS + i64::try_from(dice.below(within)).unwrap() * SECOND_MS);
            let text = words(&mut dice);
            csv.push_str(&format!("replica-{message:04}-{place:04},{author},\"{text}\",{time},{post}\n"));
        }
    }
    bench.receive_table(csv);
    bench.workspace().flush().unwrap();
    bench.look(&DetectionRequest::default());
    let farm = bench.farm().report;
    let answers = |bench: &Bench| {
        let taken = bench.workspace().group_actions(&director(), &farm.id).unwrap();
        taken.acts.into_iter().filter(|act| act.trace == Trace::CoReply).collect::<Vec<_>>()
    };
    let told = answers(&bench);
    assert!(!told.is_empty(), "{:?}", farm.traces);
    assert!(told.iter().all(|act| act.name.is_empty() && act.occasion.is_some()), "{told:?}");
    let targets: BTreeSet<&str> = told.iter().filter_map(|act| act.target.as_deref()).collect();
    assert_eq!(targets.len(), 2, "{targets:?}");
    let asked = format!("file:{}", farmer(0));
    assert!(targets.contains(asked.as_str()) && targets.iter().any(|one| one.starts_with("other-")));
    // One occasion is one object, so rows can be grouped by either.
    let both: BTreeSet<_> = told.iter().map(|act| (&act.object, &act.target, &act.occasion)).collect();
    let objects: BTreeSet<&String> = told.iter().map(|act| &act.object).collect();
    assert!(objects.len() > 10 && both.len() == objects.len(), "{} {}", both.len(), objects.len());
    let taken = bench.workspace().group_actions(&director(), &farm.id).unwrap();
    assert!(!serde_json::to_string(&taken).unwrap().contains("victimaria"), "who is answered is not named");
    bench.workspace().erase_account(&Actor::operator(), &AccountKey::parse(&asked).unwrap(), true).unwrap();
    let told = answers(&bench);
    assert!(told.iter().any(|act| act.target.is_none()) && told.iter().any(|act| act.target.is_some()));
    assert!(!serde_json::to_string(&told).unwrap().contains(&asked), "an erased member is no target either");
}

#[test]
fn an_account_remembers_its_earlier_groups_and_they_lead_on() {
    let bench = Bench::looked_at();
    let first = bench.farm().report;
    assert!(matches!(bench.workspace().earlier_group(&viewer(), &first.id), Err(AppError::NotFound { .. })));
    let gone = AccountKey::parse(&first.members[0].account).unwrap();
    bench.workspace().erase_account(&Actor::operator(), &gone, false).unwrap();
    bench.look(&DetectionRequest::default());
    let second = bench.farm().report;
    let account = &second.members[0].account;
    let card = bench.workspace().coordinated_account(&viewer(), &second.id, account).unwrap();
    assert_eq!(card.earlier.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [first.id.as_str()]);
    let earlier = bench.workspace().earlier_group(&viewer(), &first.id).unwrap();
    assert_eq!(earlier.now, [(second.id.clone(), FARM as u64 - 1)]);
    assert_eq!(earlier, card.earlier[0]);
}

#[test]
fn a_third_party_repeats_the_test_with_what_is_taken_along() {
    let bench = Bench::looked_at();
    let id = bench.farm().report.id;
    let refused = bench.workspace().group_actions(&viewer(), &id);
    assert!(matches!(refused, Err(AppError::Forbidden(Permission::Export))));
    let actions = bench.workspace().group_actions(&director(), &id).unwrap();
    assert!(actions.manifest.is_complete && actions.acts.len() < ACTS_MAX, "{:?}", actions.manifest);
    assert_eq!(actions.manifest.acts, actions.acts.len() as u64);
    let links = actions.manifest.traces[&Trace::CoLink];
    assert_eq!((links.objects, links.member_acts), (MESSAGES as u64, (MESSAGES * FARM) as u64));
    assert!(links.other_acts >= (MESSAGES * READERS) as u64);
    assert_eq!(actions.manifest.settings.traces[&Trace::CoLink].window_s, 300);
    for act in &actions.acts {
        assert_eq!(act.account.is_some(), act.other.is_none());
        assert_eq!(act.account.is_some(), act.post.is_some(), "others have no name: {act:?}");
        assert!(act.account.as_ref().is_none_or(|account| account.contains("zqxgranja")));
    }
    let halves: BTreeSet<(&str, u8)> =
        actions.acts.iter().map(|act| (act.object.as_str(), act.half)).collect();
    let first = halves.iter().filter(|(_, half)| *half == 1).count();
    assert!(first > 10 && halves.len() - first > 10, "{first} of {}", halves.len());

    // Nothing but the file goes to the other program.
    let mut observed = Observed::default();
    let input = Box::new(std::io::Cursor::new(shares(&actions, Trace::CoLink).into_bytes()));
    let seen = observe_file(
        &mut observed,
        "shares.csv",
        input,
        &ImportOptions::default(),
        Trace::CoLink,
        &mut |_| Ok(()),
    );
    assert!(seen.unwrap().bare);
    observed.close();
    let settings = DetectSettings { traces: vec![Trace::CoLink], ..DetectSettings::default() };
    let again = detect(&observed, &settings, &mut |_| Ok(())).unwrap();
    assert_eq!(again.groups.len(), 1);
    let mut members: Vec<&str> =
        again.groups[0].members.iter().map(|member| observed.accounts.name(*member)).collect();
    members.sort_unstable();
    let mut told: Vec<String> =
        bench.farm().report.members.into_iter().map(|member| member.account).collect();
    told.sort_unstable();
    assert_eq!(members, told);
}

#[test]
fn acts_go_with_their_records() {
    let mut bench = Bench::looked_at();
    let farm = bench.farm().report;
    let acts = |bench: &Bench| {
        let kept = bench.workspace().coordinated().kept().unwrap();
        kept.groups[0].acts.acts.clone()
    };
    let before = acts(&bench);
    // What somebody else deleted at its source is no longer there, though nothing names them.
    let other = before.iter().find(|act| act.1 < 0).unwrap().3;
    bench.workspace().archive().delete_records(&[other], DeletionReason::AtSource, None, bench.now).unwrap();
    bench.reopen();
    assert!(acts(&bench).iter().all(|act| act.3 != other));
    let gone = &farm.members[2].account;
    let address = account_address(gone);
    bench.workspace().erase_account(&Actor::operator(), &AccountKey::parse(gone).unwrap(), true).unwrap();
    let after = acts(&bench);
    let members = |acts: &[crate::coordination::workspace::acts::Act]| {
        acts.iter().filter(|act| act.1 >= 0).map(|act| act.1).collect::<BTreeSet<i32>>().len()
    };
    assert_eq!((members(&before), members(&after)), (FARM, FARM - 1));
    let id = bench.farm().report.id;
    let taken = bench.workspace().group_actions(&director(), &id).unwrap();
    assert!(!serde_json::to_string(&taken).unwrap().contains(gone.as_str()));
    assert!(taken.manifest.acts < before.len() as u64);
    let card = bench.workspace().coordinated_account(&viewer(), &id, &address);
    assert!(matches!(card, Err(AppError::NotFound { .. })));
    // The places of the others moved up, and still mean the same accounts.
    let last = bench.farm().report.members.last().unwrap().clone();
    let card = bench.workspace().coordinated_account(&viewer(), &id, &last.account).unwrap();
    assert_eq!(card.near.posts, MESSAGES as u64);
    assert!(card.partners.iter().all(|one| one.account != *gone && one.account != last.account));
    assert_eq!(card.partners_count, FARM as u64 - 2);
}

#[test]
fn signs_in_the_accounts_have_their_chance_and_raise_nothing() {
    let bench = Bench::new();
    let mut csv = "id,author,text,time,author_created\n".to_owned();
    for (id, author, text, time) in world(bench.now) {
        let number: i64 = author.trim_start_matches(char::is_alphabetic).parse().unwrap();
        let days = if author.starts_with("zqxgranja") { 21 + number % 2 } else { 100 + 17 * number };
        csv.push_str(&format!("{id},{author},\"{text}\",{time},{}\n", bench.now.plus(-days * DAY_MS)));
    }
    bench.receive_table(csv);
    bench.workspace().flush().unwrap();
    bench.look(&DetectionRequest::default());
    let farm = bench.farm().report;
    let burst = farm.signs.created.as_ref().expect("made within two days");
    assert!(burst.counts && burst.p < 1e-6 && burst.members == FARM as u32, "{burst:?}");
    assert!(burst.expected < 3.0);
    let alike = &farm.signs.look_alikes[0];
    assert_eq!((alike.stem.as_str(), alike.members), ("zqxgranja", FARM as u32));
    assert!(alike.p < 0.01);
    for member in &farm.members {
        let names: Vec<&str> = member.signs.found.iter().map(|found| found.sign.as_ref()).collect();
        assert!(names.contains(&"young"), "{names:?}");
        assert!(member.signs.total <= analysis::coordination::accounts::TOTAL_LOG_ODDS_MAX);
        assert!(member.signs.not_known.iter().any(|sign| sign == "default_avatar"));
        assert!(
            ["created", "look_alikes"].iter().all(|part| member
                .signs
                .takes_part
                .iter()
                .any(|one| one == part))
        );
    }
    // One kind of trace: with all these signs the word stays below the strongest.
    assert!(farm.strength < model::Strength::VeryLikely, "{:?}", farm.strength);
    assert!(farm.signs.count.is_some_and(|count| count >= 2));
}
