//! Sessions: the cookie is looked up once per request, for pages and server functions.

use app::request::Visitor;
use axum::extract::Request;
use axum_extra::extract::CookieJar;

use crate::state::AppState;

/// Adds the [`Visitor`] to the request.
///
/// # Errors
/// When the session cannot be looked up.
pub async fn resolve(state: &AppState, request: &mut Request) -> Result<(), service::Error> {
    let client = request.extensions().get::<Visitor>().map(|visitor| visitor.client.clone()).unwrap_or_default();
    let cookies = CookieJar::from_headers(request.headers());
    let cookie = cookies.get(state.public_url().cookie_name()).filter(|cookie| !cookie.value().is_empty());
    let signed = match cookie {
        Some(cookie) => service::sessions::resolve(state.ctx(), cookie.value(), &client).await?,
        None => None,
    };
    let session_ended = cookie.is_some() && signed.is_none();
    request.extensions_mut().insert(Visitor { signed, session_ended, client });
    Ok(())
}
