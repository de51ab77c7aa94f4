//! `/verify-email`, `/activate/{token}` and `/confirm-email/{token}`. To open a link changes nothing; the forms do. No page with a
//! token leads to another site.

use app::public::verification::{
    Activate, ConfirmEmail, Done, VerifyEmail, activate, address_taken, confirm_email, email_confirmed, no_activation,
    no_confirmation, verify_email,
};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::AccountStatus;
use domain::verification::{Activation, ActivationDraft, AddressDraft};
use domain::{Code, Failure};
use serde::Deserialize;
use service::sessions::Signed;

use super::cookie::sign_in;
use super::next::{VERIFY_EMAIL, sign_in_and_return_to};
use super::request::{Posted, Visit, status_of};
use super::{leaving, onward};
use crate::state::AppState;

/// The same after it asked for the link again, and after it gave another address.
const RESENT: &str = "/verify-email?sent=1";
const MOVED: &str = "/verify-email?changed=1";
/// The page for somebody who has just confirmed a new address.
const CONFIRMED: &str = "/confirm-email";

pub async fn show_waiting(State(state): State<AppState>, visit: Visit) -> Response {
    let signed = match unverified(&visit) {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere.into_response(),
    };
    let done = [("sent", Done::Resent), ("changed", Done::Moved)];
    let done = done.into_iter().find(|(name, _)| visit.parameter(name).is_some()).map(|(_, done)| done);
    waiting(&state, &visit, signed, done, None, None).await
}

/// Has the link sent again.
pub async fn resend(State(state): State<AppState>, visit: Visit) -> Response {
    let signed = match unverified(&visit) {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere.into_response(),
    };
    match service::verification::resend(state.ctx(), &signed.actor).await {
        Ok(()) => Redirect::to(RESENT).into_response(),
        Err(error) => waiting(&state, &visit, signed, None, None, Some(visit.audience.reveal(error))).await,
    }
}

/// Has the link sent to another address.
pub async fn change_address(
    State(state): State<AppState>,
    visit: Visit,
    Posted(draft): Posted<AddressDraft>,
) -> Response {
    let signed = match unverified(&visit) {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere.into_response(),
    };
    let failure = match draft.parse() {
        Ok(email) => match service::verification::change_address(state.ctx(), &signed.actor, email).await {
            Ok(()) => return Redirect::to(MOVED).into_response(),
            Err(error) => visit.audience.reveal(error),
        },
        Err(failure) => failure,
    };
    waiting(&state, &visit, signed, None, Some(draft.email), Some(failure)).await
}

/// The account that waits; or where everybody else goes.
fn unverified(visit: &Visit) -> Result<&Signed, Redirect> {
    match &visit.signed {
        Some(signed) if signed.account.status == AccountStatus::Unverified => Ok(signed),
        Some(_) => Err(Redirect::to("/")),
        None => Err(Redirect::to(&sign_in_and_return_to(VERIFY_EMAIL))),
    }
}

async fn waiting(
    state: &AppState,
    visit: &Visit,
    signed: &Signed,
    done: Option<Done>,
    email: Option<String>,
    failure: Option<Failure>,
) -> Response {
    let is_mailed = match service::password_resets::are_mailed(state.ctx()).await {
        Ok(is_mailed) => is_mailed,
        Err(error) => return visit.audience.fail(error),
    };
    match service::verification::waiting(state.ctx(), &signed.actor).await {
        Ok(waiting) => {
            let page = VerifyEmail { waiting, is_mailed, done, email, failure };
            visit.page(status_of(page.failure.as_ref()), |look| verify_email(look, page))
        }
        Err(error) => visit.audience.fail(error),
    }
}

/// The fields of the form of an activation link, which has one of them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    password: String,
    new_password: Option<String>,
}

impl Sent {
    fn parse(&self) -> Result<Activation, Failure> {
        let new_password = self.new_password.clone().unwrap_or_default();
        let failure = match (ActivationDraft { password: self.password.clone(), new_password }).parse() {
            Ok(activation) => return Ok(activation),
            Err(failure) => failure,
        };
        // The form has no field for the other password.
        match &self.new_password {
            Some(new) if new.is_empty() => Err(Failure::field(Code::Invalid, "new_password", ENTER_NEW_PASSWORD)),
            _ => Err(failure),
        }
    }
}

