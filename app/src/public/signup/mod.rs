//! `/signup`.

mod asked;
mod closed;
mod form;
mod unavailable;

pub use closed::{closed, signed_in};
pub use form::{Entered, SignUp, sign_up};
pub use unavailable::{UnavailableInvite, ask_for_code, unavailable, unknown_code};
