//! Setting when accounts and memberships end: one dialog for a row, for a selection and for a page.

pub mod api;
mod dialog;
mod form;
mod text;

pub use dialog::{EndsDialog, EndsOf, OneMembership, PREFETCH, load_form};
