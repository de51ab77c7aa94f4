//! Permissions: choosing them, and showing them in words.

mod audit_line;
mod if_may;
mod part;
mod picker;
mod text;

pub use audit_line::AuditLine;
pub use if_may::{IfAllowed, IfMay, may};
pub use part::PermissionPicker;
pub use picker::{Choice, Picker};
pub use text::title;
