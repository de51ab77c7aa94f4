//! `/signup`.

use std::collections::BTreeMap;
use std::time::Duration;

use app::public::signup::{
    Asking, Entered, SignUp, Told, UnavailableInvite, ask_for_code, closed, sign_up, signed_in, unavailable,
    unknown_code,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::AccountStatus;
use domain::settings::RegistrationMode;
use domain::signup::{AddressProof, AttemptKey, Invitation, Lookup, SignUpDraft};
use domain::{Code, Failure};
use leptos::nonce::Nonce;
use serde::Deserialize;
use service::settings::PublicSettings;
use service::setup::State as SetupState;
use uuid::Uuid;

use super::cookie::sign_in;
use super::next::{VERIFY_EMAIL, local_path, login_hint, sign_in_and_return_to};
use super::request::{Posted, Visit, status_of, status_of_code};
use super::{inv, joining, leaving, onward};
use crate::layers::headers;
use crate::state::AppState;

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    attempt: String,
    code: String,
    email: String,
    username: String,
    name: String,
    password: String,
    next: Option<String>,
    /// The proof of the address, from the link in the mail of an invitation.
    proof: String,
    /// The attributes, as `attributes.KEY`, and whatever else was sent.
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

impl Sent {
    /// What was typed.
    fn draft(self) -> SignUpDraft {
        let attribute = |(name, value): (String, String)| Some((name.strip_prefix("attributes.")?.to_owned(), value));
        let attributes = self.others.into_iter().filter_map(attribute).collect();
        let Self { code, email, username, name, password, proof, .. } = self;
        SignUpDraft { code: inv::key_in(&code), email, username, name, password, attributes, proof }
    }
}

/// A check that takes longer is given up: it is of help only while one types.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

/// What every response of this page needs.
struct SignUpPage {
    state: AppState,
    visit: Visit,
    settings: PublicSettings,
    /// The path to go to afterwards.
    next: Option<String>,
}

pub async fn show(State(state): State<AppState>, visit: Visit) -> Response {
    let code = visit.parameter("inv").map(|code| inv::key_in(&code)).unwrap_or_default();
    match service::setup::state(state.ctx()).await {
        Ok(SetupState::Open) => return Redirect::to("/setup").into_response(),
        Ok(SetupState::Done) => {}
        Err(error) => return visit.audience.fail(error),
    }
    let next = visit.parameter("next");
    let page = match SignUpPage::load(state, visit, next).await {
        Ok(page) => page,
        Err(answer) => return answer,
    };
    if let Some(signed) = page.visit.signed.as_ref().filter(|_| !code.is_empty()) {
        return joining::show(&page.state, &page.visit, signed, code, None).await;
    }
    if let Some(signed) = &page.visit.signed {
        let (name, again) = (signed.account.display_name().to_owned(), inv::sign_up(&code));
        return page.visit.page(StatusCode::OK, |look| signed_in(look, page.site_name(), name, again));
    }
    if page.settings.registration_mode == RegistrationMode::Closed {
        return page.closed();
    }
    let hint = page.next.as_deref().and_then(login_hint).filter(|hint| hint.contains('@'));
    let proof = page.visit.parameter("proof").and_then(|proof| AddressProof::parse(&proof));
    let entered = Entered { code, email: hint.unwrap_or_default(), proof, ..Entered::default() };
    if !entered.code.is_empty() {
        return page.with_code(entered, new_attempt(), None).await;
    }
    match page.settings.registration_mode {
        RegistrationMode::Open => page.form(entered, new_attempt(), None, None),
        _ => page.visit.page(StatusCode::OK, |look| ask_for_code(look, page.site_name(), page.next.clone())),
    }
}

/// `/signup/check`: what the help on the page asks while one types.
pub async fn check(State(state): State<AppState>, visit: Visit, Posted(sent): Posted<Sent>) -> Response {
    let draft = sent.draft();
    let checked = service::signup::check(state.ctx(), &draft, &visit.client);
    match tokio::time::timeout(CHECK_TIMEOUT, checked).await {
        Ok(Ok(checked)) => Json(Told::of(checked)).into_response(),
        Ok(Err(error)) => visit.audience.fail(error),
        Err(_) => visit.audience.refuse(Failure::unavailable()),
    }
}

pub async fn send(State(state): State<AppState>, visit: Visit, Posted(mut sent): Posted<Sent>) -> Response {
    let page = match SignUpPage::load(state, visit, sent.next.take()).await {
        Ok(page) => page,
        Err(answer) => return answer,
    };
    let attempt = std::mem::take(&mut sent.attempt);
    let draft = sent.draft();
    let entered = Entered {
        code: draft.code.clone(),
        email: draft.email.clone(),
        username: draft.username.clone(),
        name: draft.name.clone(),
        attributes: draft.attributes.clone(),
        proof: draft.proof(),
    };
    // Without a valid id the request is an attempt of its own.
    let attempt = if Uuid::parse_str(&attempt).is_ok() { attempt } else { new_attempt() };
    let outcome = match draft.parse() {
        Ok(command) => {
            let key = AttemptKey::parse(&attempt).ok();
            let visit = &page.visit;
            service::signup::sign_up_and_in(page.state.ctx(), command, key, &visit.client, &visit.browser()).await
        }
        Err(failure) => Err(service::signup::refuse(page.state.ctx(), &draft, failure, &page.visit.client).await),
    };
    match outcome {
        Ok((signed_up, Some(session))) => {
            let path = match signed_up.account.status {
                AccountStatus::Unverified => VERIFY_EMAIL.to_owned(),
                _ => page.next.clone().unwrap_or_else(|| onward::path(signed_up.after)),
            };
            sign_in(leaving::after_form(&page.visit, &path), page.state.public_url(), &session)
        }
        // An earlier request of this attempt created the account with another password.
        Ok((_, None)) => {
            let sign_in = page.next.as_deref().map_or_else(|| "/login".to_owned(), sign_in_and_return_to);
            Redirect::to(&sign_in).into_response()
        }
        Err(error) => page.after_failure(entered, attempt, error).await,
    }
}

#[expect(clippy::disallowed_methods, reason = "a random id that only has to be unique; the service accepts any")]
fn new_attempt() -> String {
    Uuid::new_v4().to_string()
}

impl SignUpPage {
    async fn load(state: AppState, visit: Visit, next: Option<String>) -> Result<Self, Response> {
        let next = next.as_deref().and_then(local_path).map(str::to_owned);
        match service::settings::public(state.ctx()).await {
            Ok(settings) => Ok(Self { state, visit, settings, next }),
            Err(error) => Err(visit.audience.fail(error)),
        }
    }

    fn site_name(&self) -> String {
        self.settings.site_name.to_string()
    }

    /// The page after a failed sign-up, with everything that was typed except the password.
    async fn after_failure(&self, entered: Entered, attempt: String, error: service::Error) -> Response {
        let failure = self.visit.audience.reveal(error);
        match failure.code {
            Code::RegistrationClosed => self.closed(),
            Code::IdempotencyKeyReused => {
                let message = "Your account was created a moment ago with the details you sent first. Sign in with them, or \
                               send this form again to create another account.";
                let failure = Failure::new(failure.code, message);
                self.with_code(entered, new_attempt(), Some(failure)).await
            }
            _ => self.with_code(entered, attempt, Some(failure)).await,
        }
    }

    /// The page for a code.
    async fn with_code(&self, entered: Entered, attempt: String, failure: Option<Failure>) -> Response {
        if entered.code.is_empty() {
            return self.form(entered, attempt, None, failure);
        }
        match service::invites::lookup(self.state.ctx(), &entered.code, &self.visit.client).await {
            Ok(Lookup::Open(invitation)) => self.form(entered, attempt, Some(*invitation), failure),
            Ok(Lookup::Unavailable { status, invited_by, starts_at, email, may_ask }) => {
                let page = UnavailableInvite {
                    site_name: self.site_name(),
                    invited_by,
                    status,
                    starts_at,
                    email,
                    now: self.state.ctx().now(),
                    code: entered.code,
                    signed_in: false,
                    asking: may_ask.then(Asking::default),
                };
                self.visit.page(StatusCode::GONE, |look| unavailable(look, page))
            }
            // Nothing else was typed that could be lost.
            Ok(Lookup::Unknown) if failure.is_none() => self.visit.page(status_of_code(Code::InviteInvalid), |look| {
                unknown_code(look, entered.code, self.next.clone(), false)
            }),
            Ok(Lookup::Unknown) => self.form(entered, attempt, None, failure),
            Err(error) => {
                let lookup_failed = self.visit.audience.reveal(error);
                match failure {
                    Some(failure) => self.form(entered, attempt, None, Some(failure)),
                    None => self.visit.audience.refuse(lookup_failed),
                }
            }
        }
    }

    fn form(
        &self,
        entered: Entered,
        attempt: String,
        invitation: Option<Invitation>,
        failure: Option<Failure>,
    ) -> Response {
        let nonce = Nonce::new();
        let page = SignUp {
            site_name: self.site_name(),
            address: self.state.public_url().authority().to_owned(),
            now: self.state.ctx().now(),
            invitation,
            open: self.settings.registration_mode == RegistrationMode::Open,
            others: self.settings.default_role,
            entered,
            next: self.next.clone(),
            attempt,
            failure,
            nonce: nonce.to_string(),
        };
        let status = status_of(page.failure.as_ref());
        let mut response = self.visit.page(status, |look| sign_up(look, page));
        headers::allow_help(&mut response, &nonce);
        response
    }

    fn closed(&self) -> Response {
        self.visit.page(status_of_code(Code::RegistrationClosed), |look| closed(look, self.site_name()))
    }
}