const ENTER_NEW_PASSWORD: &str = "Enter a new password.";

pub async fn show(State(state): State<AppState>, Path(token): Path<String>, visit: Visit) -> Response {
    let new_password = visit.parameter("new").is_some();
    form(&state, &visit, token, new_password, None).await
}

/// Activates the account, and signs this browser in.
pub async fn send(
    State(state): State<AppState>,
    Path(token): Path<String>,
    visit: Visit,
    Posted(sent): Posted<Sent>,
) -> Response {
    let (client, browser) = (&visit.client, &visit.browser());
    let failure = match sent.parse() {
        Ok(activation) => {
            match service::verification::activate(state.ctx(), &token, activation, client, browser).await {
                Ok((session, after)) => {
                    let path = onward::path(after);
                    return sign_in(leaving::after_form(&visit, &path), state.public_url(), &session);
                }
                Err(error) => visit.audience.reveal(error),
            }
        }
        Err(failure) => failure,
    };
    form(&state, &visit, token, sent.new_password.is_some(), Some(failure)).await
}

/// The form, for somebody who has a link that can be used.
async fn form(
    state: &AppState,
    visit: &Visit,
    token: String,
    new_password: bool,
    failure: Option<Failure>,
) -> Response {
    if let Some(failure) = failure.as_ref().filter(|failure| is_final(failure)) {
        return refuse(visit, failure, no_activation);
    }
    let site_name = match service::settings::public(state.ctx()).await {
        Ok(settings) => settings.site_name.to_string(),
        Err(error) => return visit.audience.fail(error),
    };
    match service::verification::look(state.ctx(), &token, &visit.client).await {
        Ok(preview) => {
            let page = Activate { token, preview, site_name, new_password, failure };
            visit.page(status_of(page.failure.as_ref()), |look| activate(look, page))
        }
        Err(error) => refuse(visit, &visit.audience.reveal(error), no_activation),
    }
}

/// Whether no form helps.
fn is_final(failure: &Failure) -> bool {
    matches!(failure.code, Code::ActivationLinkInvalid | Code::EmailTaken)
}

fn refuse(visit: &Visit, failure: &Failure, no_link: fn(&app::public::Look) -> String) -> Response {
    match failure.code {
        Code::ActivationLinkInvalid => visit.page(status_of(Some(failure)), no_link),
        Code::EmailTaken => visit.page(status_of(Some(failure)), address_taken),
        _ => visit.audience.refuse(failure.clone()),
    }
}

pub async fn show_change(State(state): State<AppState>, Path(token): Path<String>, visit: Visit) -> Response {
    change_form(&state, &visit, token, None).await
}

/// Changes the address of the account that is signed in to the one that the link was sent to.
pub async fn confirm_change(State(state): State<AppState>, Path(token): Path<String>, visit: Visit) -> Response {
    let Some(signed) = &visit.signed else {
        return Redirect::to(&sign_in_and_return_to(&format!("{CONFIRMED}/{token}"))).into_response();
    };
    match service::verification::confirm_change(state.ctx(), &signed.actor, &token).await {
        Ok(()) => Redirect::to(CONFIRMED).into_response(),
        Err(error) => change_form(&state, &visit, token, Some(visit.audience.reveal(error))).await,
    }
}

async fn change_form(state: &AppState, visit: &Visit, token: String, failure: Option<Failure>) -> Response {
    if let Some(failure) = failure.as_ref().filter(|failure| is_final(failure)) {
        return refuse(visit, failure, no_confirmation);
    }
    match service::verification::look_change(state.ctx(), &token, &visit.client).await {
        Ok(preview) => {
            let page = ConfirmEmail { token, preview, is_signed_in: visit.signed.is_some(), failure };
            visit.page(status_of(page.failure.as_ref()), |look| confirm_email(look, page))
        }
        Err(error) => refuse(visit, &visit.audience.reveal(error), no_confirmation),
    }
}

/// The page after [`confirm_change`].
pub async fn confirmed(visit: Visit) -> Response {
    visit.page(StatusCode::OK, email_confirmed)
}
