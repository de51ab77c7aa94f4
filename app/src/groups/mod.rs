//! Groups: the list, and a group with its members.

mod actions;
pub mod api;
mod dialogs;
mod doing;
mod form;
mod list;
mod members;
mod page;
mod people;
mod text;

pub use dialogs::{AddToGroupDialog, AddToGroups, PREFETCH, load_forms};
pub use doing::{ACTS_PREFETCH, load_acts, remove_one};
pub use list::GroupsPage;
pub use page::GroupPage;
