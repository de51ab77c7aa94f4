//! Giving the use of an invite back when its account is declined, and claiming it again.
//!
//! All code locks the invite before the account (ARCHITECTURE.md, "Redeeming an invite"), so that [`hold`] comes first.

use domain::accounts::Account;
use domain::ids::{AccountId, InviteId};
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::Error;
use crate::invites::{entity as invites, store as invite_store};
use crate::mailings::store as mailings;
use crate::redemptions::entity::{Column, Entity, Model};

/// Locks the invites that an account used until the transaction ends, in the order of their ids.
pub(crate) async fn hold(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    let used = Entity::find().select_only().column(Column::InviteId).filter(Column::AccountId.eq(account.0));
    let mut ids: Vec<Uuid> = used.into_tuple().all(db).await?;
    ids.sort_unstable();
    if ids.is_empty() {
        return Ok(());
    }
    let invites = invites::Entity::find().select_only().column(invites::Column::Id);
    let locked = invites.filter(invites::Column::Id.is_in(ids)).order_by_asc(invites::Column::Id).lock_exclusive();
    locked.into_tuple::<Uuid>().all(db).await.map(|_| ())
}

/// Gives the uses of an account back, each once, and its invitations count as not joined. Returns the number of the uses.
pub(crate) async fn release(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<u64, Error> {
    mailings::unjoin(db, account).await?;
    let mut released = 0;
    for Model { id, invite_id, .. } in of(db, account, false).await? {
        let mark = Entity::update_many().col_expr(Column::ReleasedAt, Expr::value(now.as_micros()));
        let mark = mark.filter(Column::Id.eq(id)).filter(Column::ReleasedAt.is_null());
        if mark.exec(db).await?.rows_affected == 1 {
            let used = Expr::col(invites::Column::Used).sub(1);
            let back = invites::Entity::update_many().col_expr(invites::Column::Used, used);
            back.filter(invites::Column::Id.eq(invite_id)).exec(db).await?;
            released += 1;
        }
    }
    Ok(released)
}

/// Claims the uses again that [`release`] gave back, also of an invite that is paused, expired or deleted since. The account
/// has joined by its invitations again.
///
/// # Errors
/// [`Code::InviteUsedUp`] if the invite has no use left.
pub(crate) async fn claim_again(db: &impl ConnectionTrait, account: &Account, now: Timestamp) -> Result<(), Error> {
    let email = account.email.folded();
    for Model { id, invite_id, .. } in of(db, account.id, true).await? {
        let used = Expr::col(invites::Column::Used).add(1);
        let claim = invites::Entity::update_many()
            .col_expr(invites::Column::Used, used)
            .filter(invites::Column::Id.eq(invite_id))
            .filter(Expr::cust("(max_uses IS NULL OR used < max_uses)"));
        if claim.exec(db).await?.rows_affected == 0 {
            let why = "Others have used up the invite of this account since. Raise its maximum uses, then try again.";
            return Err(Failure::new(Code::InviteUsedUp, why).into());
        }
        let unmark = Entity::update_many().col_expr(Column::ReleasedAt, Expr::value(None::<i64>));
        unmark.filter(Column::Id.eq(id)).exec(db).await?;
        mailings::join(db, InviteId(invite_id), (&email, account.id), &[], now).await?;
    }
    Ok(())
}

/// Erases what the invites that were locked to the address of this account say about the person, and pauses them: nobody else
/// may use them.
pub(crate) async fn forget_person(db: &impl ConnectionTrait, account: AccountId, now: Timestamp) -> Result<(), DbErr> {
    let used =
        Entity::find().select_only().column(Column::InviteId).filter(Column::AccountId.eq(account.0)).into_query();
    invite_store::forget_person(db, Condition::all().add(invites::Column::Id.in_subquery(used)), now).await
}

async fn of(db: &impl ConnectionTrait, account: AccountId, released: bool) -> Result<Vec<Model>, DbErr> {
    let state = if released { Column::ReleasedAt.is_not_null() } else { Column::ReleasedAt.is_null() };
    Entity::find().filter(Column::AccountId.eq(account.0)).filter(state).order_by_asc(Column::InviteId).all(db).await
}
