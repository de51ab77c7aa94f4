//! Sessions: the browsers one is signed in with.

pub mod api;
mod card;

pub use card::SessionsCard;
