//! The texts of sessions.

pub(super) const SESSIONS: &str = "Sessions";

// One session.

/// An instant follows, then [`SIGNED_IN_BEFORE`] and another.
pub(super) const LAST_ACTIVE_BEFORE: &str = "Last active ";
pub(super) const SIGNED_IN_BEFORE: &str = " · signed in ";
/// Marks the session of the reader.
pub(super) const THIS_BROWSER: &str = "This browser";
pub(super) const SIGN_OUT: &str = "Sign out";

/// The accessible name of [`SIGN_OUT`].
pub(super) fn sign_out_label(browser: &str) -> String {
    format!("Sign out {browser}")
}

/// A toast.
pub(super) const SIGNED_OUT: &str = "Session signed out";

// All other sessions.

/// A button, which asks first, and the button that answers.
pub(super) const SIGN_OUT_OTHERS: &str = "Sign out other sessions";
pub(super) const SIGN_OUT_OTHERS_TITLE: &str = "Sign out other sessions?";
pub(super) const SIGN_OUT_OTHERS_TEXT: &str = "Every other browser is signed out at once. This one stays signed in.";

/// A toast.
pub(super) fn others_signed_out(count: u64) -> String {
    match count {
        0 => "There were no other sessions".to_owned(),
        1 => "1 other session signed out".to_owned(),
        _ => format!("{count} other sessions signed out"),
    }
}
