//! The overview: a few figures and the newest rows. Nothing here costs more the more rows there are.

use std::time::Duration;

use domain::accounts::Permission;
use domain::invites::InviteStatus;
use domain::overview::Overview;
use domain::paging::Count;
use sea_orm::sea_query::{Alias, Expr, Func, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use crate::entities::{accounts, invites as invite_rows, redemptions as redemption_rows};
use crate::{Actor, Ctx, Error, invites, redemptions};

/// What counts as "this week" and "soon".
const WEEK: Duration = Duration::from_hours(168);

/// How it stands.
pub async fn get(ctx: &Ctx, actor: &Actor) -> Result<Overview, Error> {
    actor.require(Permission::SeeRedemptions)?;
    let db = &ctx.db().read;
    let now = ctx.now();
    let live = || invite_rows::Entity::find().filter(invites::store::with_status(Some(InviteStatus::Active), now));
    let pending = accounts::Entity::find()
        .filter(accounts::Column::ApprovedAt.is_null())
        .filter(accounts::Column::SuspendedAt.is_null());
    let this_week =
        redemption_rows::Entity::find().filter(redemption_rows::Column::CreatedAt.gt(now.minus(WEEK).as_micros()));
    let ending_soon = live().filter(invite_rows::Column::ExpiresAt.lte(now.plus(WEEK).as_micros()));
    let newest_live = live().order_by_desc(invite_rows::Column::CreatedAt).limit(5).all(db).await?;
    let latest = redemption_rows::Entity::find()
        .order_by_desc(redemption_rows::Column::CreatedAt)
        .order_by_desc(redemption_rows::Column::Id)
        .limit(8)
        .all(db)
        .await?;
    Ok(Overview {
        accounts: count(db, accounts::Entity::find()).await?,
        pending: count(db, pending).await?,
        redemptions: count(db, redemption_rows::Entity::find()).await?,
        redemptions_this_week: count(db, this_week).await?,
        live: count(db, live()).await?,
        ending_soon: count(db, ending_soon).await?,
        live_invites: invites::store::invites(db, ctx, newest_live, now).await?,
        latest: redemptions::store::redemptions(ctx, latest).await?,
    })
}

/// Counts rows, but no further than [`Count::BOUND`].
async fn count<E: EntityTrait>(db: &impl ConnectionTrait, rows: Select<E>) -> Result<Count, Error> {
    let rows = rows.select_only().expr(Expr::val(1)).limit(u64::from(Count::BOUND) + 1).into_query();
    let counted: SelectStatement =
        Query::select().expr(Func::count(Expr::cust("*"))).from_subquery(rows, Alias::new("bounded")).take();
    let row = db.query_one(&counted).await?.ok_or_else(|| Error::internal("a count came back empty"))?;
    Ok(Count::from_rows(row.try_get_by_index::<i64>(0)?.try_into().unwrap_or(0)))
}
