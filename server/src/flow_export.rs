//! A flow as a file, from its page.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::ids::FlowId;
use domain::{Code, Failure};

use crate::pages::request::Visit;
use crate::state::AppState;

/// `/admin/flows/{id}/export`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/flows/{id}/export", get(download))
}

async fn download(State(state): State<AppState>, Path(id): Path<String>, visit: Visit) -> Response {
    let Some(signed) = visit.signed.clone() else {
        return visit.audience.refuse(Failure::new(Code::Unauthenticated, "Sign in to download this."));
    };
    let Ok(id) = id.parse::<FlowId>() else { return visit.audience.refuse(Failure::not_found("flow")) };
    match service::flows::export(state.ctx(), &signed.actor, id).await {
        Ok(yaml) => {
            let disposition = format!("attachment; filename=\"latchkey-flow-{id}.yaml\"");
            ([(CONTENT_TYPE, "application/yaml".to_owned()), (CONTENT_DISPOSITION, disposition)], yaml).into_response()
        }
        Err(error) => visit.audience.fail(error),
    }
}
