//! The use cases of Latchkey, one per function, over SQLite or PostgreSQL.
//!
//! A use case takes a [`Ctx`] (database, clock, randomness, keys, limits), an [`Actor`] (the authenticated caller) and
//! a valid command of `domain`. It checks the permission, begins a transaction if it writes, records an audit row in
//! that transaction, and returns a type of `domain` or an [`Error`]. There is no HTTP and no Leptos in this crate.

mod access;
mod accounts;
pub mod applications;
pub mod approvals;
mod attributes;
mod audit;
pub mod audit_log;
mod callers;
pub mod directory;
mod endings;
mod flow_versions;
pub mod flows;
pub mod forward_auth;
mod grants;
pub mod groups;
pub mod invitations;
mod invite_requests;
pub mod invites;
mod join_requests;
pub mod joining;
pub mod keys;
pub mod mail;
pub mod mail_links;
mod mailings;
pub mod me;
pub mod members;
mod memberships;
mod notices;
pub mod oidc;
pub mod operations;
mod outbox;
pub mod overview;
pub mod password_resets;
mod picture_files;
pub mod pictures;
mod platform;
pub mod redemptions;
pub mod requests;
mod reset_links;
mod runtime;
pub mod scim;
mod senders;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod signup;
pub mod stats;
pub mod terms;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod verification;
pub mod webhooks;

pub use access::{Actor, Client, Via};
pub use platform::{Clock, Ctx, Error, InternalError, OpenError, Options, Randomness, Smtp, health};
