//! Applications: the list, and one with what to enter on its side.

pub mod api;
mod connection;
mod dialogs;
mod doing;
mod form;
mod guides;
mod list;
mod page;
#[cfg(feature = "ssr")]
mod proxies;
mod scim;
mod secret;
mod text;

pub use dialogs::{PREFETCH, load_forms};
pub use list::ApplicationsPage;
pub use page::ApplicationPage;
