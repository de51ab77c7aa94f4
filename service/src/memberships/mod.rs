//! Who is in which group, and what that grants. What staff do with groups is in [`crate::groups`].

pub(crate) mod entity;
pub(crate) mod group;
pub(crate) mod store;
