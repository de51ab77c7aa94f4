//! First-time setup: a one-time link with which the first owner is created.

use std::fmt;

use serde::Deserialize;

use crate::accounts::{Email, Password, Username};
use crate::failure::{Check, Failure};
use crate::text::{DisplayName, SiteName};

/// The setup form as typed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct SetupDraft {
    /// The one-time token of the setup link.
    #[serde(default)]
    pub token: String,
    /// The site name.
    #[serde(default)]
    pub site_name: String,
    /// The owner's e-mail address.
    #[serde(default)]
    pub email: String,
    /// The owner's username.
    #[serde(default)]
    pub username: String,
    /// The owner's display name; may be empty.
    #[serde(default)]
    pub name: String,
    /// The owner's password.
    #[serde(default)]
    pub password: String,
}

impl fmt::Debug for SetupDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetupDraft(…)")
    }
}

/// A setup form with every field valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The site name.
    pub site_name: SiteName,
    /// The owner's e-mail address.
    pub email: Email,
    /// The owner's username.
    pub username: Username,
    /// The owner's display name.
    pub name: Option<DisplayName>,
    /// The owner's password.
    pub password: Password,
}

impl SetupDraft {
    /// Parses the form. The token is not checked here, but when it is used.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn parse(&self) -> Result<Setup, Failure> {
        let mut check = Check::default();
        let site_name = check.take("site_name", SiteName::parse(&self.site_name));
        let email = check.take("email", Email::parse(&self.email));
        let username = check.take("username", Username::parse(&self.username));
        let name = optional_name(&mut check, &self.name);
        let password = check.take("password", Password::parse(&self.password));
        let setup = match (site_name, email, username, password) {
            (Some(site_name), Some(email), Some(username), Some(password)) => {
                Some(Setup { site_name, email, username, name, password })
            }
            _ => None,
        };
        check.finish(setup)
    }
}

/// Parses an optional display name; empty text is `None`.
pub(crate) fn optional_name(check: &mut Check, text: &str) -> Option<DisplayName> {
    if text.trim().is_empty() { None } else { check.take("name", DisplayName::parse(text)) }
}
