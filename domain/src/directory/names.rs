//! The names that a directory has for accounts.

use crate::accounts::Username;
use crate::text::{DirectoryName, ParseError};

/// The longest derived username, so that a number fits behind it.
const MAX_DERIVED: usize = 26;

/// The `userName` of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserName {
    /// It is the username here.
    Username(Username),
    /// Something that is no username here, such as an e-mail address. It is kept as it was sent, and the account has a
    /// username that is derived from it.
    Other(DirectoryName),
}

impl UserName {
    /// Parses a `userName`.
    ///
    /// # Errors
    /// If it is empty, too long, or has invisible characters.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        match Username::parse(text) {
            Ok(username) => Ok(Self::Username(username)),
            Err(_) => DirectoryName::parse(text).map(Self::Other),
        }
    }

    /// It as it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Username(username) => username.as_str(),
            Self::Other(name) => name.as_str(),
        }
    }
}

/// The username for an account that a directory calls `name`: what is before the @, of which letters and digits of
/// English, dots, dashes and underscores are kept, and a number from 2 if the first is not free.
#[must_use]
pub fn derived_username(name: &DirectoryName, number: u64) -> Option<Username> {
    let local = name.as_str().split('@').next().unwrap_or_default();
    let kept = local.chars().filter_map(|c| match c {
        _ if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') => Some(c),
        _ if c.is_whitespace() => Some('.'),
        _ => None,
    });
    let kept: String = kept.skip_while(|c| !c.is_ascii_alphanumeric()).take(MAX_DERIVED).collect();
    let base = if kept.len() < 2 { "member" } else { &kept };
    let text = if number < 2 { base.to_owned() } else { format!("{base}{number}") };
    // None that looks like one of the staff.
    Username::chosen(&text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_a_username_stays_and_from_the_rest_one_is_derived() {
        assert!(matches!(UserName::parse(" ada.l "), Ok(UserName::Username(name)) if name.as_str() == "ada.l"));
        for (sent, first, second) in [
            ("mateo.quispe@example.org", Some("mateo.quispe"), "mateo.quispe2"),
            ("Mateo Quispe", Some("Mateo.Quispe"), "Mateo.Quispe2"),
            ("_x@example.org", Some("member"), "member2"),
            ("Матео@example.org", Some("member"), "member2"),
            ("admin@example.org", None, "admin2"),
            (
                "a-name-that-is-much-longer-than-thirty-two",
                Some("a-name-that-is-much-longer"),
                "a-name-that-is-much-longer2",
            ),
        ] {
            let Ok(UserName::Other(name)) = UserName::parse(sent) else { panic!("{sent}") };
            assert_eq!(name.as_str(), sent);
            assert_eq!(derived_username(&name, 1).as_ref().map(Username::as_str), first, "{sent}");
            assert_eq!(derived_username(&name, 2).unwrap().as_str(), second);
        }
        assert!(UserName::parse(" ").is_err() && UserName::parse(&"x".repeat(257)).is_err());
    }

    proptest! {
        #[test]
        fn every_name_has_a_username(text in r"\PC{1,80}") {
            if let Ok(UserName::Other(name)) = UserName::parse(&text) {
                prop_assert!(derived_username(&name, 2).is_some());
                prop_assert!(derived_username(&name, 999_999).is_some());
            }
        }
    }
}
