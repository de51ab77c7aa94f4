//! The public pages: rendered once, on the server, and complete without any script.
//!
//! Each page is a function from its content to HTML. Handlers load the content before they call it, so that nothing here
//! waits. Forms post to the page's own path, so that a form that failed comes back with the values that were typed.

pub mod api_docs;
pub mod applications;
pub mod device;
mod document;
pub mod elsewhere;
pub mod invitations;
pub mod login;
mod onward;
mod parts;
pub mod password_resets;
pub mod setup;
pub mod signup;
pub mod terms;
mod text;
mod trouble;
pub mod verification;
mod when;

pub use document::Look;
pub use onward::onward;
pub use trouble::trouble;
