//! Who acts, and with which rights.

mod actor;

pub use actor::{Actor, Client, Via};
