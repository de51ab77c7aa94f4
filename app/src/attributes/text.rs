//! The texts of attributes.

pub(super) use crate::ui::text::OPTIONAL;

pub const ATTRIBUTES: &str = "Attributes";
pub(super) const KEY: &str = "Key, such as team";
pub(super) const VALUE: &str = "Value";
pub(super) const LOCKED: &str = "Locked";
pub(super) const ADD: &str = "Add attribute";
pub(super) const REMOVE: &str = "Remove attribute";

/// The accessible name of a control of the row with this number; `label` says what it is for.
pub(super) fn of_row(label: &str, number: usize) -> String {
    format!("{label}, row {number}")
}
