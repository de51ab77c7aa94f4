//! `/signup`.

use std::time::Duration;

use app::public::signup::{
    Asking, Entered, Refused, SignUp, Step, Told, UnavailableInvite, ask_for_code, closed, refused, sign_up, signed_in,
    unavailable, unknown_code,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::accounts::AccountStatus;
use domain::attributes::InviteAttribute;
use domain::invites::InviteStatus;
use domain::settings::RegistrationMode;
use domain::signup::{AddressProof, AttemptKey, Invitation, Lookup, SignUpDraft};
use domain::{Code, Failure, Timestamp};
use leptos::nonce::Nonce;
use service::settings::PublicSettings;
use service::setup::State as SetupState;
use service::signup::OpenForm;
use uuid::Uuid;

use self::sent::Sent;
use self::steps::{Going, keep};
use super::cookie::sign_in;
use super::next::{VERIFY_EMAIL, local_path, login_hint, sign_in_and_return_to};
use super::request::{Posted, Visit, status_of, status_of_code};
use super::{inv, joining, leaving, onward};
use crate::layers::headers;
use crate::state::AppState;

mod preview;
mod sent;
mod steps;

pub use preview::{send as send_preview, show as show_preview};

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
        RegistrationMode::Open => page.open(entered, new_attempt(), None, None).await,
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
    // Without a valid id the request is an attempt of its own.
    let attempt = if Uuid::parse_str(&attempt).is_ok() { attempt } else { new_attempt() };
    let entered = sent.entered();
    let (sealed, opened, go) = (sent.state.take(), sent.opened.take(), sent.go);
    let draft = sent.draft();
    if let Some(sealed) = sealed {
        let opened = opened.unwrap_or_else(|| entered.code.clone());
        return Box::pin(page.go_on(Going { entered, attempt, sealed, opened, go, draft })).await;
    }
    match page.sign_up(&draft, AttemptKey::parse(&attempt).ok()).await {
        Ok(done) => done,
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

    /// Signs up, and leads on.
    async fn sign_up(&self, draft: &SignUpDraft, key: Option<AttemptKey>) -> Result<Response, service::Error> {
        let (ctx, visit) = (self.state.ctx(), &self.visit);
        let (signed_up, session) = match draft.parse() {
            Ok(command) => service::signup::sign_up_and_in(ctx, command, key, &visit.client, &visit.browser()).await?,
            Err(failure) => return Err(service::signup::refuse(ctx, draft, failure, &visit.client).await),
        };
        let Some(session) = session else {
            // An earlier request of this attempt created the account with another password.
            let sign_in = self.next.as_deref().map_or_else(|| "/login".to_owned(), sign_in_and_return_to);
            return Ok(Redirect::to(&sign_in).into_response());
        };
        let path = match signed_up.account.status {
            AccountStatus::Unverified => VERIFY_EMAIL.to_owned(),
            _ => self.next.clone().unwrap_or_else(|| onward::path(signed_up.after)),
        };
        Ok(sign_in(leaving::after_form(visit, &path), self.state.public_url(), &session))
    }

    /// The page after a failed sign-up, with everything that was typed except the password.
    async fn after_failure(&self, entered: Entered, attempt: String, error: service::Error) -> Response {
        let failure = self.visit.audience.reveal(error);
        match failure.code {
            Code::RegistrationClosed => self.closed(),
            Code::IdempotencyKeyReused => self.with_code(entered, new_attempt(), Some(created_already(&failure))).await,
            _ => self.with_code(entered, attempt, Some(failure)).await,
        }
    }

    /// The page for a code.
    async fn with_code(&self, entered: Entered, attempt: String, failure: Option<Failure>) -> Response {
        if entered.code.is_empty() {
            return self.open(entered, attempt, None, failure).await;
        }
        match service::invites::lookup(self.state.ctx(), &entered.code, &self.visit.client).await {
            Ok(Lookup::Open(invitation)) => self.open(entered, attempt, Some(*invitation), failure).await,
            Ok(Lookup::Unavailable { status, invited_by, starts_at, email, may_ask }) => {
                self.unavailable(&entered.code, (status, invited_by), (starts_at, email), may_ask)
            }
            // Nothing else was typed that could be lost.
            Ok(Lookup::Unknown) if failure.is_none() => self.visit.page(status_of_code(Code::InviteInvalid), |look| {
                unknown_code(look, entered.code, self.next.clone(), false)
            }),
            Ok(Lookup::Unknown) => self.open(entered, attempt, None, failure).await,
            Err(error) => {
                let lookup_failed = self.visit.audience.reveal(error);
                match failure {
                    Some(failure) => self.open(entered, attempt, None, Some(failure)).await,
                    None => self.visit.audience.refuse(lookup_failed),
                }
            }
        }
    }

    /// The page of an invite that lets no one in.
    fn unavailable(
        &self,
        code: &str,
        (status, invited_by): (InviteStatus, String),
        (starts_at, email): (Option<Timestamp>, Option<String>),
        may_ask: bool,
    ) -> Response {
        let page = UnavailableInvite {
            site_name: self.site_name(),
            invited_by,
            status,
            starts_at,
            email,
            now: self.state.ctx().now(),
            code: code.to_owned(),
            signed_in: false,
            asking: may_ask.then(Asking::default),
        };
        self.visit.page(StatusCode::GONE, |look| unavailable(look, page))
    }

    /// The form of the flow as it is now: its first step, or the one that has what is wrong.
    async fn open(
        &self,
        entered: Entered,
        attempt: String,
        invitation: Option<Invitation>,
        failure: Option<Failure>,
    ) -> Response {
        let named = invitation.as_ref().and_then(|invitation| invitation.flow);
        let mut form = match service::signup::open_form(self.state.ctx(), &entered.code, named).await {
            Ok(form) => form,
            Err(error) => return self.visit.audience.fail(error),
        };
        keep(&mut form, &entered.attributes);
        let mut shown = Shown { entered, attempt, invitation, form, failure: None, is_new: false, preview: None };
        match failure {
            Some(failure) => {
                shown.form.state.step = shown.form.flow.last_step();
                self.at_wrong_step(shown, failure)
            }
            None => self.form(shown),
        }
    }

    fn form(&self, shown: Shown) -> Response {
        let Shown { entered, attempt, mut invitation, form, failure, is_new, preview } = shown;
        if let Some(invitation) = &mut invitation {
            invitation.needs_approval |= form.flow.approval;
            if invitation.welcome_text.is_none() {
                invitation.welcome_text.clone_from(&form.flow.welcome_text);
            }
        }
        let has_help = form.is_last() && preview.is_none();
        let (entered, step) = match self.step(entered, form, is_new, preview) {
            Ok(step) => step,
            Err(error) => return self.visit.audience.fail(error),
        };
        let nonce = Nonce::new();
        let page = SignUp {
            site_name: self.site_name(),
            address: self.state.public_url().authority().to_owned(),
            now: self.state.ctx().now(),
            invitation,
            open: self.settings.registration_mode == RegistrationMode::Open,
            others: self.settings.default_role,
            entered,
            step,
            next: self.next.clone(),
            attempt,
            failure,
            nonce: nonce.to_string(),
        };
        let status = status_of(page.failure.as_ref());
        let mut response = self.visit.page(status, |look| sign_up(look, page));
        if has_help {
            headers::allow_help(&mut response, &nonce);
        }
        response
    }

    /// What the page shows of a form, which is sealed.
    fn step(
        &self,
        mut entered: Entered,
        form: OpenForm,
        is_new: bool,
        preview: Option<String>,
    ) -> Result<(Entered, Step), service::Error> {
        let sealed = service::signup::seal_form(self.state.ctx(), &form.state)?;
        let OpenForm { mut state, flow, terms } = form;
        state.typed.extend(std::mem::take(&mut entered.attributes));
        entered.attributes = std::mem::take(&mut state.typed);
        Ok((entered, Step { sealed, code: state.code, flow, number: state.step, terms, is_new, preview }))
    }

    /// The page of somebody whom a rule refuses.
    fn refused(&self, shown: Shown, failure: Failure) -> Response {
        let Shown { entered, attempt, form, preview, .. } = shown;
        let (entered, step) = match self.step(entered, form, false, preview) {
            Ok(step) => step,
            Err(error) => return self.visit.audience.fail(error),
        };
        let status = status_of(Some(&failure));
        let next = self.next.clone();
        let page = Refused { site_name: self.site_name(), words: failure.message, entered, step, next, attempt };
        self.visit.page(status, |look| refused(look, page))
    }

    fn closed(&self) -> Response {
        self.visit.page(status_of_code(Code::RegistrationClosed), |look| closed(look, self.site_name()))
    }
}

/// A form, and how it is shown.
struct Shown {
    /// What was typed.
    entered: Entered,
    attempt: String,
    invitation: Option<Invitation>,
    form: OpenForm,
    failure: Option<Failure>,
    /// Whether somebody comes from another page.
    is_new: bool,
    /// In a preview: the flow as typed.
    preview: Option<String>,
}

/// The attributes of an invite, if there is one.
fn attributes_of(invitation: Option<&Invitation>) -> &[InviteAttribute] {
    invitation.map(|invitation| invitation.attributes.as_slice()).unwrap_or_default()
}

/// What is said to somebody whose attempt has an account already, with other details.
fn created_already(failure: &Failure) -> Failure {
    let message = "Your account was created a moment ago with the details you sent first. Sign in with them, or send this \
                   form again to create another account.";
    Failure::new(failure.code, message)
}
