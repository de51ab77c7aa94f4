//! `/continue`: where a member goes after sign-up. The address comes from the invite that the account signed up with, and is
//! held against the settings each time; the request says nothing about it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::web::Destination;

use super::request::Visit;
use crate::next;
use crate::state::AppState;

const PATH: &str = "/continue";

/// The path to which the browser of an account that has just signed up is sent.
pub fn path(after: Option<Destination>) -> String {
    match after {
        None => "/me".to_owned(),
        Some(after) if after.external().is_some() => PATH.to_owned(),
        Some(after) => after.into(),
    }
}

pub async fn show(State(state): State<AppState>, visit: Visit) -> Response {
    let Some(signed) = &visit.signed else { return Redirect::to(&next::sign_in_and_return_to(PATH)).into_response() };
    let after = match service::signup::after(state.ctx(), signed.account.id).await {
        Ok(after) => after,
        Err(error) => return visit.audience.fail(error),
    };
    let Some(url) = after.as_ref().and_then(Destination::external) else {
        return Redirect::to(after.as_ref().map_or("/me", Destination::as_str)).into_response();
    };
    match service::settings::public(state.ctx()).await {
        Ok(settings) => {
            let site_name = settings.site_name.to_string();
            visit.page(StatusCode::OK, |look| app::public::onward(look, site_name, url))
        }
        Err(error) => visit.audience.fail(error),
    }
}
