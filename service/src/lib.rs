//! What Latchkey *does*: one use-case per function, over SQLite or PostgreSQL.
//!
//! A use-case takes a [`Ctx`] (database, clock, randomness, keys, limits), an [`Actor`] (who acts, with what right) and
//! a command of `domain` that cannot be wrong. It checks the right, opens a transaction where it writes, leaves an
//! audit row in it, and returns a shape of `domain` or an [`Error`]. There is no HTTP and no Leptos here.

pub mod accounts;
mod actor;
mod audit;
pub mod backup;
mod clock;
mod ctx;
mod db;
pub mod demo;
pub mod doctor;
mod entities;
mod error;
pub mod figures;
mod gates;
pub mod health;
pub mod invites;
mod keyring;
pub mod keys;
mod limits;
pub mod operator;
pub mod overview;
mod paging;
mod password;
mod randomness;
pub mod redemptions;
pub mod rotation;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod signup;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod together;
mod tx;

pub use actor::{Actor, Client, Via};
pub use clock::Clock;
pub use ctx::{Ctx, OpenError, Options};
pub use error::{Error, InternalError};
pub use randomness::Randomness;
