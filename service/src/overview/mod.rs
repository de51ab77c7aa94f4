//! The overview: statistics, counts per day, invites that need attention, and the newest rows. The cost does not grow
//! with the number of rows: statistics are counters ([`counts`]) or counted up to a bound, and lists are read from an
//! index.

use std::time::Duration;

use domain::Timestamp;
use domain::access::Permission;
use domain::accounts::AccountStatus;
use domain::invites::InviteStatus;
use domain::overview::{AttentionItem, DAYS, Overview};
use domain::paging::Count;
use domain::settings::DEFAULT_SITE_NAME;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::invites::entity as invite_rows;
use crate::invites::store::{self as invites, EXPIRES};
use crate::platform::paging::{count, count_few};
use crate::redemptions::entity as redemption_rows;
use crate::{Actor, Ctx, Error, accounts, memberships, redemptions, settings};

mod attention;
pub(crate) mod counts;
pub(crate) mod daily_counts;
#[cfg(test)]
mod tests;

/// The time before expiry from which an invite counts as expiring soon.
const WEEK: Duration = Duration::from_hours(168);
/// The maximum number of active invites and of redemptions shown.
const MAX_SHOWN: usize = 6;
/// The number of the newest invites that are searched for active ones.
const SCAN_LIMIT: u64 = 50;

/// The data of the overview page. What the actor may not see elsewhere is left out.
pub async fn get(ctx: &Ctx, actor: &Actor) -> Result<Overview, Error> {
    actor.require(Permission::RedemptionsView)?;
    let db = &ctx.db().read;
    let now = ctx.now();
    let live = || invite_rows::Entity::find().filter(invites::with_status(Some(InviteStatus::Active), now));
    let ending_soon = live().filter(Expr::cust(EXPIRES).lte(now.plus(WEEK).as_micros()));
    let pending =
        accounts::entity::Entity::find().filter(accounts::store::with_status(Some(AccountStatus::Pending), now));
    let (accounts_end_soon, memberships_end_soon) = ends_soon(db, actor, now).await?;
    let latest = redemption_rows::Entity::find()
        .order_by_desc(redemption_rows::Column::CreatedAt)
        .order_by_desc(redemption_rows::Column::Id)
        .limit(MAX_SHOWN as u64)
        .all(db)
        .await?;

    let (total, days) = counts::read(db, now.day()).await?;
    let (reasons, needed): (Vec<_>, Vec<_>) = attention::find(db, now).await?.into_iter().unzip();
    let mut shown = newest_live(db, now).await?;
    let live_shown = shown.len();
    shown.extend(needed);
    // Converted together, so that all authors are read with one query.
    let mut live_invites = invites::invites(db, ctx, shown, now).await?;
    for invite in &mut live_invites {
        actor.hide_code(invite);
    }
    let mut needs: Vec<_> = reasons
        .into_iter()
        .zip(live_invites.split_off(live_shown))
        .map(|(why, invite)| AttentionItem { why, invite })
        .collect();
    if !actor.may(Permission::InvitesView) {
        live_invites.clear();
        needs.clear();
    }
    let mut latest = redemptions::store::redemptions(ctx, latest).await?;
    for redemption in &mut latest {
        actor.hide_code_of(&mut redemption.invite);
    }
    Ok(Overview {
        accounts: total.accounts,
        pending: count_few(db, pending).await?,
        accounts_end_soon,
        memberships_end_soon,
        redemptions: total.redemptions,
        redemptions_this_week: days.iter().rev().take(7).map(|day| day.redemptions).sum(),
        live: count(db, live()).await?,
        ending_soon: count_few(db, ending_soon).await?,
        first_day: Timestamp::from_day(now.day() + 1 - i64::from(DAYS)),
        days,
        needs,
        live_invites,
        latest,
        named: settings::read(ctx, db).await?.site_name.as_str() != DEFAULT_SITE_NAME,
    })
}

/// The numbers of accounts and of memberships that end soon, if the actor may see whose.
async fn ends_soon(db: &impl ConnectionTrait, actor: &Actor, now: Timestamp) -> Result<(Count, Count), Error> {
    if !actor.may(Permission::AccountsView) {
        return Ok((Count::from_rows(0), Count::from_rows(0)));
    }
    let accounts = accounts::entity::Entity::find().filter(accounts::store::ends_soon(now));
    let memberships = memberships::entity::Entity::find().filter(memberships::store::ends_soon(now));
    Ok((count_few(db, accounts).await?, count_few(db, memberships).await?))
}

/// The newest active invites among the newest [`SCAN_LIMIT`] invites. If these are fewer than [`MAX_SHOWN`], followed
/// by the active invites that expire first.
async fn newest_live(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<invite_rows::Model>, DbErr> {
    let live = |row: &invite_rows::Model| invites::lifecycle(row).status(now) == InviteStatus::Active;
    let newest = invite_rows::Entity::find()
        .filter(Expr::cust("deleted_at IS NULL"))
        .order_by_desc(invite_rows::Column::CreatedAt)
        .order_by_desc(invite_rows::Column::Id)
        .limit(SCAN_LIMIT)
        .all(db)
        .await?;
    let scanned_all = (newest.len() as u64) < SCAN_LIMIT;
    let mut shown: Vec<_> = newest.into_iter().filter(live).take(MAX_SHOWN).collect();
    if shown.len() < MAX_SHOWN && !scanned_all {
        let open = invite_rows::Entity::find()
            .filter(invites::with_status(Some(InviteStatus::Active), now))
            .order_by_asc(Expr::cust(EXPIRES))
            .order_by_asc(invite_rows::Column::Id)
            .limit(MAX_SHOWN as u64)
            .all(db)
            .await?;
        for row in open {
            if shown.len() < MAX_SHOWN && shown.iter().all(|other| other.id != row.id) {
                shown.push(row);
            }
        }
    }
    Ok(shown)
}
