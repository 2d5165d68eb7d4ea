//! Names that resemble one another, and names that changed.
//!
//! In: handles of members and of the crowd; a history of handles by native id.
//! Out: families of look-alike handles with the chance of as many; accounts
//! that changed their handle, and handles that passed between accounts.
//! Errors: none. Cost: O(total length) per handle; one letter apart is found by
//! leaving each letter out in turn, so no two handles are compared twice.
//! Source: Mariconti et al. 2017 for reused names.
//! Limits: only ASCII digits and `._-` at the end are cut off; names in other
//! scripts are compared letter by letter all the same.

use super::arrivals::ln_draw_tail;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Letters of a stem below which likeness says nothing.
pub const STEM_CHARS_MIN: usize = 5;
/// Letters of a stem from which one other letter is still the same.
pub const ONE_LETTER_CHARS_MIN: usize = 7;
/// Longest handle that is looked at, characters; the rest is cut off.
pub const HANDLE_CHARS_MAX: usize = 64;
/// Handles of the crowd before a chance is given.
pub const CROWD_MIN: usize = 100;
/// Changes of handle that make a rename worth telling.
pub const CHANGES_MIN: usize = 2;

/// Members whose handles are one name with small differences.
#[derive(Debug, Clone, PartialEq)]
pub struct NameFamily {
    /// The commonest stem, lower case.
    pub stem: String,
    /// Members; indices, rising.
    pub members: Vec<u32>,
    /// As many would be expected if crowd and members were one, the first included.
    pub expected: f64,
    /// Logarithm of the chance of as many, over all families looked at; `None`
    /// when the crowd is too small.
    pub ln_p: Option<f64>,
}

/// The handle in lower case without digits and signs at its end.
pub fn stem(handle: &str) -> String {
    let lower: String = handle.chars().take(HANDLE_CHARS_MAX).flat_map(char::to_lowercase).collect();
    lower.trim_end_matches(|letter: char| letter.is_ascii_digit() || "._-".contains(letter)).to_owned()
}

/// Families of two and more look-alike handles, the least likely first.
pub fn look_alikes(handles: &[&str], crowd: &[&str]) -> Vec<NameFamily> {
    let stems: Vec<String> = handles.iter().map(|handle| stem(handle)).collect();
    let mut crowd_stems: HashMap<String, u32> = HashMap::new();
    for handle in crowd {
        for key in keys(&stem(handle)) {
            *crowd_stems.entry(key).or_default() += 1;
        }
    }
    let families = families(&stems);
    let looked_at = (families.len().max(1) as f64).ln();
    let mut found: Vec<NameFamily> = families
        .into_iter()
        .map(|members| {
            let own: Vec<&String> = members.iter().filter_map(|&member| stems.get(member as usize)).collect();
            let stem = commonest(&own);
            // Those of the crowd that would have joined by the commonest stem.
            let like = keys(&stem).iter().filter_map(|key| crowd_stems.get(key)).max().copied().unwrap_or(0);
            // One member gave the family its name: the others are the surprise, as if
            // they had been drawn from the crowd and themselves together.
            let (others, drawn) = (members.len() - 1, handles.len() - 1);
            let (all, marked) = (crowd.len() + drawn, like as usize + others);
            let expected = 1.0 + marked as f64 / all.max(1) as f64 * drawn as f64;
            let ln_p = (crowd.len() >= CROWD_MIN)
                .then(|| (ln_draw_tail(others, drawn, marked, all) + looked_at).min(0.0));
            NameFamily { stem, members, expected, ln_p }
        })
        .collect();
    found.sort_by(|one, other| {
        let ln_p = |family: &NameFamily| family.ln_p.unwrap_or(0.0);
        ln_p(one)
            .total_cmp(&ln_p(other))
            .then(other.members.len().cmp(&one.members.len()))
            .then(one.members.cmp(&other.members))
    });
    found
}

/// What two stems must share to be alike: themselves, or, if long enough, what
/// is left without one letter.
fn keys(stem: &str) -> Vec<String> {
    let letters: Vec<char> = stem.chars().collect();
    if letters.len() < STEM_CHARS_MIN {
        return Vec::new();
    }
    let mut keys = vec![stem.to_owned()];
    if letters.len() >= ONE_LETTER_CHARS_MIN {
        let without = |place: usize| {
            let rest = letters.iter().enumerate().filter(|(at, _)| *at != place);
            // The place is kept: «ana» without its first letter is not «ana» without its last.
            format!("{place} {}", rest.map(|(_, letter)| letter).collect::<String>())
        };
        keys.extend((0..letters.len()).map(without));
    }
    keys
}

/// Members joined by a shared key, families of two and more.
fn families(stems: &[String]) -> Vec<Vec<u32>> {
    let mut head: Vec<usize> = (0..stems.len()).collect();
    let mut holders: HashMap<String, usize> = HashMap::new();
    for (member, stem) in stems.iter().enumerate() {
        for key in keys(stem) {
            let holder = *holders.entry(key).or_insert(member);
            let (one, other) = (root(&mut head, holder), root(&mut head, member));
            // Both are below the length: they come out of `head` itself.
            if let Some(slot) = head.get_mut(one.max(other)) {
                *slot = one.min(other);
            }
        }
    }
    let mut families: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for (number, member) in (0u32..).zip(0..stems.len()) {
        families.entry(root(&mut head, member)).or_default().push(number);
    }
    families.into_values().filter(|members| members.len() > 1).collect()
}

fn root(head: &mut [usize], mut member: usize) -> usize {
    while let Some(&above) = head.get(member) {
        if above == member {
            break;
        }
        let two_above = head.get(above).copied().unwrap_or(above);
        if let Some(slot) = head.get_mut(member) {
            *slot = two_above;
        }
        member = two_above;
    }
    member
}

