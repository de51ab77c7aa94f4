//! Which invites need attention: three questions, an index each, a handful of answers.

use domain::Timestamp;
use domain::invites::InviteStatus;
use domain::overview::{ENDS_SOON, FILLED_WITHIN, NEEDS_EACH, UNUSED_AFTER, Why};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::invites::entity::{Column, Entity, Model};
use crate::invites::store::{EXPIRES, lifecycle};

/// How many rows of an index are looked at when not all of them can be answers. Whoever has more than these in a row
/// that are none sees fewer needs than there are; nobody waits longer.
const LOOKED_AT: u64 = 50;

/// The rows, most urgent first, none twice.
pub(super) async fn find(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<(Why, Model)>, DbErr> {
    let status = |row: &Model| lifecycle(row).status(now);
    let mut needs: Vec<(Why, Model)> = Vec::new();
    let mut take = |why, rows: Vec<Model>, fits: &dyn Fn(&Model) -> bool| {
        let new: Vec<_> = rows
            .into_iter()
            .filter(|row| fits(row) && needs.iter().all(|(_, before)| before.id != row.id))
            .take(NEEDS_EACH)
            .collect();
        needs.extend(new.into_iter().map(|row| (why, row)));
    };
    take(Why::EndsSoon, ends_soon(now).all(db).await?, &|_| true);
    take(Why::Filled, filled(now).all(db).await?, &|row| status(row) == InviteStatus::UsedUp);
    let old = now.minus(UNUSED_AFTER).as_micros();
    take(Why::Unused, unused(now).all(db).await?, &|row| {
        row.created_at <= old && row.starts_at.is_none_or(|starts| starts <= old) && status(row) == InviteStatus::Active
    });
    Ok(needs)
}

/// Runs on `invites_open`.
pub(super) fn ends_soon(now: Timestamp) -> Select<Entity> {
    let soon = now.plus(ENDS_SOON).as_micros();
    running()
        .filter(Expr::cust("(max_uses IS NULL OR used < max_uses)"))
        .filter(Expr::cust(EXPIRES).gt(now.as_micros()))
        .filter(Expr::cust(EXPIRES).lte(soon))
        .order_by_asc(Expr::cust(EXPIRES))
        .order_by_asc(Column::Id)
        .limit(NEEDS_EACH as u64)
}

/// Runs on `invites_filled`. An invite for one person does its work by being used up. Few of these rows are no answer:
/// those that have expired since.
pub(super) fn filled(now: Timestamp) -> Select<Entity> {
    running()
        .filter(Expr::cust("max_uses > 1 AND used >= max_uses"))
        .filter(Expr::col(Column::LastUsedAt).gt(now.minus(FILLED_WITHIN).as_micros()))
        .order_by_desc(Column::LastUsedAt)
        .order_by_desc(Column::Id)
        .limit(LOOKED_AT / 5)
}

/// Runs on `invites_unused`; those that end first come first. (That index begins with the one number it holds so that
/// SQLite does not prefer `invites_used`, and sort.)
pub(super) fn unused(now: Timestamp) -> Select<Entity> {
    running()
        .filter(Expr::cust("used = 0"))
        .filter(Expr::cust(EXPIRES).gt(now.as_micros()))
        .order_by_asc(Expr::cust(EXPIRES))
        .order_by_asc(Column::Id)
        .limit(LOOKED_AT)
}

/// In the words of the indexes: a planner uses a partial index only where it sees its condition.
fn running() -> Select<Entity> {
    Entity::find().filter(Expr::cust("deleted_at IS NULL")).filter(Expr::cust("paused_at IS NULL"))
}
