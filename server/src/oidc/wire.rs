//! The parameters of the protocol, as they arrive in queries and forms, and the tokens, as they are sent.

use data_encoding::BASE64;
use serde::Serialize;
use service::oidc::{
    ASSERTION_TYPE, AuthorizationRequest, Credentials, DeviceAuthorization, Logout, TokenRequest, Tokens,
};
use url::form_urlencoded;

/// Parameters, each given at most once (RFC 6749, section 3.1). Empty ones are treated as if they were not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

/// A parameter was given twice, or there are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeated;

/// The most parameters: far more than any request has, and few enough to compare each with all.
const MOST: usize = 64;

impl Parameters {
    /// Reads a query, or the body of a form.
    ///
    /// # Errors
    /// When a parameter is repeated, or there are more than [`MOST`].
    pub fn parse(encoded: &[u8]) -> Result<Self, Repeated> {
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(encoded) {
            if parameters.len() == MOST || parameters.iter().any(|(known, _)| *known == name) {
                return Err(Repeated);
            }
            parameters.push((name.into_owned(), value.into_owned()));
        }
        parameters.retain(|(_, value)| !value.is_empty());
        Ok(Self(parameters))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The parameters as a query.
    pub fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// The request of an application that sends a browser here.
    pub fn authorization(&self) -> AuthorizationRequest {
        AuthorizationRequest {
            client_id: self.owned("client_id").unwrap_or_default(),
            redirect_uri: self.owned("redirect_uri").unwrap_or_default(),
            response_type: self.owned("response_type"),
            response_mode: self.owned("response_mode"),
            scope: self.owned("scope"),
            state: self.owned("state"),
            nonce: self.owned("nonce"),
            code_challenge: self.owned("code_challenge"),
            code_challenge_method: self.owned("code_challenge_method"),
            prompt: self.owned("prompt"),
            max_age: self.owned("max_age"),
            login_hint: self.owned("login_hint"),
            id_token_hint: self.owned("id_token_hint"),
            request: self.owned("request"),
            request_uri: self.owned("request_uri"),
        }
    }

    /// The request of an application for tokens.
    pub fn token_request(&self) -> TokenRequest {
        TokenRequest {
            grant_type: self.owned("grant_type").unwrap_or_default(),
            code: self.owned("code"),
            redirect_uri: self.owned("redirect_uri"),
            code_verifier: self.owned("code_verifier"),
            refresh_token: self.owned("refresh_token"),
            scope: self.owned("scope"),
            device_code: self.owned("device_code"),
        }
    }

    /// The request of an application to sign out.
    pub fn logout(&self) -> Logout {
        Logout {
            id_token_hint: self.owned("id_token_hint"),
            client_id: self.owned("client_id"),
            post_logout_redirect_uri: self.owned("post_logout_redirect_uri"),
            state: self.owned("state"),
        }
    }

    /// What an application sends to say which it is: in the header, in the form (RFC 6749, section 2.3.1), or as a signed token
    /// (RFC 7523, section 2.2). `None` if it sends more than one of these, or nothing.
    pub fn credentials(&self, authorization: Option<&str>) -> Option<Credentials> {
        let in_form = self.get("client_id");
        let secret = self.get("client_secret");
        if self.get("client_assertion").is_some() || self.get("client_assertion_type").is_some() {
            let is_known = self.get("client_assertion_type") == Some(ASSERTION_TYPE);
            let alone = is_known && authorization.is_none() && secret.is_none();
            let credentials = Credentials::by_assertion(self.owned("client_assertion")?)?;
            let agrees = alone && in_form.is_none_or(|named| named == credentials.id);
            return agrees.then_some(credentials);
        }
        let Some(authorization) = authorization else {
            return Some(Credentials { id: in_form?.to_owned(), secret: secret.map(str::to_owned), assertion: None });
        };
        let (id, sent) = basic(authorization)?;
        let agrees = secret.is_none() && in_form.is_none_or(|named| named == id);
        agrees.then_some(Credentials { id, secret: Some(sent), assertion: None })
    }
}

/// Id and secret of HTTP Basic authentication, each in the encoding of forms (RFC 6749, section 2.3.1).
fn basic(authorization: &str) -> Option<(String, String)> {
    let (scheme, encoded) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    // As the only value of a form without names. What is encoded has neither `&` nor `=`.
    form_urlencoded::parse(text.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}

/// The answer of the token endpoint (RFC 6749, section 5.1).
#[derive(Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    id_token: String,
    scope: String,
}

impl From<Tokens> for TokenResponse {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            token_type: "Bearer",
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token,
            id_token: tokens.id_token,
            scope: tokens.scopes.to_string(),
        }
    }
}

