//! The invites of the caller, whatever it sees of those of others.

use domain::access::Permission;
use domain::ids::InviteId;
use domain::invites::{Allowance, Invite, OwnInvites};
use domain::paging::{Order, Page, Paging};
use domain::{Failure, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};

use super::entity::{Column, Entity};
use super::{limits, manages_own, store};
use crate::accounts::store as accounts;
use crate::memberships::store as memberships;
use crate::platform::paging::{self, Seek};
use crate::platform::search::Search;
use crate::{Actor, Ctx, Error, settings};

/// The caller's own invites, newest first, without deleted ones, and what it may create.
///
/// # Errors
/// [`domain::Code::Forbidden`] for those who may not create invites and manage no group.
pub async fn own(ctx: &Ctx, actor: &Actor, paging: Paging) -> Result<OwnInvites, Error> {
    Ok(OwnInvites { page: list_own(ctx, actor, paging).await?, allowance: allowance(ctx, actor).await? })
}

/// The caller's own invites, newest first, without deleted ones.
///
/// # Errors
/// Those of [`own`].
pub async fn list_own(ctx: &Ctx, actor: &Actor, paging: Paging) -> Result<Page<Invite>, Error> {
    let (db, now) = (&ctx.db().read, ctx.now());
    check_inviter(db, actor, now).await?;
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, text: None, order: Order::Descending, paging };
    let rows = seek.rows(db, of_author(actor, now), Search::Off).await?;
    let page = paging::page(rows, paging, |row| (row.created_at, row.id));
    let mut items = store::invites(db, ctx, page.items, now).await?;
    let groups = items.iter().flat_map(|invite| invite.terms.groups.iter().copied());
    let managed = memberships::managed(db, actor.id(), groups, now).await?;
    for invite in &mut items {
        actor.hide_code(invite);
        let groups = &invite.terms.groups;
        let manages_all = !groups.is_empty() && groups.iter().all(|group| managed.contains(group));
        // One that the caller could not open either.
        if !actor.may(Permission::InvitesCreate) && !manages_all {
            (invite.code, invite.url) = (None, None);
        }
    }
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// Selects the invites of the caller that are not deleted.
pub(super) fn of_author(actor: &Actor, now: Timestamp) -> Select<Entity> {
    Entity::find().filter(Column::CreatedBy.eq(actor.id().0)).filter(store::with_status(None, now))
}

/// What the caller may create.
///
/// # Errors
/// Those of [`own`].
pub async fn allowance(ctx: &Ctx, actor: &Actor) -> Result<Allowance, Error> {
    let (db, now) = (&ctx.db().read, ctx.now());
    check_inviter(db, actor, now).await?;
    let settings = settings::current(ctx).await?;
    let row = accounts::find(db, actor.id()).await?.ok_or_else(|| Failure::not_found("account"))?;
    limits::allowance(db, actor, &settings, Timestamp::from_micros(row.created_at), now).await
}

/// Checks that the caller may create invites, or those for a group that it manages.
pub(crate) async fn check_inviter(db: &impl ConnectionTrait, actor: &Actor, now: Timestamp) -> Result<(), Error> {
    let manages = actor.active && actor.is_in_scope(Permission::InvitesCreate);
    if actor.may(Permission::InvitesCreate) || (manages && memberships::manages_any(db, actor.id(), now).await?) {
        return Ok(());
    }
    Ok(actor.require(Permission::InvitesCreate)?)
}

/// Checks that an invite is the caller's own, and that it may still create one like it.
///
/// # Errors
/// [`domain::Code::Forbidden`] as in [`own`]; [`domain::Code::NotFound`] for every other invite: the caller need not learn that
/// it exists.
pub(crate) async fn check_own(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: InviteId,
    now: Timestamp,
) -> Result<(), Error> {
    check_inviter(db, actor, now).await?;
    let row = store::find(db, id).await?;
    if manages_own(db, actor, row.as_ref(), now).await? { Ok(()) } else { Err(Failure::not_found("invite").into()) }
}
