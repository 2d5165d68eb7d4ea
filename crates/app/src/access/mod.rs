//! Who is asking, and what they may do.
//!
//! In: log-ins, sessions, API tokens. Out: an [`Actor`] that every use case
//! asks for its permission. Errors: [`AppError`]. Cost: a log-in costs one
//! Argon2id hash (19 MiB, 2 passes; OWASP's least recommendation), whether or
//! not the e-mail exists, so that time does not tell who has an account.

mod people;
mod secret;
mod session;
mod setup;

pub use people::{Member, NewPerson};
pub use secret::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
pub use session::{LoggedIn, NewToken, Token};
pub(crate) use setup::check_handbook;
pub use setup::{FirstVisit, first_queries};

use crate::AppError;
use model::{Permission, Role};

/// Somebody who asks for something, in one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user; `None` for the operator at the command line.
    pub user: Option<i64>,
    /// Name to show.
    pub name: String,
    /// Role in the workspace.
    pub role: Role,
    /// What an API token is limited to; `None` for people.
    pub scopes: Option<Vec<Permission>>,
}

impl Actor {
    /// The operator at the command line of the machine: may do everything.
    pub fn operator() -> Self {
        Self { user: None, name: "operator".to_owned(), role: Role::Administrator, scopes: None }
    }

    /// True when role and, for a token, scopes grant the permission.
    pub fn may(&self, permission: Permission) -> bool {
        self.role.allows(permission) && self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&permission))
    }

    /// Refuses unless [`Self::may`].
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        if self.may(permission) { Ok(()) } else { Err(AppError::Forbidden(permission)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_exceeds_the_role_behind_it() {
        let mut actor = Actor::operator();
        actor.scopes = Some(vec![Permission::Read, Permission::EditData]);
        assert!(actor.may(Permission::Read) && !actor.may(Permission::Export));
        actor.role = Role::Viewer;
        assert!(actor.may(Permission::Read) && !actor.may(Permission::EditData));
    }
}
