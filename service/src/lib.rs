//! What Latchkey *does*: one use-case per function, over SQLite or PostgreSQL.
//!
//! A use-case takes a [`Ctx`] (database, clock, randomness, keys, limits), an [`Actor`] (who acts, with what right) and
//! a command of `domain` that cannot be wrong. It checks the right, opens a transaction where it writes, leaves an
//! audit row in it, and returns a shape of `domain` or an [`Error`]. There is no HTTP and no Leptos here.

mod access;
pub mod accounts;
mod audit;
pub mod invites;
pub mod keys;
pub mod operations;
pub mod overview;
mod platform;
pub mod redemptions;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod signup;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use access::{Actor, Client, Via};
pub use platform::{Clock, Ctx, Error, InternalError, OpenError, Options, Randomness, health, stats};
