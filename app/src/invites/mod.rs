//! Invites: the list, the page of one, and the dialogs that create and change them.

mod actions;
pub mod api;
mod bounds;
mod bulk;
mod create;
mod detail;
mod dialogs;
mod doing;
mod edit;
mod effects;
mod extend;
mod fields;
mod form;
mod guests;
mod limit;
mod list;
mod own;
mod parts;
mod query;
mod sections;
mod terms;
mod text;

pub use actions::{ActMenu, Acts};
pub use detail::InvitePage;
pub use dialogs::{ChangeDialog, CreateDialog, PREFETCH, load_acts};
pub use guests::OwnInvitePage;
pub use list::InvitesPage;
pub use own::OwnInvitesPage;
pub use parts::{CodeTag, StatusBadge, Uses};
