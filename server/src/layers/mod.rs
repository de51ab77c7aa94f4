//! The layers that every request passes, one per file. [`crate::router`] has their order.

pub mod access_log;
pub mod answer;
pub mod body;
pub mod client;
pub mod compression;
pub mod guard;
pub mod headers;
pub mod host;
pub mod measure;
pub mod origin;
pub mod panic;
pub mod request_id;
pub mod server_fn;
pub mod session;
pub mod timeout;
