//! Going on after a form. Browsers hold the redirects that follow a form to the addresses that the page allows for forms
//! (`form-action`), wherever they end; an application may be anywhere, and may redirect further. So the answer to such a form
//! is a page, which leads on by the header `Refresh`, and by a link.

use app::public::applications::leaving;
use axum::http::header::REFRESH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::request::Visit;
use crate::next::leads_away;

/// To a path of this site, after a form. That of an application leads on to another site.
pub fn after_form(visit: &Visit, path: &str) -> Response {
    if leads_away(path) { to(visit, path) } else { Redirect::to(path).into_response() }
}

/// To an address anywhere, after a form.
pub fn to(visit: &Visit, url: &str) -> Response {
    let mut response = visit.page(StatusCode::OK, |look| leaving(look, url.to_owned()));
    // Both are addresses that were parsed, without spaces and line breaks.
    if let Ok(refresh) = HeaderValue::from_str(&format!("0; url={url}")) {
        response.headers_mut().insert(REFRESH, refresh);
    }
    response
}
