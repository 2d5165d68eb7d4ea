//! The scam check: ten signs, each with the words that betray it, for a pasted
//! message, a mention or a line of a file.
//!
//! In: a message. Out: a [`ScamCheck`] that a citizen can read. In a workspace
//! the archive is asked whether the same text was seen before, and the brands
//! of the handbook count as names that may be borrowed.
//! Errors: [`AppError::Invalid`] for an empty or very long message.
//! Limits: [`MESSAGE_CHARS_MAX`].

use super::reading::targets_of;
use crate::listening::{Judgement, PostView, Workspace};
use crate::{Actor, AppError};
use analysis::copies::signature;
use analysis::scam::{self, AuthorFacts, ScamContext, ScamVerdict};
use analysis::understanding::heads::Value;
use model::sentiment::Reason;
use model::text::Tokens;
use model::understanding::Intent;
use model::{Account, Permission, Timestamp};

/// Longest message that is checked, characters.
pub const MESSAGE_CHARS_MAX: usize = 20_000;

/// A sign that was found.
#[derive(Debug, Clone, serde::Serialize)]
pub struct SignView {
    /// Its word in locale keys.
    pub sign: &'static str,
    /// Its number in the list of ten; `None` for evidence beside the list.
    pub number: Option<u8>,
    /// 0…1.
    pub weight: f32,
    /// The words or facts that betray it.
    pub evidence: Vec<Reason>,
}

/// What a check found.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ScamCheck {
    /// `none`, `suspicious` or `probable`.
    pub verdict: &'static str,
    /// The signs, in the order of the list.
    pub signs: Judgement<Vec<SignView>>,
    /// Words that speak against: a warning, a victim's report.
    pub against: Vec<Reason>,
    /// False where only links, author and precedent were looked at, because
    /// the language is not one whose phrases are known.
    pub is_read: bool,
    /// The earliest post of the archive that says the same, if any.
    pub seen: Option<PostView>,
}

impl ScamCheck {
    fn of(found: ScamVerdict, seen: Option<PostView>) -> Self {
        let reasons = |list: Vec<scam::Evidence>| list.into_iter().map(|one| one.reason).collect();
        let signs = found
            .signs
            .into_iter()
            .map(|sign| SignView {
                sign: sign.kind.name(),
                number: sign.kind.number(),
                weight: sign.weight,
                evidence: reasons(sign.evidence),
            })
            .collect();
        Self {
            verdict: found.verdict.name(),
            signs: Judgement { value: signs, method: scam::METHOD, version: scam::METHOD_VERSION },
            against: reasons(found.against),
            is_read: found.is_read,
            seen,
        }
    }
}

/// Checks a message without a workspace.
///
/// # Errors
/// [`AppError::Invalid`] when it is empty or longer than [`MESSAGE_CHARS_MAX`].
pub fn check_message(text: &str) -> Result<ScamCheck, AppError> {
    checked_message(text)?;
    Ok(ScamCheck::of(check(text, &ScamContext::default()), None))
}

fn checked_message(text: &str) -> Result<(), AppError> {
    let chars = text.chars().count();
    if text.trim().is_empty() || chars > MESSAGE_CHARS_MAX {
        let reason = format!("{chars} characters; paste 1 to {MESSAGE_CHARS_MAX}");
        return Err(AppError::invalid("text", reason));
    }
    Ok(())
}

fn check(text: &str, context: &ScamContext<'_>) -> ScamVerdict {
    let language = analysis::language::detect(text);
    scam::check(text, &Tokens::of(text), language.language.or(language.best), context)
}

impl Workspace {
    /// Checks a pasted message against the archive and the handbook.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`].
    pub fn check_scam(&self, actor: &Actor, text: &str) -> Result<ScamCheck, AppError> {
        actor.require(Permission::Read)?;
        checked_message(text)?;
        self.scam_of(text, None, None)
    }

    /// The signs of a message; `post` is the post that it stands in, if any.
    pub(crate) fn scam_of(
        &self,
        text: &str,
        author: Option<(&Account, Timestamp)>,
        post: Option<i64>,
    ) -> Result<ScamCheck, AppError> {
        let (handbook, _) = self.archive().load_handbook()?;
        let brands: Vec<String> = targets_of(&handbook).into_iter().flat_map(|(names, _)| names).collect();
        let seen = self.same_text(text, post)?;
        let precedent = match &seen {
            Some(seen) => self.known_scams(seen)?,
            None => 0,
        };
        let age = |account: &Account, at: Timestamp| {
            let days = at.millis().checked_sub(account.created_at?.millis())? / model::time::DAY_MS;
            u32::try_from(days).ok()
        };
        let facts = author.map(|(account, at)| AuthorFacts {
            handle: account.handle.as_deref(),
            bio: account.bio.as_deref(),
            age_days: age(account, at),
            posts: account.posts.get(),
            followers: account.followers.get(),
            has_picture: None,
            verified: account.verified,
        });
        let context = ScamContext {
            brands: &brands,
            precedent: Some(precedent),
            author: facts,
            ..ScamContext::default()
        };
        Ok(ScamCheck::of(check(text, &context), seen))
    }

    /// The earliest other post of the archive's newest that says the same.
    fn same_text(&self, text: &str, post: Option<i64>) -> Result<Option<PostView>, AppError> {
        let Some(signature) = signature(text) else { return Ok(None) };
        let Some((found, _)) = self.copies().nearest(&signature, post) else { return Ok(None) };
        let cascade = self.index().cascades_of(&[found])?.remove(&found);
        let first = match cascade {
            Some(cascade) => self.first_member(cascade)?,
            None => self.views(&[found], None)?.into_iter().next(),
        };
        Ok(first.filter(|view| Some(view.id) != post))
    }

    /// Members of a post's cascade that people said to be a scam. What the
    /// method itself guessed is no precedent.
    fn known_scams(&self, seen: &PostView) -> Result<u64, AppError> {
        let cascade = seen.copy_of.unwrap_or(seen.id);
        let mut ids = Vec::new();
        for key in self.taught().decided_as(Value::Intent(Intent::Scam, true)) {
            ids.extend(self.archive().find_record_id(key)?);
        }
        let known = self.index().cascades_of(&ids)?;
        Ok(known.values().filter(|of| **of == cascade).count() as u64)
    }
}
