//! Redemptions: listing them. They are written only by [`crate::signup`] and [`crate::joining`].

use domain::access::Permission;
use domain::ids::{AccountId, InviteId, RedemptionId};
use domain::paging::{Count, Order, Page, Paging};
use domain::redemptions::{Guest, Redemption, RedemptionQuery};
use domain::{Failure, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::platform::paging::{self, Seek};
use crate::platform::search::Search;
use crate::redemptions::entity::{Column, Entity};
use crate::{Actor, Ctx, Error, accounts, invites};

pub(crate) mod entity;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod uses;

/// Lists redemptions, newest first.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &RedemptionQuery) -> Result<Page<Redemption>, Error> {
    actor.require(Permission::RedemptionsView)?;
    if query.q.is_some() {
        // What is found tells something about e-mail addresses.
        actor.require(Permission::AccountsView)?;
    }
    let select = Entity::find().filter(of(query.invite, query.account));
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, text: None, order: Order::Descending, paging: query.paging };
    let db = &ctx.db().read;
    let rows = seek.rows(db, select, store::search(db, query.q.as_deref()).await?).await?;
    let page = paging::page(rows, query.paging, |row| (row.created_at, row.id));
    let mut items = store::redemptions(ctx, page.items).await?;
    for redemption in &mut items {
        actor.hide_code_of(&mut redemption.invite);
    }
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// Who signed up with an invite of the caller's own, the latest first: names only, for those who may not see accounts. Uses
/// that were given back are left out.
///
/// # Errors
/// [`domain::Code::NotFound`] for an invite that is not the caller's own.
pub async fn guests(ctx: &Ctx, actor: &Actor, invite: InviteId, paging: Paging) -> Result<Page<Guest>, Error> {
    let db = &ctx.db().read;
    invites::check_own(db, actor, invite, ctx.now()).await?;
    let select = Entity::find().filter(of(Some(invite), None)).filter(Column::ReleasedAt.is_null());
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, text: None, order: Order::Descending, paging };
    let rows = seek.rows(db, select, Search::Off).await?;
    let page = paging::page(rows, paging, |row| (row.created_at, row.id));
    let accounts = accounts::store::references(db, page.items.iter().map(|row| row.account_id)).await?;
    let guest = |row: &entity::Model| {
        let account = accounts.get(&row.account_id).ok_or_else(|| Failure::not_found("account"))?;
        let name = account.display_name().to_owned();
        Ok(Guest { id: RedemptionId(row.id), name, created_at: Timestamp::from_micros(row.created_at) })
    };
    let items = page.items.iter().map(guest).collect::<Result<_, Error>>()?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// Counts redemptions, of one invite or of all, up to [`Count::BOUND`].
pub async fn count(ctx: &Ctx, actor: &Actor, invite: Option<InviteId>) -> Result<Count, Error> {
    actor.require(Permission::RedemptionsView)?;
    paging::count(&ctx.db().read, Entity::find().filter(of(invite, None))).await
}

fn of(invite: Option<InviteId>, account: Option<AccountId>) -> Condition {
    Condition::all()
        .add_option(invite.map(|invite| Column::InviteId.eq(invite.0)))
        .add_option(account.map(|account| Column::AccountId.eq(account.0)))
}
