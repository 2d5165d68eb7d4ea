//! Sources as people set them up; `supervise.rs` runs them.
//!
//! In: setups and what webhooks bring. Out: stored sources, batches, health.
//! Limits: [`SOURCES_MAX`].

use super::ingest::IngestCounts;
use super::workspace::Workspace;
use crate::{Actor, App, AppError};
use model::listening::{Keep, MastodonTimeline, Source, SourceHealth, SourceSetup, WebhookMaker};
use model::text::Tokens;
use model::{Permission, Timestamp};
use networks::listening::{Batch, Notice};
use std::collections::HashMap;
use store::archive::{NewSource, Origin, Window};

/// Bluesky's public Jetstream server (docs.bsky.app, Jetstream).
const JETSTREAM: &str = "wss://jetstream2.us-east.bsky.network/subscribe";
/// The largest Mastodon server, whose hashtag timelines are public.
const MASTODON: &str = "https://mastodon.social";
/// Most sources of one workspace.
pub const SOURCES_MAX: usize = 1_000;

/// A source with how it fares.
#[derive(Debug, Clone, serde::Serialize)]
pub struct SourceView {
    /// The source.
    pub source: Source,
    /// How it fares.
    pub health: SourceHealth,
}

/// What of a source is to change; `None` stays as it is.
#[derive(Clone, Copy, Default)]
pub struct SourceChange<'a> {
    /// Its name.
    pub name: Option<&'a str>,
    /// What it reads; of the same kind as before.
    pub setup: Option<&'a SourceSetup>,
    /// Which posts are kept.
    pub keep: Option<Keep>,
    /// Password, token or key; an empty one is `None`.
    pub secret: Option<&'a str>,
}

fn checked_name(name: &str) -> Result<&str, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > super::queries::NAME_CHARS_MAX {
        return Err(AppError::invalid("name", "write a name of 1 to 80 characters"));
    }
    Ok(name)
}

/// Refuses a setup that can never work. Connects to nothing.
fn check_setup(app: &App, setup: &SourceSetup, secret: Option<&str>) -> Result<(), AppError> {
    match setup {
        SourceSetup::Webhook { .. } if secret.is_none() => {
            Err(AppError::invalid("secret", "a webhook needs the key with which its maker signs"))
        }
        SourceSetup::Webhook { .. } => Ok(()),
        _ => {
            networks::listening::open(setup, secret, None, app.client())?;
            Ok(())
        }
    }
}

