//! Choosing the groups that somebody joins.

pub mod api;
mod picker;
mod text;

pub use picker::GroupPicker;
