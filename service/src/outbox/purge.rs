//! What is deleted from the outbox, and given up because of its age.

use domain::ids::AccountId;
use domain::outbox::{KEEP_DEAD, KEEP_DELIVERED, MAX_AGE};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};

use super::entity::{ActiveModel, Column, Entity};
use super::store::waits;
use crate::Ctx;

/// The number of rows of one statement.
const BATCH: u64 = 1_000;

/// Gives up what has waited too long, and deletes what was delivered or given up some time ago. Each statement is a
/// transaction, so that others are not kept waiting.
pub(crate) async fn purge(ctx: &Ctx) -> Result<(), DbErr> {
    let (db, now, stop) = (&ctx.db().write, ctx.now(), ctx.stopping());
    let batch = |which: Condition| {
        let rows = Entity::find().select_only().column(Column::Seq).filter(which).limit(BATCH);
        Column::Seq.in_subquery(rows.into_query())
    };
    let waited = || Condition::all().add(waits()).add(Column::CreatedAt.lte(now.minus(MAX_AGE).as_micros()));
    let dead = ActiveModel { dead_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    while !stop.is_cancelled() {
        // Again, because it may have been delivered meanwhile.
        let give_up = Entity::update_many().set(dead.clone()).filter(batch(waited())).filter(waits());
        if give_up.exec(db).await?.rows_affected < BATCH {
            break;
        }
    }
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

/// Deletes what was said of an account, apart from what still has to be sent: that it was deleted is to be known by those who
/// know it.
pub(crate) async fn forget_account(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    let finished = Condition::any().add(Column::DeliveredAt.is_not_null()).add(Column::DeadAt.is_not_null());
    let said = Expr::cust("account_id IS NOT NULL");
    let delete = Entity::delete_many().filter(said).filter(Column::AccountId.eq(account.0)).filter(finished);
    delete.exec(db).await.map(|_| ())
}
