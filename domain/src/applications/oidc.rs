//! How an application is connected by OpenID Connect.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::claims::ClaimMapping;
use super::client_keys::{ClientKey, JwkSetDraft};
use crate::failure::Check;
use crate::patch::Patch;
use crate::string_enum::string_enum;
use crate::text::{ParseError, each_once, parsed_text, shown_text};
use crate::web::{WebUrl, with_scheme};

/// The most addresses of one kind.
pub const MAX_REDIRECT_URIS: usize = 20;

/// Whether an application can keep a secret (RFC 6749, section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientType {
    /// It runs on a server and has a client secret.
    Confidential,
    /// It runs in a browser or on a device, and has none.
    Public,
}

string_enum!(ClientType { Confidential = "confidential", Public = "public" });

/// The algorithm that signs ID tokens (RFC 7518, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// RSA with SHA-256, which every client understands (OpenID Connect Discovery 1.0, section 3).
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

string_enum!(SigningAlgorithm { Rs256 = "RS256", Es256 = "ES256", EdDsa = "EdDSA" });

impl SigningAlgorithm {
    /// Whether `alg` names it. Newer programs call Ed25519 by its own name (RFC 9864, section 2.2).
    #[must_use]
    pub fn is_named(self, alg: &str) -> bool {
        alg == self.as_str() || (self == Self::EdDsa && alg == "Ed25519")
    }
}

/// What an application gets as the identifier of an account (OpenID Connect Core 1.0, section 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectType {
    /// The id of the account, the same for every application.
    Public,
    /// An identifier that no other application gets.
    Pairwise,
}

string_enum!(SubjectType { Public = "public", Pairwise = "pairwise" });

/// The address of an application to which a browser is sent back, with the result in its query: `https`; `http` on loopback; or
/// an address with a scheme of its own (RFC 8252, section 7). Compared character by character, except that the port of a
/// loopback address is free (section 7.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

impl RedirectUri {
    const MAX_BYTES: usize = 2_000;

    /// Parses an address as typed; outer white space is dropped, nothing else is changed.
    ///
    /// # Errors
    /// When it has a fragment, or codes sent to it could be read by others.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let wrong = |why: &str| Err(ParseError(format!("\u{201C}{text}\u{201D} can't be used: {why}")));
        if text.is_empty() || text.len() > Self::MAX_BYTES || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return wrong("enter an address of at most 2,000 characters without spaces.");
        }
        if text.contains('#') {
            return wrong("leave out the part after #.");
        }
        if text.contains('*') {
            return wrong("enter each address in full; * does not stand for anything.");
        }
        if with_scheme(text, "https://").is_some_and(|url| url == text) {
            return Ok(Self(text.to_owned()));
        }
        if with_scheme(text, "http://").is_some_and(|url| url == text) {
            return match Loopback::of(text) {
                Some(_) => Ok(Self(text.to_owned())),
                None => wrong(
                    "only addresses on this computer (localhost, 127.0.0.1) may begin with http://. Use https://.",
                ),
            };
        }
        match text.split_once(':') {
            Some((scheme, rest)) if is_private_scheme(scheme) && !rest.is_empty() => Ok(Self(text.to_owned())),
            _ => wrong("enter an address that begins with https://."),
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a request that names the address `requested` means this one.
    #[must_use]
    pub fn admits(&self, requested: &str) -> bool {
        if self.0 == requested {
            return true;
        }
        // `localhost` is a name that others could answer for: its port is fixed.
        match (Loopback::of(&self.0), Loopback::of(requested)) {
            (Some(own), Some(other)) => own.is_literal() && own.host == other.host && own.rest == other.rest,
            _ => false,
        }
    }
}

parsed_text!(RedirectUri);
shown_text!(RedirectUri);

/// A scheme that belongs to an application: a domain name in reverse (RFC 8252, section 7.1).
fn is_private_scheme(scheme: &str) -> bool {
    scheme.contains('.')
        && scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'))
}

/// The parts of an `http` address on loopback.
struct Loopback<'a> {
    host: &'a str,
    /// What follows host and port.
    rest: &'a str,
}

impl<'a> Loopback<'a> {
    fn of(address: &'a str) -> Option<Self> {
        let after = address.strip_prefix("http://")?;
        let end = after.find(['/', '?']).unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let host = ["127.0.0.1", "[::1]", "localhost"].into_iter().find(|host| {
            authority.strip_prefix(host).is_some_and(|port| {
                let digits = port.strip_prefix(':');
                port.is_empty() || digits.is_some_and(|digits| digits.parse::<u16>().is_ok_and(|port| port > 0))
            })
        })?;
        Some(Self { host, rest })
    }

