//! Requests to be added to the groups of invites: who asks, and the answers.

mod api;
mod part;
mod requests;
mod text;

pub use part::{NewestRequests, Requests};
pub use requests::{Place, RequestsCard};
