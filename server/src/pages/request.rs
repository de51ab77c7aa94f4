//! What pages take from a request.

use app::request::Visitor;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use domain::accounts::AccountStatus;
use domain::{Code, Failure};
use serde::de::DeserializeOwned;
use service::sessions::{Browser, BrowserToken, Signed};
use service::{Actor, Via};
use url::form_urlencoded;

use crate::errors;
use crate::layers::answer::Audience;
use crate::next::VERIFY_EMAIL;
use crate::state::AppState;

/// A request for a page: the visitor, and the form of responses.
pub struct Visit {
    /// The form of error responses.
    pub audience: Audience,
    /// The session and its account, if the visitor is signed in.
    pub signed: Option<Signed>,
    /// Whether the browser sent a session that has ended.
    pub session_ended: bool,
    /// The address and the browser of the visitor.
    pub client: service::Client,
    /// What the browser is known by, if it has signed in before.
    known_by: Option<BrowserToken>,
    uri: Uri,
}

impl Visit {
    /// The first parameter called `name` in the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        parameter(&self.uri, name)
    }

    /// Who downloads something.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`].
    pub fn downloader(&self) -> Result<Actor, Failure> {
        let nobody = || Failure::new(Code::Unauthenticated, "Sign in to download this.");
        self.signed.as_ref().map(|signed| signed.actor.clone()).ok_or_else(nobody)
    }

    /// Where an account is sent that can't be used until its address is verified; `None` for every other visitor.
    pub fn to_verification(&self) -> Option<Response> {
        let waits = self.signed.as_ref().is_some_and(|signed| signed.account.status == AccountStatus::Unverified);
        waits.then(|| Redirect::to(VERIFY_EMAIL).into_response())
    }

    /// What the browser has from before, when somebody signs in with it.
    pub fn browser(&self) -> Browser {
        let session = self.signed.as_ref().and_then(|signed| match signed.actor.via {
            Via::Session(session) => Some(session),
            Via::ApiKey(_) | Via::Operator => None,
        });
        Browser { session, token: self.known_by.clone() }
    }

    /// A page.
    pub fn page(&self, outcome: impl Into<Outcome>, html: impl FnOnce(&app::public::Look) -> String) -> Response {
        let Outcome { status, retry_after } = outcome.into();
        let mut response = (status, Html(html(&self.audience.look()))).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// The status of a page, and the value of `Retry-After` if it has one.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    status: StatusCode,
    retry_after: Option<u32>,
}

impl From<StatusCode> for Outcome {
    fn from(status: StatusCode) -> Self {
        Self { status, retry_after: None }
    }
}

/// The outcome for a failure, or for none.
pub fn status_of(failure: Option<&Failure>) -> Outcome {
    failure.map_or(StatusCode::OK.into(), |failure| Outcome {
        status: errors::status(failure.code),
        retry_after: failure.retry_after,
    })
}

/// The status that belongs to a code.
pub fn status_of_code(code: Code) -> StatusCode {
    errors::status(code)
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let audience = Audience::from_request_parts(parts, state).await?;
        let (signed, session_ended, client) = match parts.extensions.get::<Visitor>() {
            Some(visitor) => (visitor.signed.clone(), visitor.session_ended, visitor.client.clone()),
            None => (None, false, service::Client::default()),
        };
        let cookies = CookieJar::from_headers(&parts.headers);
        let known_by = cookies.get(state.public_url().known_cookie_name());
        let known_by = known_by.and_then(|cookie| BrowserToken::parse(cookie.value()));
        Ok(Self { audience, signed, session_ended, client, known_by, uri: parts.uri.clone() })
    }
}

/// A parameter of the query. Invalid UTF-8 is replaced, so that a broken link is a wrong link and not an error.
pub fn parameter(uri: &Uri, name: &str) -> Option<String> {
    form_urlencoded::parse(uri.query()?.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The fields of a form.
pub struct Posted<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Posted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let audience = Audience::of(state, &request);
        match Form::<T>::from_request(request, state).await {
            Ok(Form(posted)) => Ok(Self(posted)),
            Err(rejection) => Err(audience.refuse(match rejection {
                FormRejection::InvalidFormContentType(_) => {
                    Failure::new(Code::UnsupportedMediaType, "This page reads forms and nothing else.")
                }
                _ => Failure::new(Code::Malformed, "The form could not be read. Open the page again and fill it in."),
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_may_be_nameless_escaped_or_broken() {
        let of = |uri: &str, name: &str| parameter(&uri.parse().unwrap(), name);
        assert_eq!(of("/inv?=7QmX", "").as_deref(), Some("7QmX"));
        assert_eq!(of("/inv?key=a%26b+c&key=d", "key").as_deref(), Some("a&b c"));
        assert_eq!(of("/inv?key=%ff", "key").as_deref(), Some("\u{fffd}"));
        assert_eq!(of("/inv?other=1", "key"), None);
        assert_eq!(of("/inv", "key"), None);
    }
}
