//! Credentials: e-mail addresses, usernames and passwords.

use std::fmt;

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};

use crate::failure::{Check, Failure};
use crate::text::{ParseError, parsed_text, shown_text, stored_text};

/// An e-mail address (RFC 5321, at most 254 characters) without display name, quotes or address literal, in a domain with a
/// dot. The part before the @ uses one script. Addresses that differ only in case belong to the same account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Parses an address as typed. Outer white space is removed.
    ///
    /// # Errors
    /// If it is not such an address.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError("Enter an e-mail address.".to_owned()));
        }
        let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
        match EmailAddress::parse_with_options(text, options) {
            Ok(address) if text.len() <= 254 && !text.chars().any(crate::text::is_hidden) && !text.starts_with('"') => {
                if is_of_one_script(address.local_part()) {
                    Ok(Self(text.to_owned()))
                } else {
                    let why = "The part before the @ mixes letters that look alike. Use the letters of one script.";
                    Err(ParseError(why.to_owned()))
                }
            }
            _ => Err(ParseError("Enter an e-mail address like name@example.org.".to_owned())),
        }
    }

    /// The address as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which addresses are compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// The domain, in lower case.
    #[must_use]
    pub fn domain(&self) -> String {
        self.0.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_lowercase())
    }

    /// The address without what it can be recognised by: `m…@p….example`. For those who may not read it.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let (name, top) = domain.rsplit_once('.').unwrap_or((domain, ""));
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        format!("{}…@{}….{top}", first(local), first(name))
    }
}

/// Whether no letter of `local` could stand for one of another script (Unicode TS 39, section 5.2, in short: Chinese,
/// Japanese and Korean may be mixed with Latin, nothing else may), and none is a variant of a letter (full-width,
/// mathematical, circled) or takes its accent apart.
fn is_of_one_script(local: &str) -> bool {
    let is_variant = |c: char| {
        matches!(c, '\u{300}'..='\u{36F}' | '\u{2100}'..='\u{214F}' | '\u{2460}'..='\u{24FF}' | '\u{FB00}'..='\u{FB06}'
            | '\u{FF00}'..='\u{FFEF}' | '\u{1D400}'..='\u{1D7FF}' | '\u{1F100}'..='\u{1F1FF}')
    };
    let mut scripts = local.chars().filter(|c| c.is_alphabetic()).map(script).filter(|script| *script != EAST_ASIAN);
    let first = scripts.next();
    let has_east_asian = local.chars().any(|c| c.is_alphabetic() && script(c) == EAST_ASIAN);
    !local.chars().any(is_variant)
        && scripts.all(|script| Some(script) == first)
        && !(has_east_asian && first.is_some_and(|script| script != LATIN))
}

const LATIN: u32 = 0;
const EAST_ASIAN: u32 = 1;

/// A number for the script of a letter; the same for two letters if Unicode keeps them together. Exact for the scripts whose
/// letters look like Latin ones; others are told apart by their block of 256, Arabic and Ethiopic by their several.
const fn script(letter: char) -> u32 {
    match letter {
        'A'..='Z' | 'a'..='z' | '\u{AA}' | '\u{BA}' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => LATIN,
        '\u{1100}'..='\u{11FF}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' => EAST_ASIAN,
        // Phonetic letters are Latin by name, and made to look like others.
        '\u{250}'..='\u{2AF}' | '\u{1D00}'..='\u{1DBF}' => 2,
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => 3,
        '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}' | '\u{2DE0}'..='\u{2DFF}' | '\u{A640}'..='\u{A69F}' => 4,
        '\u{530}'..='\u{58F}' | '\u{FB13}'..='\u{FB17}' => 5,
        '\u{590}'..='\u{5FF}' | '\u{FB1D}'..='\u{FB4F}' => 6,
        '\u{600}'..='\u{6FF}'
        | '\u{750}'..='\u{77F}'
        | '\u{8A0}'..='\u{8FF}'
        | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFF}' => 7,
        '\u{1200}'..='\u{139F}' | '\u{2D80}'..='\u{2DDF}' | '\u{AB00}'..='\u{AB2F}' => 8,
        '\u{13A0}'..='\u{13FF}' | '\u{AB70}'..='\u{ABBF}' => 9,
        '\u{10A0}'..='\u{10FF}' | '\u{1C90}'..='\u{1CBF}' | '\u{2D00}'..='\u{2D2F}' => 10,
        '\u{2C80}'..='\u{2CFF}' => 11,
        // The Indic scripts have 128 places each, Thai and those after it too.
        '\u{900}'..='\u{109F}' => 0x100 + (letter as u32 >> 7),
        other => 0x1000 + (other as u32 >> 8),
    }
}

/// A username: 2 to 32 ASCII letters, digits, `.`, `-` and `_`, beginning with a letter or digit. Compared ignoring case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

impl Username {
    /// Parses a username as typed. Outer white space is removed.
    ///
    /// # Errors
    /// If it has other characters or another length.
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

