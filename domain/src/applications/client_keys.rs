//! Public keys of applications, with which they prove who they are (`private_key_jwt`: OpenID Connect Core 1.0, section 9).

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::SigningAlgorithm;
use crate::text::ParseError;

/// The most keys of one application: enough to replace one by the next.
pub const MAX_CLIENT_KEYS: usize = 10;

/// The members of a private key, and of a secret one (RFC 7518, section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key as a JWK (RFC 7517): RSA of 2,048 to 8,192 bits, P-256, or Ed25519. It has the members that are needed to verify
/// by it, and `kid` if it has an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientKey(BTreeMap<String, String>);

impl ClientKey {
    /// Parses a key as typed.
    ///
    /// # Errors
    /// When it is private, of another kind, too short, or for something else than signatures.
    pub fn parse(typed: &JwkDraft) -> Result<Self, ParseError> {
        let wrong = |why: &str| Err(ParseError(why.to_owned()));
        if typed.is_private {
            return wrong("Enter public keys alone. This one is private: it is known to others now, so replace it.");
        }
        let member = |name: &str| typed.members.get(name).map(String::as_str);
        if member("use").is_some_and(|usage| usage != "sig") {
            return wrong("A key is for something else than signatures (use).");
        }
        let (algorithm, needed) = match (member("kty"), member("crv")) {
            (Some("RSA"), _) => (SigningAlgorithm::Rs256, &["n", "e"][..]),
            (Some("EC"), Some("P-256")) => (SigningAlgorithm::Es256, &["x", "y"][..]),
            (Some("OKP"), Some("Ed25519")) => (SigningAlgorithm::EdDsa, &["x"][..]),
            _ => return wrong("Enter keys of the kinds RSA, EC with P-256, or OKP with Ed25519 (kty, crv)."),
        };
        if member("alg").is_some_and(|named| !algorithm.is_named(named)) {
            return wrong("Keys are used with RS256, ES256 or EdDSA (alg).");
        }
        let fits = needed.iter().all(|name| {
            let Some(bytes) = member(name).and_then(decoded_length) else { return false };
            match (algorithm, *name) {
                (SigningAlgorithm::Rs256, "n") => (256..=1_024).contains(&bytes),
                (SigningAlgorithm::Rs256, _) => (1..=4).contains(&bytes),
                _ => bytes == 32,
            }
        });
        if !fits {
            return wrong("A key is incomplete, or shorter than 2,048 bits (n, e, x, y).");
        }
        if member("kid").is_some_and(|kid| kid.is_empty() || kid.len() > 200 || kid.contains(char::is_control)) {
            return wrong("The id of a key (kid) has 1 to 200 characters.");
        }
        let kept = ["kty", "crv", "kid"].into_iter().chain(needed.iter().copied());
        let kept = kept.filter_map(|name| Some((name.to_owned(), member(name)?.to_owned())));
        Ok(Self(kept.collect()))
    }

    /// The algorithm of its signatures.
    #[must_use]
    pub fn algorithm(&self) -> SigningAlgorithm {
        match self.0.get("kty").map(String::as_str) {
            Some("RSA") => SigningAlgorithm::Rs256,
            Some("EC") => SigningAlgorithm::Es256,
            _ => SigningAlgorithm::EdDsa,
        }
    }

    /// Its id, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.0.get("kid").map(String::as_str)
    }
}

/// The number of bytes that a text in base64url without padding stands for (RFC 7515, section 2).
fn decoded_length(text: &str) -> Option<usize> {
    let is_encoded = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    (is_encoded && text.len() % 4 != 1).then_some(text.len() * 3 / 4)
}

/// A JWK Set as typed (RFC 7517, section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSetDraft {
    /// Its keys.
    pub keys: Vec<JwkDraft>,
}

