//! Groups: the list, and a group with its members.

mod actions;
pub mod api;
mod dialogs;
mod form;
mod list;
mod members;
mod page;
mod text;

pub use dialogs::{AddToGroupDialog, PREFETCH, load_forms};
pub use list::GroupsPage;
pub use page::GroupPage;
