//! `/`: redirects to the dashboard, the member page, the setup page or the sign-in page.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use service::setup::State as SetupState;

use super::request::Visit;
use crate::state::AppState;

pub async fn show(State(state): State<AppState>, visit: Visit) -> Response {
    if let Some(signed) = &visit.signed {
        return Redirect::to(app::pages::start(signed.actor.permissions).path).into_response();
    }
    match service::setup::state(state.ctx()).await {
        Ok(SetupState::Open) => Redirect::to("/setup").into_response(),
        Ok(SetupState::Done) => Redirect::to("/login").into_response(),
        Err(error) => visit.audience.fail(error),
    }
}
