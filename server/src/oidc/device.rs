//! The page at which members enter the code of a device (RFC 8628, section 3.3). It works without scripts; a code in its address is
//! filled in, and never counts as a decision.

use app::public::applications::{Blocked, blocked};
use app::public::device::{DeviceAsked, DeviceEntry, ask, decided, enter};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::applications::UserCode;
use domain::{Code, Failure};
use serde::Deserialize;
use service::oidc::{DEVICE, DeviceDecision, DevicePage};
use service::sessions::Signed;
use url::form_urlencoded::Serializer;

use super::browser::{learns, site_name};
use crate::next::sign_in_and_return_to;
use crate::pages::request::{Outcome, Posted, Visit, status_of};
use crate::state::AppState;

/// The parameter, and the field, with the code.
const USER_CODE: &str = "user_code";

/// `/device`, with or without a code.
pub async fn show(State(state): State<AppState>, visit: Visit) -> Response {
    let typed = visit.parameter(USER_CODE).filter(|typed| !typed.trim().is_empty());
    let Some(signed) = &visit.signed else {
        return Redirect::to(&sign_in_and_return_to(&here(typed.as_deref()))).into_response();
    };
    let Some(typed) = typed else { return entry(&state, &visit, String::new(), None).await };
    match service::oidc::look_up_device(state.ctx(), signed, &typed).await {
        Ok(page) => shown(&state, &visit, signed, &typed, page).await,
        Err(error) => refused(&state, &visit, typed, error).await,
    }
}

/// The fields of the decision.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Decision {
    user_code: String,
    decision: String,
}

/// The decision of a member.
pub async fn decide(State(state): State<AppState>, visit: Visit, Posted(sent): Posted<Decision>) -> Response {
    let typed = sent.user_code;
    let Some(signed) = &visit.signed else {
        return Redirect::to(&sign_in_and_return_to(&here(Some(&typed)))).into_response();
    };
    match service::oidc::decide_device(state.ctx(), signed, &typed, sent.decision == "allow").await {
        Ok(DeviceDecision::Allowed { application }) => {
            visit.page(StatusCode::OK, |look| decided(look, Some(application)))
        }
        Ok(DeviceDecision::Refused) => visit.page(StatusCode::OK, |look| decided(look, None)),
        Ok(DeviceDecision::Page(page)) => shown(&state, &visit, signed, &typed, page).await,
        Err(error) => refused(&state, &visit, typed, error).await,
    }
}

/// This page with the code that was typed, in the form in which it is shown: nothing else that was typed goes on.
fn here(typed: Option<&str>) -> String {
    match typed.and_then(UserCode::parse) {
        Some(code) => {
            let query = Serializer::new(String::new()).append_pair(USER_CODE, &code.grouped()).finish();
            format!("{DEVICE}?{query}")
        }
        None => DEVICE.to_owned(),
    }
}

async fn shown(state: &AppState, visit: &Visit, signed: &Signed, typed: &str, page: DevicePage) -> Response {
    let site_name = match site_name(state).await {
        Ok(name) => name,
        Err(error) => return visit.audience.fail(error),
    };
    let again = here(Some(typed));
    match page {
        DevicePage::Ask { application, scopes, attributes } => {
            let page = DeviceAsked {
                site_name,
                application,
                account: signed.account.display_name().to_owned(),
                learns: learns(signed, &scopes, &attributes),
                action: DEVICE,
                user_code: UserCode::parse(typed).map_or_else(String::new, |code| code.grouped()),
            };
            visit.page(StatusCode::OK, |look| ask(look, page))
        }
        DevicePage::Pending => visit.to_verification().unwrap_or_else(|| {
            visit.page(StatusCode::FORBIDDEN, |look| blocked(look, Blocked::Pending, site_name, again))
        }),
        DevicePage::NotAdmitted { application } => {
            visit.page(StatusCode::FORBIDDEN, |look| blocked(look, Blocked::NotAdmitted(application), site_name, again))
        }
    }
}

/// The page again, with what is wrong. Other errors have their own pages.
async fn refused(state: &AppState, visit: &Visit, typed: String, error: service::Error) -> Response {
    match error.code() {
        Code::Invalid | Code::RateLimited => {
            let failure = visit.audience.reveal(error);
            entry(state, visit, typed, Some(failure)).await
        }
        _ => visit.audience.fail(error),
    }
}

async fn entry(state: &AppState, visit: &Visit, typed: String, failure: Option<Failure>) -> Response {
    let outcome: Outcome = status_of(failure.as_ref());
    match site_name(state).await {
        Ok(site_name) => {
            let page = DeviceEntry { site_name, user_code: typed, action: DEVICE, failure };
            visit.page(outcome, |look| enter(look, page))
        }
        Err(error) => visit.audience.fail(error),
    }
}
