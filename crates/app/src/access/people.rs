//! People and their roles.

use super::Actor;
use super::secret::{hash_password, is_password};
use crate::{App, AppError};
use model::{Lang, Permission, Role};
use std::collections::HashMap;
use store::instance::{NewUser, User, Workspace};

/// A person to add to a workspace.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// E-mail, which is the login name.
    pub email: String,
    /// Name to show.
    pub name: String,
    /// First password, to be changed by the person.
    pub password: String,
    /// Language of the pages: es or en.
    pub locale: Lang,
    /// Role in the workspace.
    pub role: Role,
}

/// A person of a workspace.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub user: User,
    /// Their role.
    pub role: Role,
}

impl App {
    /// The people of a workspace.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_members(&self, actor: &Actor, workspace: i64) -> Result<Vec<Member>, AppError> {
        actor.require(Permission::EditPeople)?;
        let members = self.instance().list_members(workspace)?;
        Ok(members.into_iter().map(|(user, role)| Member { user, role }).collect())
    }

    /// The names of the people of a workspace by their number, for «who did it».
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_names(&self, actor: &Actor, workspace: i64) -> Result<HashMap<i64, String>, AppError> {
        actor.require(Permission::Read)?;
        let members = self.instance().list_members(workspace)?;
        Ok(members.into_iter().map(|(user, _)| (user.id, user.name)).collect())
    }

    /// Adds a person; one who is known by the e-mail only gets the role.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`].
    pub fn insert_member(&self, actor: &Actor, workspace: i64, person: &NewPerson) -> Result<i64, AppError> {
        actor.require(Permission::EditPeople)?;
        let user = match self.instance().find_user(&person.email)? {
            Some(known) => known.id,
            None => self.insert_user(person)?.id,
        };
        self.instance().update_membership(user, workspace, person.role)?;
        self.note(
            actor,
            "member_set",
            serde_json::json!({"user": user, "workspace": workspace, "role": person.role.name()}),
        )?;
        Ok(user)
    }

    /// Changes the role of a member. The last administrator keeps theirs.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`].
    pub fn update_role(&self, actor: &Actor, workspace: i64, user: i64, role: Role) -> Result<(), AppError> {
        actor.require(Permission::EditPeople)?;
        if role != Role::Administrator {
            self.keep_an_administrator(workspace, user)?;
        }
        self.instance().update_membership(user, workspace, role)?;
        self.note(
            actor,
            "role_changed",
            serde_json::json!({"user": user, "workspace": workspace, "role": role.name()}),
        )
    }

    /// Takes a person out of a workspace. The last administrator stays.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`].
    pub fn remove_member(&self, actor: &Actor, workspace: i64, user: i64) -> Result<(), AppError> {
        actor.require(Permission::EditPeople)?;
        self.keep_an_administrator(workspace, user)?;
        self.instance().remove_membership(user, workspace)?;
        self.note(actor, "member_removed", serde_json::json!({"user": user, "workspace": workspace}))
    }

    /// Changes one's own name and language.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn update_self(&self, user: i64, name: &str, locale: Lang) -> Result<(), AppError> {
        Ok(self.instance().update_user(user, name.trim(), locale)?)
    }

    /// A new password for a person, which ends their sessions. For the
    /// operator and for administrators.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`] for a weak password.
    pub fn update_password(&self, actor: &Actor, email: &str, password: &str) -> Result<(), AppError> {
        actor.require(Permission::EditPeople)?;
        let user = self
            .instance()
            .find_user(email)?
            .ok_or_else(|| AppError::NotFound { what: "user", name: email.to_owned() })?;
        self.instance().update_password_hash(user.id, &hash_password(password)?)?;
        self.note(actor, "password_changed", serde_json::json!({"user": user.id}))
    }

    /// Changes one's own password. Every session of the person ends; the secret
    /// of a new one is returned. API tokens stay. Cost: two Argon2id hashes.
    ///
    /// # Errors
    /// [`AppError::WrongLogin`] when `current` is not the password,
    /// [`AppError::Invalid`] for a weak new one.
    pub fn update_own_password(&self, user: i64, current: &str, new: &str) -> Result<String, AppError> {
        let now = self.now();
        if !is_password(current, &self.instance().load_password_hash(user)?) {
            self.instance().record_access(Some(user), "password_refused", &serde_json::json!({}), now)?;
            return Err(AppError::WrongLogin);
        }
        let hash = hash_password(new)?;
        self.instance().update_password_hash(user, &hash)?;
        let details = serde_json::json!({"user": user});
        self.instance().record_access(Some(user), "password_changed", &details, now)?;
        self.open_session(user)
    }

    /// A person by e-mail.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub fn find_user(&self, actor: &Actor, email: &str) -> Result<User, AppError> {
        actor.require(Permission::EditPeople)?;
        let found = self.instance().find_user(email)?;
        found.ok_or_else(|| AppError::NotFound { what: "user", name: email.to_owned() })
    }

    /// Every workspace of the installation (for the command line).
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_workspaces(&self, actor: &Actor) -> Result<Vec<Workspace>, AppError> {
        actor.require(Permission::EditPeople)?;
        Ok(self.instance().list_workspaces()?)
    }

    pub(super) fn insert_user(&self, person: &NewPerson) -> Result<User, AppError> {
        let email = person.email.trim();
        if !email.contains('@') || email.len() > 254 || email.chars().any(char::is_whitespace) {
            return Err(AppError::invalid("email", "write an e-mail address such as ana@example.org"));
        }
        let hash = hash_password(&person.password)?;
        let name = if person.name.trim().is_empty() { email } else { person.name.trim() };
        let new = NewUser { email, name, password_hash: &hash, locale: person.locale };
        Ok(self.instance().insert_user(&new, self.now())?)
    }

    fn keep_an_administrator(&self, workspace: i64, user: i64) -> Result<(), AppError> {
        let others = self
            .instance()
            .list_members(workspace)?
            .into_iter()
            .any(|(member, role)| role == Role::Administrator && member.id != user && !member.disabled);
        if others {
            Ok(())
        } else {
            Err(AppError::invalid("role", "a workspace needs an administrator: name another one first"))
        }
    }

    fn note(&self, actor: &Actor, what: &str, details: serde_json::Value) -> Result<(), AppError> {
        Ok(self.instance().record_access(actor.user, what, &details, self.now())?)
    }
}
