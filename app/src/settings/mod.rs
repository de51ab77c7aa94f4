//! Settings: the site name, who can sign up, what new invites are like, and how members are welcomed.

pub mod api;
mod closed;
mod members;
mod page;
mod text;

pub use closed::{ClosedBanner, ClosedNote, WhetherClosed};
pub use page::SettingsPage;
