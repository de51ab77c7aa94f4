//! Pictures of accounts and applications: shown to people who are signed in, and sent and removed by the dashboard's script.

use app::pages::OWN_PICTURE;
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use domain::ids::{AccountId, ApplicationId};
use domain::{Code, Failure};
use service::pictures::{self, Of};

use super::request::Visit;
use crate::body;
use crate::state::AppState;

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/pictures/{id}/{version}", get(show))
        .route(OWN_PICTURE, put(set_own).delete(remove_own))
        .route(body::PICTURE_OF_MEMBER, put(set).delete(remove))
        .route(body::PICTURE_OF_APPLICATION, put(set_of_application).delete(remove_of_application))
}

/// An id and a version in the path.
type Version = Result<Path<(String, String)>, PathRejection>;

/// `/pictures/ID/VERSION`, of an account or an application. The version changes with the picture, so that browsers never ask twice.
async fn show(State(state): State<AppState>, visit: Visit, path: Version) -> Response {
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

async fn set(State(state): State<AppState>, id: Id, visit: Visit, request: Request) -> Response {
    send(&state, visit, member(id), request).await
}

async fn remove(State(state): State<AppState>, id: Id, visit: Visit) -> Response {
    take(&state, visit, member(id)).await
}

async fn set_of_application(State(state): State<AppState>, id: Id, visit: Visit, request: Request) -> Response {
    send(&state, visit, application(id), request).await
}

async fn remove_of_application(State(state): State<AppState>, id: Id, visit: Visit) -> Response {
    take(&state, visit, application(id)).await
}

/// The id of a member or an application in the path.
type Id = Result<Path<String>, PathRejection>;

/// The member whose id is in the path. A malformed id is answered like an unknown one.
fn member(id: Id) -> Result<Of, Failure> {
    let id = id.ok().and_then(|Path(id)| id.parse::<AccountId>().ok());
    id.map(Of::Member).ok_or_else(|| Failure::not_found("account"))
}

/// The application whose id is in the path. A malformed id is answered like an unknown one.
fn application(id: Id) -> Result<Of, Failure> {
    let id = id.ok().and_then(|Path(id)| id.parse::<ApplicationId>().ok());
    id.map(Of::Application).ok_or_else(|| Failure::not_found("application"))
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
