//! The form of several steps, which is the same as the form of one: what it carries from step to step says where it is.

use std::ops::ControlFlow;

use app::public::signup::Entered;
use domain::attributes::InviteAttribute;
use domain::flows::Typed;
use domain::settings::RegistrationMode;
use domain::signup::{AttemptKey, Invitation, Lookup, SignUpDraft};
use domain::{Code, Failure};
use service::signup::OpenForm;

use super::sent::Go;
use super::{Response, Shown, SignUpPage, attributes_of, new_attempt};

/// A form that somebody has sent.
pub(super) struct Going {
    pub(super) entered: Entered,
    pub(super) attempt: String,
    pub(super) sealed: String,
    /// The code that it was opened with.
    pub(super) opened: String,
    pub(super) go: Go,
    pub(super) draft: SignUpDraft,
}

impl SignUpPage {
    /// The next page of a form, or its account.
    pub(super) async fn go_on(&self, going: Going) -> Response {
        if self.settings.registration_mode == RegistrationMode::Closed {
            return self.closed();
        }
        let invitation = match self.invitation(&going.entered.code).await {
            Ok(invitation) => invitation,
            Err(why) => return Box::pin(self.without_invite(going, why)).await,
        };
        let Going { entered, attempt, sealed, opened, go, draft } = going;
        let ctx = self.state.ctx();
        let named = invitation.as_ref().and_then(|invitation| invitation.flow);
        let mut form = match service::signup::read_form(ctx, &sealed, &opened, named).await {
            Ok(form) => form,
            Err(error) => {
                let failure = self.visit.audience.reveal(error);
                return match failure.code {
                    Code::FlowChanged => self.start_again(entered, attempt, invitation, failure).await,
                    _ => self.visit.audience.refuse(failure),
                };
            }
        };
        form.state.code.clone_from(&entered.code);
        let shown = Shown { entered, attempt, invitation, form, failure: None, is_new: true, preview: None };
        match self.to_step(shown, go) {
            ControlFlow::Continue(last) => Box::pin(self.sign_up_at_last(last, draft)).await,
            ControlFlow::Break(step) => step,
        }
    }

    /// Takes what was typed, and shows the step that the form goes to. A form that goes on from the last step is returned.
    pub(super) fn to_step(&self, mut shown: Shown, go: Go) -> ControlFlow<Response, Shown> {
        if go == Go::Again {
            return ControlFlow::Break(self.form(shown));
        }
        match shown.form.state.clone().with(&shown.form.flow, shown.entered.attributes.clone()) {
            Ok(state) => shown.form.state = state,
            Err(failure) => return ControlFlow::Break(self.form(Shown { failure: Some(failure), ..shown })),
        }
        if go == Go::Back {
            shown.form.state = shown.form.state.back();
            return ControlFlow::Break(self.form(shown));
        }
        if shown.form.is_last() {
            return ControlFlow::Continue(shown);
        }
        let attributes: &[InviteAttribute] = attributes_of(shown.invitation.as_ref());
        match shown.form.state.clone().next(&shown.form.flow, attributes, self.state.ctx().now()) {
            Ok(state) => {
                shown.form.state = state;
                ControlFlow::Break(self.form(shown))
            }
            Err(failure) => ControlFlow::Break(self.at_wrong_step(shown, failure)),
        }
    }

    /// Signs up with all that was typed.
    async fn sign_up_at_last(&self, shown: Shown, draft: SignUpDraft) -> Response {
        let draft = whole(&shown.form, draft);
        let error = match self.sign_up(&draft, AttemptKey::parse(&shown.attempt).ok()).await {
            Ok(done) => return done,
            Err(error) => error,
        };
        let failure = self.visit.audience.reveal(error);
        match failure.code {
            Code::RegistrationClosed => self.closed(),
            Code::FlowChanged => self.start_again(shown.entered, shown.attempt, shown.invitation, failure).await,
            Code::IdempotencyKeyReused => {
                let failure = super::created_already(&failure);
                self.form(Shown { attempt: new_attempt(), failure: Some(failure), is_new: false, ..shown })
            }
            // The code does not let anyone in any more.
            _ if failure.field_error("code").is_some() && !shown.entered.code.is_empty() => {
                match self.invitation(&shown.entered.code).await {
                    Err(Err(unavailable)) => unavailable,
                    Err(Ok(_)) => self.at_wrong_step(Shown { invitation: None, ..shown }, failure),
                    Ok(invitation) => self.at_wrong_step(Shown { invitation, ..shown }, failure),
                }
            }
            _ => self.at_wrong_step(shown, failure),
        }
    }

