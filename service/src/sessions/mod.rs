//! Sessions: signing in with a browser, and out again.
//!
//! The browser holds 256 random bits in a cookie, the database their hash. A session ends when it is revoked, after a
//! week without use, and after thirty days in any case. Revoking deletes the row: it holds on every replica at once.

use std::fmt;
use std::time::Duration;

use domain::accounts::{Account, AccountStatus};
use domain::ids::{AccountId, SessionId};
use domain::sessions::{Session, SignInDraft};
use domain::{Code, Failure, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::accounts::store as accounts;
use crate::audit::{self, Event, Originator};
use crate::platform::keyring::token_hash;
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::sessions::entity::{ActiveModel, Column, Entity};
use crate::{Actor, Client, Ctx, Error, Via};

pub(crate) mod entity;
pub(crate) mod store;
#[cfg(test)]
mod tests;

/// How long a session lasts at the most.
pub const ABSOLUTE_LIFETIME: Duration = Duration::from_hours(720);
/// How long a session lasts without use.
pub const IDLE_LIFETIME: Duration = Duration::from_hours(168);
/// How exactly the last use is known: writing it down at every request would make every read a write.
const LAST_SEEN_STEP: Duration = Duration::from_mins(5);

/// What the browser holds: the cookie's value. Never logged, never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    /// The cookie's value.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// Someone who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// As whom they act.
    pub actor: Actor,
    /// Their account.
    pub account: Account,
}

/// Signs in with e-mail address or username, and password.
///
/// # Errors
/// [`Code::SignInFailed`] whether the account or the password is wrong, after the same time;
/// [`Code::AccountSuspended`] to someone who knows the password; [`Code::RateLimited`].
pub async fn sign_in(ctx: &Ctx, draft: &SignInDraft, client: &Client) -> Result<SessionToken, Error> {
    let login = draft.login.trim().to_lowercase();
    ctx.limits().check_shared(ctx, Limit::SignIn, client, "").await?;
    ctx.limits().check_shared(ctx, Limit::SignInTo, client, &login).await?;
    let account = accounts::find_by_login(&ctx.db().read, &login).await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    // More than the longest password there can be is no password; hashing it would be work for nothing.
    let right = draft.password.len() <= domain::accounts::Password::MAX_BYTES
        && ctx.passwords().verify(draft.password.clone(), hash).await?;
    let Some(account) = account.filter(|_| right) else {
        ctx.limits().record_failure_shared(ctx, Limit::SignIn, client, "").await?;
        ctx.limits().record_failure_shared(ctx, Limit::SignInTo, client, &login).await?;
        return Err(Failure::new(Code::SignInFailed, "The e-mail address, username or password is wrong.").into());
    };
    let account = accounts::account(&account)?;
    if account.status() == AccountStatus::Suspended {
        return Err(Failure::new(Code::AccountSuspended, "Your account is suspended. Ask an admin.").into());
    }
    begin(ctx, account.id, "session.sign_in", client).await
}

/// Begins a session for an account that has just proved itself.
pub(crate) async fn begin(
    ctx: &Ctx,
    account: AccountId,
    action: &'static str,
    client: &Client,
) -> Result<SessionToken, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let token = store::begin(&tx, ctx, account, client, now).await?;
    let event = Event {
        originator: Originator::Visitor(client),
        action,
        subject: ("account", Some(account.0)),
        detail: json!({}),
    };
    audit::record(&tx, ctx, now, event).await?;
    tx.commit().await?;
    Ok(token)
}

/// Whom a cookie belongs to, if it is worth anything: the session lives and the account is not suspended.
pub async fn resolve(ctx: &Ctx, token: &str, client: &Client) -> Result<Option<Signed>, Error> {
    let db = &ctx.db().read;
    let now = ctx.now();
    let found = Entity::find()
        .find_also_related(crate::accounts::entity::Entity)
        .filter(Column::TokenHash.eq(token_hash(token)))
        .one(db)
        .await?;
    let Some((session, Some(account))) = found else { return Ok(None) };
    let idle_since = Timestamp::from_micros(session.last_seen_at);
    if session.expires_at <= now.as_micros() || idle_since.plus(IDLE_LIFETIME) <= now {
        return Ok(None);
    }
    let account = accounts::account(&account)?;
    if account.status() == AccountStatus::Suspended {
        return Ok(None);
    }
    if idle_since.plus(LAST_SEEN_STEP) <= now {
        // What can be read is read, also while nothing can be written.
        if let Err(error) = touch(ctx, SessionId(session.id), account.id, now).await {
            tracing::warn!(%error, "a session's last use could not be noted");
        }
    }
    let actor = Actor {
        account: account.reference(),
        role: account.role,
        via: Via::Session(SessionId(session.id)),
        client: client.clone(),
        read_only: false,
        pending: account.status() == AccountStatus::Pending,
    };
    Ok(Some(Signed { actor, account }))
}

