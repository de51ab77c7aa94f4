//! Access control: the authenticated caller and its permissions.

mod actor;

pub use actor::{Actor, Client, Via};
