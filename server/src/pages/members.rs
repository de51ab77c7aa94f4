//! The members as CSV.

use app::accounts::query::{filters, parse};
use axum::extract::State;
use axum::response::Response;
use domain::accounts::{AccountQuery, AccountRow};
use domain::groups::GroupRef;
use domain::paging::{Cursor, Limit, Page, Paging};
use domain::{Code, Failure, Timestamp};
use service::{Actor, Ctx, Error};

use super::csv::{self, Record};
use super::request::Visit;
use crate::state::AppState;

const HEAD: [&str; 11] = [
    "id",
    "name",
    "username",
    "email",
    "role",
    "status",
    "groups",
    "invite",
    "created_at",
    "last_active_at",
    "ends_at",
];

/// `/admin/members.csv`, with the query of the list of members.
pub async fn download(State(state): State<AppState>, visit: Visit) -> Response {
    let Some(signed) = visit.signed.clone() else {
        return visit.audience.refuse(Failure::new(Code::Unauthenticated, "Sign in to download this."));
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
    let (ctx, actor) = (state.ctx().clone(), signed.actor);
    match page(&ctx, &actor, &query, None).await {
        Ok(first) => csv::respond(("members", ctx.now()), &HEAD, first, move |cursor| {
            let (ctx, actor, query) = (ctx.clone(), actor.clone(), query.clone());
            async move { page(&ctx, &actor, &query, Some(cursor)).await }
        }),
        Err(error) => visit.audience.fail(error),
    }
}

async fn page(ctx: &Ctx, actor: &Actor, query: &AccountQuery, cursor: Option<Cursor>) -> Result<Page<Record>, Error> {
    let query = AccountQuery { paging: Paging { cursor, limit: Limit::MAX }, ..query.clone() };
    let page = service::members::list(ctx, actor, &query).await?;
    let ids = page.items.iter().map(|row| row.account.id);
    let mut groups = service::members::groups_of(ctx, actor, ids).await?;
    Ok(page.map(|row| {
        let groups = groups.remove(&row.account.id).unwrap_or_default();
        record(row, &groups)
    }))
}

fn record(AccountRow { account, invite, .. }: AccountRow, groups: &[GroupRef]) -> Record {
    let time = |at: Option<Timestamp>| at.map(Timestamp::to_rfc3339).unwrap_or_default();
    vec![
        account.id.to_string(),
        account.name.map(String::from).unwrap_or_default(),
        account.username.into(),
        account.email.into(),
        account.role.as_str().to_owned(),
        account.status.as_str().to_owned(),
        groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join("; "),
        invite.map(|invite| invite.title().to_owned()).unwrap_or_default(),
        account.created_at.to_rfc3339(),
        time(account.last_active_at),
        time(account.ends_at),
    ]
}
