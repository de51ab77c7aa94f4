//! Sessions: the browsers the viewer is signed in with.

pub mod api;
mod card;

pub use card::SessionsCard;
