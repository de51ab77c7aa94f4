//! `/login`, `/login/terms` and `/logout`.

use app::public::login::{Login, login};
use app::public::setup::{NoForm, no_setup};
use app::public::terms::{AskedTerms, asked_terms};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::flows::TypedTerms;
use domain::sessions::SignInDraft;
use domain::text::ApplicationName;
use domain::{Code, Failure};
use serde::Deserialize;
use service::sessions::{AskedAtSignIn, NewSession, SignedIn};
use service::setup::State as SetupState;

use super::cookie::{sign_in, sign_out_and_go_to};
use super::leaving;
use super::next::{Application, application_of, local_path, login_hint};
use super::request::{Posted, Visit, status_of};
use crate::state::AppState;

/// The path of the sign-in page for somebody who has just set a new password.
pub const CHANGED: &str = "/login?changed=1";

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    login: String,
    password: String,
    next: Option<String>,
}

pub async fn show(State(state): State<AppState>, visit: Visit) -> Response {
    let next = visit.parameter("next").as_deref().and_then(local_path).map(str::to_owned);
    let (again, changed) = (visit.parameter("again").is_some(), password_changed(&visit));
    if visit.signed.is_some() && !again && !changed {
        return Redirect::to(next.as_deref().unwrap_or("/")).into_response();
    }
    match service::setup::state(state.ctx()).await {
        Ok(SetupState::Open) => visit.page(StatusCode::OK, |look| no_setup(look, NoForm::NoLink)),
        Ok(SetupState::Done) => {
            let hint = next.as_deref().and_then(login_hint).unwrap_or_default();
            page(&state, &visit, hint, next, None).await
        }
        Err(error) => visit.audience.fail(error),
    }
}

pub async fn send(State(state): State<AppState>, visit: Visit, Posted(sent): Posted<Sent>) -> Response {
    let next = sent.next.as_deref().and_then(local_path).map(str::to_owned);
    let draft = SignInDraft { login: sent.login, password: sent.password };
    match service::sessions::sign_in_or_ask(state.ctx(), &draft, &visit.client, &visit.browser()).await {
        Ok(SignedIn::Session(session)) => go_on(&state, &visit, next.as_deref(), &session),
        Ok(SignedIn::Asked(asked)) => ask(&state, &visit, next, asked, TypedTerms::new(), None).await,
        Err(error) => {
            let failure = visit.audience.reveal(error);
            page(&state, &visit, draft.login, next, Some(failure)).await
        }
    }
}

fn go_on(state: &AppState, visit: &Visit, next: Option<&str>, session: &NewSession) -> Response {
    sign_in(leaving::after_form(visit, next.unwrap_or("/")), state.public_url(), session)
}

/// The page of the terms cannot be opened: it is the answer to a sign-in.
pub async fn show_terms() -> Response {
    Redirect::to("/login").into_response()
}

/// Accepts the terms that a member is asked for, and signs them in.
pub async fn accept_terms(
    State(state): State<AppState>,
    visit: Visit,
    Posted(sent): Posted<Vec<(String, String)>>,
) -> Response {
    let (mut proof, mut next, mut typed) = (String::new(), None, TypedTerms::new());
    for (name, value) in sent {
        match name.as_str() {
            "proof" => proof = value,
            "next" => next = local_path(&value).map(str::to_owned),
            _ => typed.extend(name.strip_prefix("terms.").map(|id| (id.to_owned(), value))),
        }
    }
    let accepted =
        service::sessions::accept_and_sign_in(state.ctx(), &proof, &typed, &visit.client, &visit.browser()).await;
    let failure = match accepted {
        Ok(session) => return go_on(&state, &visit, next.as_deref(), &session),
        Err(error) => visit.audience.reveal(error),
    };
    if failure.code == Code::Invalid {
        match service::sessions::asked(state.ctx(), &proof).await {
            Ok(asked) => return ask(&state, &visit, next, asked, typed, Some(failure)).await,
            Err(error) => return visit.audience.fail(error),
        }
    }
    page(&state, &visit, String::new(), next, Some(failure)).await
}

async fn ask(
    state: &AppState,
    visit: &Visit,
    next: Option<String>,
    asked: AskedAtSignIn,
    typed: TypedTerms,
    failure: Option<Failure>,
) -> Response {
    let site_name = match service::settings::public(state.ctx()).await {
        Ok(settings) => settings.site_name.to_string(),
        Err(error) => return visit.audience.fail(error),
    };
    let AskedAtSignIn { proof, terms } = asked;
    let status = status_of(failure.as_ref());
    visit.page(status, |look| asked_terms(look, AskedTerms { site_name, proof, terms, typed, next, failure }))
}

async fn page(
    state: &AppState,
    visit: &Visit,
    typed: String,
    next: Option<String>,
    failure: Option<Failure>,
) -> Response {
    let settings = match service::settings::public(state.ctx()).await {
        Ok(settings) => settings,
        Err(error) => return visit.audience.fail(error),
    };
    let application = match next.as_deref().and_then(application_of) {
        Some(application) => match name_of(state, application).await {
            Ok(name) => name,
            Err(error) => return visit.audience.fail(error),
        },
        None => None,
    };
    let (status, changed) = (status_of(failure.as_ref()), password_changed(visit));
    let page = Login {
        site_name: settings.site_name.to_string(),
        registration_mode: settings.registration_mode,
        login: typed,
        next,
        application,
        again: visit.signed.is_some() && !changed && failure.is_none(),
        // What was typed takes precedence.
        session_ended: visit.session_ended && !changed && failure.is_none(),
        password_changed: changed && failure.is_none(),
        failure,
    };
    visit.page(status, |look| login(look, page))
}

/// Whether the visitor comes from [`CHANGED`].
fn password_changed(visit: &Visit) -> bool {
    visit.parameter("changed").is_some()
}

/// The name of the application to which the sign-in leads.
async fn name_of(state: &AppState, application: Application) -> Result<Option<ApplicationName>, service::Error> {
    match application {
        Application::Client(id) => service::oidc::application_name(state.ctx(), &id).await,
        Application::Id(id) => service::applications::name_of(state.ctx(), id).await,
        Application::Site(authority) => service::forward_auth::application_name(state.ctx(), &authority).await,
    }
}

/// The fields of the sign-out form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Leaving {
    next: Option<String>,
}

/// Ends this browser's session.
pub async fn leave(
    State(state): State<AppState>,
    visit: Visit,
    leaving: Result<Posted<Leaving>, Response>,
) -> Response {
    if let Some(signed) = &visit.signed
        && let Err(error) = service::sessions::sign_out(state.ctx(), &signed.actor).await
    {
        return visit.audience.fail(error);
    }
    // The request may have no body.
    let next = leaving.ok().and_then(|Posted(leaving)| leaving.next);
    sign_out_and_go_to(next.as_deref().and_then(local_path).unwrap_or("/login"), state.public_url())
}
