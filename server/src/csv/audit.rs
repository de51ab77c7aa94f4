//! The audit log as CSV: for its page, the REST API and the command line.

use domain::audit::{AuditEntry, AuditQuery};
use domain::paging::{Cursor, Limit, Page, Paging};
use serde_json::Value;
use service::{Actor, Ctx, Error};

use super::Record;

/// The names of the columns.
pub const HEAD: [&str; 12] = [
    "id",
    "created_at",
    "originator",
    "account_id",
    "username",
    "name",
    "action",
    "subject_kind",
    "subject_id",
    "subject",
    "client_ip",
    "detail",
];

/// The page of the list at `cursor`, the first without one, as rows. The page of `query` does not matter.
pub async fn page(ctx: &Ctx, actor: &Actor, query: &AuditQuery, cursor: Option<Cursor>) -> Result<Page<Record>, Error> {
    let query = AuditQuery { paging: Paging { cursor, limit: Limit::MAX }, ..query.clone() };
    Ok(service::audit_log::list(ctx, actor, &query).await?.map(record))
}

fn record(entry: AuditEntry) -> Record {
    let account = entry.originator.account;
    let id = account.as_ref().map(|account| account.id.to_string());
    let (username, name) = account.map(|account| (account.username, account.name)).unwrap_or_default();
    let detail = entry.detail.fields().filter(|fields| !fields.is_empty());
    vec![
        entry.id.to_string(),
        entry.created_at.to_rfc3339(),
        entry.originator.kind.as_str().to_owned(),
        id.unwrap_or_default(),
        username.map(String::from).unwrap_or_default(),
        name.map(String::from).unwrap_or_default(),
        entry.action,
        entry.subject.kind,
        entry.subject.id.map(|id| id.to_string()).unwrap_or_default(),
        entry.subject.label.unwrap_or_default(),
        entry.client_ip.unwrap_or_default(),
        detail.map(|fields| Value::Object(fields.clone()).to_string()).unwrap_or_default(),
    ]
}

/// The whole list as a download.
///
/// # Errors
/// Those of [`service::audit_log::list`] for the first page.
pub async fn download(ctx: Ctx, actor: Actor, query: AuditQuery) -> Result<axum::response::Response, Error> {
    let first = page(&ctx, &actor, &query, None).await?;
    Ok(super::respond(("audit-log", ctx.now()), &HEAD, first, move |cursor| {
        let (ctx, actor, query) = (ctx.clone(), actor.clone(), query.clone());
        async move { page(&ctx, &actor, &query, Some(cursor)).await }
    }))
}
