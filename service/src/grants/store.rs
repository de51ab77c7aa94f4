//! Queries over grants, codes, tokens and consents.

use std::time::Duration;

use domain::Timestamp;
use domain::ids::{AccountId, ApplicationId, SessionId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use super::{codes, consents, device_store, entity as grants, tokens};
use crate::platform::keyring::token_hash;
use crate::platform::tx;
use crate::{Ctx, Error};

/// How long a code can be used (RFC 6749, section 4.1.2, recommends at most ten minutes).
const CODE_LIFETIME: Duration = Duration::from_mins(1);
/// How long a code that was used, or has expired, is kept, so that its second use is recognised.
const CODE_KEPT: Duration = Duration::from_hours(1);
/// How long an access token can be used.
pub(crate) const ACCESS_LIFETIME: Duration = Duration::from_hours(1);
/// How long a refresh token can be used. Each use gives a new one.
const REFRESH_LIFETIME: Duration = Duration::from_hours(30 * 24);
/// How long the tokens of one sign-in can be used and exchanged for others.
const GRANT_LIFETIME: Duration = Duration::from_hours(180 * 24);
/// The number of grants that are deleted with one statement.
const BATCH: u64 = 1_000;

/// A sign-in to an application, before it is stored.
pub(crate) struct NewGrant {
    pub(crate) application: ApplicationId,
    pub(crate) account: AccountId,
    pub(crate) session: SessionId,
    /// Scopes, separated by spaces.
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    pub(crate) signed_in_at: Timestamp,
    pub(crate) auth_epoch: i64,
}

/// Stores a grant, and returns its id.
pub(crate) async fn insert(db: &impl ConnectionTrait, ctx: &Ctx, new: NewGrant, now: Timestamp) -> Result<Uuid, DbErr> {
    let grant = grants::Model {
        id: ctx.randomness().uuid(now),
        application_id: new.application.0,
        account_id: new.account.0,
        session_id: new.session.0,
        scope: new.scope,
        nonce: new.nonce,
        signed_in_at: new.signed_in_at.as_micros(),
        auth_epoch: new.auth_epoch,
        created_at: now.as_micros(),
        revoked_at: None,
    };
    let id = grant.id;
    grants::Entity::insert(grant.into_active_model()).exec_without_returning(db).await?;
    Ok(id)
}

/// Creates the code of a grant, for the request with this address and challenge.
pub(crate) async fn issue_code(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    grant: Uuid,
    (redirect_uri, code_challenge): (String, Option<String>),
    now: Timestamp,
) -> Result<String, DbErr> {
    let code = ctx.randomness().token();
    let row = codes::Model {
        code_hash: token_hash(&code),
        grant_id: grant,
        redirect_uri,
        code_challenge,
        expires_at: now.plus(CODE_LIFETIME).as_micros(),
        used_at: None,
    };
    codes::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(code)
}

/// The code, with its grant.
pub(crate) async fn find_code(
    db: &impl ConnectionTrait,
    code: &str,
) -> Result<Option<(codes::Model, grants::Model)>, DbErr> {
    codes::Entity::find_by_id(token_hash(code)).find_both_related(grants::Entity).one(db).await
}

/// The grant with this id.
pub(crate) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<grants::Model>, DbErr> {
    grants::Entity::find_by_id(id).one(db).await
}

/// The token, with its grant.
pub(crate) async fn find_token(
    db: &impl ConnectionTrait,
    token: &str,
) -> Result<Option<(tokens::Model, grants::Model)>, DbErr> {
    tokens::Entity::find_by_id(token_hash(token)).find_both_related(grants::Entity).one(db).await
}

/// The grant, locked until the transaction ends; `None` if it was revoked.
pub(crate) async fn lock(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<grants::Model>, DbErr> {
    let grant = grants::Entity::find_by_id(id).lock_exclusive().one(db).await?;
    Ok(grant.filter(|grant| grant.revoked_at.is_none()))
}

/// Uses a code up: the one statement that decides who does.
pub(crate) async fn claim_code(db: &impl ConnectionTrait, code: &codes::Model, now: Timestamp) -> Result<bool, DbErr> {
    let used = codes::ActiveModel { used_at: Set(Some(now.as_micros())), ..codes::ActiveModel::default() };
    let claim = codes::Entity::update_many()
        .set(used)
        .filter(codes::Column::CodeHash.eq(code.code_hash.clone()))
        .filter(codes::Column::UsedAt.is_null())
        .filter(codes::Column::ExpiresAt.gt(now.as_micros()));
    Ok(claim.exec(db).await?.rows_affected == 1)
}

/// Uses a refresh token up: the one statement that decides who does.
pub(crate) async fn claim_refresh(
    db: &impl ConnectionTrait,
    token: &tokens::Model,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let used = tokens::ActiveModel { used_at: Set(Some(now.as_micros())), ..tokens::ActiveModel::default() };
    let claim = tokens::Entity::update_many()
        .set(used)
        .filter(tokens::Column::TokenHash.eq(token.token_hash.clone()))
        .filter(tokens::Column::UsedAt.is_null())
        .filter(tokens::Column::ExpiresAt.gt(now.as_micros()));
    Ok(claim.exec(db).await?.rows_affected == 1)
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Access,
    Refresh,
}

impl Kind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }

    const fn lifetime(self) -> Duration {
        match self {
            Self::Access => ACCESS_LIFETIME,
            Self::Refresh => REFRESH_LIFETIME,
        }
    }

    /// What tokens begin with, so that one that was published by mistake is recognised.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Access => "lka_",
            Self::Refresh => "lkr_",
        }
    }
}

