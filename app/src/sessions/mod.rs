//! Sessions: the browsers the viewer is signed in with.

pub mod api;
mod card;
mod text;

pub use card::SessionsCard;
