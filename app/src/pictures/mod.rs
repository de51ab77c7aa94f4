//! Pictures: that of the viewer, and, for staff, those of members and applications.

mod dialogs;
mod form;
mod send;
mod text;

pub use dialogs::{PictureButton, PictureDialog};
