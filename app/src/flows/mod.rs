//! Flows of the sign-up page: the list, the editor, and the import.

pub mod api;
mod conditions;
mod delete;
mod draft;
mod editor;
mod field;
mod form;
mod import;
mod inputs;
mod list;
mod outcome;
mod page;
mod parts;
mod rule;
mod rules;
mod steps;
mod text;

pub use import::FlowImportPage;
pub use list::FlowsPage;
pub use page::FlowPage;
pub use parts::{FIELDS_PREFETCH, PREFETCH, RULES_PREFETCH, load_all, load_fields, load_rules};
