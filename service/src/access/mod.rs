//! Access control: the authenticated caller and its permissions.

mod actor;
mod grants;

pub use actor::{Actor, Client, Via};
pub(crate) use grants::{Author, Grant, check_grant};
