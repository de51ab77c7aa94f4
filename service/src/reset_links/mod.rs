//! Links that reset passwords: the rows, which [`crate::sessions`] deletes when the access of their account ends. What is
//! done with them is in [`crate::password_resets`].

pub(crate) mod entity;
pub(crate) mod store;
