//! What can go wrong between us and a source; no variant ever holds a secret.

/// A source did not give what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The secret is wrong, expired or lacks a right (401; 403 of log-ins).
    #[error("the source does not accept the key or password; store a new one")]
    Unauthorized,
    /// Asked too often.
    #[error("the source asks us to wait{}", wait_text(.retry_after_ms))]
    RateLimited {
        /// How long it wants us to wait, ms, if it said.
        retry_after_ms: Option<u64>,
    },
    /// No connection, or it broke.
    #[error("the source cannot be reached: {0}")]
    Unreachable(String),
    /// Nothing arrived for too long.
    #[error("the source was silent for {silent_ms} ms")]
    Silent {
        /// How long, ms.
        silent_ms: u64,
    },
    /// An answer with a status that means no.
    #[error("the source answered with status {status}: {reason}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The start of what it said, without secrets.
        reason: String,
    },
    /// The source is gone for good (410): pause it.
    #[error("the source is gone for good (status 410)")]
    Gone,
    /// Something else than the network's documented form.
    #[error("the source sent something that is not its documented form: {0}")]
    Garbage(String),
    /// More bytes than the limit.
    #[error("the source sent more than {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: usize,
    },
    /// An address that is private, or of a kind that is never fetched.
    #[error("{0} is not a public address; allow it in the settings if it is yours")]
    ForbiddenAddress(String),
    /// More redirects than followed.
    #[error("the source redirects more than {0} times")]
    Redirects(usize),
}

fn wait_text(retry_after_ms: &Option<u64>) -> String {
    retry_after_ms.map_or_else(String::new, |millis| format!(" {} s", millis.div_ceil(1_000)))
}

impl FetchError {
    /// True when only a person can mend it: waiting does not help.
    pub const fn needs_person(&self) -> bool {
        matches!(self, Self::Unauthorized | Self::Gone | Self::ForbiddenAddress(_))
    }
}

/// A source that cannot be listened to as it is set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// Not an address of the kind needed.
    #[error("«{address}» is not a {wanted} address")]
    InvalidAddress {
        /// What was given, without user, password and query.
        address: String,
        /// Kind of address needed, e.g. `ws:// or wss://`.
        wanted: &'static str,
    },
    /// The address is private and not in the allow-list.
    #[error("{0} is not a public address; allow it in the settings if it is yours")]
    ForbiddenAddress(String),
    /// A secret is needed.
    #[error("this source needs {0}")]
    SecretMissing(&'static str),
    /// The secret has not the form needed.
    #[error("the secret is not {0}")]
    SecretForm(&'static str),
    /// A field that must say something is empty or impossible.
    #[error("the field «{field}» {problem}")]
    InvalidField {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Webhooks are sent to us; there is nothing to listen to.
    #[error("a webhook is sent to us; it is read, not listened to")]
    Pushed,
    /// Our own settings of the client are wrong.
    #[error("the network client cannot be made: {0}")]
    Client(String),
}
