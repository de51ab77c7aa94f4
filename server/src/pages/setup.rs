//! `/setup`.

use app::public::setup::{NoForm, Setup, no_setup, setup};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::setup::SetupDraft;
use domain::{Code, Failure};
use service::setup::State as SetupState;

use super::cookie::sign_in;
use super::request::{Posted, Visit, status_of};
use crate::state::AppState;

pub async fn show(State(state): State<AppState>, visit: Visit) -> Response {
    let token = visit.parameter("token").filter(|token| !token.is_empty());
    match (service::setup::state(state.ctx()).await, token) {
        (Err(error), _) => visit.audience.fail(error),
        (Ok(SetupState::Done), None) => Redirect::to("/login").into_response(),
        (Ok(SetupState::Done), Some(_)) => refuse(&visit, &Failure::new(Code::SetupDone, "")),
        (Ok(SetupState::Open), None) => visit.page(StatusCode::OK, |look| no_setup(look, NoForm::NoLink)),
        (Ok(SetupState::Open), Some(token)) => match service::setup::check(state.ctx(), &token, &visit.client).await {
            Ok(()) => form(&state, &visit, SetupDraft { token, ..SetupDraft::default() }, None),
            Err(error) => refuse(&visit, &visit.audience.reveal(error)),
        },
    }
}

pub async fn send(State(state): State<AppState>, visit: Visit, Posted(draft): Posted<SetupDraft>) -> Response {
    // The token is checked first, so that the form reveals nothing without it.
    if let Err(error) = service::setup::check(state.ctx(), &draft.token, &visit.client).await {
        return refuse(&visit, &visit.audience.reveal(error));
    }
    let command = match draft.parse() {
        Ok(command) => command,
        Err(failure) => {
            let failure = service::setup::refuse(state.ctx(), &draft, failure, &visit.client).await;
            return form(&state, &visit, draft, Some(failure));
        }
    };
    match service::setup::complete(state.ctx(), &draft.token, command, &visit.client, &visit.browser()).await {
        Ok((_, session)) => {
            forget_link(&state);
            sign_in(Redirect::to("/admin").into_response(), state.public_url(), &session)
        }
        Err(error) => {
            let failure = visit.audience.reveal(error);
            match failure.code {
                Code::SetupLinkInvalid | Code::SetupDone => refuse(&visit, &failure),
                _ => form(&state, &visit, draft, Some(failure)),
            }
        }
    }
}

fn form(state: &AppState, visit: &Visit, draft: SetupDraft, failure: Option<Failure>) -> Response {
    let page = Setup {
        token: draft.token,
        site_name: draft.site_name,
        email: draft.email,
        username: draft.username,
        name: draft.name,
        address: state.public_url().authority().to_owned(),
        failure,
    };
    let status = status_of(page.failure.as_ref());
    visit.page(status, |look| setup(look, page))
}

fn refuse(visit: &Visit, failure: &Failure) -> Response {
    let why = match failure.code {
        Code::SetupDone => NoForm::Done,
        Code::SetupLinkInvalid => NoForm::WrongLink,
        _ => return visit.audience.refuse(failure.clone()),
    };
    visit.page(status_of(Some(failure)), |look| no_setup(look, why))
}

/// Removes the file with the used setup link.
fn forget_link(state: &AppState) {
    if let Some(path) = state.setup_link_file()
        && let Err(error) = std::fs::remove_file(path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "cannot remove the used setup link {}", path.display());
    }
}
