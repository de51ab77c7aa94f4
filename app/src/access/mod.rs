//! Permissions: choosing them, and showing them in words.

mod picker;
mod text;

pub use picker::PermissionPicker;
pub use text::title;
