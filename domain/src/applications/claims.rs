//! Claims from attributes of accounts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::attributes::AttributeKey;
use crate::text::ParseError;

/// The most claims from attributes of one application.
pub const MAX_CLAIMS: usize = 20;
/// The longest name of a claim, in bytes: also that of an address (RFC 7519, section 4.2).
const MAX_NAME: usize = 100;

/// Names that mean something else: in tokens (RFC 7519, section 4.1; RFC 9068; RFC 8693; OpenID Connect Core 1.0, section 2;
/// OpenID Connect Back-Channel Logout 1.0), in answers of the provider, and the claims that it has a value of its own for. Those of
/// section 5.1 that are no text are among them.
const RESERVED: [&str; 54] = [
    "_claim_names",
    "_claim_sources",
    "access_token",
    "acr",
    "act",
    "active",
    "address",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "c_hash",
    "client_id",
    "cnf",
    "email",
    "email_verified",
    "error",
    "error_description",
    "events",
    "exp",
    "expires_in",
    "groups",
    "iat",
    "id_token",
    "iss",
    "jti",
    "jwk",
    "may_act",
    "name",
    "nbf",
    "nonce",
    "orig",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "refresh_token",
    "roles",
    "s_hash",
    "scope",
    "sid",
    "sub",
    "sub_id",
    "sub_jwk",
    "toe",
    "token_type",
    "txn",
    "typ",
    "updated_at",
    "username",
    "vc",
    "verified_claims",
    "vot",
    "vp",
];

/// Which claims an application gets from which attributes of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimMapping(BTreeMap<String, String>);

impl ClaimMapping {
    /// Parses claims as typed, each with the key of an attribute. Outer white space is dropped.
    ///
    /// # Errors
    /// When there are more than [`MAX_CLAIMS`], a name means something else, or a key can't be one.
    pub fn parse(typed: &BTreeMap<String, String>) -> Result<Self, ParseError> {
        if typed.len() > MAX_CLAIMS {
            return Err(ParseError(format!("Enter at most {MAX_CLAIMS} claims.")));
        }
        let mut claims = BTreeMap::new();
        for (name, key) in typed {
            let name = name.trim();
            let fits = (1..=MAX_NAME).contains(&name.len())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':' | b'/' | b'#'));
            if !fits {
                return Err(ParseError(format!(
                    "\u{201C}{name}\u{201D} can't be the name of a claim: use letters, digits and _ - . : / # alone."
                )));
            }
            if RESERVED.contains(&name) {
                return Err(ParseError(format!("The claim {name} has a meaning of its own. Choose another name.")));
            }
            claims.insert(name.to_owned(), AttributeKey::parse(key)?.as_str().to_owned());
        }
        Ok(Self(claims))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of each claim, with the key of its attribute.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, key)| (name.as_str(), key.as_str()))
    }
}

impl From<ClaimMapping> for BTreeMap<String, String> {
    fn from(claims: ClaimMapping) -> Self {
        claims.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<ClaimMapping, ParseError> {
        ClaimMapping::parse(&pairs.iter().map(|(name, key)| ((*name).to_owned(), (*key).to_owned())).collect())
    }

    #[test]
    fn attributes_become_claims() {
        let claims = parse(&[(" department", "dept "), ("https://example.org/claims/year", "course_year")]).unwrap();
        let read: Vec<_> = claims.iter().collect();
        assert_eq!(read, [("department", "dept"), ("https://example.org/claims/year", "course_year")]);
        assert!(parse(&[]).unwrap().is_empty());
    }

    #[test]
    fn no_claim_of_the_protocol_is_replaced() {
        for reserved in RESERVED {
            assert!(parse(&[(reserved, "dept")]).is_err(), "{reserved}");
            assert!(parse(&[(&format!(" {reserved} "), "dept")]).is_err(), "{reserved}");
        }
        assert!(RESERVED.is_sorted());
        for (name, key) in [("", "dept"), ("a b", "dept"), ("é", "dept"), ("a\"", "dept"), ("a", "Dept"), ("a", "")] {
            assert!(parse(&[(name, key)]).is_err(), "{name} {key}");
        }
        let names: Vec<_> = (0..=MAX_CLAIMS).map(|at| format!("c{at}")).collect();
        let many: Vec<_> = names.iter().map(|name| (name.as_str(), "dept")).collect();
        assert!(parse(&many).is_err() && parse(&many[1..]).is_ok());
        assert!(parse(&[(&"x".repeat(MAX_NAME + 1), "dept")]).is_err());
    }
}
