//! Pictures of accounts: that of the viewer, and, for staff, those of members.

mod dialogs;
mod form;
mod send;
mod text;

pub use dialogs::{PictureButton, PictureDialog};
