//! The accounts as CSV: for the page of members, the REST API and the command line.

use domain::Timestamp;
use domain::accounts::{AccountQuery, AccountRow};
use domain::attributes::Attribute;
use domain::groups::GroupRef;
use domain::paging::{Cursor, Limit, Page, Paging};
use service::{Actor, Ctx, Error};

use super::Record;

/// The names of the columns.
pub const HEAD: [&str; 12] = [
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
    // As JSON: answers to the sign-up form have several lines, and any separator.
    "attributes",
];

/// The page of the list at `cursor`, the first without one, as rows. The page of `query` does not matter.
pub async fn page(
    ctx: &Ctx,
    actor: &Actor,
    query: &AccountQuery,
    cursor: Option<Cursor>,
) -> Result<Page<Record>, Error> {
    let query = AccountQuery { paging: Paging { cursor, limit: Limit::MAX }, ..query.clone() };
    let page = service::members::list(ctx, actor, &query).await?;
    let ids: Vec<_> = page.items.iter().map(|row| row.account.id).collect();
    let mut groups = service::members::groups_of(ctx, actor, ids.iter().copied()).await?;
    let mut attributes = service::members::attributes_of(ctx, actor, ids).await?;
    Ok(page.map(|row| {
        let groups = groups.remove(&row.account.id).unwrap_or_default();
        let attributes = attributes.remove(&row.account.id).unwrap_or_default();
        record(row, &groups, attributes)
    }))
}

fn record(AccountRow { account, invite, .. }: AccountRow, groups: &[GroupRef], attributes: Vec<Attribute>) -> Record {
    let attributes: serde_json::Map<_, _> =
        attributes.into_iter().map(|one| (one.key.to_string(), one.value.as_str().into())).collect();
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
        if attributes.is_empty() { String::new() } else { serde_json::Value::Object(attributes).to_string() },
    ]
}

/// The whole list as a download.
///
/// # Errors
/// Those of [`service::members::list`] for the first page.
pub async fn download(ctx: Ctx, actor: Actor, query: AccountQuery) -> Result<axum::response::Response, Error> {
    let first = page(&ctx, &actor, &query, None).await?;
    Ok(super::respond(("members", ctx.now()), &HEAD, first, move |cursor| {
        let (ctx, actor, query) = (ctx.clone(), actor.clone(), query.clone());
        async move { page(&ctx, &actor, &query, Some(cursor)).await }
    }))
}
