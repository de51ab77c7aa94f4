//! API keys: how scripts act for an account.

pub mod api;
mod card;

pub use card::KeysCard;
