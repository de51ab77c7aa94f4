//! The tables as SeaORM sees them. Nothing outside this crate does: what leaves is a shape of `domain`.
//!
//! Instants are microseconds since 1970 in a 64-bit integer: the same on both databases, compared and indexed as
//! numbers (docs/adr/0003).

pub(crate) mod accounts;
pub(crate) mod api_keys;
pub(crate) mod attempts;
pub(crate) mod audit_log;
pub(crate) mod daily_counts;
pub(crate) mod data_keys;
pub(crate) mod invites;
pub(crate) mod redemptions;
pub(crate) mod retired_keys;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod setup_links;
