//! `/reset/{token}`. No page with a token leads to another site, and the `Referrer-Policy` of every response keeps paths
//! from other sites.

use app::public::password_resets::{Reset, no_reset, reset};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::password_resets::ResetDraft;
use domain::{Code, Failure};

use super::login::CHANGED;
use super::request::{Posted, Visit, status_of};
use crate::state::AppState;

pub async fn show(State(state): State<AppState>, Path(token): Path<String>, visit: Visit) -> Response {
    form(&state, &visit, &token, None).await
}

pub async fn send(
    State(state): State<AppState>,
    Path(token): Path<String>,
    visit: Visit,
    Posted(draft): Posted<ResetDraft>,
) -> Response {
    let failure = match draft.parse() {
        Ok(password) => match service::password_resets::complete(state.ctx(), &token, password, &visit.client).await {
            Ok(()) => return Redirect::to(CHANGED).into_response(),
            Err(error) => visit.audience.reveal(error),
        },
        Err(failure) => failure,
    };
    if failure.code == Code::ResetLinkInvalid {
        return refuse(&visit, &failure);
    }
    form(&state, &visit, &token, Some(failure)).await
}

/// The form, for whoever has a link that can be used.
async fn form(state: &AppState, visit: &Visit, token: &str, failure: Option<Failure>) -> Response {
    match service::password_resets::look(state.ctx(), token, &visit.client).await {
        Ok(username) => {
            let page = Reset { token: token.to_owned(), username, failure };
            visit.page(status_of(page.failure.as_ref()), |look| reset(look, page))
        }
        Err(error) => refuse(visit, &visit.audience.reveal(error)),
    }
}

fn refuse(visit: &Visit, failure: &Failure) -> Response {
    match failure.code {
        Code::ResetLinkInvalid => visit.page(status_of(Some(failure)), no_reset),
        _ => visit.audience.refuse(failure.clone()),
    }
}
