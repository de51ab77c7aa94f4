//! The public pages: rendered once, on the server, and complete without any script.
//!
//! Each page is a function from what it shows to HTML. Handlers load what is shown before they call it, so that
//! nothing here waits, and forms post to the page's own path, so that what was typed comes back when it was wrong.

pub mod api_docs;
mod document;
pub mod login;
mod parts;
pub mod setup;
pub mod signup;
mod trouble;
mod when;

pub use document::Look;
pub use trouble::trouble;
