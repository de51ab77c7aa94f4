//! Settings: how the place lets people in.

pub mod api;
mod page;

pub use page::SettingsPage;
