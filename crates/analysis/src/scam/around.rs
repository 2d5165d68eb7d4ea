//! Signs that do not stand in the words: precedent, profile, our own names.

use super::{Evidence, ScamContext, evidence_at, evidence_of};
use model::text::Tokens;

/// Accounts younger than this are new, days.
const NEW_ACCOUNT_DAYS: u32 = 30;
/// Accounts with fewer posts have no history.
const FEW_POSTS: u64 = 5;
/// Accounts with fewer followers are hardly known.
const FEW_FOLLOWERS: u64 = 10;
/// Digits at the end of a handle that look thrown together.
const HANDLE_DIGITS_MIN: usize = 5;
/// Most brands of a team that are looked for.
const BRANDS_MAX: usize = 200;

/// Sign 1.
pub(super) fn precedent(context: &ScamContext<'_>) -> Vec<Evidence> {
    match context.precedent {
        Some(times) if times > 0 => vec![evidence_of(&format!("seen before: {times}"), 1.5)],
        _ => Vec::new(),
    }
}

/// Sign 2. A verified author has none of it.
pub(super) fn profile(context: &ScamContext<'_>) -> Vec<Evidence> {
    let Some(author) = context.author.filter(|author| author.verified != Some(true)) else {
        return Vec::new();
    };
    let mut evidence = Vec::new();
    if let Some(days) = author.age_days.filter(|days| *days < NEW_ACCOUNT_DAYS) {
        evidence.push(evidence_of(&format!("age in days: {days}"), 0.5));
    }
    if let Some(posts) = author.posts.filter(|posts| *posts < FEW_POSTS) {
        evidence.push(evidence_of(&format!("posts: {posts}"), 0.3));
    }
    if let Some(followers) = author.followers.filter(|followers| *followers < FEW_FOLLOWERS) {
        evidence.push(evidence_of(&format!("followers: {followers}"), 0.2));
    }
    if author.has_picture == Some(false) {
        evidence.push(evidence_of("picture: none", 0.2));
    }
    if author.bio.is_some_and(|bio| bio.trim().is_empty()) {
        evidence.push(evidence_of("description: none", 0.1));
    }
    if let Some(handle) = author.handle
        && handle.chars().rev().take_while(char::is_ascii_digit).count() >= HANDLE_DIGITS_MIN
    {
        evidence.push(evidence_of(&format!("handle: {handle}"), 0.2));
    }
    evidence
}

/// Our names within the text, which support that a name is borrowed.
pub(super) fn brands(text: &str, tokens: &Tokens, context: &ScamContext<'_>) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    for name in context.brands.iter().take(BRANDS_MAX) {
        let name = Tokens::of(name);
        let Some((first, _)) = name.get(0) else { continue };
        let at = (0..tokens.len()).find(|at| {
            tokens.get(*at).is_some_and(|(folded, _)| folded == first)
                && name
                    .iter()
                    .enumerate()
                    .all(|(i, (word, _))| tokens.get(at + i).is_some_and(|(folded, _)| folded == word))
        });
        if let Some(at) = at
            && let (Some((_, first)), Some((_, last))) = (tokens.get(at), tokens.get(at + name.len() - 1))
        {
            evidence.push(evidence_at(text, first.start as usize..last.end as usize, 0.4));
        }
    }
    evidence
}
