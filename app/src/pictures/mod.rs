//! Pictures of accounts: one's own, and, for staff, those of members.

mod editor;
mod send;
mod text;

pub use editor::PictureEditor;
