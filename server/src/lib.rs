//! The `latchkey` process: command line, configuration, router, REST API, assets, logs. No business rules.
//!
//! [`router`] is the complete HTTP service, which tests call without a socket. [`cli::run`] is the complete program.

// The view of the dashboard is one deeply nested type.
#![recursion_limit = "512"]

pub mod address;
pub mod api;
pub mod assets;
mod body;
pub mod cli;
pub mod config;
pub mod connections;
mod csv;
mod descriptors;
pub mod directory;
mod errors;
mod flow_export;
mod forward_auth;
mod layers;
mod metrics;
mod next;
mod oidc;
mod pages;
mod routes;
mod serve;
mod starting;
mod state;
mod telemetry;
mod undeclared_proxy;

pub use routes::router;
pub use serve::serve;
pub use state::{AppState, Site};
