//! What someone signs in with: an e-mail address or a username, and a password.

use std::fmt;

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};

use crate::text::{ParseError, parsed_text, shown_text};

/// An e-mail address (RFC 5321, at most 254 characters) without display name or address literal, in a domain with a
/// dot. Two addresses that differ in case alone are the same account's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Parses an address as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it is no such address.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError("Enter an e-mail address.".to_owned()));
        }
        let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
        match EmailAddress::parse_with_options(text, options) {
            Ok(_) if text.len() <= 254 && !text.chars().any(crate::text::is_hidden) => Ok(Self(text.to_owned())),
            _ => Err(ParseError("Enter an e-mail address like name@example.org.".to_owned())),
        }
    }

    /// The address as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form addresses are compared by.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// How an account is called in the URL, in lists and when signing in: 2 to 32 ASCII letters, digits, `.`, `-` and
/// `_`, beginning with a letter or digit. Compared without case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

impl Username {
    /// Parses a username as typed; outer white space is dropped.
    ///
    /// # Errors
    /// When it has other characters or another length.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let fits = (2..=32).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
        if fits {
            Ok(Self(text.to_owned()))
        } else if text.is_empty() {
            Err(ParseError("Enter a username.".to_owned()))
        } else {
            Err(ParseError(
                "A username has 2 to 32 letters, digits, dots, dashes or underscores and begins with a letter or digit."
                    .to_owned(),
            ))
        }
    }

    /// The username as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form usernames are compared by.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

parsed_text!(Email);
shown_text!(Email);
parsed_text!(Username);
shown_text!(Username);

/// A password as typed: 10 characters to 256 bytes (NIST SP 800-63B-4, section 3.1.1.2, asks for a length, no
/// composition rules, and room for long ones). How hard it is to guess is measured where it is set. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The fewest characters.
    pub const MIN_CHARS: usize = 10;
    /// The most bytes; hashing more would cost an attacker nothing and us something.
    pub const MAX_BYTES: usize = 256;

    /// Parses a new password. Nothing is trimmed: every character counts.
    ///
    /// # Errors
    /// When it is too short or too long.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() {
            return Err(ParseError("Enter a password.".to_owned()));
        }
        if text.chars().count() < Self::MIN_CHARS {
            return Err(ParseError("At least 10 characters. A short sentence works well.".to_owned()));
        }
        if text.len() > Self::MAX_BYTES {
            return Err(ParseError("At most 256 bytes.".to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The password, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Two passwords as typed: the one that holds and the one that shall.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChange {
    /// The password that holds.
    pub current: String,
    /// The password that shall.
    pub new: String,
    /// Whether the account's API keys are revoked, too; yes unless it is said.
    #[serde(default = "yes")]
    pub revoke_keys: bool,
}

/// Whoever knew the password may have made keys.
const fn yes() -> bool {
    true
}

impl fmt::Debug for PasswordChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordChange(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["a@example.org", " Mateo.QH+shop@Postbox.Example ", "ü@exämple.org"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "a b@example.org",
            "A <a@example.org>",
            "a@[127.0.0.1]",
            "a@example.org\u{202E}",
            "a\0@example.org",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Email::parse("A@Example.ORG").unwrap().folded(), "a@example.org");
    }

    #[test]
    fn usernames() {
        for good in ["mateo", "mateo.qh", "4ever", "A_b-c"] {
            assert!(Username::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a", ".mateo", "ma teo", "matéo", "a/../b", &"x".repeat(33)] {
            assert!(Username::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_10_characters_to_256_bytes_and_never_shown() {
        assert!(Password::parse("123456789").is_err());
        assert!(Password::parse("üüüüüüüüüü").is_ok());
        assert!(Password::parse(&"x".repeat(257)).is_err());
        assert_eq!(format!("{:?}", Password::parse("0123456789").unwrap()), "Password(…)");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in ".*") {
            let _ = (Email::parse(&text), Username::parse(&text), Password::parse(&text));
        }
    }
}
