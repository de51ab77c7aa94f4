//! The texts that belong to no feature: failures that no use case reports, and the names of the colour themes.
//!
//! All texts of the interface stand in the `text.rs` of their feature, in the order of the page, so that they can be
//! translated. A text with values is a function that returns the whole sentence. `app/tests/texts.rs` finds texts that
//! stand elsewhere. Texts that the REST API and the command line share are in `domain`.

// Failures.

/// Nobody is signed in.
#[cfg(feature = "ssr")]
pub(crate) const SIGNED_OUT: &str = "You are signed out. Sign in to continue.";
/// The browser could not send a request.
pub(crate) const UNREACHABLE: &str = "Latchkey can’t be reached. Check your connection, then try again.";
/// The server does not understand a request: the page may be older than the server.
pub(crate) const UNREADABLE_REQUEST: &str = "The request could not be read. Reload the page, then try again.";
/// The browser does not understand a response.
pub(crate) const UNREADABLE_RESPONSE: &str = "The response could not be read. Reload the page, then try again.";

// Colour themes.

pub(crate) const THEME_SYSTEM: &str = "System";
pub(crate) const THEME_LIGHT: &str = "Light";
pub(crate) const THEME_DARK: &str = "Dark";
