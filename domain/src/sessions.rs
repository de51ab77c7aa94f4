//! Sessions: the browsers in which an account is signed in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::SessionId;
use crate::time::Timestamp;

/// One browser session, as shown to its account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The session's id.
    pub id: SessionId,
    /// The `User-Agent` header of the browser, shortened; `None` if it sent none.
    pub user_agent: Option<String>,
    /// When the session began.
    pub created_at: Timestamp,
    /// When the session was last used, accurate to a few minutes.
    pub last_seen_at: Timestamp,
    /// When the session expires.
    pub expires_at: Timestamp,
    /// Whether this is the session of the current request.
    pub current: bool,
}

/// The sign-in form as typed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct SignInDraft {
    /// The e-mail address or the username.
    #[serde(default)]
    pub login: String,
    /// The password.
    #[serde(default)]
    pub password: String,
}

impl fmt::Debug for SignInDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInDraft(…)")
    }
}
