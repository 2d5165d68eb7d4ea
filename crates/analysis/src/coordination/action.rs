//! One account did something with one object at one moment.

/// One action. Actions order by object, then time, then account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action {
    /// Number of the object (post, address, text, picture, account …).
    pub object: u32,
    /// Seconds since an instant that the caller chose, the same for all.
    pub time: u32,
    /// Number of the account.
    pub account: u32,
}
