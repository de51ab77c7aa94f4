//! API keys: how scripts act for an account.

pub mod api;
mod card;
mod text;

pub use card::KeysCard;
