//! Counters of accounts and redemptions, by day and ever, so that no figure costs more the more rows there are.
//!
//! They are part of the transaction that makes what they count, and its last statement: a counter's row is locked from
//! there to the commit. On PostgreSQL one of sixteen rows is drawn each time, so that two sign-ups by different links
//! seldom wait for each other; on SQLite there is one writer at a time anyway.

use domain::Timestamp;
use domain::overview::{DAYS, Daily};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::overview::daily_counts::{ActiveModel, Column, Entity};
use crate::{Ctx, Error};

/// The day that stands for all days.
const EVER: i64 = -1;
/// How many rows a day has at most. The table's CHECK knows it, too.
const SHARDS: u8 = 16;

/// Counts what was made at `now`, in its transaction and as its last statement.
pub(crate) async fn add(db: &impl ConnectionTrait, ctx: &Ctx, now: Timestamp, made: Daily) -> Result<(), Error> {
    add_days(db, ctx, [(now.day(), made)]).await
}

/// Counts what was made on some days, each named once.
pub(crate) async fn add_days(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    days: impl IntoIterator<Item = (i64, Daily)>,
) -> Result<(), Error> {
    let shard = if ctx.db().is_postgres() { ctx.randomness().bytes::<1>()[0] % SHARDS } else { 0 };
    let row = |(day, made): (i64, Daily)| {
        Ok(ActiveModel {
            day: Set(day),
            shard: Set(shard.into()),
            accounts: Set(made.accounts.try_into().map_err(Error::internal)?),
            redemptions: Set(made.redemptions.try_into().map_err(Error::internal)?),
        })
    };
    let days: Vec<_> = days.into_iter().collect();
    let ever = days.iter().fold(Daily::default(), |ever, (_, made)| Daily {
        accounts: ever.accounts + made.accounts,
        redemptions: ever.redemptions + made.redemptions,
    });
    // In one order everywhere: of two transactions that write the same rows, one waits for the other.
    let rows: Vec<_> = days.into_iter().chain([(EVER, ever)]).map(row).collect::<Result<_, Error>>()?;
    let plus = |column: Column| Expr::col((Entity, column)).add(Expr::col((Alias::new("excluded"), column)));
    let add = OnConflict::columns([Column::Day, Column::Shard])
        .value(Column::Accounts, plus(Column::Accounts))
        .value(Column::Redemptions, plus(Column::Redemptions))
        .to_owned();
    Entity::insert_many(rows).on_conflict(add).exec_without_returning(db).await?;
    Ok(())
}

/// What was ever made, as the row of [`EVER`], and what each of the last [`DAYS`] days brought.
pub(super) async fn read(db: &impl ConnectionTrait, today: i64) -> Result<(Daily, Vec<Daily>), Error> {
    let first = today - i64::from(DAYS) + 1;
    // PostgreSQL adds up integers to a number of any size.
    let sum = |column: &str| Expr::cust(format!("CAST(SUM({column}) AS BIGINT)"));
    let rows: Vec<(i64, i64, i64)> = Entity::find()
        .select_only()
        .column(Column::Day)
        .expr_as(sum("accounts"), "accounts")
        .expr_as(sum("redemptions"), "redemptions")
        .filter(Column::Day.eq(EVER).or(Column::Day.between(first, today)))
        .group_by(Column::Day)
        .into_tuple()
        .all(db)
        .await?;
    let mut ever = Daily::default();
    let mut days = vec![Daily::default(); DAYS.into()];
    for (day, accounts, redemptions) in rows {
        let brought = Daily {
            accounts: accounts.try_into().map_err(Error::internal)?,
            redemptions: redemptions.try_into().map_err(Error::internal)?,
        };
        match usize::try_from(day - first) {
            Ok(place) if place < days.len() => days[place] = brought,
            _ => ever = brought,
        }
    }
    Ok((ever, days))
}

/// How many counters are not what their rows say: what tests hold against every change.
#[cfg(test)]
pub(crate) const WRONG: &str = "SELECT COUNT(*) FROM (
    SELECT day, SUM(accounts) AS accounts, SUM(redemptions) AS redemptions FROM (
        SELECT created_at / 86400000000 AS day, -1 AS accounts, 0 AS redemptions FROM accounts
        UNION ALL SELECT -1, -1, 0 FROM accounts
        UNION ALL SELECT created_at / 86400000000, 0, -1 FROM redemptions
        UNION ALL SELECT -1, 0, -1 FROM redemptions
        UNION ALL SELECT day, accounts, redemptions FROM daily_counts
    ) AS made GROUP BY day
) AS days WHERE accounts <> 0 OR redemptions <> 0";
