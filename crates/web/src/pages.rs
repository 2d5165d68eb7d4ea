//! One file per page; each says the permission that it needs.

pub mod kit;
