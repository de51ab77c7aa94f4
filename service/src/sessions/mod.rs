//! Sessions: signing in with a browser, and out again.
//!
//! The browser holds 256 random bits in a cookie, the database their hash. A session ends when it is revoked, after a
//! week without use, and after thirty days in any case. Revoking deletes the row: it holds on every replica at once.

use std::fmt;
use std::time::Duration;

use domain::accounts::{Account, AccountStatus, Password};
use domain::ids::{AccountId, SessionId};
use domain::keys::KeyScope;
use domain::sessions::{Session, SignInDraft};
use domain::{Code, Failure, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::accounts::store::{self as accounts, Verified};
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
/// Maximum number of sessions of one account. One more ends the one that was not used for the longest time.
const MOST: u64 = 50;
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

/// Signs in with e-mail address or username, and password, with a browser that has no session.
///
/// # Errors
/// [`Code::SignInFailed`] whether the account or the password is wrong, after the same time;
/// [`Code::AccountSuspended`] to someone who knows the password; [`Code::RateLimited`]; [`Code::Unavailable`].
pub async fn sign_in(ctx: &Ctx, draft: &SignInDraft, client: &Client) -> Result<SessionToken, Error> {
    sign_in_again(ctx, draft, client, None).await
}

/// The same with a browser that may have a session: the new one ends it.
///
/// # Errors
/// Those of [`sign_in`].
pub async fn sign_in_again(
    ctx: &Ctx,
    draft: &SignInDraft,
    client: &Client,
    replaced: Option<SessionId>,
) -> Result<SessionToken, Error> {
    let login = draft.login.trim().to_lowercase();
    let account = accounts::find_by_login(&ctx.db().read, &login).await?;
    let subject = account.as_ref().map_or(Subject::Unknown(login), |row| Subject::Account(AccountId(row.id)));
    let hash = account.as_ref().map(|row| row.password_hash.clone());
    let right = verify_password(ctx, client, &subject, draft.password.clone(), hash).await?;
    let account = account.filter(|_| right).ok_or_else(sign_in_failed)?;
    if account.suspended_at.is_some() {
        return Err(suspended(&accounts::account(&account)?).into());
    }
    begin(ctx, &Verified::by_password(&account), "session.sign_in", client, replaced).await
}

fn sign_in_failed() -> Failure {
    Failure::new(Code::SignInFailed, "The e-mail address, username or password is wrong.")
}

fn suspended(account: &Account) -> Failure {
    let why = match account.status() {
        AccountStatus::Declined => "Your request for an account was declined. Ask an admin.",
        _ => "Your account is suspended. Ask an admin.",
    };
    Failure::new(Code::AccountSuspended, why)
}

/// Whose password is tried.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// An account's, by whichever of its names, or in its own settings: they share one limit.
    Account(AccountId),
    /// That of nobody: a login that no account has, folded. It is limited in the same way.
    Unknown(String),
}

/// Whether `password` is what `hash` was made from. Counted as a failure before it is tried, and given back unless it
/// fails, so that no more can be tried at once than one after another.
///
/// # Errors
/// [`Code::RateLimited`] when the client has failed too often, or too many requests of its network wait;
/// [`Code::Unavailable`] when too many wait at all.
pub(crate) async fn verify_password(
    ctx: &Ctx,
    client: &Client,
    subject: &Subject,
    password: String,
    hash: Option<String>,
) -> Result<bool, Error> {
    let limits = ctx.limits();
    let subject = match subject {
        Subject::Account(id) => format!("account {id}"),
        Subject::Unknown(login) => format!("login {login}"),
    };
    let to_account = limits.reserve(ctx, Limit::SignInTo, client, &subject).await?;
    let from_address = match limits.reserve(ctx, Limit::SignIn, client, "").await {
        Ok(reservation) => reservation,
        Err(error) => {
            limits.give_back(to_account).await?;
            return Err(error);
        }
    };
    // More than the longest password there can be is no password; hashing it would be work for nothing.
    let outcome = if password.len() > Password::MAX_BYTES {
        Ok(false)
    } else {
        ctx.passwords().verify(client.network(), password, hash).await
    };
    if !matches!(outcome, Ok(false)) {
        limits.give_back(to_account).await?;
        limits.give_back(from_address).await?;
    }
    outcome
}

/// Begins a session for an account that has proved itself, in place of the one `replaced` if the browser had one.
///
/// # Errors
/// [`Code::SignInFailed`] when the account is no longer what the proof was made against; [`Code::AccountSuspended`].
pub(crate) async fn begin(
    ctx: &Ctx,
    verified: &Verified,
    action: &'static str,
    client: &Client,
    replaced: Option<SessionId>,
) -> Result<SessionToken, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = verified.lock(&tx).await?.ok_or_else(sign_in_failed)?;
    if account.suspended_at.is_some() {
        return Err(suspended(&accounts::account(&account)?).into());
    }
    let token = store::begin(&tx, ctx, verified.account(), client, now).await?;
    if let Some(replaced) = replaced {
        Entity::delete_by_id(replaced.0).exec(&tx).await?;
    }
    let subject = ("account", Some(account.id));
    let event =
        Event { originator: Originator::Visitor(client), action, subject, detail: json!({ "replaced": replaced }) };
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
    let auth_epoch = account.auth_epoch;
    let account = accounts::account(&account)?;
    if !account.status().may_sign_in() {
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
        scope: KeyScope::Full,
        auth_epoch,
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

/// Removes the rows of sessions that are over.
pub(crate) async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    Entity::delete_many().filter(Column::ExpiresAt.lte(ctx.now().as_micros())).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}