    fn is_literal(&self) -> bool {
        self.host != "localhost"
    }
}

/// What is chosen about the connection by OpenID Connect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is one choice")]
pub struct OidcTerms {
    /// Whether it has a secret.
    pub client_type: ClientType,
    /// Where browsers return to after signing in.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where browsers return to after signing out (RP-Initiated Logout 1.0).
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Whether every request needs a code challenge (RFC 7636). Always so for public clients.
    pub pkce: bool,
    /// Whether members are asked once before it learns who they are: for applications of others.
    pub consent: bool,
    /// The algorithm that signs its ID tokens.
    pub signing: SigningAlgorithm,
    /// What it gets as the identifier of an account.
    pub subject: SubjectType,
    /// Whether it has to push its requests before it sends browsers (RFC 9126, section 6).
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
    /// Where it is told that a session has ended (OpenID Connect Back-Channel Logout 1.0); `None` if it is not told.
    #[serde(default)]
    pub backchannel_logout_uri: Option<WebUrl>,
    /// The public keys with which it proves who it is, instead of a secret (`private_key_jwt`); none if it has a secret.
    #[serde(default)]
    pub jwks: Vec<ClientKey>,
    /// Whether devices may sign members in to it by a code (RFC 8628).
    #[serde(default)]
    pub device_flow: bool,
    /// The claims that it gets from attributes of accounts, with the scope `profile`.
    #[serde(default)]
    pub claims: ClaimMapping,
}

impl Default for OidcTerms {
    fn default() -> Self {
        Self {
            client_type: ClientType::Confidential,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            pkce: true,
            consent: false,
            signing: SigningAlgorithm::Rs256,
            subject: SubjectType::Public,
            require_pushed_authorization_requests: false,
            backchannel_logout_uri: None,
            jwks: Vec::new(),
            device_flow: false,
            claims: ClaimMapping::default(),
        }
    }
}

impl OidcTerms {
    /// Whether it proves by a secret who it is.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        self.client_type == ClientType::Confidential && self.jwks.is_empty()
    }

    /// Whether a request needs a code challenge.
    #[must_use]
    pub fn needs_pkce(&self) -> bool {
        self.pkce || self.client_type == ClientType::Public
    }
}

/// [`OidcTerms`] as typed. What is left out keeps its value, or is the default where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcDraft {
    /// [`OidcTerms::client_type`]; the default is `confidential`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_type: Option<String>,
    /// [`OidcTerms::redirect_uris`], at least one unless it is on devices alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uris: Option<Vec<String>>,
    /// [`OidcTerms::post_logout_redirect_uris`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_logout_redirect_uris: Option<Vec<String>>,
    /// [`OidcTerms::pkce`]; the default is `true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pkce: Option<bool>,
    /// [`OidcTerms::consent`]; the default is `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<bool>,
    /// [`OidcTerms::signing`]; the default is `RS256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing: Option<String>,
    /// [`OidcTerms::subject`]; the default is `public`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// [`OidcTerms::require_pushed_authorization_requests`]; the default is `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require_pushed_authorization_requests: Option<bool>,
    /// [`OidcTerms::backchannel_logout_uri`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub backchannel_logout_uri: Patch<String>,
    /// [`OidcTerms::jwks`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub jwks: Patch<JwkSetDraft>,
    /// [`OidcTerms::device_flow`]; the default is `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_flow: Option<bool>,
    /// [`OidcTerms::claims`], each with the key of an attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<BTreeMap<String, String>>,
}

