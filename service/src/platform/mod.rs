//! Infrastructure of every use case: database, clock, randomness, keys, limits.

pub(crate) mod batcher;
mod clock;
mod ctx;
pub(crate) mod db;
pub(crate) mod error;
pub mod health;
pub(crate) mod http;
pub(crate) mod inserts;
pub(crate) mod keyring;
pub(crate) mod limits;
pub(crate) mod locks;
pub(crate) mod network;
pub(crate) mod paging;
pub(crate) mod passwords;
mod randomness;
pub(crate) mod search;
pub(crate) mod state;
pub(crate) mod timing;
pub(crate) mod tx;

pub use clock::Clock;
pub use ctx::{Ctx, OpenError, Options, Smtp};
pub use error::{Error, InternalError};
pub use randomness::Randomness;