impl Workspace {
    /// The sources with their health.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_sources(&self, actor: &Actor) -> Result<Vec<SourceView>, AppError> {
        actor.require(Permission::Read)?;
        let mut health: HashMap<i64, SourceHealth> =
            self.archive().list_source_health()?.into_iter().collect();
        let sources = self.archive().list_sources()?;
        Ok(sources
            .into_iter()
            .map(|source| SourceView { health: health.remove(&source.id).unwrap_or_default(), source })
            .collect())
    }

    /// Times in which sources did not listen.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_gaps(&self, actor: &Actor, from: Timestamp, to: Timestamp) -> Result<Vec<Window>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().list_gaps(from, to)?)
    }

    /// Adds a source; it starts within a second.
    ///
    /// # Errors
    /// [`AppError::Source`] when it can never work as set up.
    pub fn insert_source(
        &self,
        app: &App,
        actor: &Actor,
        name: &str,
        setup: &SourceSetup,
        keep: Keep,
        secret: Option<&str>,
    ) -> Result<i64, AppError> {
        actor.require(Permission::EditSources)?;
        let name = checked_name(name)?;
        if self.archive().list_sources()?.len() >= SOURCES_MAX {
            return Err(AppError::invalid(
                "name",
                format!("a workspace may hold {SOURCES_MAX} sources: remove one first"),
            ));
        }
        let secret = secret.map(str::trim).filter(|secret| !secret.is_empty());
        check_setup(app, setup, secret)?;
        let now = self.settings().now();
        let id = self.archive().insert_source(&NewSource { name, setup, keep, secret }, now)?;
        let details = serde_json::json!({"source": id, "name": name, "network": setup.network().name()});
        self.archive().record_audit(actor.user, "source_added", &details, now)?;
        Ok(id)
    }

    /// Changes a source; it starts again within a second. It goes on where it
    /// was unless it now reads something else.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Source`] when it can never work as set
    /// up, [`AppError::Invalid`] for another kind of source.
    pub fn update_source(
        &self,
        app: &App,
        actor: &Actor,
        id: i64,
        change: &SourceChange<'_>,
    ) -> Result<(), AppError> {
        actor.require(Permission::EditSources)?;
        let sources = self.archive().list_sources()?;
        let before = sources
            .iter()
            .find(|source| source.id == id)
            .ok_or_else(|| super::queries::missing("source", id))?;
        let name = checked_name(change.name.unwrap_or(&before.name))?;
        let setup = change.setup.unwrap_or(&before.setup);
        let keep = change.keep.unwrap_or(before.keep);
        if std::mem::discriminant(setup) != std::mem::discriminant(&before.setup) {
            return Err(AppError::invalid("setup", "a source keeps its kind: add another source instead"));
        }
        let secret = change.secret.map(str::trim).filter(|secret| !secret.is_empty());
        let stored = self.archive().load_source_secret(id)?;
        check_setup(app, setup, secret.or(stored.as_deref()))?;
        self.archive().update_source(id, &NewSource { name, setup, keep, secret })?;
        let details = serde_json::json!({
            "source": id,
            "name": name,
            "setup": *setup != before.setup,
            "keep": keep != before.keep,
            "secret": secret.is_some(),
        });
        Ok(self.archive().record_audit(actor.user, "source_changed", &details, self.settings().now())?)
    }

    /// Adds the sources that need no account: every public post of Bluesky, and
    /// the brand's hashtag on a large Mastodon server.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Store`].
    pub fn insert_open_sources(&self, app: &App, actor: &Actor) -> Result<(), AppError> {
        let jetstream = SourceSetup::BlueskyJetstream { endpoint: JETSTREAM.to_owned() };
        self.insert_source(app, actor, "Bluesky", &jetstream, Keep::Matching, None)?;
        let handbook = self.load_handbook(actor)?;
        let Some(name) = handbook.brand.names.first() else { return Ok(()) };
        let hashtag: String = Tokens::of(name).iter().map(|(word, _)| word).collect();
        let mastodon = SourceSetup::MastodonPoll {
            server: MASTODON.to_owned(),
            timeline: MastodonTimeline::Hashtag(hashtag.clone()),
        };
        self.insert_source(app, actor, &format!("Mastodon #{hashtag}"), &mastodon, Keep::All, None)?;
        Ok(())
    }

    /// Pauses a source or lets it go on.
    ///
    /// # Errors
    /// [`AppError::Store`] when there is none.
    pub fn pause_source(&self, actor: &Actor, id: i64, paused: bool) -> Result<(), AppError> {
        actor.require(Permission::EditSources)?;
        self.archive().update_source_paused(id, paused)?;
        let what = if paused { "source_paused" } else { "source_resumed" };
        Ok(self.archive().record_audit(
            actor.user,
            what,
            &serde_json::json!({"source": id}),
            self.settings().now(),
        )?)
    }

    /// Stores a new secret for a source.
    ///
    /// # Errors
    /// [`AppError::Store`] when there is none.
    pub fn update_source_secret(&self, actor: &Actor, id: i64, secret: Option<&str>) -> Result<(), AppError> {
        actor.require(Permission::EditSources)?;
        self.archive().update_source_secret(id, secret)?;
        let details = serde_json::json!({"source": id});
        Ok(self.archive().record_audit(
            actor.user,
            "source_secret_changed",
            &details,
            self.settings().now(),
        )?)
    }

    /// Removes a source; its posts stay.
    ///
    /// # Errors
    /// [`AppError::Store`] when there is none.
    pub fn remove_source(&self, actor: &Actor, id: i64) -> Result<(), AppError> {
        actor.require(Permission::EditSources)?;
        let now = self.settings().now();
        self.archive().remove_source(id, now)?;
        Ok(self.archive().record_audit(
            actor.user,
            "source_removed",
            &serde_json::json!({"source": id}),
            now,
        )?)
    }

    /// Writes a batch of a source: durable and handed to the index on return.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Index`]; nothing of the batch is kept then.
    pub fn receive(&self, source: i64, keep: Keep, batch: Batch) -> Result<IngestCounts, AppError> {
        let origin = Origin::Source(source);
        let mut prepared = self.prepare(batch.records, origin, keep)?;
        prepared.rejects = batch.rejects;
        prepared.deletions = batch.deletions;
        prepared.cursor = batch.cursor;
        let counts = self.apply(prepared, origin)?;
        for notice in batch.notices {
            let (Notice::Gap(text) | Notice::Degraded(text)) = notice;
            self.archive().record_source_error(source, &text, None, self.settings().now())?;
        }
        Ok(counts)
    }

    /// Reads and writes a signed webhook. The signature is the permission.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the source is no webhook or paused,
    /// [`AppError::Webhook`] when signature or body are wrong.
    pub fn receive_webhook(
        &self,
        source: i64,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<IngestCounts, AppError> {
        let missing = || super::queries::missing("webhook", source);
        let config =
            self.archive().list_sources()?.into_iter().find(|s| s.id == source).ok_or_else(missing)?;
        let SourceSetup::Webhook { maker } = config.setup else { return Err(missing()) };
        let secret =
            self.archive().load_source_secret(source)?.filter(|_| !config.paused).ok_or_else(missing)?;
        let batch = networks::webhooks::read(maker, &secret, headers, body, self.settings().now())?;
        self.receive(source, config.keep, batch)
    }

    /// The answer to a maker's question whether a webhook's address is ours
    /// (Meta's verification request).
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the source is no webhook of Meta, is paused,
    /// or the question does not hold its secret.
    pub fn answer_challenge(&self, source: i64, query: &[(String, String)]) -> Result<String, AppError> {
        let missing = || super::queries::missing("webhook", source);
        let sources = self.archive().list_sources()?;
        let config = sources.into_iter().find(|s| s.id == source && !s.paused).ok_or_else(missing)?;
        if config.setup != (SourceSetup::Webhook { maker: WebhookMaker::Meta }) {
            return Err(missing());
        }
        let secret = self.archive().load_source_secret(source)?.ok_or_else(missing)?;
        networks::webhooks::challenge(&secret, query).ok_or_else(missing)
    }
}
