//! Requests for a new link of an invite: the rows. What is done with them is in [`crate::requests`].

pub(crate) mod entity;
pub(crate) mod store;
