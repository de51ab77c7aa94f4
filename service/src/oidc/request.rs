//! What an application asks for when it sends a browser here.

use std::collections::BTreeSet;

use domain::text::ParseError;
use serde::{Deserialize, Serialize};

use super::error::OauthCode;

/// The parameters of an authorization request, as they were sent (RFC 6749, section 4.1.1; OpenID Connect Core 1.0, section
/// 3.1.2.1; RFC 7636, section 4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "each field is the parameter of its name")]
pub struct AuthorizationRequest {
    pub client_id: String,
    pub redirect_uri: String,
    pub response_type: Option<String>,
    pub response_mode: Option<String>,
    pub scope: Option<String>,
    pub state: Option<String>,
    pub nonce: Option<String>,
    pub code_challenge: Option<String>,
    pub code_challenge_method: Option<String>,
    pub prompt: Option<String>,
    pub max_age: Option<String>,
    pub login_hint: Option<String>,
    pub id_token_hint: Option<String>,
    pub request: Option<String>,
    pub request_uri: Option<String>,
}

/// What an application may learn or keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The identifier of the account.
    OpenId,
    /// Name and username.
    Profile,
    /// The e-mail address.
    Email,
    /// The names of the groups.
    Groups,
    /// The role.
    Roles,
    /// A refresh token: access when the member is not there.
    OfflineAccess,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 6] =
        [Self::OpenId, Self::Profile, Self::Email, Self::Groups, Self::Roles, Self::OfflineAccess];

    /// The scope as it is sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Email => "email",
            Self::Groups => "groups",
            Self::Roles => "roles",
            Self::OfflineAccess => "offline_access",
        }
    }
}

/// A set of scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// The known scopes of a text in which they are separated by spaces. Others are ignored (OpenID Connect Core 1.0, section
    /// 3.1.2.1).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(text.split(' ').filter_map(|name| Scope::ALL.into_iter().find(|scope| scope.as_str() == name)).collect())
    }

    /// Whether it has `scope`.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether it has every scope of `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.0.is_superset(&other.0)
    }

    /// The scopes of both.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Its scopes.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.iter().map(Scope::as_str).collect();
        f.write_str(&names.join(" "))
    }
}

/// A request whose parameters are valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: Option<String>,
    pub(super) prompt: Prompt,
    /// The greatest age of the sign-in, in seconds.
    pub(super) max_age: Option<u64>,
}

/// What the member is to be asked, whatever is known already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one value of the parameter")]
pub(super) struct Prompt {
    /// Nothing may be asked.
    pub(super) none: bool,
    /// To sign in, perhaps with another account.
    pub(super) login: bool,
    /// To agree.
    pub(super) consent: bool,
    /// To sign up (Initiating User Registration via OpenID Connect 1.0).
    pub(super) create: bool,
}

/// What the address of a pushed request begins with (RFC 9126, section 2.2).
pub(super) const PUSHED: &str = "urn:ietf:params:oauth:request_uri:";

/// Whether the value of `request_uri` is that of a pushed request, and not the address of a request object.
pub(super) fn is_pushed(request_uri: &str) -> bool {
    request_uri.starts_with(PUSHED)
}

/// A code of the protocol, and a sentence for the developer of the application.
pub(super) type Refusal = (OauthCode, String);

/// The longest `nonce`, and the longest `state`, in bytes.
const MAX_VALUE: usize = 1_024;

impl AuthorizationRequest {
    /// The value of each parameter.
    pub(super) fn values(&self) -> [Option<&str>; 15] {
        let Self { client_id, redirect_uri, response_type, response_mode, scope, state, nonce, .. } = self;
        let Self { code_challenge, code_challenge_method, prompt, max_age, login_hint, .. } = self;
        let Self { id_token_hint, request, request_uri, .. } = self;
        let optional = [response_type, response_mode, scope, state, nonce, code_challenge, code_challenge_method];
        let further = [prompt, max_age, login_hint, id_token_hint, request, request_uri];
        let mut values = [None; 15];
        let given = [Some(client_id.as_str()), Some(redirect_uri.as_str())].into_iter();
        let all = given.chain(optional.into_iter().chain(further).map(Option::as_deref));
        values.iter_mut().zip(all).for_each(|(value, given)| *value = given);
        values
    }

