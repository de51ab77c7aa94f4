//! E-mail: the mail server, and the messages that it was given.

pub mod api;
mod dialog;
mod following;
mod form;
mod list;
mod page;
mod text;

pub use dialog::{PREFETCH, load_form};
pub use page::MailPage;
