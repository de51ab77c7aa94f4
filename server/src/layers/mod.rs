//! What requests pass on their way to a handler: one step per file. [`common::pass`] has the order of the steps of every
//! request, [`cookies::pass`] of those that identify their visitor by a cookie.
//!
//! The steps are functions and not layers of their own: axum boxes every layer and clones it for each request, together with
//! all layers inside of it.

pub mod access_log;
pub mod answer;
pub mod client;
pub mod common;
pub mod compression;
pub mod cookies;
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