fn commonest(stems: &[&String]) -> String {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for stem in stems {
        *counts.entry(stem.as_str()).or_default() += 1;
    }
    let most = counts.iter().max_by_key(|(stem, count)| (**count, std::cmp::Reverse(**stem)));
    most.map(|(stem, _)| (*stem).to_owned()).unwrap_or_default()
}

/// One account was seen with one handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandleSeen<'a> {
    /// The account, by its native id: it keeps it when the handle changes.
    pub account: u32,
    /// The handle then.
    pub handle: &'a str,
    /// When, milliseconds.
    pub time_ms: i64,
}

/// What became of the handles of some accounts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renames {
    /// Accounts with [`CHANGES_MIN`] changes or more: account, handles in order.
    pub changed: Vec<(u32, Vec<String>)>,
    /// Handles that several accounts had: handle, accounts in order of time.
    pub passed: Vec<(String, Vec<u32>)>,
}

/// Reads a history of handles, in any order. Upper and lower case are the same.
pub fn renames(history: &[HandleSeen<'_>]) -> Renames {
    let mut ordered: Vec<(i64, u32, String)> = history
        .iter()
        .map(|seen| {
            let handle = seen.handle.trim_start_matches('@').chars().take(HANDLE_CHARS_MAX);
            (seen.time_ms, seen.account, handle.flat_map(char::to_lowercase).collect())
        })
        .collect();
    ordered.sort_unstable();
    let mut by_account: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut by_handle: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (_, account, handle) in ordered.into_iter().filter(|(_, _, handle)| !handle.is_empty()) {
        let handles = by_account.entry(account).or_default();
        if handles.last() != Some(&handle) {
            handles.push(handle.clone());
        }
        let accounts = by_handle.entry(handle).or_default();
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    Renames {
        changed: by_account.into_iter().filter(|(_, handles)| handles.len() > CHANGES_MIN).collect(),
        passed: by_handle.into_iter().filter(|(_, accounts)| accounts.len() > 1).collect(),
    }
}

/// How many of `one` have a look-alike among `other`.
pub(super) fn shared_names(one: &[&str], other: &[&str]) -> usize {
    let known: BTreeSet<String> = other.iter().flat_map(|handle| keys(&stem(handle))).collect();
    one.iter().filter(|handle| keys(&stem(handle)).iter().any(|key| known.contains(key))).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd() -> Vec<String> {
        (0..500).map(|number: u32| format!("vecino{}", number.wrapping_mul(7_919) % 500)).collect()
    }

    #[track_caller]
    fn check(handles: &[&str], expected: &[(&str, &[u32])]) {
        let found = look_alikes(handles, &[]);
        let found: Vec<_> =
            found.iter().map(|family| (family.stem.as_str(), family.members.as_slice())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn stems() {
        for (handle, expected) in [("Maria_Lopez_1987", "maria_lopez"), ("2020", ""), ("Óscar.7", "óscar")]
        {
            assert_eq!(stem(handle), expected);
        }
    }

    #[test]
    fn one_name_with_other_numbers_or_one_other_letter() {
        check(&["VotaBien01", "votabien_22", "ana", "VotaBien"], &[("votabien", &[0, 1, 3])]);
        check(&["noticias_ya", "notieias_ya1", "pedro_paramo"], &[("noticias_ya", &[0, 1])]);
        // Short names, and two other letters, are different names.
        check(&["ana1", "ana2", "noticias", "netieias"], &[]);
        check(&[], &[]);
    }

    #[test]
    fn a_name_that_all_have_is_no_sign() {
        let crowd = crowd();
        let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
        let common = look_alikes(&["vecino1", "vecino2", "vecino3", "luzdelsur"], &crowd);
        assert!(common[0].ln_p.unwrap() > -0.5, "{common:?}");
        let rare = look_alikes(&["patriota_1", "patriota_2", "patriota_3", "luzdelsur"], &crowd);
        assert!(rare[0].ln_p.unwrap() < -9.0, "{rare:?}");
        assert_eq!(look_alikes(&["patriota_1", "patriota_2"], &crowd[..50])[0].ln_p, None);
    }

    #[test]
    fn long_chains_and_many_handles_are_bounded() {
        let handles: Vec<String> = (0..3_000).map(|number| format!("{}{number}", "x".repeat(500))).collect();
        let handles: Vec<&str> = handles.iter().map(String::as_str).collect();
        let found = look_alikes(&handles, &handles);
        assert_eq!((found.len(), found[0].members.len()), (1, 3_000));
    }

    #[test]
    fn renamed_accounts_and_passed_handles() {
        let seen = |account, handle, time_ms| HandleSeen { account, handle, time_ms };
        let history = [
            seen(1, "terceraVida", 30),
            seen(1, "primera", 10),
            seen(1, "@Primera", 15),
            seen(1, "segunda", 20),
            seen(2, "una", 5),
            seen(2, "otra", 6),
            seen(3, "primera", 40),
            seen(4, "", 40),
            seen(5, "", 41),
        ];
        let found = renames(&history);
        let handles = ["primera", "segunda", "terceravida"].map(str::to_owned).to_vec();
        assert_eq!(found.changed, [(1, handles)]);
        assert_eq!(found.passed, [("primera".to_owned(), vec![1, 3])]);
        assert_eq!(renames(&[]), Renames::default());
    }

    #[test]
    fn names_of_two_groups() {
        assert_eq!(shared_names(&["patriota_1", "luz", "noticias_ya"], &["Patriota99", "notieias_ya"]), 2);
    }
}
