//! The server's promises, tested from outside: over HTTP, on real databases, with real processes.
//!
//! One binary, so that it links once. `harness` is what the tests stand on; the rest is named as the features are.

mod api_docs;
mod assets;
mod authorisation;
mod backup;
mod bad_input;
mod browser_security;
mod cli;
mod connections;
mod data_key;
mod doctor;
mod forgery;
mod harness;
mod invites;
mod log_format;
mod logs;
mod metrics;
mod openapi;
mod problems;
mod proxies;
mod public_pages;
mod redeeming;
mod redemptions;
mod sessions;
mod signup;
mod start;
mod timing;
mod titles;
