//! Queries over what devices ask for.

use std::time::Duration;

use domain::Timestamp;
use domain::applications::UserCode;
use domain::ids::ApplicationId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};
use uuid::Uuid;

use super::devices::{ActiveModel, Column, Entity, Model};
use crate::Ctx;
use crate::platform::keyring::token_hash;

/// How long a member has to enter the code (RFC 8628, section 3.2).
pub(crate) const LIFETIME: Duration = Duration::from_mins(10);
/// How long a code that was used, or has expired, is known, so that the device is told so.
const KEPT: Duration = Duration::from_hours(1);
/// The least number of seconds between two questions of a device, and what is added each time it asks earlier (section 3.5).
pub(crate) const INTERVAL: i64 = 5;
/// How much earlier a question may arrive: the one before may have been slower on its way.
const TOLERANCE: i64 = 1;

/// What a device gets: its own code, and the one that it shows.
pub(crate) struct Codes {
    pub(crate) device: String,
    pub(crate) user: UserCode,
}

/// Stores what a device asks for.
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    application: ApplicationId,
    scope: String,
    codes: &Codes,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = Model {
        device_code_hash: token_hash(&codes.device),
        user_code_hash: user_code_hash(ctx, &codes.user),
        application_id: application.0,
        scope,
        created_at: now.as_micros(),
        expires_at: now.plus(LIFETIME).as_micros(),
        interval_seconds: INTERVAL,
        polled_at: None,
        decided_at: None,
        grant_id: None,
        used_at: None,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(db).await.map(|_| ())
}

fn user_code_hash(ctx: &Ctx, code: &UserCode) -> Vec<u8> {
    ctx.keyring().proof_hash(&[b"oidc user code", code.expose().as_bytes()])
}

/// The number of requests of an application that wait for a decision.
pub(crate) async fn waiting(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let waiting = Entity::find()
        .filter(Column::ApplicationId.eq(application.0))
        .filter(Column::ExpiresAt.gt(now.as_micros()))
        .filter(Column::DecidedAt.is_null());
    waiting.count(db).await
}

/// What the device with this code asked for.
pub(crate) async fn find(db: &impl ConnectionTrait, device_code: &str) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(token_hash(device_code)).one(db).await
}

/// The request that waits for a decision by this code.
pub(crate) async fn undecided(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    code: &UserCode,
    now: Timestamp,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::UserCodeHash.eq(user_code_hash(ctx, code)))
        .filter(Column::DecidedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_micros()))
        .one(db)
        .await
}

/// Decides a request: the one statement that decides who does. `grant` is what the member allowed; `None` refuses.
pub(crate) async fn decide(
    db: &impl ConnectionTrait,
    row: &Model,
    grant: Option<Uuid>,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let decided =
        ActiveModel { decided_at: Set(Some(now.as_micros())), grant_id: Set(grant), ..ActiveModel::default() };
    let decide = Entity::update_many()
        .set(decided)
        .filter(Column::DeviceCodeHash.eq(row.device_code_hash.clone()))
        .filter(Column::DecidedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_micros()));
    Ok(decide.exec(db).await?.rows_affected == 1)
}

/// Records that a device asks. If it does so too early, it has to wait longer from now on, and the answer is `false`.
pub(crate) async fn poll(db: &impl ConnectionTrait, row: &Model, now: Timestamp) -> Result<bool, DbErr> {
    let own = || Entity::update_many().filter(Column::DeviceCodeHash.eq(row.device_code_hash.clone()));
    // In microseconds: the interval without the tolerance, after the last question.
    let free_at = Expr::col(Column::PolledAt).add(Expr::col(Column::IntervalSeconds).sub(TOLERANCE).mul(1_000_000_i64));
    let in_time = own()
        .col_expr(Column::PolledAt, Expr::value(now.as_micros()))
        .filter(Column::PolledAt.is_null().or(free_at.lte(now.as_micros())));
    if in_time.exec(db).await?.rows_affected == 1 {
        return Ok(true);
    }
    let slower = own()
        .col_expr(Column::PolledAt, Expr::value(now.as_micros()))
        .col_expr(Column::IntervalSeconds, Expr::col(Column::IntervalSeconds).add(INTERVAL));
    slower.exec(db).await?;
    Ok(false)
}

/// Uses a device code up: the one statement that decides who does.
pub(crate) async fn claim(db: &impl ConnectionTrait, row: &Model, now: Timestamp) -> Result<bool, DbErr> {
    let used = ActiveModel { used_at: Set(Some(now.as_micros())), ..ActiveModel::default() };
    let claim = Entity::update_many()
        .set(used)
        .filter(Column::DeviceCodeHash.eq(row.device_code_hash.clone()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_micros()));
    Ok(claim.exec(db).await?.rows_affected == 1)
}

/// Deletes what expired some time ago.
pub(crate) async fn purge_expired(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now.minus(KEPT).as_micros())).exec(db).await.map(|_| ())
}
