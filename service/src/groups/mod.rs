//! Groups: who is in them, and what they may do.

pub(crate) mod entity;
pub(crate) mod memberships;
pub(crate) mod store;
