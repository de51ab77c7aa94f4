//! Error responses: a page for people, a problem document for programs, a server function's error for the dashboard.

use std::convert::Infallible;

use app::pages::OWN_PICTURE;
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

/// The reader of a response, which decides its form.
#[derive(Clone)]
pub struct Audience {
    state: AppState,
    reader: Reader,
    request_id: RequestId,
    theme: Theme,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// A person, in a browser.
    Person,
    /// A client of the REST API.
    Program,
    /// A directory, by SCIM.
    Directory,
    /// A script of this site: the dashboard's, or the help's on the sign-up page.
    Script,
}

impl Reader {
    fn of(path: &str) -> Self {
        let below =
            |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if below("/api") {
            Self::Program
        } else if below("/scim") {
            Self::Directory
        } else if below("/_fn")
            || path == OWN_PICTURE
            || path == "/signup/check"
            || (below("/admin") && path.ends_with("/picture"))
        {
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
            theme: Theme::from_cookies(cookies),
            state: state.clone(),
        }
    }

    /// The look of pages for this reader.
    pub fn look(&self) -> Look {
        Look { assets: Assets { prefix: self.state.assets().prefix(), ..Assets::default() }, theme: self.theme }
    }

    /// The response for `failure`.
    pub fn refuse(&self, failure: Failure) -> Response {
        let status = errors::status(failure.code);
        let retry_after = failure.retry_after;
        let mut response = match self.reader {
            Reader::Program => return Problem::from(failure).into_document(&self.request_id),
            Reader::Directory => return crate::directory::failed(&failure),
            Reader::Script => (status, Json(app::server_fn_error::ServerFnError(failure))).into_response(),
            Reader::Person => (status, Html(app::public::trouble(&self.look(), &failure))).into_response(),
        };
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// The response for `error`. What the caller is not told is logged, once.
    pub fn fail(&self, error: service::Error) -> Response {
        self.refuse(self.reveal(error))
    }

    /// The failure that the caller is told. What it is not told is logged, once.
    pub fn reveal(&self, error: service::Error) -> Failure {
        app::errors::failure(error, self.request_id.as_str())
    }

    /// The response for an internal error that was already logged.
    pub fn internal_error(&self) -> Response {
        self.refuse(Failure::internal(self.request_id.as_str()))
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
    fn the_path_decides_the_reader() {
        for (path, reader) in [
            ("/api/v1/invites/x", Reader::Program),
            ("/api", Reader::Program),
            ("/scim/v2/Users", Reader::Directory),
            ("/apiary", Reader::Person),
            ("/_fn/invites/create", Reader::Script),
            ("/me/picture", Reader::Script),
            ("/admin/members/x/picture", Reader::Script),
            ("/admin/applications/x/picture", Reader::Script),
            ("/pictures/x/1", Reader::Person),
            ("/signup/check", Reader::Script),
            ("/signup", Reader::Person),
            ("/", Reader::Person),
        ] {
            assert_eq!(Reader::of(path), reader, "{path}");
        }
    }
}
