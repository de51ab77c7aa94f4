//! Accounts, which the interface calls members.

mod actions;
pub mod api;
mod badges;
mod bulk;
mod decide;
mod dialogs;
mod doing;
mod filters;
mod form;
mod member;
mod narrow;
mod page;
pub mod query;
mod text;

pub use actions::{Act, Acts, acts_on};
pub use dialogs::{DECISIONS_PREFETCH, PREFETCH, load_decisions, load_forms};
pub use doing::{ACTS_PREFETCH, load_acts};
pub use member::MemberPage;
pub use page::AccountsPage;