    /// Whether the answer is posted: to what is no program with a scheme of its own.
    pub(super) fn is_answered_by_post(&self) -> bool {
        let is_of_web = ["https://", "http://"].iter().any(|scheme| self.redirect_uri.starts_with(scheme));
        is_of_web && self.response_mode.as_deref() == Some("form_post")
    }

    /// Checks everything but who sent it and where the answer goes.
    pub(super) fn parse(&self, needs_pkce: bool) -> Result<Parsed, Refusal> {
        let refuse = |code, why: &str| Err((code, why.to_owned()));
        let invalid = |why: &str| (OauthCode::InvalidRequest, why.to_owned());
        if self.request.is_some() {
            return refuse(OauthCode::RequestNotSupported, "Send the parameters themselves.");
        }
        if self.request_uri.as_deref().is_some_and(|uri| !is_pushed(uri)) {
            return refuse(OauthCode::RequestUriNotSupported, "Send the parameters themselves.");
        }
        match self.response_type.as_deref() {
            Some("code") => {}
            None => return refuse(OauthCode::InvalidRequest, "response_type is missing."),
            Some(_) => return refuse(OauthCode::UnsupportedResponseType, "Only response_type=code is supported."),
        }
        if self.response_mode.as_deref().is_some_and(|mode| mode != "query") && !self.is_answered_by_post() {
            let why = "Only response_mode=query is supported, and form_post for addresses of the web.";
            return refuse(OauthCode::InvalidRequest, why);
        }
        let scopes = Scopes::parse(self.scope.as_deref().unwrap_or_default());
        if !scopes.has(Scope::OpenId) {
            return refuse(OauthCode::InvalidScope, "scope must contain openid.");
        }
        if [&self.nonce, &self.state].into_iter().flatten().any(|value| value.len() > MAX_VALUE) {
            return refuse(OauthCode::InvalidRequest, "nonce and state have at most 1024 bytes.");
        }
        let code_challenge = self.challenge(needs_pkce).map_err(invalid)?;
        let prompt = self.prompts().map_err(invalid)?;
        let max_age = match self.max_age.as_deref().map(str::parse::<u64>) {
            None => None,
            Some(Ok(seconds)) => Some(seconds),
            Some(Err(_)) => return refuse(OauthCode::InvalidRequest, "max_age must be a number of seconds."),
        };
        Ok(Parsed { scopes, nonce: self.nonce.clone(), code_challenge, prompt, max_age })
    }

    fn challenge(&self, needed: bool) -> Result<Option<String>, &'static str> {
        match (&self.code_challenge, self.code_challenge_method.as_deref()) {
            (None, None) if needed => Err("code_challenge is missing; this application needs PKCE (RFC 7636)."),
            (None, None) => Ok(None),
            (None, Some(_)) => Err("code_challenge is missing."),
            (Some(challenge), Some("S256")) if is_challenge(challenge) => Ok(Some(challenge.clone())),
            (Some(_), Some("S256")) => Err("code_challenge must be the base64url form of a SHA-256 hash."),
            (Some(_), _) => Err("Only code_challenge_method=S256 is supported."),
        }
    }

    fn prompts(&self) -> Result<Prompt, &'static str> {
        let mut prompt = Prompt::default();
        for value in self.prompt.as_deref().unwrap_or_default().split(' ').filter(|value| !value.is_empty()) {
            match value {
                "none" => prompt.none = true,
                "login" | "select_account" => prompt.login = true,
                "consent" => prompt.consent = true,
                "create" => prompt.create = true,
                _ => return Err("prompt has an unknown value."),
            }
        }
        if prompt.none && (prompt.login || prompt.consent || prompt.create) {
            return Err("prompt=none can't be combined with others.");
        }
        Ok(prompt)
    }
}

