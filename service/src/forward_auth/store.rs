//! Queries over the codes and tokens of sites.

use std::time::Duration;

use domain::Timestamp;
use domain::ids::SessionId;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use super::{codes, tokens};
use crate::Ctx;
use crate::platform::keyring::token_hash;

/// How long a code can be used: the browser brings it at once.
const CODE_LIFETIME: Duration = Duration::from_secs(30);

/// Creates a code for the browser whose hash this is.
pub(super) async fn issue_code(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    (authority, target): (&str, &str),
    session: SessionId,
    browser_hash: Vec<u8>,
    now: Timestamp,
) -> Result<String, DbErr> {
    let code = ctx.randomness().token();
    let row = codes::Model {
        code_hash: token_hash(&code),
        authority: authority.to_owned(),
        session_id: session.0,
        browser_hash,
        target: target.to_owned(),
        expires_at: now.plus(CODE_LIFETIME).as_micros(),
    };
    codes::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(code)
}

/// Uses a code up: the statement that deletes it decides who does. `None` if it is another's, or cannot be used any more.
pub(super) async fn claim_code(
    db: &impl ConnectionTrait,
    authority: &str,
    code: &str,
    browser: &str,
    now: Timestamp,
) -> Result<Option<codes::Model>, DbErr> {
    let found = codes::Entity::find_by_id(token_hash(code)).one(db).await?;
    let browser_hash = token_hash(browser);
    let of_browser = found.filter(|code| {
        code.authority == authority && code.browser_hash == browser_hash && code.expires_at > now.as_micros()
    });
    let Some(code) = of_browser else { return Ok(None) };
    let deleted = codes::Entity::delete_by_id(code.code_hash.clone()).exec(db).await?;
    Ok((deleted.rows_affected == 1).then_some(code))
}

/// Creates the token of a browser on a site. An earlier one of the same session ends.
pub(super) async fn issue_token(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    code: codes::Model,
    now: Timestamp,
) -> Result<String, DbErr> {
    let codes::Model { authority, session_id, .. } = code;
    tokens::Entity::delete_many()
        .filter(tokens::Column::SessionId.eq(session_id))
        .filter(tokens::Column::Authority.eq(authority.as_str()))
        .exec(db)
        .await?;
    let token = ctx.randomness().token();
    let row = tokens::Model { token_hash: token_hash(&token), authority, session_id, created_at: now.as_micros() };
    tokens::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(token)
}

/// The session to which the token of a browser on a site belongs.
pub(super) async fn session_of(
    db: &impl ConnectionTrait,
    authority: &str,
    token: &str,
) -> Result<Option<SessionId>, DbErr> {
    let found = tokens::Entity::find_by_id(token_hash(token)).one(db).await?;
    Ok(found.filter(|token| token.authority == authority).map(|token| SessionId(token.session_id)))
}

/// Deletes codes that have expired.
pub(super) async fn purge_codes(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    let expired = codes::Entity::delete_many().filter(codes::Column::ExpiresAt.lte(now.as_micros()));
    expired.exec(db).await.map(|_| ())
}