    /// The invite of a code, if one was typed. `Err(Err(_))` is the page that says why it lets no one in.
    async fn invitation(&self, code: &str) -> Result<Option<Invitation>, Result<Failure, Response>> {
        if code.is_empty() {
            return match self.settings.registration_mode {
                RegistrationMode::Open => Ok(None),
                _ => Err(Ok(Failure::invite_invalid())),
            };
        }
        match service::invites::lookup(self.state.ctx(), code, &self.visit.client).await {
            Ok(Lookup::Open(invitation)) => Ok(Some(*invitation)),
            Ok(Lookup::Unavailable { status, invited_by, starts_at, email, may_ask }) => {
                Err(Err(self.unavailable(code, (status, invited_by), (starts_at, email), may_ask)))
            }
            Ok(Lookup::Unknown) => Err(Ok(Failure::invite_invalid())),
            Err(error) => Err(Ok(self.visit.audience.reveal(error))),
        }
    }

    /// The page for a code that cannot be used or looked up. Of a form that was sent twice, the first may have taken the last use,
    /// and the second has the account.
    async fn without_invite(&self, going: Going, why: Result<Failure, Response>) -> Response {
        let Going { entered, attempt, sealed, opened, go, draft } = going;
        let reopened = service::signup::reopen_form(self.state.ctx(), &sealed, &opened).await;
        let (mut form, mut why) = match (reopened, why) {
            (Ok(form), why) => (form, why),
            (Err(_), Ok(failure)) => return self.start_again(entered, attempt, None, failure).await,
            (Err(_), Err(unavailable)) => return unavailable,
        };
        if let Ok(state) = form.state.clone().with(&form.flow, entered.attributes.clone()) {
            form.state = state;
        }
        if form.is_last() && go == Go::On {
            match self.sign_up(&whole(&form, draft), AttemptKey::parse(&attempt).ok()).await {
                Ok(done) => return done,
                Err(error) => why = why.map(|_| self.visit.audience.reveal(error)),
            }
        }
        let shown = Shown { entered, attempt, invitation: None, form, failure: None, is_new: false, preview: None };
        match why {
            Ok(failure) if failure.code == Code::RegistrationClosed => self.closed(),
            Ok(failure) => self.at_wrong_step(shown, failure),
            Err(unavailable) => unavailable,
        }
    }

    /// The form of the flow as it is now, with what was typed of it, and why the one that was sent cannot go on.
    pub(super) async fn start_again(
        &self,
        entered: Entered,
        attempt: String,
        invitation: Option<Invitation>,
        failure: Failure,
    ) -> Response {
        let named = invitation.as_ref().and_then(|invitation| invitation.flow);
        match service::signup::open_form(self.state.ctx(), &entered.code, named).await {
            Ok(mut form) => {
                keep(&mut form, &entered.attributes);
                let failure = Some(failure);
                self.form(Shown { entered, attempt, invitation, form, failure, is_new: false, preview: None })
            }
            Err(error) => self.visit.audience.fail(error),
        }
    }

    /// The form at the step that has what is wrong, or the page of a refusal.
    pub(super) fn at_wrong_step(&self, mut shown: Shown, failure: Failure) -> Response {
        if failure.code == Code::SignUpRefused {
            return self.refused(shown, failure);
        }
        let of_field = shown.form.flow.first_wrong_step(&failure);
        // The code is typed on the first step.
        let of_code = failure.field_error("code").is_some().then_some(0);
        shown.form.state.step = of_code.or(of_field).unwrap_or(shown.form.state.step);
        self.form(Shown { failure: Some(failure), is_new: false, ..shown })
    }
}

/// What is signed up with: all that was typed, and the version of the flow.
fn whole(form: &OpenForm, draft: SignUpDraft) -> SignUpDraft {
    let attributes = form.state.typed.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    SignUpDraft { attributes, begun: Some(form.begun()), ..draft }
}

/// Keeps what was typed of all steps, as far as it fits.
pub(super) fn keep(form: &mut OpenForm, typed: &Typed) {
    let at = form.state.step;
    for step in 0..=form.flow.last_step() {
        form.state.step = step;
        if let Ok(state) = form.state.clone().with(&form.flow, typed.clone()) {
            form.state = state;
        }
    }
    form.state.step = at;
}
