//! Counters of accounts, and of those that signed up with an invite, per day and in total, so that the cost of the overview
//! does not grow with the number of rows.
//!
//! A counter is updated by the last statement of the transaction that creates what it counts, because its row is locked
//! from then until the commit. On PostgreSQL one of sixteen rows is chosen at random, so that sign-ups with different
//! invites seldom wait for each other. SQLite has only one writer at a time.

use domain::Timestamp;
use domain::overview::{DAYS, DailyCounts};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::overview::daily_counts::{ActiveModel, Column, Entity};
use crate::{Ctx, Error};

/// The value of `day` for the total of all days.
const ALL_DAYS: i64 = -1;
/// The maximum number of rows of a day. Also part of a CHECK of the table.
const SHARDS: u8 = 16;

/// Adds `made` to the counters of the day of `now` and of all days. Must be the last statement of the transaction.
pub(crate) async fn add(db: &impl ConnectionTrait, ctx: &Ctx, now: Timestamp, made: DailyCounts) -> Result<(), Error> {
    add_days(db, ctx, [(now.day(), made)]).await
}

/// Adds to the counters of several days and of all days. Each day must occur only once.
pub(crate) async fn add_days(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    days: impl IntoIterator<Item = (i64, DailyCounts)>,
) -> Result<(), Error> {
    let shard = shard(ctx);
    let row = |(day, made): (i64, DailyCounts)| {
        Ok(ActiveModel {
            day: Set(day),
            shard: Set(shard),
            accounts: Set(made.accounts.try_into().map_err(Error::internal)?),
            redemptions: Set(made.redemptions.try_into().map_err(Error::internal)?),
            deleted: Set(0),
        })
    };
    let days: Vec<_> = days.into_iter().collect();
    let total = days.iter().fold(DailyCounts::default(), |total, (_, made)| DailyCounts {
        accounts: total.accounts + made.accounts,
        redemptions: total.redemptions + made.redemptions,
    });
    // The row of all days is always last. With one order of locks, two transactions cannot deadlock.
    let rows: Vec<_> = days.into_iter().chain([(ALL_DAYS, total)]).map(row).collect::<Result<_, Error>>()?;
    let plus = |column: Column| Expr::col((Entity, column)).add(Expr::col((Alias::new("excluded"), column)));
    let add = OnConflict::columns([Column::Day, Column::Shard])
        .value(Column::Accounts, plus(Column::Accounts))
        .value(Column::Redemptions, plus(Column::Redemptions))
        .to_owned();
    Entity::insert_many(rows).on_conflict(add).exec_without_returning(db).await?;
    Ok(())
}

/// Counts a deleted account. Must be the last statement of the transaction.
pub(crate) async fn add_deletion(db: &impl ConnectionTrait, ctx: &Ctx) -> Result<(), Error> {
    let row = ActiveModel {
        day: Set(ALL_DAYS),
        shard: Set(shard(ctx)),
        accounts: Set(0),
        redemptions: Set(0),
        deleted: Set(1),
    };
    let add = OnConflict::columns([Column::Day, Column::Shard])
        .value(Column::Deleted, Expr::col((Entity, Column::Deleted)).add(1))
        .to_owned();
    Entity::insert(row).on_conflict(add).exec_without_returning(db).await?;
    Ok(())
}

fn shard(ctx: &Ctx) -> i64 {
    if ctx.db().is_postgres() { (ctx.randomness().bytes::<1>()[0] % SHARDS).into() } else { 0 }
}

/// The counts of all days, and those of each of the last [`DAYS`] days, oldest first.
pub(super) async fn read(db: &impl ConnectionTrait, today: i64) -> Result<(DailyCounts, Vec<DailyCounts>), Error> {
    let first = today - i64::from(DAYS) + 1;
    // In PostgreSQL the sum of BIGINT is NUMERIC.
    let sum = |column: &str| Expr::cust(format!("CAST(SUM({column}) AS BIGINT)"));
    let rows: Vec<(i64, i64, i64)> = Entity::find()
        .select_only()
        .column(Column::Day)
        // On the days on which they were created, deleted accounts are still counted.
        .expr_as(sum("accounts - deleted"), "accounts")
        .expr_as(sum("redemptions"), "redemptions")
        .filter(Column::Day.eq(ALL_DAYS).or(Column::Day.between(first, today)))
        .group_by(Column::Day)
        .into_tuple()
        .all(db)
        .await?;
    let mut total = DailyCounts::default();
    let mut days = vec![DailyCounts::default(); DAYS.into()];
    for (day, accounts, redemptions) in rows {
        let counts = DailyCounts {
            accounts: accounts.try_into().map_err(Error::internal)?,
            redemptions: redemptions.try_into().map_err(Error::internal)?,
        };
        match usize::try_from(day - first) {
            Ok(index) if index < days.len() => days[index] = counts,
            _ => total = counts,
        }
    }
    Ok((total, days))
}

/// Selects the number of counters that differ from the rows they count. Every test ends with this check.
#[cfg(test)]
pub(crate) const MISMATCHES: &str = "SELECT COUNT(*) FROM (
    SELECT day, SUM(accounts) AS accounts, SUM(redemptions) AS redemptions FROM (
        SELECT created_at / 86400000000 AS day, -1 AS accounts, 0 AS redemptions FROM accounts
        UNION ALL SELECT -1, -1, 0 FROM accounts WHERE deleted_at IS NULL
        UNION ALL SELECT created_at / 86400000000, 0, -1 FROM redemptions WHERE kind = 'new'
        UNION ALL SELECT -1, 0, -1 FROM redemptions WHERE kind = 'new'
        UNION ALL SELECT day, accounts - deleted, redemptions FROM daily_counts
    ) AS made GROUP BY day
) AS days WHERE accounts <> 0 OR redemptions <> 0";
