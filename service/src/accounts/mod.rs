//! Accounts: their rows. What an account does for itself is in [`crate::me`], what staff do to accounts in
//! [`crate::members`].

pub(crate) mod directory;
pub(crate) mod entity;
pub(crate) mod pictures;
pub(crate) mod store;
#[cfg(test)]
mod tests;
