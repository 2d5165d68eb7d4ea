//! Why a model of the user's own cannot be used, in words that say what to do.

/// Why a plugged model cannot be loaded or did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PluggedError {
    /// A part is larger than what is taken.
    #[error("{part} has {bytes} bytes; at most {max} are taken: use a smaller or quantised model")]
    TooLarge {
        /// The file.
        part: &'static str,
        /// Its size.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// A part is not what it should be.
    #[error("{part} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        part: &'static str,
        /// What is wrong, and where.
        reason: String,
    },
    /// A part asks for something that is not built.
    #[error("{part} asks for {what}, which is not supported: {advice}")]
    Unsupported {
        /// The file.
        part: &'static str,
        /// What it asks for.
        what: String,
        /// What to do.
        advice: &'static str,
    },
    /// The labels of the configuration are not the outputs of the model.
    #[error(
        "config.json names {named} labels and the model answers {answered}: take both from the same export"
    )]
    Labels {
        /// Labels of `config.json`.
        named: usize,
        /// Width of the answer.
        answered: usize,
    },
    /// A name of a tone in `atalaya.json` cannot be used.
    #[error("atalaya.json: {reason}")]
    Mapping {
        /// What is wrong and what to do.
        reason: String,
    },
    /// The model ran and did not give a usable answer.
    #[error("the model does not answer: {reason}")]
    Run {
        /// What the engine said.
        reason: String,
    },
    /// More texts than one call takes.
    #[error("{texts} texts in one call; at most {max} are taken")]
    TooMany {
        /// How many came.
        texts: usize,
        /// The limit.
        max: usize,
    },
}

impl PluggedError {
    pub(super) fn unreadable(part: &'static str, reason: impl Into<String>) -> Self {
        Self::Unreadable { part, reason: reason.into() }
    }

    pub(super) fn run(reason: impl Into<String>) -> Self {
        Self::Run { reason: reason.into() }
    }
}
