//! `/admin/flows/preview`: the sign-up page of a flow as it is edited, for those who see settings. It goes through the steps as
//! `/signup` does, and stores nothing.

use std::ops::ControlFlow;

use app::flows::Typed;
use app::pages::FLOWS;
use app::public::signup::{Previewed, not_previewed, previewed};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use domain::accounts::Role;
use domain::flows::Decision;
use domain::signup::Invitation;
use domain::{Code, Failure};
use service::flows::Draft;

use super::sent::Sent;
use super::{Posted, Shown, SignUpPage, Visit};
use crate::state::AppState;

/// The code of the invite that a preview is of. It is too short for one.
const CODE: &str = "PREVIEW";

/// The address without a flow, as after a reload in another window.
pub async fn show() -> Redirect {
    Redirect::to(FLOWS.path)
}

pub async fn send(State(state): State<AppState>, visit: Visit, Posted(mut sent): Posted<Sent>) -> Response {
    let Some(signed) = visit.signed.clone() else {
        return visit.audience.refuse(Failure::new(Code::Unauthenticated, "Sign in to see this."));
    };
    let document = sent.document.take().unwrap_or_default();
    let Ok(typed) = serde_json::from_str::<Typed>(&document) else {
        let why = "The flow could not be read. Open the preview again from its page.";
        return visit.audience.refuse(Failure::new(Code::Malformed, why));
    };
    let Draft { flow, terms, groups } = match service::flows::preview(state.ctx(), &signed.actor, typed.into()).await {
        Ok(draft) => draft,
        Err(error) => {
            let failure = visit.audience.reveal(error);
            if failure.fields.is_empty() {
                return visit.audience.refuse(failure);
            }
            return visit.page(StatusCode::UNPROCESSABLE_ENTITY, |look| not_previewed(look, &failure));
        }
    };
    let page = match SignUpPage::load(state, visit, None).await {
        Ok(page) => page,
        Err(answer) => return answer,
    };
    let ctx = page.state.ctx();
    let mut entered = sent.entered();
    CODE.clone_into(&mut entered.code);
    let form = service::signup::preview_form(ctx, sent.state.as_deref(), CODE, (flow, terms));
    let shown = Shown {
        entered,
        attempt: String::new(),
        invitation: Some(invitation(signed.account.display_name())),
        form,
        failure: None,
        is_new: sent.state.is_some(),
        preview: Some(document),
    };
    if sent.state.is_none() {
        return page.form(shown);
    }
    let shown = match page.to_step(shown, sent.go) {
        ControlFlow::Continue(last) => last,
        ControlFlow::Break(step) => return step,
    };
    let flow = &shown.form.flow;
    let answers = match flow.answer_all(&shown.form.state.typed, ctx.now()) {
        Ok(answers) => answers,
        Err(failure) => return page.at_wrong_step(shown, failure),
    };
    match flow.decide(&answers, &[], ctx.now()) {
        Decision::Refused(words) => page.at_wrong_step(shown, Failure::new(Code::SignUpRefused, words.as_str())),
        Decision::Admitted(admitted) => {
            let joined = groups.into_iter().filter(|group| admitted.groups.contains(&group.id));
            let groups = joined.map(|group| group.name).collect();
            let Shown { entered, form, preview, .. } = shown;
            let (entered, step) = match page.step(entered, form, false, preview) {
                Ok(step) => step,
                Err(error) => return page.visit.audience.fail(error),
            };
            let page_of = Previewed { admitted, groups, entered, step };
            page.visit.page(StatusCode::OK, |look| previewed(look, page_of))
        }
    }
}

/// An invite that gives nothing, by the one who looks at the preview.
fn invitation(invited_by: &str) -> Invitation {
    Invitation {
        invited_by: invited_by.to_owned(),
        role: Role::User,
        groups: Vec::new(),
        expires_at: None,
        uses_left: None,
        email: None,
        email_domains: Vec::new(),
        needs_approval: false,
        attributes: Vec::new(),
        person: None,
        welcome_text: None,
        ends: None,
        existing_members: false,
        application: None,
        flow: None,
    }
}
