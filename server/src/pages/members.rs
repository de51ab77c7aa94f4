//! The members as CSV.

use app::accounts::query::{filters, parse};
use axum::extract::State;
use axum::response::Response;
use domain::paging::Paging;
use domain::{Code, Failure};

use super::request::Visit;
use crate::csv;
use crate::state::AppState;

/// `/admin/members.csv`, with the query of the list of members.
pub async fn download(State(state): State<AppState>, visit: Visit) -> Response {
    let actor = match visit.downloader() {
        Ok(actor) => actor,
        Err(failure) => return visit.audience.refuse(failure),
    };
    let query = parse(|name| visit.parameter(name), Paging::default());
    // What a list would leave out here would give more than was asked for.
    for (name, parsed) in filters(&query) {
        if !["sort", "order"].contains(&name)
            && parsed.is_none()
            && visit.parameter(name).is_some_and(|value| !value.is_empty())
        {
            let why = "This filter is not valid. Download the list from the page of members.";
            return visit.audience.refuse(Failure::field(Code::Invalid, name, why));
        }
    }
    match csv::accounts::download(state.ctx().clone(), actor, query).await {
        Ok(response) => response,
        Err(error) => visit.audience.fail(error),
    }
}
