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
        Some(after) if after.external().is_some() => PATH.to_owned(),
        after => within(after),
    }
}

/// The path on this site, or `/me`. An invite that leads to `/continue` would lead there for ever.
fn within(after: Option<Destination>) -> String {
    let elsewhere = |after: &String| after.split(['?', '#']).next() != Some(PATH);
    after.map(String::from).filter(elsewhere).unwrap_or_else(|| "/me".to_owned())
}

pub async fn show(State(state): State<AppState>, visit: Visit) -> Response {
    let Some(signed) = &visit.signed else { return Redirect::to(&next::sign_in_and_return_to(PATH)).into_response() };
    let after = match service::signup::after(state.ctx(), signed.account.id).await {
        Ok(after) => after,
        Err(error) => return visit.audience.fail(error),
    };
    let Some(url) = after.as_ref().and_then(Destination::external) else {
        return Redirect::to(&within(after)).into_response();
    };
    match service::settings::public(state.ctx()).await {
        Ok(settings) => {
            let (site_name, status) = (settings.site_name.to_string(), signed.account.status);
            visit.page(StatusCode::OK, |look| app::public::onward(look, site_name, status, url))
        }
        Err(error) => visit.audience.fail(error),
    }
}
