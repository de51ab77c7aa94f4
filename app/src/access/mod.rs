//! Permissions: choosing them, and showing them in words.

mod part;
mod picker;
mod text;

pub use part::PermissionPicker;
pub use picker::{Choice, Picker};
pub use text::title;
