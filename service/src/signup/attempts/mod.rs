//! Sign-up attempts: a request that is sent twice creates one account.

use std::time::Duration;

use domain::ids::AccountId;
use domain::signup::{AttemptKey, SignUp, SignedUp};
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::accounts::store as accounts;
use crate::platform::tx;
use crate::signup::attempts::entity::{ActiveModel, Column, Entity, Model};
use crate::{Ctx, Error};

pub(crate) mod entity;

/// The time for which an attempt is stored.
const LIFETIME: Duration = Duration::from_hours(24);

/// One attempt to sign up. It has a key even if the client sent none, because the attempt is looked up after a commit
/// that was not confirmed.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    key_hash: Vec<u8>,
    fingerprint: Vec<u8>,
    /// Whether the client sent the key, so that an earlier request may have had the same.
    from_client: bool,
}

impl Attempt {
    pub(super) fn new(ctx: &Ctx, key: Option<&AttemptKey>, sign_up: &SignUp) -> Self {
        let from_client = key.is_some();
        let key = key.map_or_else(|| ctx.randomness().token(), |key| key.as_str().to_owned());
        let code = match &sign_up.code {
            Some(Ok(code)) => code.as_str(),
            Some(Err(_)) => "?",
            None => "",
        };
        let name = sign_up.name.as_ref().map_or("", |name| name.as_str());
        let (email, username) = (sign_up.email.folded(), sign_up.username.folded());
        // Without the proof of the address: an account that is there is as it was created.
        let mut request = vec![code.as_bytes(), email.as_bytes(), username.as_bytes(), name.as_bytes()];
        for (key, value) in &sign_up.attributes {
            request.push(key.as_str().as_bytes());
            request.push(value.as_ref().map_or("", |value| value.as_str()).as_bytes());
        }
        for (id, version) in &sign_up.terms {
            request.push(id.as_bytes());
            request.push(version.as_bytes());
        }
        let begun = sign_up.begun.map(|begun| format!("{} {}", begun.flow, begun.number)).unwrap_or_default();
        if !begun.is_empty() {
            request.push(begun.as_bytes());
        }
        Self {
            key_hash: ctx.keyring().attempt_hash(&[b"key", key.as_bytes()]),
            fingerprint: ctx.keyring().attempt_hash(&request),
            from_client,
        }
    }

    /// The result of an earlier request with the same key, if the client sent the key.
    ///
    /// # Errors
    /// [`Code::IdempotencyKeyReused`] if that request was different.
    pub(super) async fn replay(&self, ctx: &Ctx) -> Result<Option<SignedUp>, Error> {
        if self.from_client { self.find(ctx).await } else { Ok(None) }
    }

    /// The result of this attempt, if it was committed.
    pub(super) async fn find(&self, ctx: &Ctx) -> Result<Option<SignedUp>, Error> {
        // With the write pool, which sees what was just committed.
        let db = &ctx.db().write;
        let Some(row) = Entity::find_by_id(self.key_hash.clone()).one(db).await? else { return Ok(None) };
        if is_old(&row, ctx.now()) {
            return Ok(None);
        }
        if row.fingerprint != self.fingerprint {
            let message = "This idempotency key was used before, with another request. Use a new one.";
            return Err(Failure::field(Code::IdempotencyKeyReused, "idempotency_key", message).into());
        }
        let account = accounts::find(db, AccountId(row.account_id)).await?;
        // Deleting an account deletes its attempts.
        let account = account.ok_or_else(|| Error::internal("an attempt refers to a missing account"))?;
        let account = accounts::account(&account, ctx.now())?;
        // The account is there, wherever it leads.
        let after = super::after(ctx, account.id).await.unwrap_or_default();
        Ok(Some(SignedUp { account, after, replayed: true }))
    }

    /// Claims the attempt in the transaction that creates `account`. Returns `false` if it was claimed before. A second
    /// request with the same key waits here until the transaction of the first has ended.
    pub(super) async fn claim(&self, db: &impl ConnectionTrait, account: Uuid, now: Timestamp) -> Result<bool, Error> {
        let row = ActiveModel {
            key_hash: Set(self.key_hash.clone()),
            fingerprint: Set(self.fingerprint.clone()),
            account_id: Set(account),
            created_at: Set(now.as_micros()),
        };
        // An attempt of more than a day ago is replaced.
        let is_old = Expr::col((Entity, Column::CreatedAt)).lte(now.minus(LIFETIME).as_micros());
        let replace = OnConflict::column(Column::KeyHash)
            .update_columns([Column::Fingerprint, Column::AccountId, Column::CreatedAt])
            .action_and_where(is_old)
            .to_owned();
        let insert = Entity::insert(row).on_conflict(replace);
        Ok(insert.exec_without_returning(db).await? == 1)
    }
}

fn is_old(attempt: &Model, now: Timestamp) -> bool {
    Timestamp::from_micros(attempt.created_at).plus(LIFETIME) <= now
}

/// Deletes the attempts by which an account was created.
pub(crate) async fn delete_of(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::AccountId.eq(account.0)).exec(db).await.map(|_| ())
}

/// Deletes the attempts that are older than a day.
pub(crate) async fn purge_old(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    let old = ctx.now().minus(LIFETIME).as_micros();
    Entity::delete_many().filter(Column::CreatedAt.lte(old)).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}
