//! The addresses that accounts claim which wait for them to be verified, and the links that verify them: queries below
//! [`crate::verification`] and all that creates, changes or deletes accounts. The row of the account is locked by what
//! changes one of these.

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::AccountId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

pub(crate) use self::entity::Model;
use self::entity::{ActiveModel, Column, Entity};
use crate::accounts::entity as accounts;
use crate::platform::keyring::token_hash;

mod entity;

/// Records that an account claims an address since `now`. A link that was sent is void.
pub(crate) async fn claim(
    db: &impl ConnectionTrait,
    account: AccountId,
    email: &Email,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = Model {
        account_id: account.0,
        email_folded: email.folded(),
        created_at: now.as_micros(),
        token_hash: None,
        expires_at: None,
    };
    let replace = OnConflict::column(Column::AccountId)
        .update_columns([Column::EmailFolded, Column::CreatedAt, Column::TokenHash, Column::ExpiresAt])
        .to_owned();
    Entity::insert(row.into_active_model()).on_conflict(replace).exec_without_returning(db).await.map(|_| ())
}

/// What an account claims, if it waits for its address to be verified.
pub(crate) async fn of(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(account.0).one(db).await
}

/// The claim that the link with this token verifies, unless it has expired.
pub(crate) async fn find(db: &impl ConnectionTrait, token: &str, now: Timestamp) -> Result<Option<Model>, DbErr> {
    let found = Entity::find().filter(Column::TokenHash.eq(token_hash(token)));
    found.filter(Column::ExpiresAt.gt(now.as_micros())).one(db).await
}

/// Gives the claim of an account a link, valid until `expires_at`. An earlier one is void.
pub(crate) async fn arm(
    db: &impl ConnectionTrait,
    account: AccountId,
    token: &str,
    expires_at: Timestamp,
) -> Result<(), DbErr> {
    set_link(db, account, Some((token_hash(token), expires_at.as_micros()))).await
}

/// Makes the link of an account void, if it has one.
pub(crate) async fn disarm(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    set_link(db, account, None).await
}

async fn set_link(db: &impl ConnectionTrait, account: AccountId, link: Option<(Vec<u8>, i64)>) -> Result<(), DbErr> {
    let (token_hash, expires_at) = link.unzip();
    let change = ActiveModel { token_hash: Set(token_hash), expires_at: Set(expires_at), ..ActiveModel::default() };
    Entity::update_many().set(change).filter(Column::AccountId.eq(account.0)).exec(db).await.map(|_| ())
}

/// Locks an account, and those that claim an address, until the transaction ends. In the order of their ids, so that two
/// of them that are to get it do not wait for each other. Returns those that claim it.
pub(crate) async fn lock_claimants(
    db: &impl ConnectionTrait,
    account: AccountId,
    email_folded: &str,
) -> Result<Vec<Uuid>, DbErr> {
    let claims = Entity::find().select_only().column(Column::AccountId).filter(Column::EmailFolded.eq(email_folded));
    let claimants: Vec<Uuid> = claims.into_tuple().all(db).await?;
    let all = claimants.iter().copied().chain([account.0]);
    let locked = accounts::Entity::find().select_only().column(accounts::Column::Id);
    let locked = locked.filter(accounts::Column::Id.is_in(all)).order_by_asc(accounts::Column::Id).lock_exclusive();
    locked.into_tuple::<Uuid>().all(db).await?;
    Ok(claimants)
}

/// Has those of `claimants` that still wait for the address lapse at `now`: `winner` has it. They are locked, and may have
/// got another address before.
pub(crate) async fn lapse_others(
    db: &impl ConnectionTrait,
    (email_folded, claimants): (&str, Vec<Uuid>),
    winner: AccountId,
    now: Timestamp,
) -> Result<(), DbErr> {
    let others: Vec<Uuid> = claimants.into_iter().filter(|id| *id != winner.0).collect();
    if others.is_empty() {
        return Ok(());
    }
    let lapse = accounts::ActiveModel { activate_by: Set(Some(now.as_micros())), ..accounts::ActiveModel::default() };
    let claim = Entity::find().select_only().column(Column::AccountId).filter(Column::EmailFolded.eq(email_folded));
    let waits = Condition::all()
        .add(accounts::Column::Id.is_in(others))
        .add(accounts::Column::Id.in_subquery(claim.into_query()))
        .add(accounts::Column::ActivateBy.gt(now.as_micros()));
    accounts::Entity::update_many().set(lapse).filter(waits).exec(db).await.map(|_| ())
}

/// Deletes the claim of an account.
pub(crate) async fn delete_of(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::AccountId.eq(account.0)).exec(db).await.map(|_| ())
}
