//! Pictures of accounts: one's own, and, for staff, those of members.

mod dialogs;
mod form;
mod send;
mod text;

pub use dialogs::{PictureButton, PictureDialog};
