//! A flow as a file, from its page.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::Failure;
use domain::ids::FlowId;

use crate::pages::request::Visit;
use crate::state::AppState;

/// `/admin/flows/{id}/export`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/flows/{id}/export", get(download))
}

async fn download(State(state): State<AppState>, Path(id): Path<String>, visit: Visit) -> Response {
    let actor = match visit.downloader() {
        Ok(actor) => actor,
        Err(failure) => return visit.audience.refuse(failure),
    };
    let Ok(id) = id.parse::<FlowId>() else { return visit.audience.refuse(Failure::not_found("flow")) };
    match service::flows::export(state.ctx(), &actor, id).await {
        Ok(yaml) => {
            let disposition = format!("attachment; filename=\"latchkey-flow-{id}.yaml\"");
            ([(CONTENT_TYPE, "application/yaml".to_owned()), (CONTENT_DISPOSITION, disposition)], yaml).into_response()
        }
        Err(error) => visit.audience.fail(error),
    }
}
