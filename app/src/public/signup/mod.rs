//! `/signup`.

mod closed;
mod form;
mod unavailable;

pub use closed::{closed, signed_in};
pub use form::{Entered, SignUp, sign_up};
pub use unavailable::{UnavailableInvite, ask_for_code, unavailable, unknown_code};

/// The error for a code that lets no one in. It does not say why: codes chosen by staff can be guessed, so that one that
/// exists and one that doesn't get the same answer.
const INVALID_CODE: &str = "This invite code doesn’t work. It may be mistyped, expired or used up.";
