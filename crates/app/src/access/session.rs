//! Log-ins, sessions and API tokens.

use super::Actor;
use super::secret::{decoy_hash, hash_secret, is_password, random_secret};
use crate::{App, AppError};
use model::time::DAY_MS;
use model::{Permission, Role, Timestamp};
use store::instance::{NewSession, User, Workspace};

/// How long a session lasts without log-out, ms.
pub const SESSION_MS: i64 = 14 * DAY_MS;

/// A session that was recognised.
#[derive(Debug, Clone)]
pub struct LoggedIn {
    /// Who.
    pub user: User,
    /// The token that forms of this session carry.
    pub csrf: String,
    /// Their workspaces with their role, by name.
    pub workspaces: Vec<(Workspace, Role)>,
}

impl LoggedIn {
    /// The actor in one of the workspaces.
    pub fn actor(&self, slug: &str) -> Option<(Actor, &Workspace)> {
        let (workspace, role) = self.workspaces.iter().find(|(w, _)| w.slug.as_str() == slug)?;
        let actor =
            Actor { user: Some(self.user.id), name: self.user.name.clone(), role: *role, scopes: None };
        Some((actor, workspace))
    }
}

/// An API token to make.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Its name, for the list.
    pub name: String,
    /// What it may do; never more than its owner.
    pub scopes: Vec<Permission>,
    /// When it ends; `None` never.
    pub expires_at: Option<Timestamp>,
}

/// An API token in the list; the secret is shown once, when it is made.
pub type Token = store::instance::ApiToken;

impl App {
    /// Logs a person in: the secret for the session cookie.
    ///
    /// # Errors
    /// [`AppError::WrongLogin`], with the same cost whether the e-mail exists or not.
    pub fn log_in(&self, email: &str, password: &str) -> Result<String, AppError> {
        let user = self.instance().find_user(email)?.filter(|user| !user.disabled);
        let hash = match &user {
            Some(user) => self.instance().load_password_hash(user.id)?,
            None => decoy_hash().to_owned(),
        };
        let right = is_password(password, &hash);
        let Some(user) = user.filter(|_| right) else {
            self.instance().record_access(None, "login_refused", &serde_json::json!({}), self.now())?;
            return Err(AppError::WrongLogin);
        };
        self.instance().record_access(Some(user.id), "login", &serde_json::json!({}), self.now())?;
        self.open_session(user.id)
    }

    /// A session for a user who has proved who they are.
    pub(super) fn open_session(&self, user: i64) -> Result<String, AppError> {
        let secret = random_secret();
        let csrf = random_secret();
        let now = self.now();
        let session = NewSession {
            token_hash: &hash_secret(&secret),
            user,
            csrf: &csrf,
            expires_at: now.plus(SESSION_MS),
        };
        self.instance().insert_session(&session, now)?;
        self.instance().remove_expired_sessions(now)?;
        Ok(secret)
    }

    /// Who this session cookie belongs to; `None` when it is unknown or has ended.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn find_session(&self, secret: &str) -> Result<Option<LoggedIn>, AppError> {
        let Some(session) = self.instance().find_session(&hash_secret(secret), self.now())? else {
            return Ok(None);
        };
        let workspaces = self.instance().list_memberships(session.user.id)?;
        Ok(Some(LoggedIn { user: session.user, csrf: session.csrf, workspaces }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn log_out(&self, secret: &str) -> Result<(), AppError> {
        Ok(self.instance().remove_session(&hash_secret(secret))?)
    }

    /// Makes an API token: its secret, shown once.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when a scope exceeds the actor's own rights.
    pub fn insert_token(&self, actor: &Actor, workspace: i64, token: &NewToken) -> Result<String, AppError> {
        let owner =
            actor.user.ok_or_else(|| AppError::invalid("user", "a token belongs to a person: name one"))?;
        for scope in &token.scopes {
            actor.require(*scope)?;
        }
        if token.name.trim().is_empty() || token.scopes.is_empty() {
            return Err(AppError::invalid("name", "give the token a name and at least one permission"));
        }
        let secret = format!("atalaya_{}", random_secret());
        let new = store::instance::NewToken {
            token_hash: &hash_secret(&secret),
            name: token.name.trim(),
            user: owner,
            workspace,
            scopes: &token.scopes,
            expires_at: token.expires_at,
        };
        self.instance().insert_token(&new, self.now())?;
        Ok(secret)
    }

    /// The actor and workspace slug of an API token; `None` when it is unknown.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn find_token(&self, secret: &str) -> Result<Option<(Actor, Workspace)>, AppError> {
        let now = self.now();
        let Some(token) = self.instance().find_token(&hash_secret(secret), now)? else {
            return Ok(None);
        };
        self.instance().touch_token(token.id, now)?;
        let user = self.instance().load_user(token.user)?;
        let member = self
            .instance()
            .list_memberships(user.id)?
            .into_iter()
            .find(|(workspace, _)| workspace.id == token.workspace);
        Ok(member.map(|(workspace, role)| {
            let actor = Actor { user: Some(user.id), name: user.name, role, scopes: Some(token.scopes) };
            (actor, workspace)
        }))
    }

    /// The tokens of a workspace: all for those who edit people, else one's own.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn list_tokens(&self, actor: &Actor, workspace: i64) -> Result<Vec<Token>, AppError> {
        let all = self.instance().list_tokens(workspace)?;
        let everybody = actor.may(Permission::EditPeople);
        Ok(all.into_iter().filter(|token| everybody || Some(token.user) == actor.user).collect())
    }

    /// Revokes a token that [`Self::list_tokens`] shows to the actor.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn remove_token(&self, actor: &Actor, workspace: i64, id: i64) -> Result<(), AppError> {
        if !self.list_tokens(actor, workspace)?.iter().any(|token| token.id == id) {
            return Err(AppError::NotFound { what: "token", name: id.to_string() });
        }
        Ok(self.instance().remove_token(id)?)
    }
}
