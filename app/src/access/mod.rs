//! Permissions: choosing them, and showing them in words.

mod part;
mod picker;
mod text;

pub use part::PermissionPicker;
pub use text::title;
