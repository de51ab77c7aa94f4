//! Sessions: the browsers someone is signed in with.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::SessionId;
use crate::time::Timestamp;

/// One browser someone is signed in with, as they see it themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What the browser called itself, shortened; `None` if it did not say.
    pub user_agent: Option<String>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last used, to some minutes.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// Whether it is the one this was read with.
    pub current: bool,
}

/// What someone typed to sign in.
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
