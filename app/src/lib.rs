//! What people see: pages, the components they are made of, and the server functions beside them.
//!
//! Two kinds of pages live here. The *dashboard* ([`dashboard`]: `/admin` and `/me`) is rendered on the server and
//! then taken over by the browser. The *public pages* (`public`, on the server alone) are rendered once and work
//! without any script.
//!
//! A server function does no more than parse its draft and call one function of `service`, by `handle::handle`, which
//! identifies the caller and turns an error into a [`server_fn_error::ServerFnError`].

// Views nest: the types of a page are longer than the compiler allows by default.
#![recursion_limit = "512"]
// A component owns its properties, and its view is used by the code that put it into another.
#![allow(clippy::needless_pass_by_value, clippy::must_use_candidate)]

mod access;
pub mod accounts;
pub mod applications;
mod attributes;
pub mod audit;
pub mod browser;
pub mod client;
pub mod dashboard;
pub mod endings;
#[cfg(feature = "ssr")]
pub mod errors;
pub mod flows;
pub mod groups;
#[cfg(feature = "ssr")]
pub mod handle;
#[cfg(feature = "ssr")]
mod html;
pub mod invitations;
pub mod invites;
pub mod keys;
pub mod mail;
#[cfg(feature = "ssr")]
mod markdown;
pub mod me;
pub mod memberships;
pub mod overview;
pub mod pages;
mod pictures;
#[cfg(feature = "ssr")]
pub mod public;
pub mod redemptions;
pub mod request;
pub mod requests;
pub mod scim;
pub mod search;
pub mod server_fn_error;
pub mod sessions;
pub mod settings;
pub mod terms;
mod text;
pub mod ui;
pub mod url;
pub mod viewer;
pub mod webhooks;

#[cfg(feature = "hydrate")]
pub use dashboard::{hydrate, load};
