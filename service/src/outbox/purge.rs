//! What is deleted from the outbox, and given up because of its age.

use std::collections::HashMap;

use domain::ids::AccountId;
use domain::outbox::{KEEP_DEAD, KEEP_DELIVERED, MAX_AGE};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};

use super::Sender;
use super::entity::{ActiveModel, Column, Entity};
use super::lease::message;
use super::store::{self, waits};
use crate::platform::tx;
use crate::{Ctx, Error};

/// The number of rows of one statement.
const BATCH: u64 = 1_000;

/// Gives up what has waited too long, and deletes what was delivered or given up some time ago. Each statement is a
/// transaction, so that others are not kept waiting.
pub(crate) async fn purge<S: Sender>(ctx: &Ctx, sender: &S) -> Result<(), Error> {
    while !ctx.stopping().is_cancelled() && give_up_old(ctx, sender).await? == BATCH {}
    let (db, now, stop) = (&ctx.db().write, ctx.now(), ctx.stopping());
    let batch = |which: Condition| {
        let rows = Entity::find().select_only().column(Column::Seq).filter(which).limit(BATCH);
        Column::Seq.in_subquery(rows.into_query())
    };
    let delivered = Condition::all()
        .add(Expr::cust("delivered_at IS NOT NULL"))
        .add(Column::DeliveredAt.lte(now.minus(KEEP_DELIVERED).as_micros()));
    let dead = Condition::all()
        .add(Expr::cust("dead_at IS NOT NULL"))
        .add(Column::DeadAt.lte(now.minus(KEEP_DEAD).as_micros()));
    for old in [delivered, dead] {
        while !stop.is_cancelled()
            && Entity::delete_many().filter(batch(old.clone())).filter(old.clone()).exec(db).await?.rows_affected
                == BATCH
        {}
    }
    Ok(())
}

/// Gives up some of what has waited too long. Returns how many messages that were.
async fn give_up_old<S: Sender>(ctx: &Ctx, sender: &S) -> Result<u64, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let waited = Condition::all().add(waits()).add(Column::CreatedAt.lte(now.minus(MAX_AGE).as_micros()));
    let rows = Entity::find().select_only().column(Column::Seq).filter(waited).limit(BATCH);
    let dead = ActiveModel { dead_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    // Again, because it may have been delivered meanwhile.
    let end = Entity::update_many().set(dead).filter(Column::Seq.in_subquery(rows.into_query())).filter(waits());
    let given_up = end.exec_with_returning(&tx).await?;
    let kinds = store::targets(&tx, given_up.iter().map(|row| row.target_id)).await?;
    let kinds: HashMap<_, _> = kinds.into_iter().map(|target| (target.id, target.kind)).collect();
    for row in &given_up {
        if let Some(kind) = kinds.get(&row.target_id) {
            sender.given_up(&tx, ctx, &message(row, kind), now).await?;
        }
    }
    tx.commit().await?;
    Ok(given_up.len() as u64)
}

/// Deletes what was said of an account, apart from what still has to be sent: that it was deleted is to be known by those who
/// know it.
pub(crate) async fn forget_account(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    let finished = Condition::any().add(Column::DeliveredAt.is_not_null()).add(Column::DeadAt.is_not_null());
    let said = Expr::cust("account_id IS NOT NULL");
    let delete = Entity::delete_many().filter(said).filter(Column::AccountId.eq(account.0)).filter(finished);
    delete.exec(db).await.map(|_| ())
}
