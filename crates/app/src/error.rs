//! Everything that a use case can refuse, in one place.

use model::Permission;
use model::query::QueryError;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The person's role or the token's list does not include it.
    #[error("this needs the permission «{}»; ask an administrator of the workspace", .0.name())]
    Forbidden(Permission),
    /// There is no such thing.
    #[error("there is no {what} «{name}»")]
    NotFound {
        /// What was asked for.
        what: &'static str,
        /// Its name or number.
        name: String,
    },
    /// A value of a form or a flag cannot be used.
    #[error("{field}: {reason}")]
    Invalid {
        /// The field, as named in forms and the API.
        field: &'static str,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The e-mail or password is wrong; which of the two is not said.
    #[error("the e-mail or the password is wrong")]
    WrongLogin,
    /// The installation has an administrator already.
    #[error("the set-up was done already: log in instead")]
    AlreadySetUp,
    /// The expression of a query cannot be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The index.
    #[error(transparent)]
    Index(#[from] store::index::IndexError),
    /// A file cannot be imported.
    #[error(transparent)]
    Import(#[from] networks::import::ImportError),
    /// A source cannot be set up so.
    #[error(transparent)]
    Source(#[from] networks::listening::SetupError),
    /// An inbound webhook was refused.
    #[error(transparent)]
    Webhook(#[from] networks::webhooks::WebhookError),
    /// A file of ours or the user's.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// Another process works on the data folder.
    #[error("another Atalaya is running on {folder}: use its pages or its API, or stop it first")]
    InUse {
        /// The folder.
        folder: String,
    },
    /// The user interrupted a long task; it resumes when started again.
    #[error("interrupted; start it again to go on where it stopped")]
    Interrupted,
}

impl AppError {
    /// An [`Self::Invalid`].
    pub fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid { field, reason: reason.into() }
    }

    /// An [`Self::File`] of a path.
    pub fn file(path: &std::path::Path, error: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), error }
    }
}

/// Whose an error of store or index is, for those who answer to callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The thing asked for is not there.
    Missing,
    /// A name is in use.
    Taken,
    /// A value may not be stored.
    Invalid,
    /// Busy; try again.
    Busy,
    /// Our own fault or the machine's.
    Ours,
}

impl AppError {
    /// Whose this error is; only store and index errors are told apart.
    pub fn cause(&self) -> Cause {
        use store::StoreError;
        use store::index::IndexError;
        match self {
            Self::Store(StoreError::Missing { .. }) => Cause::Missing,
            Self::Store(StoreError::Taken { .. }) => Cause::Taken,
            Self::Store(StoreError::Invalid { .. }) | Self::Index(IndexError::TooMany { .. }) => {
                Cause::Invalid
            }
            Self::Store(StoreError::Busy { .. }) => Cause::Busy,
            _ => Cause::Ours,
        }
    }
}
