//! The redemptions as CSV.

use axum::extract::State;
use axum::response::Response;
use domain::Failure;
use domain::paging::{Cursor, Limit, Page, Paging};
use domain::redemptions::{Redemption, RedemptionQuery};
use service::{Actor, Ctx, Error};

use super::request::Visit;
use crate::csv::{self, Record};
use crate::state::AppState;

const HEAD: [&str; 8] = ["redeemed_at", "invite", "code", "username", "name", "kind", "account_id", "invite_id"];

/// `/admin/redemptions.csv?invite=ID&q=TEXT`
pub async fn download(State(state): State<AppState>, visit: Visit) -> Response {
    let actor = match visit.downloader() {
        Ok(actor) => actor,
        Err(failure) => return visit.audience.refuse(failure),
    };
    let invite = match visit.parameter("invite") {
        None => None,
        Some(id) => match id.parse() {
            Ok(id) => Some(id),
            Err(_) => return visit.audience.refuse(Failure::not_found("invite")),
        },
    };
    let query = RedemptionQuery { q: visit.parameter("q"), invite, ..RedemptionQuery::default() };
    let ctx = state.ctx().clone();
    match page(&ctx, &actor, &query, None).await {
        Ok(first) => csv::respond(("redemptions", ctx.now()), &HEAD, first, move |cursor| {
            let (ctx, actor, query) = (ctx.clone(), actor.clone(), query.clone());
            async move { page(&ctx, &actor, &query, Some(cursor)).await }
        }),
        Err(error) => visit.audience.fail(error),
    }
}

async fn page(
    ctx: &Ctx,
    actor: &Actor,
    query: &RedemptionQuery,
    cursor: Option<Cursor>,
) -> Result<Page<Record>, Error> {
    let query = RedemptionQuery { paging: Paging { cursor, limit: Limit::MAX }, ..query.clone() };
    Ok(service::redemptions::list(ctx, actor, &query).await?.map(record))
}

fn record(row: Redemption) -> Record {
    vec![
        row.created_at.to_rfc3339(),
        row.invite.title().to_owned(),
        row.invite.code.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default(),
        row.account.username.map(String::from).unwrap_or_default(),
        row.account.name.map(String::from).unwrap_or_default(),
        row.kind.as_str().to_owned(),
        row.account.id.to_string(),
        row.invite.id.to_string(),
    ]
}