impl OidcDraft {
    /// The terms after the change, or `None` after recording what is wrong under `oidc.FIELD`.
    pub(super) fn apply(self, current: Option<OidcTerms>, check: &mut Check) -> Option<OidcTerms> {
        let current = current.unwrap_or_default();
        let client_type =
            self.client_type.map_or(Some(current.client_type), |text| check.take("oidc.client_type", text.parse()));
        let redirect_uris = match self.redirect_uris {
            Some(typed) => check.take("oidc.redirect_uris", parse_uris(&typed)),
            None => Some(current.redirect_uris),
        };
        let device_flow = self.device_flow.unwrap_or(current.device_flow);
        // A device is not a place that browsers return to.
        if redirect_uris.as_ref().is_some_and(Vec::is_empty) && !device_flow {
            check.add_error(
                "oidc.redirect_uris",
                "Enter at least one address, such as https://chat.example.org/oauth/callback.",
            );
        }
        let after_logout = match self.post_logout_redirect_uris {
            Some(typed) => check.take("oidc.post_logout_redirect_uris", parse_uris(&typed)),
            None => Some(current.post_logout_redirect_uris),
        };
        let told_at = self.backchannel_logout_uri.unless_blank();
        let told_at = told_at.and_then(|text| check.take("oidc.backchannel_logout_uri", parse_logout_uri(&text)));
        let keys = self.jwks.and_then(|typed| check.take("oidc.jwks", typed.parse()));
        let keys = keys.apply(Some(current.jwks)).unwrap_or_default();
        if client_type == Some(ClientType::Public) && !keys.is_empty() {
            let why = "Only an application that runs on a server can keep the private keys of these.";
            check.add_error("oidc.jwks", why);
        }
        let claims = match self.claims {
            Some(typed) => check.take("oidc.claims", ClaimMapping::parse(&typed)),
            None => Some(current.claims),
        };
        let signing = self.signing.map_or(Some(current.signing), |text| check.take("oidc.signing", text.parse()));
        let subject = self.subject.map_or(Some(current.subject), |text| check.take("oidc.subject", text.parse()));
        Some(OidcTerms {
            client_type: client_type?,
            redirect_uris: redirect_uris?,
            post_logout_redirect_uris: after_logout?,
            pkce: self.pkce.unwrap_or(current.pkce),
            consent: self.consent.unwrap_or(current.consent),
            signing: signing?,
            subject: subject?,
            require_pushed_authorization_requests: self
                .require_pushed_authorization_requests
                .unwrap_or(current.require_pushed_authorization_requests),
            backchannel_logout_uri: told_at.apply(current.backchannel_logout_uri),
            jwks: keys,
            device_flow,
            claims: claims?,
        })
    }
}

impl From<OidcTerms> for OidcDraft {
    fn from(terms: OidcTerms) -> Self {
        let texts = |uris: Vec<RedirectUri>| Some(uris.into_iter().map(String::from).collect());
        Self {
            client_type: Some(terms.client_type.to_string()),
            redirect_uris: texts(terms.redirect_uris),
            post_logout_redirect_uris: texts(terms.post_logout_redirect_uris),
            pkce: Some(terms.pkce),
            consent: Some(terms.consent),
            signing: Some(terms.signing.to_string()),
            subject: Some(terms.subject.to_string()),
            require_pushed_authorization_requests: Some(terms.require_pushed_authorization_requests),
            backchannel_logout_uri: terms.backchannel_logout_uri.map(String::from).into(),
            jwks: if terms.jwks.is_empty() { Patch::Clear } else { Patch::Set(terms.jwks.into()) },
            device_flow: Some(terms.device_flow),
            claims: Some(terms.claims.into()),
        }
    }
}

fn parse_uris(typed: &[String]) -> Result<Vec<RedirectUri>, ParseError> {
    each_once(typed, MAX_REDIRECT_URIS, "addresses", RedirectUri::parse)
}

