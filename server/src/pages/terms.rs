//! Who accepted terms, as CSV.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::Failure;
use domain::flows::Acceptance;
use domain::ids::TermsId;
use domain::paging::{Cursor, Limit, Page, Paging};
use service::{Actor, Ctx, Error};

use super::request::Visit;
use crate::csv::{self, Record};
use crate::state::AppState;

const HEAD: [&str; 5] = ["account_id", "username", "name", "version", "accepted_at"];

/// `/admin/terms/{id}/acceptances.csv`
pub async fn download(State(state): State<AppState>, Path(id): Path<String>, visit: Visit) -> Response {
    let actor = match visit.downloader() {
        Ok(actor) => actor,
        Err(failure) => return visit.audience.refuse(failure),
    };
    let Ok(id) = id.parse::<TermsId>() else { return visit.audience.refuse(Failure::not_found("terms")) };
    let ctx = state.ctx().clone();
    match page(&ctx, &actor, id, None).await {
        Ok(first) => csv::respond(("acceptances", ctx.now()), &HEAD, first, move |cursor| {
            let (ctx, actor) = (ctx.clone(), actor.clone());
            async move { page(&ctx, &actor, id, Some(cursor)).await }
        }),
        Err(error) => visit.audience.fail(error),
    }
}

async fn page(ctx: &Ctx, actor: &Actor, id: TermsId, cursor: Option<Cursor>) -> Result<Page<Record>, Error> {
    let paging = Paging { cursor, limit: Limit::MAX };
    Ok(service::terms::acceptances(ctx, actor, id, paging).await?.map(record))
}

fn record(Acceptance { account, version, accepted_at }: Acceptance) -> Record {
    vec![
        account.id.to_string(),
        account.username.map(String::from).unwrap_or_default(),
        account.name.map(String::from).unwrap_or_default(),
        version.to_string(),
        accepted_at.to_rfc3339(),
    ]
}
