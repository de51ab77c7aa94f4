//! Accounts, which the screen calls members: who is here, and who may not be.

mod actions;
pub mod api;
mod page;

pub use page::AccountsPage;
