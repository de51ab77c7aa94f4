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

/// The name of a browser that [`browser_name`] does not know.
pub const UNKNOWN_BROWSER: &str = "Unknown browser";

/// The names of browsers, by what their user agents contain. The order matters: Edge and Opera also say Chrome, and all of
/// them say Safari.
const BROWSERS: &[(&str, &str)] =
    &[("Firefox/", "Firefox"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

/// The names of operating systems, by what user agents contain. The order matters: Android also says Linux.
const SYSTEMS: &[(&str, &str)] = &[
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// The browser and the operating system that a `User-Agent` header names, in their common names: "Firefox on Linux". Nothing
/// else of the header is part of it; `None` if it names neither.
#[must_use]
pub fn browser_name(user_agent: &str) -> Option<String> {
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(BROWSERS), find(SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser} on {system}")),
        (name, other) => name.or(other).map(str::to_owned),
    }
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

#[cfg(test)]
mod tests {
    use super::browser_name;

    #[test]
    fn browsers_are_named_as_people_know_them_and_nothing_else_is_said() {
        for (user_agent, name) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36",
                Some("Chrome on Linux"),
            ),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 OPR/150.0", Some("Opera on Windows")),
            ("Firefox/150.0", Some("Firefox")),
            ("Something (Android 20; Linux)", Some("Android")),
            ("curl/8.1", None),
            ("Your account is locked: open https://evil.example", None),
            ("", None),
        ] {
            assert_eq!(browser_name(user_agent).as_deref(), name, "{user_agent}");
        }
    }
}
