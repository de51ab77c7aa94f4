//! Sessions: the cookie is looked up once per request, for pages and server functions.

use app::request::Visitor;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;

use super::answer::Audience;
use crate::state::AppState;

/// Adds the [`Visitor`] to the request.
pub async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Visitor>().map(|visitor| visitor.client.clone()).unwrap_or_default();
    let cookies = CookieJar::from_headers(request.headers());
    let cookie = cookies.get(state.public_url().cookie_name()).filter(|cookie| !cookie.value().is_empty());
    let signed = match cookie {
        Some(cookie) => match service::sessions::resolve(state.ctx(), cookie.value(), &client).await {
            Ok(signed) => signed,
            Err(error) => return Audience::of(&state, &request).fail(error),
        },
        None => None,
    };
    let session_ended = cookie.is_some() && signed.is_none();
    request.extensions_mut().insert(Visitor { signed, session_ended, client });
    next.run(request).await
}
