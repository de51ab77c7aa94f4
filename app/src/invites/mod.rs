//! Invites: the list, the page of one, and the dialogs that create and change them.

mod actions;
pub mod api;
mod create;
mod detail;
mod edit;
mod extend;
mod form;
mod limit;
mod list;
mod parts;
mod query;
mod text;

pub use actions::{ActDialogs, ActMenu, Acts};
pub use create::CreateDialog;
pub use detail::InvitePage;
pub use list::InvitesPage;
pub use parts::{CodeTag, StatusBadge, Uses};