/// Notes that a session and its account were used.
async fn touch(ctx: &Ctx, session: SessionId, account: AccountId, now: Timestamp) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    let seen = ActiveModel { last_seen_at: Set(now.as_micros()), ..ActiveModel::default() };
    Entity::update_many().set(seen).filter(Column::Id.eq(session.0)).exec(&tx).await?;
    let active = crate::accounts::entity::ActiveModel {
        last_active_at: Set(Some(now.as_micros())),
        ..crate::accounts::entity::ActiveModel::default()
    };
    accounts::update(&tx, account, active).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends the session the actor came with.
pub async fn sign_out(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    match actor.via {
        Via::Session(session) => revoke(ctx, actor, session).await,
        Via::ApiKey(_) | Via::Operator => Ok(()),
    }
}

/// The actor's sessions that live, newest first.
pub async fn list(ctx: &Ctx, actor: &Actor) -> Result<Vec<Session>, Error> {
    let now = ctx.now();
    let idle_since = now.minus(IDLE_LIFETIME).as_micros();
    let rows = Entity::find()
        .filter(Column::AccountId.eq(actor.id().0))
        .filter(Column::ExpiresAt.gt(now.as_micros()))
        .filter(Column::LastSeenAt.gt(idle_since))
        .order_by_desc(Column::CreatedAt)
        .all(&ctx.db().read)
        .await?;
    let session = |row: crate::sessions::entity::Model| Session {
        current: actor.via == Via::Session(SessionId(row.id)),
        id: SessionId(row.id),
        user_agent: row.user_agent,
        created_at: Timestamp::from_micros(row.created_at),
        last_seen_at: Timestamp::from_micros(row.last_seen_at),
        expires_at: Timestamp::from_micros(row.expires_at),
    };
    Ok(rows.into_iter().map(session).collect())
}

/// Ends one of the actor's sessions.
///
/// # Errors
/// [`Code::NotFound`] when it is not theirs, or is over.
pub async fn revoke(ctx: &Ctx, actor: &Actor, id: SessionId) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let own = Entity::delete_many().filter(Column::Id.eq(id.0)).filter(Column::AccountId.eq(actor.id().0));
    if own.exec(&tx).await?.rows_affected == 0 {
        return Err(Failure::not_found("session").into());
    }
    let event = Event {
        originator: Originator::Actor(actor),
        action: "session.revoke",
        subject: ("session", Some(id.0)),
        detail: json!({}),
    };
    audit::record(&tx, ctx, now, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends the actor's sessions other than the one they came with, and says how many.
pub async fn revoke_others(ctx: &Ctx, actor: &Actor) -> Result<u64, Error> {
    let now = ctx.now();
    let kept = match actor.via {
        Via::Session(session) => Some(session),
        Via::ApiKey(_) | Via::Operator => None,
    };
    let tx = tx::begin(ctx).await?;
    let ended = store::end_all(&tx, actor.id(), kept).await?;
    let event = Event {
        originator: Originator::Actor(actor),
        action: "session.revoke_others",
        subject: ("account", Some(actor.id().0)),
        detail: json!({ "sessions": ended }),
    };
    audit::record(&tx, ctx, now, event).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Refuses when the actor has too often named a wrong current password.
pub(crate) async fn check_password_limit(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    ctx.limits().check_shared(ctx, Limit::SignInTo, &actor.client, &actor.id().to_string()).await
}

/// Counts a wrong current password.
pub(crate) async fn record_password_failure(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    ctx.limits().record_failure_shared(ctx, Limit::SignInTo, &actor.client, &actor.id().to_string()).await
}

/// Removes the rows of sessions that are over.
pub(crate) async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    Entity::delete_many().filter(Column::ExpiresAt.lte(ctx.now().as_micros())).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}