/// An address without the part after `#` (OpenID Connect Back-Channel Logout 1.0, section 2.2).
fn parse_logout_uri(text: &str) -> Result<WebUrl, ParseError> {
    let uri = WebUrl::parse(text)?;
    if uri.as_str().contains('#') {
        return Err(ParseError("Leave out the part after #.".to_owned()));
    }
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sent_where_nobody_else_reads_them() {
        for good in [
            "https://chat.example.org/oauth/oidc/callback",
            "https://chat.example.org:8443/cb?tenant=1",
            "http://localhost:8080/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:9/cb",
            "com.example.app:/cb",
        ] {
            assert_eq!(RedirectUri::parse(&format!(" {good} ")).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "chat.example.org/cb",
            "http://chat.example.org/cb",
            "http://localhost.evil.example/cb",
            "http://127.0.0.1:99999/cb",
            "http://127.0.0.1@evil.example/cb",
            "https://user@chat.example.org/cb",
            "https://chat.example.org/cb#x",
            "https://*.example.org/cb",
            "https://chat.example.org/a b",
            "javascript:alert(1)",
            "data:text/html,x",
            "HTTPS://chat.example.org/cb",
            "app:/cb",
        ] {
            assert!(RedirectUri::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_the_port_of_a_loopback_address_is_free() {
        let uri = |text| RedirectUri::parse(text).unwrap();
        for (own, requested, admitted) in [
            ("https://a.example/cb", "https://a.example/cb", true),
            ("https://a.example/cb", "https://a.example/cb/", false),
            ("https://a.example/cb", "https://a.example/cb?x=1", false),
            ("https://a.example/cb", "https://A.example/cb", false),
            ("https://a.example/cb", "https://a.example:443/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true),
            ("http://127.0.0.1:80/cb", "http://127.0.0.1:51004/cb", true),
            ("http://[::1]/cb", "http://[::1]:51004/cb", true),
            ("http://127.0.0.1/cb", "http://127.0.0.1:51004/other", false),
            ("http://127.0.0.1/cb", "http://[::1]:51004/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:51004@evil.example/cb", false),
            ("http://localhost:1/cb", "http://localhost:2/cb", false),
        ] {
            assert_eq!(uri(own).admits(requested), admitted, "{own} {requested}");
        }
    }

    #[test]
    fn ed25519_has_two_names() {
        assert!(SigningAlgorithm::EdDsa.is_named("EdDSA") && SigningAlgorithm::EdDsa.is_named("Ed25519"));
        assert!(!SigningAlgorithm::EdDsa.is_named("Ed448") && !SigningAlgorithm::Rs256.is_named("Ed25519"));
    }

    #[test]
    fn a_connection_needs_an_address() {
        let mut check = Check::default();
        OidcDraft::default().apply(None, &mut check);
        assert!(check.finish(Some(())).unwrap_err().field_error("oidc.redirect_uris").is_some());
        let on_devices = OidcDraft { device_flow: Some(true), ..OidcDraft::default() };
        let mut check = Check::default();
        assert!(on_devices.apply(None, &mut check).unwrap().redirect_uris.is_empty());
        assert!(check.finish(Some(())).is_ok());
    }

    #[test]
    fn where_an_application_is_told_of_logout_is_kept_cleared_and_set() {
        let draft = |uri| OidcDraft {
            redirect_uris: Some(vec!["https://a.example/cb".into()]),
            backchannel_logout_uri: uri,
            ..OidcDraft::default()
        };
        let apply = |uri, current| draft(uri).apply(current, &mut Check::default()).unwrap();
        let told = apply(Patch::Set(" https://a.example/out?x=1 ".into()), None);
        assert_eq!(told.backchannel_logout_uri.as_ref().unwrap().as_str(), "https://a.example/out?x=1");
        assert_eq!(apply(Patch::Keep, Some(told.clone())), told);
        assert_eq!(apply(Patch::Clear, Some(told.clone())).backchannel_logout_uri, None);
        assert_eq!(apply(Patch::Set(" ".into()), Some(told)).backchannel_logout_uri, None);
        for bad in ["a.example/out", "https://a.example/out#x", "ftp://a.example"] {
            let mut check = Check::default();
            draft(Patch::Set(bad.into())).apply(None, &mut check);
            assert!(check.finish(Some(())).unwrap_err().field_error("oidc.backchannel_logout_uri").is_some(), "{bad}");
        }
    }

    #[test]
    fn a_public_client_always_needs_a_challenge() {
        let terms = |client_type, pkce| OidcTerms { client_type, pkce, ..OidcTerms::default() };
        assert!(terms(ClientType::Public, false).needs_pkce() && OidcTerms::default().needs_pkce());
        assert!(!terms(ClientType::Confidential, false).needs_pkce());
    }

    #[test]
    fn terms_are_drafts_of_themselves() {
        let draft = OidcDraft { redirect_uris: Some(vec!["https://a.example/cb".into()]), ..OidcDraft::default() };
        let terms = draft.apply(None, &mut Check::default()).unwrap();
        assert_eq!(OidcDraft::from(terms.clone()).apply(None, &mut Check::default()), Some(terms));
    }

    proptest::proptest! {
        #[test]
        fn what_is_admitted_has_a_listed_host(requested in "https?://[a-z0-9.:@\\[\\]/?#-]{0,40}") {
            let own = RedirectUri::parse("http://127.0.0.1/cb").unwrap();
            if own.admits(&requested) {
                proptest::prop_assert!(requested.starts_with("http://127.0.0.1/") || requested.starts_with("http://127.0.0.1:"));
            }
        }
    }
}
