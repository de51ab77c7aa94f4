//! The domain types: invites, accounts and redemptions.
//!
//! Types that hold only valid values, pure rules, and the data that the browser and the server exchange. No I/O, no
//! clock, no randomness and no Cargo features: the same crate is compiled for the browser and for the server.
//!
//! Input arrives as a *draft* (strings and numbers as typed) and is parsed once, when it enters the system, into a
//! *command*. A draft that cannot be parsed returns a [`Failure`] that lists every wrong field.

pub mod access;
pub mod accounts;
pub mod applications;
pub mod approvals;
pub mod attributes;
pub mod audit;
pub mod directory;
pub mod endings;
pub mod events;
pub mod failure;
pub mod flows;
pub mod groups;
pub mod ids;
pub mod invitations;
mod invite_ref;
pub mod invites;
pub mod joining;
pub mod keys;
pub mod mail;
pub mod members;
pub mod notices;
pub mod outbox;
pub mod overview;
pub mod paging;
pub mod password_resets;
pub mod patch;
pub mod pictures;
pub mod redemptions;
pub mod requests;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod signup;
mod string_enum;
pub mod text;
pub mod time;
pub mod verification;
pub mod viewer;
pub mod web;
pub mod webhooks;

pub use failure::{Code, Failure, FieldError};
pub use patch::Patch;
pub use time::Timestamp;
