//! Signing up: what the page knows of an invitation, and what is typed into it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::accounts::{Account, Email, Password, Role, Username};
use crate::failure::{Check, Failure};
use crate::invites::{InviteCode, InviteStatus};
use crate::setup::optional_name;
use crate::text::{DisplayName, ParseError};
use crate::time::Timestamp;

/// What a code that lets someone in says before they sign up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Who invites, as they like to be called.
    pub invited_by: String,
    /// What one becomes.
    pub role: Role,
    /// Until when, if not forever.
    pub expires_at: Option<Timestamp>,
    /// How many may still come by it; any number if absent.
    pub places_left: Option<u32>,
}

/// What a code turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// It lets someone in.
    Open(Invitation),
    /// A real random code that lets no one in at the moment or any more. Its holder is told why (C6).
    Unavailable {
        /// Why; never [`InviteStatus::Active`].
        status: InviteStatus,
        /// Who invited.
        invited_by: String,
        /// From when, for [`InviteStatus::Scheduled`].
        starts_at: Option<Timestamp>,
    },
    /// No such code, or an own code that lets no one in: both look the same.
    Unknown,
}

/// What a visitor typed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct SignUpDraft {
    /// The invite key; may be empty where anyone may sign up.
    #[serde(default)]
    pub code: String,
    /// The e-mail address.
    #[serde(default)]
    pub email: String,
    /// The username.
    #[serde(default)]
    pub username: String,
    /// What they like to be called; may be empty.
    #[serde(default)]
    pub name: String,
    /// The password.
    #[serde(default)]
    pub password: String,
}

impl fmt::Debug for SignUpDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignUpDraft(…)")
    }
}

/// A sign-up whose every part is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignUp {
    /// The invite key, if one was given. `Err` holds a text that is no key at all: it is answered like an unknown
    /// one, not as a wrong field, so that a typo and a wrong code look the same.
    pub code: Option<Result<InviteCode, ParseError>>,
    /// The e-mail address.
    pub email: Email,
    /// The username.
    pub username: Username,
    /// What they like to be called.
    pub name: Option<DisplayName>,
    /// The password.
    pub password: Password,
}

impl SignUpDraft {
    /// Parses what was typed.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn parse(&self) -> Result<SignUp, Failure> {
        let mut check = Check::default();
        let code = (!self.code.trim().is_empty()).then(|| InviteCode::parse(&self.code));
        let email = check.take("email", Email::parse(&self.email));
        let username = check.take("username", Username::parse(&self.username));
        let name = optional_name(&mut check, &self.name);
        let password = check.take("password", Password::parse(&self.password));
        let sign_up = match (email, username, password) {
            (Some(email), Some(username), Some(password)) => Some(SignUp { code, email, username, name, password }),
            _ => None,
        };
        check.finish(sign_up)
    }
}

/// What identifies one attempt to sign up, so that sending it twice makes one account: 1 to 255 visible ASCII
/// characters (the `Idempotency-Key` header field, draft-ietf-httpapi-idempotency-key-header).
#[derive(Clone, PartialEq, Eq)]
pub struct AttemptKey(String);

impl AttemptKey {
    /// Parses a key.
    ///
    /// # Errors
    /// When it has other characters or another length.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseError("An idempotency key has 1 to 255 visible ASCII characters.".to_owned()))
        }
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AttemptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AttemptKey(…)")
    }
}

/// What came of a sign-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedUp {
    /// The account.
    pub account: Account,
    /// Whether this attempt had made it before.
    pub replayed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> SignUpDraft {
        SignUpDraft {
            code: "7QmX2pVd9KtR".into(),
            email: "mateo@postbox.example".into(),
            username: "mateo".into(),
            name: String::new(),
            password: "a bench by the window".into(),
        }
    }

    #[test]
    fn a_right_draft_parses_and_never_shows_itself() {
        let sign_up = draft().parse().unwrap();
        assert_eq!(sign_up.name, None);
        assert!(!format!("{sign_up:?} {:?}", draft()).contains("bench"));
        assert!(!format!("{sign_up:?}").contains("7QmX"));
    }

    #[test]
    fn a_text_that_is_no_code_is_not_a_wrong_field() {
        let sign_up = SignUpDraft { code: "no!".into(), ..draft() }.parse().unwrap();
        assert!(matches!(sign_up.code, Some(Err(_))));
        assert!(SignUpDraft { code: " ".into(), ..draft() }.parse().unwrap().code.is_none());
    }

    #[test]
    fn every_wrong_field_is_named() {
        let failure = SignUpDraft::default().parse().unwrap_err();
        let fields: Vec<_> = failure.fields.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(fields, ["email", "username", "password"]);
    }

    #[test]
    fn attempt_keys() {
        assert!(AttemptKey::parse("8e03978e-40d5-43e8-bc93-6894a57f9324").is_ok());
        for bad in ["", "a\nb", "ü", &"x".repeat(256)] {
            assert!(AttemptKey::parse(bad).is_err(), "{bad:?}");
        }
    }
}
