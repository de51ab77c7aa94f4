//! Webhooks: the list, and one with what was sent to it.

pub mod api;
mod dialogs;
mod doing;
mod form;
mod list;
mod page;
mod secret;
mod text;

pub use dialogs::{PREFETCH, load_forms};
pub use list::WebhooksPage;
pub use page::WebhookPage;