    /// Parses a username that someone chooses at sign-up: none that would look like one of the staff. Staff may have one.
    ///
    /// # Errors
    /// Those of [`Self::parse`], and if it is reserved.
    pub fn chosen(text: &str) -> Result<Self, ParseError> {
        let username = Self::parse(text)?;
        if RESERVED.contains(&username.folded().as_str()) {
            return Err(ParseError("This username is reserved. Choose another.".to_owned()));
        }
        Ok(username)
    }

    /// The form by which usernames are compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Usernames that people take for those of the staff: roles, and the mailboxes of RFC 2142 that belong to those who run a
/// site.
const RESERVED: [&str; 12] = [
    "abuse",
    "admin",
    "administrator",
    "hostmaster",
    "latchkey",
    "moderator",
    "owner",
    "postmaster",
    "root",
    "security",
    "support",
    "webmaster",
];

stored_text!(Email);
shown_text!(Email);
parsed_text!(Username);
shown_text!(Username);

/// A password as typed: 10 characters to 256 bytes (NIST SP 800-63B-4, section 3.1.1.2, asks for a length, no
/// composition rules, and room for long ones). Its strength is checked where it is set. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The minimum number of characters.
    pub const MIN_CHARS: usize = 10;
    /// The maximum number of bytes, which bounds the cost of hashing.
    pub const MAX_BYTES: usize = 256;

    /// Parses a new password. Every character counts, including outer white space.
    ///
    /// # Errors
    /// If it is too short or too long.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() {
            return Err(ParseError("Enter a password.".to_owned()));
        }
        if text.chars().count() < Self::MIN_CHARS {
            return Err(ParseError("At least 10 characters. A short sentence works well.".to_owned()));
        }
        if text.len() > Self::MAX_BYTES {
            return Err(ParseError(
                "At most 256 characters; letters outside of English count as two or more.".to_owned(),
            ));
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

/// A change of password, as typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChange {
    /// The current password.
    pub current: String,
    /// The new password.
    pub new: String,
    /// Whether the API keys of the account are revoked as well; `true` if left out.
    #[serde(default = "yes")]
    pub revoke_keys: bool,
}

/// The safe default, because anyone who knew the password may have created keys.
const fn yes() -> bool {
    true
}

impl PasswordChange {
    /// Parses the new password. Whether the current one is correct, only the service knows.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn parse(&self) -> Result<Password, Failure> {
        let mut check = Check::default();
        if self.current.is_empty() {
            check.add_error("current", "Enter your current password.");
        }
        let new = check.take("new", Password::parse(&self.new));
        check.finish(new)
    }
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
        for good in [
            "a@example.org",
            " Mateo.QH+shop@Postbox.Example ",
            "ü@exämple.org",
            "o'neil@example.org",
            "иван.петров7@example.org",
            "tanaka田中カナ@example.org",
            "محمد@example.org",
            "नमन@example.org",
        ] {
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
            // Two spellings of one mailbox would be two accounts.
            "\"ada\"@example.org",
            "\"ada lovelace\"@example.org",
            "u\u{308}@example.org",
            "ａｄａ@example.org",
            "𝐚da@example.org",
            // The second letter is Cyrillic, Greek, phonetic; the first Cyrillic beside Chinese.
            "p\u{430}ul@example.org",
            "p\u{3B1}ul@example.org",
            "p\u{251}ul@example.org",
            "а田@example.org",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Email::parse("A@Example.ORG").unwrap().folded(), "a@example.org");
    }

    #[test]
    fn a_masked_address_names_neither_person_nor_domain() {
        for (address, masked, domain) in [
            ("mateo@postbox.example", "m…@p….example", "postbox.example"),
            ("a@B.example.ORG", "a…@B….ORG", "b.example.org"),
            ("ü@exämple.org", "ü…@e….org", "exämple.org"),
        ] {
            let address = Email::parse(address).unwrap();
            assert_eq!((address.masked().as_str(), address.domain().as_str()), (masked, domain));
        }
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
    fn no_one_chooses_a_username_of_the_staff() {
        for reserved in ["admin", "Administrator", " ROOT ", "support", "postmaster", "latchkey"] {
            assert!(Username::parse(reserved).is_ok(), "{reserved}: accounts that staff create may have it");
            assert_eq!(
                Username::chosen(reserved).unwrap_err().to_string(),
                "This username is reserved. Choose another.",
                "{reserved}"
            );
        }
        for free in ["adminah", "mateo", "rooted"] {
            assert!(Username::chosen(free).is_ok(), "{free}");
        }
        assert!(Username::chosen("a").is_err());
    }

    #[test]
    fn a_change_of_password_names_both_fields() {
        let change = |current: &str, new: &str| {
            PasswordChange { current: current.to_owned(), new: new.to_owned(), revoke_keys: true }.parse()
        };
        let failure = change("", "").unwrap_err();
        assert!(failure.field_error("current").is_some() && failure.field_error("new").is_some());
        assert!(change("", "a bench by the window").unwrap_err().field_error("new").is_none());
        assert!(change("x", "a bench by the window").is_ok());
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
