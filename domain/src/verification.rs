//! Verification of e-mail addresses: a new account waits until somebody opens the link that was sent to its address, and so
//! does a change of address.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::accounts::{Email, Password, Username};
use crate::failure::{Check, Failure};
use crate::mail::MailStatus;
use crate::time::Timestamp;

/// How long an activation link can be used since it was sent, and how long an account waits for it.
pub const ACTIVATION_LASTS: Duration = Duration::from_hours(48);
/// How long an account waits at most since it was created, however often a link is sent.
pub const LONGEST_WAIT: Duration = Duration::from_hours(7 * 24);
/// How long a link that confirms a new address can be used since it was sent, and how long the change waits for it.
pub const CHANGE_LASTS: Duration = Duration::from_hours(48);

/// When an account lapses that was created at `created_at` and whose link is sent at `now`.
#[must_use]
pub fn lapses_at(created_at: Timestamp, now: Timestamp) -> Timestamp {
    now.plus(ACTIVATION_LASTS).min(created_at.plus(LONGEST_WAIT))
}

/// The form of an activation link as typed: the password that was chosen at sign-up, or a new one.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ActivationDraft {
    /// The password that was chosen at sign-up.
    #[serde(default)]
    pub password: String,
    /// A new password, which takes the place of the other.
    #[serde(default)]
    pub new_password: String,
}

impl fmt::Debug for ActivationDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActivationDraft(…)")
    }
}

impl ActivationDraft {
    /// Parses the form. Whether the password is right, only the service knows.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] under `password` if both are empty or both are given, under `new_password` if it cannot be
    /// a password.
    pub fn parse(&self) -> Result<Activation, Failure> {
        let mut check = Check::default();
        let activation = match (self.password.is_empty(), self.new_password.is_empty()) {
            (false, true) => Some(Activation::Given(GivenPassword(self.password.clone()))),
            (true, false) => check.take("new_password", Password::parse(&self.new_password)).map(Activation::New),
            (true, true) => {
                check.add_error("password", "Enter the password that you chose when you signed up.");
                None
            }
            (false, false) => {
                check.add_error("password", "Enter either your password or a new one, not both.");
                None
            }
        };
        check.finish(activation)
    }
}

/// A password as typed that is compared with the one of an account. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct GivenPassword(String);

impl GivenPassword {
    /// The text, for comparison.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for GivenPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GivenPassword(…)")
    }
}

/// How the person who has an activation link shows that the account is theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Activation {
    /// With the password that was chosen at sign-up.
    Given(GivenPassword),
    /// With the link alone, which is proof of the address: the one who signed up may have been somebody else, so that the
    /// password is replaced.
    New(Password),
}

/// An e-mail address as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressDraft {
    /// The address.
    #[serde(default)]
    pub email: String,
}

impl AddressDraft {
    /// Parses the address.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] under `email`.
    pub fn parse(&self) -> Result<Email, Failure> {
        let mut check = Check::default();
        let email = check.take("email", Email::parse(&self.email));
        check.finish(email)
    }
}

/// What the page of an activation link shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivationPreview {
    /// The address that the link was sent to.
    pub email: Email,
    /// The username of the account.
    pub username: Username,
    /// When the account lapses unless it is activated.
    pub lapses_at: Timestamp,
    /// Whether the account has a password that can be given.
    pub has_password: bool,
}

/// What the page of a link shows that confirms a new address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChangePreview {
    /// The new address.
    pub email: Email,
    /// The username of the account.
    pub username: Username,
}

/// What an account sees that waits for its address to be verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The address.
    pub email: Email,
    /// When the account lapses unless it is activated.
    pub lapses_at: Timestamp,
    /// What became of the newest mail with a link, if it is still known.
    pub mail: Option<MailStatus>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Code;

    fn parse(password: &str, new_password: &str) -> Result<Activation, Failure> {
        ActivationDraft { password: password.to_owned(), new_password: new_password.to_owned() }.parse()
    }

    #[test]
    fn one_password_is_given() {
        let given = parse("short", "").unwrap();
        assert!(
            matches!(given, Activation::Given(password) if password.expose() == "short"),
            "it is compared, not set"
        );
        let new = parse("", "a bench by the window").unwrap();
        assert!(matches!(new, Activation::New(password) if password.expose() == "a bench by the window"));
        for (password, new_password, field) in
            [("", "", "password"), ("a bench", "a bench by the window", "password"), ("", "short", "new_password")]
        {
            let failure = parse(password, new_password).unwrap_err();
            assert_eq!((failure.code, failure.fields.len()), (Code::Invalid, 1));
            assert!(failure.field_error(field).is_some(), "{failure:?}");
        }
    }

    #[test]
    fn an_address_is_reported_under_its_field() {
        let parse = |email: &str| AddressDraft { email: email.to_owned() }.parse();
        assert_eq!(parse(" mateo@bramble.example ").unwrap().as_str(), "mateo@bramble.example");
        assert!(parse("mateo").unwrap_err().field_error("email").is_some());
    }

    #[test]
    fn no_link_moves_the_end_beyond_the_longest_wait() {
        let hours = |hours: u64| Timestamp::from_micros(0).plus(Duration::from_hours(hours));
        for (sent, lapses) in [(0, 48), (47, 95), (120, 168), (121, 168), (167, 168)] {
            assert_eq!(lapses_at(hours(0), hours(sent)), hours(lapses), "sent after {sent} hours");
        }
    }

    #[test]
    fn no_password_is_shown() {
        assert_eq!(
            format!("{:?}", ActivationDraft { password: "secret".into(), new_password: String::new() }),
            "ActivationDraft(…)"
        );
        for (given, new) in [("secret password", ""), ("", "secret password")] {
            assert!(!format!("{:?}", parse(given, new).unwrap()).contains("secret"));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in ".*", other in ".*") {
            let _ = parse(&text, &other);
            let _ = AddressDraft { email: text }.parse();
        }
    }
}
