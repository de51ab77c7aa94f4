//! Pictures of accounts: shown to people who are signed in, and sent and removed by the dashboard's script.

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use domain::ids::AccountId;
use domain::{Code, Failure};
use service::pictures::{self, Of};

use super::request::Visit;
use crate::body;
use crate::state::AppState;

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/pictures/{id}/{version}", get(show))
        .route(body::OWN_PICTURE, put(set_own).delete(remove_own))
        .route(body::PICTURE_OF_MEMBER, put(set).delete(remove))
}

/// `/pictures/ID/VERSION`. The version changes with the picture, so that browsers never ask twice.
async fn show(
    State(state): State<AppState>,
    visit: Visit,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Response {
    let named = path.ok().and_then(|Path((id, version))| Some((id.parse().ok()?, version.parse().ok()?)));
    let (Some(signed), Some((id, version))) = (&visit.signed, named) else {
        return visit.audience.refuse(Failure::not_found("picture"));
    };
    match pictures::get(state.ctx(), &signed.actor, id, version).await {
        Ok(picture) => {
            let headers = [
                (CONTENT_TYPE, picture.media_type),
                (CACHE_CONTROL, "private, max-age=31536000, immutable"),
                (CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
            ];
            (headers, picture.bytes).into_response()
        }
        Err(error) => visit.audience.fail(error),
    }
}

async fn set_own(State(state): State<AppState>, visit: Visit, request: Request) -> Response {
    send(&state, visit, Ok(Of::Own), request).await
}

async fn remove_own(State(state): State<AppState>, visit: Visit) -> Response {
    take(&state, visit, Ok(Of::Own)).await
}

async fn set(State(state): State<AppState>, member: Member, visit: Visit, request: Request) -> Response {
    send(&state, visit, of(member), request).await
}

async fn remove(State(state): State<AppState>, member: Member, visit: Visit) -> Response {
    take(&state, visit, of(member)).await
}

/// The id of a member in the path.
type Member = Result<Path<String>, PathRejection>;

/// The member whose id is in the path. A malformed id is answered like an unknown one.
fn of(member: Member) -> Result<Of, Failure> {
    let id = member.ok().and_then(|Path(id)| id.parse::<AccountId>().ok());
    id.map(Of::Member).ok_or_else(|| Failure::not_found("account"))
}

async fn send(state: &AppState, visit: Visit, of: Result<Of, Failure>, request: Request) -> Response {
    let done = async {
        let signed = visit.signed.as_ref().ok_or_else(signed_out)?;
        let of = of?;
        let upload = pictures::admit(state.ctx(), &signed.actor, of)?;
        let file = body::read_picture(request).await?;
        pictures::set(state.ctx(), &signed.actor, of, file, upload).await
    };
    answer(&visit, done.await.map(drop))
}

async fn take(state: &AppState, visit: Visit, of: Result<Of, Failure>) -> Response {
    let done = async {
        let signed = visit.signed.as_ref().ok_or_else(signed_out)?;
        pictures::remove(state.ctx(), &signed.actor, of?).await
    };
    answer(&visit, done.await)
}

fn answer(visit: &Visit, done: Result<(), service::Error>) -> Response {
    match done {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => visit.audience.fail(error),
    }
}

fn signed_out() -> Failure {
    Failure::new(Code::Unauthenticated, "You are signed out. Sign in again.")
}