impl JwkSetDraft {
    /// Parses the keys. No key is the same as none at all.
    ///
    /// # Errors
    /// That of the first that is wrong; when there are more than [`MAX_CLIENT_KEYS`], or two have one id.
    pub fn parse(&self) -> Result<Vec<ClientKey>, ParseError> {
        if self.keys.len() > MAX_CLIENT_KEYS {
            return Err(ParseError(format!("Enter at most {MAX_CLIENT_KEYS} keys.")));
        }
        let keys = self.keys.iter().map(ClientKey::parse).collect::<Result<Vec<_>, _>>()?;
        for (at, key) in keys.iter().enumerate() {
            if key.kid().is_some() && keys[..at].iter().any(|other| other.kid() == key.kid()) {
                return Err(ParseError("Two keys have the same id (kid).".to_owned()));
            }
        }
        Ok(keys)
    }
}

impl From<Vec<ClientKey>> for JwkSetDraft {
    fn from(keys: Vec<ClientKey>) -> Self {
        Self { keys: keys.into_iter().map(|key| JwkDraft { members: key.0, is_private: false }).collect() }
    }
}

/// A key as typed. Members that are no text are left out, and what makes a private key private is not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkDraft {
    #[serde(flatten)]
    members: BTreeMap<String, String>,
    #[serde(skip)]
    is_private: bool,
}

impl<'de> Deserialize<'de> for JwkDraft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

/// Reads the members of a key.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = JwkDraft;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JWK")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JwkDraft, A::Error> {
        let mut read = JwkDraft::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "kty" | "crv" | "n" | "e" | "x" | "y" | "kid" | "alg" | "use" => {
                    read.members.insert(name, map.next_value()?);
                }
                other => {
                    read.is_private |= PRIVATE.contains(&other);
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7517, appendix A.1, without `alg` and `use`.
    const EC: &str = r#""kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM""#;
    const N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    fn parse(keys: &str) -> Result<Vec<ClientKey>, ParseError> {
        serde_json::from_str::<JwkSetDraft>(&format!(r#"{{"keys":[{keys}],"more":1}}"#)).unwrap().parse()
    }

    #[test]
    fn public_keys_of_three_kinds_are_taken() {
        let rsa = format!(r#"{{"kty":"RSA","n":"{N}","e":"AQAB","kid":"a","use":"sig","alg":"RS256","x5c":["MII"]}}"#);
        let okp = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let keys = parse(&format!("{rsa},{{{EC},\"key_ops\":[\"verify\"]}},{okp}")).unwrap();
        let algorithms: Vec<_> = keys.iter().map(ClientKey::algorithm).collect();
        assert_eq!(algorithms, [SigningAlgorithm::Rs256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa]);
        assert_eq!((keys[0].kid(), keys[1].kid()), (Some("a"), None));
        let stored = serde_json::to_string(&keys).unwrap();
        assert!(!stored.contains("x5c") && !stored.contains("use"), "{stored}");
        assert_eq!(serde_json::from_str::<Vec<ClientKey>>(&stored).unwrap(), keys);
        assert_eq!(JwkSetDraft::from(keys.clone()).parse().unwrap(), keys);
        assert!(parse("").unwrap().is_empty());
    }

    #[test]
    fn everything_else_is_refused_and_no_private_key_is_kept() {
        let private = format!(r#"{{{EC},"d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}}"#);
        let draft: JwkDraft = serde_json::from_str(&private).unwrap();
        assert!(!format!("{draft:?}").contains("870MB6"));
        for bad in [
            private,
            r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}"#.to_owned(),
            r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#.to_owned(),
            format!(r#"{{"kty":"RSA","n":"{N}"}}"#),
            format!(r#"{{"kty":"RSA","n":"{N}","e":"AQAB","alg":"PS256"}}"#),
            format!(r#"{{"kty":"RSA","n":"{N}","e":"AQAB","use":"enc"}}"#),
            format!(r#"{{"kty":"RSA","n":"{}+/","e":"AQAB"}}"#, &N[2..]),
            r#"{"kty":"EC","crv":"P-384","x":"a","y":"b"}"#.to_owned(),
            format!("{{{EC},\"kid\":\"\"}}"),
            format!("{{{EC},\"kid\":\"a\"}},{{{EC},\"kid\":\"a\"}}"),
            vec![format!("{{{EC}}}"); MAX_CLIENT_KEYS + 1].join(","),
            "{}".to_owned(),
        ] {
            assert!(parse(&bad).is_err(), "{bad}");
        }
    }
}
