//! Attempts: sending a sign-up twice makes one account.

use std::time::Duration;

use domain::ids::AccountId;
use domain::signup::{AttemptKey, SignUp, SignedUp};
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::accounts::store as accounts;
use crate::platform::tx;
use crate::signup::attempts::entity::{ActiveModel, Column, Entity, Model};
use crate::{Ctx, Error};

pub(crate) mod entity;

/// How long an attempt is remembered.
const LIFETIME: Duration = Duration::from_hours(24);

/// One attempt to sign up. It has a key even if the client sent none: after a commit whose outcome is not known, that
/// is how we learn of it.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    key_hash: Vec<u8>,
    fingerprint: Vec<u8>,
    /// Whether the client chose the key, so that an earlier request may have come with it.
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
        let request = [code.as_bytes(), email.as_bytes(), username.as_bytes(), name.as_bytes()];
        Self {
            key_hash: ctx.keyring().attempt_hash(&[b"key", key.as_bytes()]),
            fingerprint: ctx.keyring().attempt_hash(&request),
            from_client,
        }
    }

    /// What this attempt has made already, if the client may have sent it before.
    ///
    /// # Errors
    /// [`Code::IdempotencyKeyReused`] when the key came with another request.
    pub(super) async fn replay(&self, ctx: &Ctx) -> Result<Option<SignedUp>, Error> {
        if self.from_client { self.find(ctx).await } else { Ok(None) }
    }

    /// What this attempt has made.
    pub(super) async fn find(&self, ctx: &Ctx) -> Result<Option<SignedUp>, Error> {
        // From the writing pool: what was just committed must be seen.
        let db = &ctx.db().write;
        let Some(made) = Entity::find_by_id(self.key_hash.clone()).one(db).await? else { return Ok(None) };
        if is_old(&made, ctx.now()) {
            return Ok(None);
        }
        if made.fingerprint != self.fingerprint {
            let message = "This idempotency key was used before, with another request. Use a new one.";
            return Err(Failure::field(Code::IdempotencyKeyReused, "idempotency_key", message).into());
        }
        let account = accounts::find(db, AccountId(made.account_id)).await?;
        let account = account.ok_or_else(|| Error::internal("an attempt names an account that is gone"))?;
        Ok(Some(SignedUp { account: accounts::account(&account)?, replayed: true }))
    }

    /// Claims the attempt in the transaction that is to make `account`; `false` if it was claimed before. A second
    /// request with the same key waits here until the first one's transaction has ended.
    pub(super) async fn claim(&self, db: &impl ConnectionTrait, account: Uuid, now: Timestamp) -> Result<bool, Error> {
        let old = now.minus(LIFETIME).as_micros();
        let over = Entity::delete_many().filter(Column::KeyHash.eq(self.key_hash.clone()));
        over.filter(Column::CreatedAt.lte(old)).exec(db).await?;
        let row = ActiveModel {
            key_hash: Set(self.key_hash.clone()),
            fingerprint: Set(self.fingerprint.clone()),
            account_id: Set(account),
            created_at: Set(now.as_micros()),
        };
        let insert = Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned());
        Ok(insert.exec_without_returning(db).await? == 1)
    }
}

fn is_old(attempt: &Model, now: Timestamp) -> bool {
    Timestamp::from_micros(attempt.created_at).plus(LIFETIME) <= now
}

/// Removes the attempts that are older than a day.
pub(crate) async fn purge_old(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    let old = ctx.now().minus(LIFETIME).as_micros();
    Entity::delete_many().filter(Column::CreatedAt.lte(old)).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}
