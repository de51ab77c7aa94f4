//! The errors of the protocol.

use crate::Error;

macro_rules! codes {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal;)+) => {
        /// An error code of RFC 6749, RFC 6750, RFC 8628 or OpenID Connect Core 1.0, section 3.1.2.6.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum OauthCode {
            $($(#[$doc])+ $variant,)+
        }

        impl OauthCode {
            /// The code as it is sent.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

codes! {
    /// A parameter is missing, given twice or not valid.
    InvalidRequest = "invalid_request";
    /// The client is unknown, or did not identify itself.
    InvalidClient = "invalid_client";
    /// The code or the refresh token can't be used.
    InvalidGrant = "invalid_grant";
    /// The access token can't be used.
    InvalidToken = "invalid_token";
    /// The client may not do this.
    UnauthorizedClient = "unauthorized_client";
    /// The grant type is not supported.
    UnsupportedGrantType = "unsupported_grant_type";
    /// The response type is not supported.
    UnsupportedResponseType = "unsupported_response_type";
    /// The scope is not valid.
    InvalidScope = "invalid_scope";
    /// The member, or the site, refused.
    AccessDenied = "access_denied";
    /// Nobody is signed in.
    LoginRequired = "login_required";
    /// The member would have to be asked.
    ConsentRequired = "consent_required";
    /// The member would have to do something else.
    InteractionRequired = "interaction_required";
    /// The member has not decided yet (RFC 8628, section 3.5).
    AuthorizationPending = "authorization_pending";
    /// The same, and the device asks too often.
    SlowDown = "slow_down";
    /// The device code has expired.
    ExpiredToken = "expired_token";
    /// Request objects are not supported.
    RequestNotSupported = "request_not_supported";
    /// References to request objects are not supported.
    RequestUriNotSupported = "request_uri_not_supported";
}

/// Why an application is refused.
#[derive(Debug)]
pub enum OauthError {
    /// By the protocol: a code for the program, and a sentence for its developer.
    Protocol {
        /// The code.
        code: OauthCode,
        /// What is wrong.
        description: String,
    },
    /// As every use case: the database is not available, or there is a fault.
    Service(Error),
}

impl OauthError {
    pub(super) fn new(code: OauthCode, description: impl Into<String>) -> Self {
        Self::Protocol { code, description: description.into() }
    }

    /// The one answer for a code or refresh token that can't be used, whatever the reason.
    pub(super) fn invalid_grant() -> Self {
        let description =
            "The code or refresh token is unknown, expired, used or revoked, or was issued to another client.";
        Self::new(OauthCode::InvalidGrant, description)
    }
}

impl<E: Into<Error>> From<E> for OauthError {
    fn from(error: E) -> Self {
        Self::Service(error.into())
    }
}
