//! Requests to the authors of invites, to be added to groups and for new links: who asks, and the answers.

mod api;
mod card;
mod part;
mod text;

pub use card::{Place, RequestsCard};
pub use part::{NewestRequests, Requests};
