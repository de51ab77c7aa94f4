//! The audit log as CSV.

use app::audit::query::{parse, state};
use axum::extract::State;
use axum::response::Response;
use domain::paging::Paging;
use domain::{Code, Failure};

use super::request::Visit;
use crate::csv;
use crate::state::AppState;

/// `/admin/audit.csv`, with the query of the audit log.
pub async fn download(State(app): State<AppState>, visit: Visit) -> Response {
    let actor = match visit.downloader() {
        Ok(actor) => actor,
        Err(failure) => return visit.audience.refuse(failure),
    };
    let query = parse(|name| visit.parameter(name), Paging::default());
    // What a list would leave out here would give more than was asked for.
    for (name, parsed) in state(&query.filter) {
        let asked = visit.parameter(name).filter(|value| !value.is_empty());
        let is_left_out = parsed.is_none() || (name == "action" && asked != parsed);
        if asked.is_some() && is_left_out {
            let why = "This filter is not valid. Download the list from the page of the audit log.";
            return visit.audience.refuse(Failure::field(Code::Invalid, name, why));
        }
    }
    match csv::audit::download(app.ctx().clone(), actor, query).await {
        Ok(response) => response,
        Err(error) => visit.audience.fail(error),
    }
}
