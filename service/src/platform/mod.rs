//! What every use-case stands on: database, clock, randomness, keys, limits. Knows no feature.

pub(crate) mod batcher;
mod clock;
mod ctx;
pub(crate) mod db;
pub(crate) mod error;
pub(crate) mod gates;
pub mod health;
pub(crate) mod keyring;
pub(crate) mod limits;
pub(crate) mod paging;
pub(crate) mod passwords;
pub(crate) mod network;
mod randomness;
pub mod stats;
pub(crate) mod tx;

pub use clock::Clock;
pub use ctx::{Ctx, OpenError, Options};
pub use error::{Error, InternalError};
pub use randomness::Randomness;
