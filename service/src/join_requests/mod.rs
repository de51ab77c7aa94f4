//! Requests of members to be added to the groups of an invite: the rows. What is done with them is in [`crate::joining`].

pub(crate) mod entity;
pub(crate) mod store;
