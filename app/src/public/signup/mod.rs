//! `/signup`.

mod closed;
mod form;
mod over;

pub use closed::{closed, signed_in};
pub use form::{Entered, SignUp, sign_up};
pub use over::{Over, ask_for_key, over, unknown_key};
