//! The overview: stats, what each day brought, what needs attention, the newest rows. Nothing here costs more the
//! more rows there are: stats are counters ([`counts`]) or counted up to a bound, lists are the ends of indexes.

use std::time::Duration;

use domain::Timestamp;
use domain::accounts::Permission;
use domain::invites::InviteStatus;
use domain::overview::{DAYS, Need, Overview};
use domain::settings::UNNAMED;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::accounts::entity as accounts;
use crate::invites::entity as invite_rows;
use crate::invites::store::{self as invites, EXPIRES};
use crate::platform::paging::count;
use crate::redemptions::entity as redemption_rows;
use crate::{Actor, Ctx, Error, redemptions, settings};

pub(crate) mod counts;
pub(crate) mod daily_counts;
mod needs;
#[cfg(test)]
mod tests;

/// What counts as "this week" and "soon".
const WEEK: Duration = Duration::from_hours(168);
/// How many of the newest are shown, of invites that let people in and of redemptions.
const SHOWN: usize = 6;
/// How many of the newest invites are looked at to find them.
const LOOKED_AT: u64 = 50;

/// How it stands.
pub async fn get(ctx: &Ctx, actor: &Actor) -> Result<Overview, Error> {
    actor.require(Permission::SeeRedemptions)?;
    let db = &ctx.db().read;
    let now = ctx.now();
    let live = || invite_rows::Entity::find().filter(invites::with_status(Some(InviteStatus::Active), now));
    let ending_soon = live().filter(Expr::cust(EXPIRES).lte(now.plus(WEEK).as_micros()));
    let pending = accounts::Entity::find()
        .filter(accounts::Column::ApprovedAt.is_null())
        .filter(accounts::Column::SuspendedAt.is_null());
    let latest = redemption_rows::Entity::find()
        .order_by_desc(redemption_rows::Column::CreatedAt)
        .order_by_desc(redemption_rows::Column::Id)
        .limit(SHOWN as u64)
        .all(db)
        .await?;

    let (ever, days) = counts::read(db, now.day()).await?;
    let (why, needed): (Vec<_>, Vec<_>) = needs::find(db, now).await?.into_iter().unzip();
    let mut shown = newest_live(db, now).await?;
    let live_shown = shown.len();
    shown.extend(needed);
    // In one go: the authors of all of them are found by one query.
    let mut live_invites = invites::invites(db, ctx, shown, now).await?;
    let needed = live_invites.split_off(live_shown);
    Ok(Overview {
        accounts: ever.accounts,
        pending: count(db, pending).await?,
        redemptions: ever.redemptions,
        redemptions_this_week: days.iter().rev().take(7).map(|day| day.redemptions).sum(),
        live: count(db, live()).await?,
        ending_soon: count(db, ending_soon).await?,
        first_day: Timestamp::from_day(now.day() + 1 - i64::from(DAYS)),
        days,
        needs: why.into_iter().zip(needed).map(|(why, invite)| Need { why, invite }).collect(),
        live_invites,
        latest: redemptions::store::redemptions(ctx, latest).await?,
        named: settings::read(ctx, db).await?.site_name.as_str() != UNNAMED,
    })
}

/// The newest invites that let people in: those among the newest of all, and if these are too few, those that end
/// first.
async fn newest_live(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<invite_rows::Model>, DbErr> {
    let live = |row: &invite_rows::Model| invites::lifecycle(row).status(now) == InviteStatus::Active;
    let newest = invite_rows::Entity::find()
        .filter(Expr::cust("deleted_at IS NULL"))
        .order_by_desc(invite_rows::Column::CreatedAt)
        .order_by_desc(invite_rows::Column::Id)
        .limit(LOOKED_AT)
        .all(db)
        .await?;
    let looked_at_all = (newest.len() as u64) < LOOKED_AT;
    let mut shown: Vec<_> = newest.into_iter().filter(live).take(SHOWN).collect();
    if shown.len() < SHOWN && !looked_at_all {
        let open = invite_rows::Entity::find()
            .filter(invites::with_status(Some(InviteStatus::Active), now))
            .order_by_asc(Expr::cust(EXPIRES))
            .order_by_asc(invite_rows::Column::Id)
            .limit(SHOWN as u64)
            .all(db)
            .await?;
        for row in open {
            if shown.len() < SHOWN && shown.iter().all(|before| before.id != row.id) {
                shown.push(row);
            }
        }
    }
    Ok(shown)
}
