//! The invites that need attention: one query with its own index for each reason, each with few results.

use domain::Timestamp;
use domain::invites::InviteStatus;
use domain::overview::{AttentionReason, EXPIRES_SOON, MAX_PER_REASON, UNUSED_AFTER, USED_UP_WITHIN};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::invites::entity::{Column, Entity, Model};
use crate::invites::store::{EXPIRES, lifecycle};

/// The maximum number of rows that are read from an index when some of them may not match. If more rows than this do
/// not match, fewer invites are shown than need attention; the cost stays bounded.
const SCAN_LIMIT: u64 = 50;

/// The invites that need attention, most urgent first, each once.
pub(super) async fn find(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<(AttentionReason, Model)>, DbErr> {
    let status = |row: &Model| lifecycle(row).status(now);
    let mut needs: Vec<(AttentionReason, Model)> = Vec::new();
    let mut take = |why, rows: Vec<Model>, matches: &dyn Fn(&Model) -> bool| {
        let new: Vec<_> = rows
            .into_iter()
            .filter(|row| matches(row) && needs.iter().all(|(_, other)| other.id != row.id))
            .take(MAX_PER_REASON)
            .collect();
        needs.extend(new.into_iter().map(|row| (why, row)));
    };
    take(AttentionReason::EndsSoon, ends_soon(now).all(db).await?, &|_| true);
    take(AttentionReason::Filled, used_up(now).all(db).await?, &|row| status(row) == InviteStatus::UsedUp);
    let old = now.minus(UNUSED_AFTER).as_micros();
    take(AttentionReason::Unused, unused(now).all(db).await?, &|row| {
        row.created_at <= old && row.starts_at.is_none_or(|starts| starts <= old) && status(row) == InviteStatus::Active
    });
    Ok(needs)
}

/// Active invites with remaining uses that expire soon. Uses the index `invites_open`.
pub(super) fn ends_soon(now: Timestamp) -> Select<Entity> {
    let soon = now.plus(EXPIRES_SOON).as_micros();
    not_deleted_or_paused()
        .filter(Expr::cust("(max_uses IS NULL OR used < max_uses)"))
        .filter(Expr::cust(EXPIRES).gt(now.as_micros()))
        .filter(Expr::cust(EXPIRES).lte(soon))
        .order_by_asc(Expr::cust(EXPIRES))
        .order_by_asc(Column::Id)
        .limit(MAX_PER_REASON as u64)
}

/// Invites for more than one use that were fully used recently. Uses the index `invites_filled`. Invites for one use
/// are left out, because being used up is their purpose. Few rows do not match: those that have expired since.
pub(super) fn used_up(now: Timestamp) -> Select<Entity> {
    not_deleted_or_paused()
        .filter(Expr::cust("max_uses > 1 AND used >= max_uses"))
        .filter(Expr::col(Column::LastUsedAt).gt(now.minus(USED_UP_WITHIN).as_micros()))
        .order_by_desc(Column::LastUsedAt)
        .order_by_desc(Column::Id)
        .limit(SCAN_LIMIT / 5)
}

/// Invites that were never used, those that expire first in front. Uses the index `invites_unused`. (The index begins
/// with the column `used`, although it is always 0, so that SQLite does not choose `invites_used` and sort.)
pub(super) fn unused(now: Timestamp) -> Select<Entity> {
    not_deleted_or_paused()
        .filter(Expr::cust("used = 0"))
        .filter(Expr::cust(EXPIRES).gt(now.as_micros()))
        .order_by_asc(Expr::cust(EXPIRES))
        .order_by_asc(Column::Id)
        .limit(SCAN_LIMIT)
}

/// Invites that are neither deleted nor paused. Written exactly like the condition of the partial indexes, because the
/// query planner uses a partial index only then.
fn not_deleted_or_paused() -> Select<Entity> {
    Entity::find().filter(Expr::cust("deleted_at IS NULL")).filter(Expr::cust("paused_at IS NULL"))
}
