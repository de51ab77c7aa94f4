//! Mailings and invitations, as staff see them.

use std::collections::HashMap;

use domain::access::Permission;
use domain::accounts::Email;
use domain::ids::{AccountId, InvitationId, InviteId, MailingId};
use domain::invitations::{InvitationQuery, Mailing, PersonalMessage, SentInvitation};
use domain::invites::Terms;
use domain::paging::{Order, Page, Paging};
use domain::text::DisplayName;
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};

use crate::accounts::store as accounts;
use crate::invites::store as invites;
use crate::mailings::invitation::{Column, Entity, Model as Row};
use crate::mailings::{entity as mailing_rows, store};
use crate::platform::paging::{self, Seek};
use crate::platform::search::Search;
use crate::{Actor, Ctx, Error, mail};

/// Lists mailings, newest first: the actor's own or, if they manage all invites, those of everyone.
///
/// # Errors
/// [`Code::Forbidden`] for those who neither create invites nor manage those of others.
pub async fn mailings(ctx: &Ctx, actor: &Actor, paging: Paging) -> Result<Page<Mailing>, Error> {
    use mailing_rows::{Column, Entity};
    let rows = if actor.may(Permission::InvitesManageAll) {
        Entity::find()
    } else {
        actor.require(Permission::InvitesCreate)?;
        Entity::find().filter(Column::CreatedBy.eq(actor.id().0))
    };
    let db = &ctx.db().read;
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, text: None, order: Order::Descending, paging };
    let page = paging::page(seek.rows(db, rows, Search::Off).await?, paging, |row| (row.created_at, row.id));
    let items = all(ctx, db, actor, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// One mailing.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`] for that of somebody else.
pub async fn mailing(ctx: &Ctx, actor: &Actor, id: MailingId) -> Result<Mailing, Error> {
    let db = &ctx.db().read;
    let row = visible(actor, store::find_mailing(db, id).await?)?;
    one(ctx, db, actor, row).await
}

/// A mailing that the actor may see and change: their own or, if they manage all invites, that of anyone.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`].
pub(super) fn visible(actor: &Actor, row: Option<mailing_rows::Model>) -> Result<mailing_rows::Model, Failure> {
    let is_own = row.as_ref().is_some_and(|row| row.created_by == actor.id().0);
    if !is_own || !actor.may(Permission::InvitesCreate) {
        actor.require(Permission::InvitesManageAll)?;
    }
    row.ok_or_else(|| Failure::not_found("mailing"))
}

/// Lists invitations: those of a mailing in the order of its recipients, or those of all mailings that the actor sees, newest
/// first.
///
/// # Errors
/// Those of [`mailings`] and [`mailing`]; [`Code::Invalid`] under `status` without a mailing.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &InvitationQuery) -> Result<Page<SentInvitation>, Error> {
    let db = &ctx.db().read;
    let (rows, order) = match query.mailing {
        Some(id) => {
            visible(actor, store::find_mailing(db, id).await?)?;
            let rows = Entity::find().filter(Column::MailingId.eq(id.0)).filter(store::with_status(query.status));
            (rows, Order::Ascending)
        }
        None if query.status.is_some() => {
            // Of those of all mailings, no index finds the ones with a status.
            return Err(Failure::field(Code::Invalid, "status", "Choose a mailing as well.").into());
        }
        None => (of(actor)?, Order::Descending),
    };
    let paging = query.paging;
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, text: None, order, paging };
    let page = paging::page(seek.rows(db, rows, Search::Off).await?, paging, |row| (row.created_at, row.id));
    let items = invitations(db, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// Selects the invitations that the actor may see.
fn of(actor: &Actor) -> Result<Select<Entity>, Failure> {
    if actor.may(Permission::InvitesManageAll) {
        return Ok(Entity::find());
    }
    actor.require(Permission::InvitesCreate)?;
    Ok(Entity::find().filter(Column::AuthorId.eq(actor.id().0)))
}

/// The mailing of a row.
pub(super) async fn one(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    row: mailing_rows::Model,
) -> Result<Mailing, Error> {
    let mut one = all(ctx, db, actor, vec![row]).await?;
    one.pop().ok_or_else(|| Error::internal("a mailing is missing"))
}

/// The mailings of some rows; what they refer to is found with one query each.
async fn all(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<mailing_rows::Model>,
) -> Result<Vec<Mailing>, Error> {
    let authors = accounts::references(db, rows.iter().map(|row| row.created_by)).await?;
    let invites = invites::references_with_authors(db, ctx, rows.iter().filter_map(|row| row.invite_id)).await?;
    let mut counts = store::counts(db, rows.iter().map(|row| row.id)).await?;
    rows.into_iter()
        .map(|row| {
            let author = authors.get(&row.created_by).cloned();
            let terms: Option<Terms> =
                row.terms.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?;
            let invite = row.invite_id.and_then(|id| invites.get(&id).cloned()).map(|(mut invite, author)| {
                actor.hide_code_of_others(&mut invite, author);
                invite
            });
            Ok(Mailing {
                id: MailingId(row.id),
                mode: row.mode.parse().map_err(|_| Error::internal("a mailing has a broken mode"))?,
                created_by: author.ok_or_else(|| Error::internal("a mailing has no author"))?,
                created_at: Timestamp::from_micros(row.created_at),
                finished_at: row.finished_at.map(Timestamp::from_micros),
                stopped_why: row.stopped_why,
                invite,
                label: terms.and_then(|terms| terms.label),
                message: row.message.map(PersonalMessage::stored),
                reminder: row.reminder,
                total: u32::try_from(row.total).unwrap_or(u32::MAX),
                counts: counts.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect()
}

/// The invitations of some rows; what they refer to is found with one query each.
pub(super) async fn invitations(db: &impl ConnectionTrait, rows: Vec<Row>) -> Result<Vec<SentInvitation>, Error> {
    let accounts = accounts::references(db, rows.iter().filter_map(|row| row.account_id)).await?;
    let mut modes = HashMap::new();
    for row in mailing_rows::Entity::find()
        .filter(mailing_rows::Column::Id.is_in(rows.iter().map(|row| row.mailing_id)))
        .all(db)
        .await?
    {
        let mode = row.mode.parse().map_err(|_| Error::internal("a mailing has a broken mode"))?;
        modes.insert(row.id, mode);
    }
    // What was answered to one that is tried again is not kept here before it is sent or given up.
    let waiting = rows.iter().filter(|row| store::lifecycle(row).waits()).filter_map(|row| row.mail_id);
    let mut answers = mail::last_answers(db, waiting.collect()).await?;
    rows.into_iter()
        .map(|row| {
            let lifecycle = store::lifecycle(&row);
            let answer = row.mail_id.and_then(|mail| answers.remove(&mail)).flatten();
            let mode = modes.get(&row.mailing_id).copied();
            Ok(SentInvitation {
                id: InvitationId(row.id),
                mailing: MailingId(row.mailing_id),
                mode: mode.ok_or_else(|| Error::internal("an invitation has no mailing"))?,
                email: Email::stored(row.email),
                name: row.name.map(DisplayName::stored),
                invite: row.invite_id.map(InviteId),
                status: lifecycle.status(),
                last_answer: row.last_answer.or(answer),
                created_at: Timestamp::from_micros(row.created_at),
                sent_at: lifecycle.sent_at,
                failed_at: lifecycle.failed_at,
                opened_at: lifecycle.opened_at,
                joined_at: lifecycle.joined_at,
                joined: row.account_id.and_then(|account| accounts.get(&account).cloned()),
                reminded_at: row.reminded_at.map(Timestamp::from_micros),
                revoked_at: lifecycle.revoked_at,
                stopped_at: lifecycle.stopped_at,
            })
        })
        .collect()
}

/// Who sends a mailing.
pub(super) fn author(row: &mailing_rows::Model) -> AccountId {
    AccountId(row.created_by)
}
