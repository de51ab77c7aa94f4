//! How a refusal is said: as a page to people, as a problem document to programs, as a fault to our own script.

use std::convert::Infallible;

use app::public::Look;
use app::request::{Assets, RequestId, Theme};
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::header::{CACHE_CONTROL, COOKIE, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Request, Uri};
use axum::response::{Html, IntoResponse, Response};
use domain::Failure;

use crate::api::Problem;
use crate::errors;
use crate::state::AppState;

/// Who reads the answer to a request.
#[derive(Clone, Debug)]
pub struct Audience {
    reader: Reader,
    request_id: RequestId,
    look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// A person before a browser.
    Person,
    /// A program that speaks REST.
    Program,
    /// The dashboard's own script.
    Script,
}

impl Reader {
    fn of(path: &str) -> Self {
        let below =
            |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if below("/api") {
            Self::Program
        } else if below("/_fn") {
            Self::Script
        } else {
            Self::Person
        }
    }
}

impl Audience {
    /// The audience of `request`.
    pub fn of<B>(state: &AppState, request: &Request<B>) -> Self {
        Self::new(state, request.uri(), request.headers(), request.extensions())
    }

    fn new(state: &AppState, uri: &Uri, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let cookies = headers.get(COOKIE).and_then(|cookies| cookies.to_str().ok()).unwrap_or_default();
        Self {
            reader: Reader::of(uri.path()),
            request_id: extensions.get().cloned().unwrap_or_default(),
            look: Look {
                assets: Assets { prefix: state.assets().prefix(), ..Assets::default() },
                theme: Theme::from_cookies(cookies),
            },
        }
    }

    /// How pages are dressed for this reader.
    pub const fn look(&self) -> &Look {
        &self.look
    }

    /// The answer that says `failure`.
    pub fn refuse(&self, failure: Failure) -> Response {
        let status = errors::status(failure.code);
        let retry_after = failure.retry_after;
        let mut response = match self.reader {
            Reader::Program => return Problem::from(failure).into_document(&self.request_id),
            Reader::Script => (status, Json(app::server_fn_error::ServerFnError(failure))).into_response(),
            Reader::Person => (status, Html(app::public::trouble(&self.look, &failure))).into_response(),
        };
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// The answer that says what went wrong. What is not the caller's business is logged here, once.
    pub fn fail(&self, error: service::Error) -> Response {
        self.refuse(self.reveal(error))
    }

    /// What may be shown of `error`. What may not is logged here, once.
    pub fn reveal(&self, error: service::Error) -> Failure {
        app::errors::failure(error, &self.request_id.0)
    }

    /// The answer after something broke on our side and was logged.
    pub fn internal_error(&self) -> Response {
        self.refuse(Failure::internal(&self.request_id.0))
    }
}

impl FromRequestParts<AppState> for Audience {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::new(state, &parts.uri, &parts.headers, &parts.extensions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_says_who_reads() {
        for (path, reader) in [
            ("/api/v1/invites/x", Reader::Program),
            ("/api", Reader::Program),
            ("/apiary", Reader::Person),
            ("/_fn/invites/create", Reader::Script),
            ("/signup", Reader::Person),
            ("/", Reader::Person),
        ] {
            assert_eq!(Reader::of(path), reader, "{path}");
        }
    }
}
