//! The texts of pictures. What is wrong with a file is in `domain::pictures`.

/// Opens the dialog.
pub(super) const ADD: &str = "Add picture";
/// The same where there is a picture.
pub(super) const CHANGE: &str = "Change picture";
/// The heading of the dialog.
pub(super) const PICTURE: &str = "Picture";
/// Opens the browser's dialog for files.
pub(super) const UPLOAD: &str = "Upload picture";
/// While a file is being sent.
pub(super) const UPLOADING: &str = "Uploading…";
pub(super) const REMOVE: &str = "Remove picture";
pub(super) const HELP: &str =
    "PNG, JPEG or WebP, at most 2 MiB. It is cropped to its centre, and everyone who is signed in can see it.";
/// Toasts.
pub(super) const UPLOADED: &str = "Picture uploaded";
pub(super) const REMOVED: &str = "Picture removed";
