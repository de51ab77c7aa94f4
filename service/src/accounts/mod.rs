//! Accounts: their rows. What an account does for itself is in [`crate::me`], what staff do to accounts in
//! [`crate::members`].

pub(crate) mod activations;
pub(crate) mod directory;
pub(crate) mod email_changes;
pub(crate) mod entity;
pub(crate) mod pictures;
pub(crate) mod store;
#[cfg(test)]
mod tests;
