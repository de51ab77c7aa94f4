//! Flows of the sign-up page: the list, the editor, and the import.
#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::large_types_passed_by_value,
        reason = "the form is a handle to each of its signals, which are copied into closures"
    )
)]

pub mod api;
mod choices;
mod conditions;
mod delete;
#[cfg(feature = "ssr")]
mod document;
mod draft;
mod dragging;
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
mod typed;

pub use import::FlowImportPage;
pub use list::FlowsPage;
pub use page::FlowPage;
pub use parts::{DELETE_PREFETCH, load_delete};
pub use typed::Typed;
