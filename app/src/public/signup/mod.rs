//! `/signup`.

mod answers;
mod asked;
mod closed;
mod form;
mod help;
mod join;
mod previewed;
mod refused;
mod renewal;
mod unavailable;

pub use closed::{closed, signed_in};
pub use form::{Entered, SignUp, Step, sign_up};
pub use help::Told;
pub use join::{Join, join};
pub use previewed::{Previewed, not_previewed, previewed};
pub use refused::{Refused, refused};
pub use renewal::{Asking, requested};
pub use unavailable::{UnavailableInvite, ask_for_code, unavailable, unknown_code};
