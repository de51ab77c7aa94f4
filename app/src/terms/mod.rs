//! Terms that people accept: the list, and one document with its versions.

pub mod api;
mod dialogs;
mod form;
mod list;
mod page;
mod text;

pub use dialogs::{PREFETCH, load_forms};
pub use list::TermsListPage;
pub use page::TermsPage;
