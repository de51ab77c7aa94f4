//! Requests to be added to the groups of invites: who asks, and the answers.

mod api;
mod requests;
mod text;

pub use requests::{Place, RequestRow, Requests, RequestsCard, requests_of};
