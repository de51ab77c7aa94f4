//! Redemptions: listing them. They are written only by [`crate::signup`] and [`crate::joining`].

use domain::access::Permission;
use domain::ids::{AccountId, InviteId};
use domain::paging::{Count, Order, Page};
use domain::redemptions::{Redemption, RedemptionQuery};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::platform::paging::{self, Seek};
use crate::redemptions::entity::{Column, Entity};
use crate::{Actor, Ctx, Error};

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
