//! Domains of e-mail addresses.

use serde::{Deserialize, Serialize};

use super::Email;
use crate::text::{ParseError, shown_text, stored_text};

/// The domain of e-mail addresses, in lower case: one that an [`Email`] may have. It stands for itself, not for those below
/// it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailDomain(String);

impl EmailDomain {
    /// Parses a domain as typed; outer white space and an `@` before it are dropped.
    ///
    /// # Errors
    /// When no address can have it.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let domain = text.strip_prefix('@').unwrap_or(text);
        match Email::parse(&format!("x@{domain}")) {
            Ok(address) if address.domain() == domain.to_lowercase() => Ok(Self(address.domain())),
            _ => Err(ParseError(format!("\u{201C}{text}\u{201D} is no domain. Enter domains like example.org."))),
        }
    }

    /// The domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an address has this domain.
    #[must_use]
    pub fn has(&self, email: &Email) -> bool {
        email.domain() == self.0
    }
}

stored_text!(EmailDomain);
shown_text!(EmailDomain);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_those_of_addresses() {
        for (typed, domain) in
            [("example.org", "example.org"), (" @Example.ORG ", "example.org"), ("Exämple.org", "exämple.org")]
        {
            assert_eq!(EmailDomain::parse(typed).unwrap().as_str(), domain);
        }
        for bad in [
            "",
            "example",
            "a@example.org",
            "@@example.org",
            "exa mple.org",
            "[127.0.0.1]",
            "example.org\u{202E}",
            "*.example.org",
        ] {
            assert!(EmailDomain::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_domain_stands_for_itself() {
        let domain = EmailDomain::parse("example.org").unwrap();
        for (address, has) in [
            ("a@example.org", true),
            ("a@EXAMPLE.org", true),
            ("a@sub.example.org", false),
            ("a@notexample.org", false),
            ("a@example.org.evil.example", false),
        ] {
            assert_eq!(domain.has(&Email::parse(address).unwrap()), has, "{address}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in ".*") {
            if let Ok(domain) = EmailDomain::parse(&text) {
                proptest::prop_assert_eq!(EmailDomain::parse(domain.as_str()).unwrap(), domain);
            }
        }
    }
}
