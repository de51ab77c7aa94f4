//! `latchkey audit`.

use domain::audit::{AuditEntry, AuditFilter, AuditQuery};
use service::{Actor, Ctx, audit_log};

use super::account::find_account;
use super::args::{AuditCommand, AuditFilters};
use super::open::{describe_error, with_ctx};
use super::{Outcome, lists, print};
use crate::api;
use crate::config::Config;
use crate::csv;

pub(super) async fn run(config: &Config, command: AuditCommand) -> Outcome {
    with_ctx(config, async |ctx| {
        let actor = service::operations::operator::act_as(ctx, None).await.map_err(describe_error)?;
        match command {
            AuditCommand::List { filters, json } => list(ctx, &actor, filters, json).await,
            AuditCommand::Export(filters) => {
                let query = query(ctx, filters).await?;
                print::csv(&csv::audit::HEAD, async |cursor| csv::audit::page(ctx, &actor, &query, cursor).await).await
            }
        }
    })
    .await
}

async fn list(ctx: &Ctx, actor: &Actor, filters: AuditFilters, json: bool) -> Outcome {
    let query = query(ctx, filters).await?;
    let page = async |paging| audit_log::list(ctx, actor, &AuditQuery { paging, ..query.clone() }).await;
    lists::each(
        page,
        |entry| {
            if json { print::json_line(&api::AuditEntry::from(entry)) } else { print::result(line(entry)) }
        },
    )
    .await
}

fn line(entry: AuditEntry) -> String {
    let kind = entry.originator.kind.as_str();
    let who =
        entry.originator.account.map(|account| account.username.map_or_else(|| account.id.to_string(), Into::into));
    // An operator on the command line acts in the name of the first owner.
    let who = who.filter(|_| kind != "operator").unwrap_or_else(|| kind.to_owned());
    let subject = entry.subject.label.or_else(|| entry.subject.id.map(|id| id.to_string())).unwrap_or_default();
    let (action, of, client_ip) = (entry.action, entry.subject.kind, entry.client_ip.unwrap_or_default());
    format!("{}\t{who}\t{action}\t{of}\t{subject}\t{client_ip}", entry.created_at)
}

/// The list with these filters.
async fn query(ctx: &Ctx, filters: AuditFilters) -> Result<AuditQuery, String> {
    let AuditFilters { actor, actions, kind, subject, from, until } = filters;
    let actor = match actor {
        Some(actor) => Some(find_account(ctx, &actor).await?),
        None => None,
    };
    let filter = AuditFilter { actor, actions, kind, subject, from, until };
    Ok(AuditQuery { filter, ..AuditQuery::default() })
}
