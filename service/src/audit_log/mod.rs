//! Reading the audit log. It is written by [`crate::audit`].

use domain::Timestamp;
use domain::access::{Permission, Permissions};
use domain::audit::{AuditDetail, AuditEntry, AuditQuery, AuditSubject, Originator, OriginatorKind};
use domain::ids::AuditEntryId;
use domain::paging::Page;

use self::names::Names;
use crate::audit::entity::Model;
use crate::platform::paging;
use crate::{Actor, Ctx, Error, audit};

mod names;
mod store;
#[cfg(test)]
mod tests;

/// Lists entries of the audit log, newest first. What an event says of its subject is shown to those who may see things of its
/// kind; who did what, when and from where, to everyone who may see the log.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &AuditQuery) -> Result<Page<AuditEntry>, Error> {
    actor.require(Permission::AuditView)?;
    let db = &ctx.db().read;
    let rows = store::page(db, query).await?;
    let page = paging::page(rows, query.paging, |row| (row.created_at, row.id));
    let permissions = actor.effective();
    let Page { items, next_cursor, previous_cursor } = page.map(|row| {
        let detail = detail(&row, permissions);
        (row, detail)
    });
    let names = Names::read(db, permissions, &items).await?;
    let items = items.into_iter().map(|(row, detail)| entry(row, detail, &names)).collect::<Result<_, Error>>()?;
    Ok(Page { items, next_cursor, previous_cursor })
}

/// What a row says besides its action and its subject, as far as `permissions` show it.
fn detail(row: &Model, permissions: Permissions) -> AuditDetail {
    if names::kind(row).is_some_and(|kind| !kind.is_shown_to(permissions)) {
        return AuditDetail::Hidden;
    }
    // Read back as the event that was recorded, so that nothing is shown that is in no event.
    let fields = audit::event(row).map_err(Error::internal).and_then(|event| audit::detail(&event));
    fields.map_or(AuditDetail::Unreadable, AuditDetail::Fields)
}

fn entry(row: Model, detail: AuditDetail, names: &Names) -> Result<AuditEntry, Error> {
    let broken = |_| Error::internal(format!("the entry {} of the audit log has a broken originator", row.id));
    let kind: OriginatorKind = row.actor_kind.parse().map_err(broken)?;
    Ok(AuditEntry {
        id: AuditEntryId(row.id),
        created_at: Timestamp::from_micros(row.created_at),
        originator: Originator { kind, account: row.actor_id.and_then(|id| names.account(id)) },
        subject: AuditSubject { label: names.subject(&row), kind: row.subject_kind, id: row.subject_id },
        action: row.action,
        client_ip: row.client_ip,
        names: detail.fields().map(|fields| names.within(fields)).unwrap_or_default(),
        detail,
    })
}