/// The answer of the device authorization endpoint (RFC 8628, section 3.2).
#[derive(Serialize)]
pub struct DeviceResponse {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: u64,
    interval: i64,
}

impl From<DeviceAuthorization> for DeviceResponse {
    fn from(begun: DeviceAuthorization) -> Self {
        let DeviceAuthorization {
            device_code,
            user_code,
            verification_uri,
            verification_uri_complete,
            expires_in,
            interval,
        } = begun;
        Self { device_code, user_code, verification_uri, verification_uri_complete, expires_in, interval }
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;

    #[test]
    fn a_parameter_is_given_once_and_an_empty_one_is_not_there() {
        assert_eq!(Parameters::parse(b"a=1&b=2&a=1"), Err(Repeated));
        let many = |count: usize| (0..count).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&");
        assert!(Parameters::parse(many(MOST).as_bytes()).is_ok());
        assert_eq!(Parameters::parse(many(MOST + 1).as_bytes()), Err(Repeated));
        let parameters = Parameters::parse(b"a=1&b=&c=x%20y+z").unwrap();
        assert_eq!((parameters.get("a"), parameters.get("b"), parameters.get("c")), (Some("1"), None, Some("x y z")));
    }

    fn encoded_pair(name: &str, value: &str) -> String {
        form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
    }

    #[test]
    fn credentials_are_in_one_place() {
        let credentials =
            |form: &str, header: Option<&str>| Parameters::parse(form.as_bytes()).unwrap().credentials(header);
        let both =
            |id: &str, secret: &str| Some(Credentials { id: id.into(), secret: Some(secret.into()), assertion: None });
        // RFC 6749, section 2.3.1.
        let header = Some("Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW");
        assert_eq!(credentials("", header), both("s6BhdRkqt3", "gX1fBat3bV"));
        assert_eq!(credentials("client_id=s6BhdRkqt3", header), both("s6BhdRkqt3", "gX1fBat3bV"));
        assert_eq!(credentials("client_id=other", header), None);
        assert_eq!(credentials("client_secret=x", header), None);
        assert_eq!(credentials("client_id=a&client_secret=b", None), both("a", "b"));
        assert_eq!(credentials("client_id=a", None), Some(Credentials { id: "a".into(), ..Credentials::default() }));
        assert_eq!(credentials("", None), None);
        for broken in ["Bearer x", "Basic", "Basic !", "Basic YQ=="] {
            assert_eq!(credentials("client_id=a", Some(broken)), None, "{broken}");
        }
        // A token of the client `a`, with nothing else.
        let assertion =
            format!("{}.{}.", BASE64URL_NOPAD.encode(br#"{"alg":"ES256"}"#), BASE64URL_NOPAD.encode(br#"{"sub":"a"}"#));
        let kind = encoded_pair("client_assertion_type", ASSERTION_TYPE);
        let with = |more: &str| format!("client_assertion={assertion}&{kind}{more}");
        let by_token = Credentials { id: "a".into(), secret: None, assertion: Some(assertion.clone()) };
        assert_eq!(credentials(&with(""), None), Some(by_token.clone()));
        assert_eq!(credentials(&with("&client_id=a"), None), Some(by_token));
        for more in ["&client_id=b", "&client_secret=x"] {
            assert_eq!(credentials(&with(more), None), None, "{more}");
        }
        assert_eq!(credentials(&with(""), header), None);
        assert_eq!(credentials(&format!("client_id=a&client_assertion={assertion}"), None), None);
        assert_eq!(credentials(&format!("client_id=a&{kind}"), None), None);
        assert_eq!(credentials(&format!("client_id=a&client_assertion=x.y.z&{kind}"), None), None);
        // `a b:c&d`, each part encoded as in a form.
        let encoded = format!("basic {}", BASE64.encode(b"a+b:c%26d"));
        assert_eq!(credentials("", Some(&encoded)), both("a b", "c&d"));
    }
}
