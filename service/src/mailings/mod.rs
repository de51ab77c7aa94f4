//! Mailings, their invitations, and who wants no more of them: the rows. What is done with them is in
//! [`crate::invitations`].

pub(crate) mod entity;
pub(crate) mod invitation;
pub(crate) mod stops;
pub(crate) mod store;