/// Whether a text is the base64url form of 32 bytes.
fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The scopes of a stored text.
pub(super) fn stored(text: &str) -> Scopes {
    Scopes::parse(text)
}

/// Parses the scope of a refresh: no more than was granted (RFC 6749, section 6).
pub(super) fn narrowed(granted: &Scopes, requested: Option<&str>) -> Result<Scopes, ParseError> {
    let Some(requested) = requested else { return Ok(granted.clone()) };
    let requested = Scopes::parse(requested);
    if granted.covers(&requested) && requested.has(Scope::OpenId) {
        Ok(requested)
    } else {
        Err(ParseError("scope must contain openid, and nothing that was not granted.".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> AuthorizationRequest {
        AuthorizationRequest {
            response_type: Some("code".into()),
            scope: Some("openid email more".into()),
            code_challenge: Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".into()),
            code_challenge_method: Some("S256".into()),
            ..AuthorizationRequest::default()
        }
    }

    #[test]
    fn unknown_scopes_are_ignored_and_openid_is_needed() {
        assert_eq!(request().parse(true).unwrap().scopes.to_string(), "openid email");
        let without = AuthorizationRequest { scope: Some("email".into()), ..request() };
        assert_eq!(without.parse(true).unwrap_err().0, OauthCode::InvalidScope);
    }

    #[test]
    fn every_refusal_has_its_code() {
        use OauthCode::{InvalidRequest, RequestNotSupported, RequestUriNotSupported, UnsupportedResponseType};
        let text = |text: &str| Some(text.to_owned());
        let long = Some("x".repeat(1_025));
        for (wrong, code) in [
            (AuthorizationRequest { response_type: None, ..request() }, InvalidRequest),
            (AuthorizationRequest { response_type: text("token"), ..request() }, UnsupportedResponseType),
            (AuthorizationRequest { response_type: text("code id_token"), ..request() }, UnsupportedResponseType),
            (AuthorizationRequest { response_mode: text("fragment"), ..request() }, InvalidRequest),
            (
                AuthorizationRequest {
                    response_mode: text("form_post"),
                    redirect_uri: "com.example.app:/cb".into(),
                    ..request()
                },
                InvalidRequest,
            ),
            (AuthorizationRequest { request: text("e30"), ..request() }, RequestNotSupported),
            (AuthorizationRequest { request_uri: text("https://evil.example"), ..request() }, RequestUriNotSupported),
            (AuthorizationRequest { code_challenge: None, ..request() }, InvalidRequest),
            (AuthorizationRequest { code_challenge_method: None, ..request() }, InvalidRequest),
            (AuthorizationRequest { code_challenge_method: text("plain"), ..request() }, InvalidRequest),
            (AuthorizationRequest { code_challenge: text("short"), ..request() }, InvalidRequest),
            (AuthorizationRequest { prompt: text("none login"), ..request() }, InvalidRequest),
            (AuthorizationRequest { prompt: text("dance"), ..request() }, InvalidRequest),
            (AuthorizationRequest { max_age: text("-1"), ..request() }, InvalidRequest),
            (AuthorizationRequest { nonce: long.clone(), ..request() }, InvalidRequest),
            (AuthorizationRequest { state: long, ..request() }, InvalidRequest),
        ] {
            assert_eq!(wrong.parse(true).unwrap_err().0, code, "{wrong:?}");
        }
        let without = AuthorizationRequest { code_challenge: None, code_challenge_method: None, ..request() };
        assert!(without.parse(true).is_err());
        assert_eq!(without.parse(false).unwrap().code_challenge, None);
    }

    #[test]
    fn a_refresh_never_widens_the_scope() {
        let granted = Scopes::parse("openid email offline_access");
        assert_eq!(narrowed(&granted, None).unwrap(), granted);
        assert_eq!(narrowed(&granted, Some("openid")).unwrap().to_string(), "openid");
        for wider in ["openid profile", "email", ""] {
            assert!(narrowed(&granted, Some(wider)).is_err(), "{wider}");
        }
    }
}
