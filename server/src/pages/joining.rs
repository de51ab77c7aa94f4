//! An invite for somebody who is signed in: `/signup` with its code shows it, `/join` and `/join/ask` act. And the answers to
//! requests, which the dashboard posts.

use app::public::signup::{Asking, Join, UnavailableInvite, join as page_of, unavailable, unknown_code};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::AccountStatus;
use domain::ids::JoinRequestId;
use domain::joining::{Answer, JoinLookup};
use domain::web::Destination;
use domain::{Code, Failure};
use serde::Deserialize;
use service::sessions::Signed;

use super::next::{local_path, sign_in_and_return_to};
use super::request::{Posted, Visit, status_of, status_of_code};
use super::{inv, leaving};
use crate::state::AppState;

/// The field of the forms.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    code: String,
}

/// Joins the groups of an invite.
pub async fn join(State(state): State<AppState>, visit: Visit, Posted(Sent { code }): Posted<Sent>) -> Response {
    let code = inv::key_in(&code);
    let Some(signed) = visit.signed.clone() else { return sign_in_first(&code) };
    match service::joining::join(state.ctx(), &signed.actor, &code).await {
        Ok(joined) => {
            let next = joined.application.map(|id| Destination::of_application(id).into());
            leaving::after_form(&visit, &next.unwrap_or_else(|| inv::sign_up(&code)))
        }
        Err(error) => after_failure(&state, &visit, &signed, code, error).await,
    }
}

/// Asks the author of an invite.
pub async fn ask(State(state): State<AppState>, visit: Visit, Posted(Sent { code }): Posted<Sent>) -> Response {
    let code = inv::key_in(&code);
    let Some(signed) = visit.signed.clone() else { return sign_in_first(&code) };
    match service::joining::ask(state.ctx(), &signed.actor, &code).await {
        Ok(()) => Redirect::to(&inv::sign_up(&code)).into_response(),
        Err(error) => after_failure(&state, &visit, &signed, code, error).await,
    }
}

fn sign_in_first(code: &str) -> Response {
    Redirect::to(&sign_in_and_return_to(&inv::sign_up(code))).into_response()
}

async fn after_failure(
    state: &AppState,
    visit: &Visit,
    signed: &Signed,
    code: String,
    error: service::Error,
) -> Response {
    let failure = visit.audience.reveal(error);
    match failure.code {
        // What the page would say is what the failure says.
        Code::RegistrationClosed | Code::RateLimited | Code::Unauthenticated => visit.audience.refuse(failure),
        _ => show(state, visit, signed, code, Some(failure)).await,
    }
}

/// The page of an invite for somebody who is signed in, after a failure if there was one.
pub async fn show(
    state: &AppState,
    visit: &Visit,
    signed: &Signed,
    code: String,
    failure: Option<Failure>,
) -> Response {
    let site_name = match service::settings::public(state.ctx()).await {
        Ok(settings) => settings.site_name.to_string(),
        Err(error) => return visit.audience.fail(error),
    };
    let now = state.ctx().now();
    match service::joining::offer(state.ctx(), &signed.actor, &code).await {
        Ok(JoinLookup::Offer(offer)) => {
            let status = status_of(failure.as_ref());
            let page = Join {
                site_name,
                name: signed.account.display_name().to_owned(),
                is_pending: signed.account.status == AccountStatus::Pending,
                code,
                offer: *offer,
                failure,
            };
            visit.page(status, |look| page_of(look, page))
        }
        Ok(JoinLookup::Unavailable { status, invited_by, starts_at, email, may_ask }) => {
            let (signed_in, asking) = (true, may_ask.then(Asking::default));
            let page =
                UnavailableInvite { site_name, invited_by, status, starts_at, email, now, code, signed_in, asking };
            visit.page(StatusCode::GONE, |look| unavailable(look, page))
        }
        Ok(JoinLookup::Unknown) => {
            visit.page(status_of_code(Code::InviteInvalid), |look| unknown_code(look, code, None, true))
        }
        Err(error) => visit.audience.fail(error),
    }
}

/// The field of the forms of the dashboard.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Answered {
    next: String,
}

impl Answered {
    /// The path to go to afterwards, on this site.
    pub fn next(&self) -> &str {
        local_path(&self.next).unwrap_or("/")
    }
}

/// `/join-requests/{id}/grant`
pub async fn grant(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(sent): Posted<Answered>,
) -> Response {
    decide(&state, &visit, &id, Answer::Grant, sent.next()).await
}

/// `/join-requests/{id}/dismiss`
pub async fn dismiss(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(sent): Posted<Answered>,
) -> Response {
    decide(&state, &visit, &id, Answer::Dismiss, sent.next()).await
}

async fn decide(state: &AppState, visit: &Visit, id: &str, answer: Answer, next: &str) -> Response {
    let Some(signed) = &visit.signed else { return Redirect::to(&sign_in_and_return_to(next)).into_response() };
    let Ok(id) = id.parse::<JoinRequestId>() else { return visit.audience.refuse(Failure::not_found("request")) };
    match service::joining::decide(state.ctx(), &signed.actor, id, answer).await {
        Ok(_) => Redirect::to(next).into_response(),
        Err(error) => visit.audience.fail(error),
    }
}
