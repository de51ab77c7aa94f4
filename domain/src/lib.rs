//! What an invite, an account and a redemption *are*.
//!
//! Types that cannot hold a wrong value, the rules that need nothing but their arguments, and the shapes the browser
//! and the server exchange. No I/O, no clock, no randomness and no features: the crate compiles unchanged for the
//! browser and for the server, so that the two cannot disagree.
//!
//! Input arrives as a *draft* (plain strings and numbers, as typed) and is parsed once, at the edge, into a *command*.
//! A draft that cannot be parsed yields a [`Failure`] that names every wrong field at once.

pub mod accounts;
pub mod failure;
pub mod ids;
pub mod invites;
pub mod keys;
pub mod overview;
pub mod paging;
pub mod patch;
pub mod redemptions;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod signup;
mod string_enum;
pub mod text;
pub mod time;
pub mod viewer;

pub use failure::{Code, Failure, FieldError};
pub use patch::Patch;
pub use time::Timestamp;
