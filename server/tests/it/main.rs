//! Integration tests of the server: over HTTP, on real databases, with real processes.
//!
//! They are one binary, which is linked once. `harness` is test support; the other modules have the names of features.

mod accounts;
mod api_docs;
mod applications;
mod assets;
mod audit;
mod authorisation;
mod backup;
mod bad_input;
mod browser_security;
mod cli;
mod connections;
mod data_key;
mod devices;
mod doctor;
mod forgery;
mod forward_auth;
mod groups;
mod harness;
mod invite_terms;
mod invites;
mod invites_bulk;
mod invites_command;
mod joining;
mod log_format;
mod log_secrets;
mod member_invites;
mod metrics;
mod oidc;
mod oidc_requests;
mod openapi;
mod own_site;
mod pictures;
mod problems;
mod proxies;
mod public_pages;
mod redeeming;
mod redemptions;
mod sessions;
mod settings;
mod signup;
mod startup_errors;
mod timing;
mod titles;
mod webhooks;