/// Creates a token of a grant.
pub(crate) async fn issue(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    grant: &grants::Model,
    kind: Kind,
    scope: &str,
    now: Timestamp,
) -> Result<String, DbErr> {
    let token = format!("{}{}", kind.prefix(), ctx.randomness().token());
    let last = Timestamp::from_micros(grant.created_at).plus(GRANT_LIFETIME);
    let row = tokens::Model {
        token_hash: token_hash(&token),
        grant_id: grant.id,
        kind: kind.as_str().to_owned(),
        scope: scope.to_owned(),
        created_at: now.as_micros(),
        expires_at: now.plus(kind.lifetime()).min(last).as_micros(),
        used_at: None,
    };
    tokens::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(token)
}

/// Revokes a grant: its code and tokens can't be used any more. Returns whether it was not revoked already.
pub(crate) async fn revoke(db: &impl ConnectionTrait, id: Uuid, now: Timestamp) -> Result<bool, DbErr> {
    let revoked = grants::ActiveModel { revoked_at: Set(Some(now.as_micros())), ..grants::ActiveModel::default() };
    let revoke = grants::Entity::update_many()
        .set(revoked)
        .filter(grants::Column::Id.eq(id))
        .filter(grants::Column::RevokedAt.is_null());
    Ok(revoke.exec(db).await?.rows_affected == 1)
}

/// Deletes an access token.
pub(crate) async fn delete_token(db: &impl ConnectionTrait, token: &tokens::Model) -> Result<(), DbErr> {
    tokens::Entity::delete_by_id(token.token_hash.clone()).exec(db).await.map(|_| ())
}

/// What a member let an application know.
pub(crate) async fn consent(
    db: &impl ConnectionTrait,
    account: AccountId,
    application: ApplicationId,
) -> Result<Option<consents::Model>, DbErr> {
    consents::Entity::find_by_id((account.0, application.0)).one(db).await
}

/// Stores what a member lets an application know since `now`.
pub(crate) async fn give_consent(
    db: &impl ConnectionTrait,
    account: AccountId,
    application: ApplicationId,
    scope: String,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row =
        consents::Model { account_id: account.0, application_id: application.0, scope, given_at: now.as_micros() };
    let again = OnConflict::columns([consents::Column::AccountId, consents::Column::ApplicationId])
        .update_columns([consents::Column::Scope, consents::Column::GivenAt])
        .to_owned();
    consents::Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(db).await?;
    Ok(())
}

/// Deletes what an application has of everybody.
pub(crate) async fn forget_application(db: &impl ConnectionTrait, application: ApplicationId) -> Result<(), DbErr> {
    grants::Entity::delete_many().filter(grants::Column::ApplicationId.eq(application.0)).exec(db).await.map(|_| ())
}

/// Revokes what applications got through a session of an account or, if it is `Err`, through every other one.
pub(crate) async fn revoke_of_sessions(
    db: &impl ConnectionTrait,
    account: AccountId,
    session: Result<SessionId, Option<SessionId>>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let revoked = grants::ActiveModel { revoked_at: Set(Some(now.as_micros())), ..grants::ActiveModel::default() };
    let mut revoke = grants::Entity::update_many()
        .set(revoked)
        .filter(grants::Column::AccountId.eq(account.0))
        .filter(grants::Column::RevokedAt.is_null());
    revoke = match session {
        Ok(session) => revoke.filter(grants::Column::SessionId.eq(session.0)),
        Err(Some(kept)) => revoke.filter(grants::Column::SessionId.ne(kept.0)),
        Err(None) => revoke,
    };
    revoke.exec(db).await.map(|_| ())
}

/// Deletes what applications have of an account.
pub(crate) async fn forget_account(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    consents::Entity::delete_many().filter(consents::Column::AccountId.eq(account.0)).exec(db).await?;
    grants::Entity::delete_many().filter(grants::Column::AccountId.eq(account.0)).exec(db).await?;
    Ok(())
}

/// Deletes codes and tokens that have expired, and grants that have none left.
pub(crate) async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    let now = ctx.now();
    let codes_before = now.minus(CODE_KEPT).as_micros();
    let tx = tx::begin(ctx).await?;
    codes::Entity::delete_many().filter(codes::Column::ExpiresAt.lte(codes_before)).exec(&tx).await?;
    tokens::Entity::delete_many().filter(tokens::Column::ExpiresAt.lte(now.as_micros())).exec(&tx).await?;
    device_store::purge_expired(&tx, now).await?;
    let empty = grants::Entity::find()
        .select_only()
        .column(grants::Column::Id)
        .filter(grants::Column::CreatedAt.lte(codes_before))
        .filter(Expr::cust("NOT EXISTS (SELECT 1 FROM oidc_codes c WHERE c.grant_id = oidc_grants.id)"))
        .filter(Expr::cust("NOT EXISTS (SELECT 1 FROM oidc_tokens t WHERE t.grant_id = oidc_grants.id)"))
        .limit(BATCH)
        .into_query();
    grants::Entity::delete_many().filter(grants::Column::Id.in_subquery(empty)).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}
