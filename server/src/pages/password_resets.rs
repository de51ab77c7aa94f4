//! `/forgot` and `/reset/{token}`. No page with a token leads to another site, and the `Referrer-Policy` of every response keeps paths
//! from other sites.

use app::public::password_resets::{Forgot, Reset, forgot, forgot_sent, forgot_without_mail, no_reset, reset};
use app::public::setup::{NoForm, no_setup};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::password_resets::{ResetDraft, ResetRequestDraft};
use domain::{Code, Failure};
use service::setup::State as SetupState;

use super::login::CHANGED;
use super::request::{Posted, Visit, status_of};
use crate::state::AppState;

/// The path of the page that asks for a link.
const FORGOT: &str = "/forgot";
/// The path of the same page for somebody who has just asked.
const SENT: &str = "/forgot?sent=1";

/// The page for those who forgot their password.
pub async fn show_forgot(State(state): State<AppState>, visit: Visit) -> Response {
    match service::setup::state(state.ctx()).await {
        Ok(SetupState::Open) => return visit.page(StatusCode::OK, |look| no_setup(look, NoForm::NoLink)),
        Ok(SetupState::Done) => {}
        Err(error) => return visit.audience.fail(error),
    }
    match service::password_resets::are_mailed(state.ctx()).await {
        Ok(true) if visit.parameter("sent").is_some() => visit.page(StatusCode::OK, forgot_sent),
        Ok(true) => visit.page(StatusCode::OK, |look| forgot(look, Forgot::default())),
        Ok(false) => visit.page(StatusCode::OK, forgot_without_mail),
        Err(error) => visit.audience.fail(error),
    }
}

/// Has a link sent. The answer is the same whether there is such an account or not.
pub async fn send_forgot(
    State(state): State<AppState>,
    visit: Visit,
    Posted(draft): Posted<ResetRequestDraft>,
) -> Response {
    match service::password_resets::are_mailed(state.ctx()).await {
        Ok(true) => {}
        Ok(false) => return Redirect::to(FORGOT).into_response(),
        Err(error) => return visit.audience.fail(error),
    }
    let failure = match draft.parse() {
        Ok(request) => match service::password_resets::request(state.ctx(), request, &visit.client).await {
            Ok(()) => return Redirect::to(SENT).into_response(),
            Err(error) => visit.audience.reveal(error),
        },
        Err(failure) => failure,
    };
    let page = Forgot { login: draft.login, failure: Some(failure) };
    visit.page(status_of(page.failure.as_ref()), |look| forgot(look, page))
}

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

/// The form, for anyone who has a link that can be used.
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
