//! Asking the author of an invite that lets no one in for a new link: the form is on the page of the invite. And the answers,
//! which the dashboard posts.

use app::pages;
use app::public::signup::{Asking, UnavailableInvite, requested, unavailable};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::Failure;
use domain::access::Permission;
use domain::ids::{InviteId, InviteRequestId};
use domain::requests::InviteRequestDraft;
use domain::signup::Lookup;
use serde::Deserialize;
use service::Actor;

use super::inv;
use super::joining::Answered;
use super::next::sign_in_and_return_to;
use super::request::{Posted, Visit, status_of};
use crate::state::AppState;

/// Where everyone goes who has asked.
const ASKED: &str = "/signup/asked";

/// The fields of the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    code: String,
    email: String,
    note: String,
}

/// `/signup/ask`. What can be read gets one answer.
pub async fn send(State(state): State<AppState>, visit: Visit, Posted(sent): Posted<Sent>) -> Response {
    let code = inv::key_in(&sent.code);
    let draft = InviteRequestDraft { email: sent.email, note: sent.note };
    match draft.parse() {
        Ok(new) => match service::requests::ask(state.ctx(), &visit.client, &code, new).await {
            Ok(()) => Redirect::to(ASKED).into_response(),
            Err(error) => visit.audience.fail(error),
        },
        Err(failure) => again(&state, &visit, code, draft, failure).await,
    }
}

/// The page of the invite, with what was typed and what is wrong with it; where there is nothing to ask for, the page that the
/// code has.
async fn again(state: &AppState, visit: &Visit, code: String, draft: InviteRequestDraft, failure: Failure) -> Response {
    let ctx = state.ctx();
    let site_name = match service::settings::public(ctx).await {
        Ok(settings) => settings.site_name.to_string(),
        Err(error) => return visit.audience.fail(error),
    };
    match service::invites::lookup(ctx, &code, &visit.client).await {
        Ok(Lookup::Unavailable { status, invited_by, starts_at, email, may_ask: true }) => {
            let outcome = status_of(Some(&failure));
            let asking = Some(Asking { email: draft.email, note: draft.note, failure: Some(failure) });
            let (now, signed_in) = (ctx.now(), visit.signed.is_some());
            let page =
                UnavailableInvite { site_name, invited_by, status, starts_at, email, now, code, signed_in, asking };
            visit.page(outcome, |look| unavailable(look, page))
        }
        Ok(_) => Redirect::to(&inv::sign_up(&code)).into_response(),
        Err(error) => visit.audience.fail(error),
    }
}

/// `/signup/asked`
pub async fn asked(visit: Visit) -> Response {
    visit.page(StatusCode::OK, requested)
}

/// `/invite-requests/{id}/grant`. Leads to the new invite, whose page has the link to copy.
pub async fn grant(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(sent): Posted<Answered>,
) -> Response {
    let (actor, id) = match answering(&visit, &id, &sent) {
        Ok(found) => found,
        Err(response) => return *response,
    };
    match service::requests::grant(state.ctx(), actor, id).await {
        Ok(granted) => Redirect::to(&page_of(actor, granted.invite.id)).into_response(),
        Err(error) => visit.audience.fail(error),
    }
}

/// `/invite-requests/{id}/dismiss`
pub async fn dismiss(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(sent): Posted<Answered>,
) -> Response {
    let (actor, id) = match answering(&visit, &id, &sent) {
        Ok(found) => found,
        Err(response) => return *response,
    };
    match service::requests::dismiss(state.ctx(), actor, id).await {
        Ok(_) => Redirect::to(sent.next()).into_response(),
        Err(error) => visit.audience.fail(error),
    }
}

/// Who answers, and which request.
fn answering<'a>(visit: &'a Visit, id: &str, sent: &Answered) -> Result<(&'a Actor, InviteRequestId), Box<Response>> {
    let sign_in = || Box::new(Redirect::to(&sign_in_and_return_to(sent.next())).into_response());
    let signed = visit.signed.as_ref().ok_or_else(sign_in)?;
    let unknown = |_| Box::new(visit.audience.refuse(Failure::not_found("request")));
    Ok((&signed.actor, id.parse::<InviteRequestId>().map_err(unknown)?))
}

/// The page of an invite that the actor has created.
fn page_of(actor: &Actor, id: InviteId) -> String {
    let sees_all = actor.permissions.contains(Permission::InvitesView);
    let list = if sees_all { pages::INVITES.path } else { pages::OWN_INVITES.path };
    format!("{list}/{id}")
}
