//! Who acts, and with which rights.

mod actor;
mod grants;

pub use actor::{Actor, Client, Via};
pub(crate) use grants::check_grant;
