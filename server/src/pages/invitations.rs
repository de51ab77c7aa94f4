//! `/invitations/stop/{token}`: no more invitations to the address that a mail went to. Neither page needs a session: the token
//! says all that counts. Mail programs post here for their people (RFC 8058, `List-Unsubscribe-Post`) without an origin, as
//! programs do that are no browsers, and so pass the check of the origin.

use app::public::invitations::{STOP, no_stop, stop, stopped};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::request::Visit;
use crate::state::AppState;

/// The pages.
pub fn routes() -> Router<AppState> {
    Router::new().route(&format!("{STOP}/{{token}}"), get(show).post(send))
}

/// The page with the button: a link in a mail is also opened by programs that check it.
async fn show(State(state): State<AppState>, Path(token): Path<String>, visit: Visit) -> Response {
    if !service::invitations::is_stop_link(state.ctx(), &token) {
        return visit.page(StatusCode::NOT_FOUND, no_stop);
    }
    match service::settings::public(state.ctx()).await {
        Ok(settings) => visit.page(StatusCode::OK, |look| stop(look, settings.site_name.to_string(), &token)),
        Err(error) => visit.audience.fail(error),
    }
}

/// Stops them, whatever the body is. The answer is a page and no redirect, which mail programs would not follow (RFC 8058,
/// section 3.1).
async fn send(State(state): State<AppState>, Path(token): Path<String>, visit: Visit) -> Response {
    let site_name = match service::settings::public(state.ctx()).await {
        Ok(settings) => settings.site_name.to_string(),
        Err(error) => return visit.audience.fail(error),
    };
    match service::invitations::stop(state.ctx(), &token).await {
        Ok(true) => visit.page(StatusCode::OK, |look| stopped(look, site_name)),
        Ok(false) => visit.page(StatusCode::NOT_FOUND, no_stop),
        Err(error) => visit.audience.fail(error),
    }
}
