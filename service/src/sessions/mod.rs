//! Sessions: signing in with a browser, and signing out.
//!
//! The browser has 256 random bits in a cookie, the database their hash. A session ends when it is revoked, after a week
//! without use, and after thirty days. Revoking deletes the row, so that it takes effect in every process immediately.

use std::fmt;
use std::time::Duration;

use domain::accounts::{ACTIVE_STEP, Account, AccountStatus, Password};
use domain::events::Event;
use domain::ids::{AccountId, SessionId};
use domain::keys::KeyScope;
use domain::sessions::{Session, SignInDraft};
use domain::{Code, Failure, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

pub(crate) use self::access::{end_access, set_password};
pub use self::asked::{AskedAtSignIn, SignedIn, accept_and_sign_in, asked, sign_in_or_ask};
pub use self::browsers::{BROWSER_LIFETIME, Browser, BrowserToken};
use crate::accounts::entity::Model;
use crate::accounts::store::{self as accounts, Verified};
use crate::audit::{self, Originator};
use crate::platform::keyring::token_hash;
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::sessions::entity::{ActiveModel, Column, Entity};
use crate::{Actor, Client, Ctx, Error, Via, callers, grants, reset_links};

mod access;
mod asked;
pub(crate) mod browsers;
pub(crate) mod entity;
pub(crate) mod store;
#[cfg(test)]
mod tests;

/// The longest lifetime of a session.
pub const ABSOLUTE_LIFETIME: Duration = Duration::from_hours(720);
/// The time without use after which a session ends.
pub const IDLE_LIFETIME: Duration = Duration::from_hours(168);
/// The maximum number of sessions of one account. Another one ends the least recently used.
const MOST: u64 = 50;

/// The value of the session cookie. Never logged, never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    /// The value of the cookie.
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

/// A session that has just begun: what the browser keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// What the session is resolved by.
    pub token: SessionToken,
    /// What the browser is known by the next time.
    pub browser: BrowserToken,
}

/// An authenticated session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The caller.
    pub actor: Actor,
    /// The caller's account.
    pub account: Account,
}

/// Signs in a browser that has nothing from before, with an e-mail address or username and a password.
///
/// # Errors
/// [`Code::SignInFailed`] if the login or the password is wrong, after the same time for both;
/// [`Code::AccountSuspended`] only if the password is correct; [`Code::RateLimited`]; [`Code::Unavailable`].
pub async fn sign_in(ctx: &Ctx, draft: &SignInDraft, client: &Client) -> Result<SessionToken, Error> {
    Ok(sign_in_again(ctx, draft, client, &Browser::default()).await?.token)
}

/// Signs in a browser, whose session ends if it has one. The address of the account is told if the browser is new to it,
/// unless it is the first.
///
/// # Errors
/// Those of [`sign_in`].
pub async fn sign_in_again(
    ctx: &Ctx,
    draft: &SignInDraft,
    client: &Client,
    browser: &Browser,
) -> Result<NewSession, Error> {
    let account = verified(ctx, draft, client).await?;
    let event = Event::SignedIn { account: AccountId(account.id), replaced: browser.session };
    begin(ctx, &Verified::by_password(&account), &event, client, browser).await
}

/// The account that somebody signs in to with the right password.
async fn verified(ctx: &Ctx, draft: &SignInDraft, client: &Client) -> Result<Model, Error> {
    let login = draft.login.trim().to_lowercase();
    let account = accounts::find_by_login(&ctx.db().read, &login).await?;
    let subject = account.as_ref().map_or(Subject::Unknown(login), |row| Subject::Account(AccountId(row.id)));
    let hash = account.as_ref().map(|row| row.password_hash.clone());
    let correct = verify_password(ctx, client, &subject, draft.password.clone(), hash).await?;
    let account = account.filter(|_| correct).ok_or_else(sign_in_failed)?;
    refuse_blocked(&account, ctx.now())?;
    Ok(account)
}

fn sign_in_failed() -> Failure {
    Failure::new(Code::SignInFailed, "The e-mail address, username or password is wrong.")
}

/// Refuses an account that may not sign in, with the reason.
fn refuse_blocked(account: &Model, now: Timestamp) -> Result<(), Failure> {
    let why = match accounts::lifecycle(account).status(now) {
        AccountStatus::Declined => {
            let why = match &account.decision_note {
                Some(note) => format!("Your request for an account was declined: {note}"),
                None => "Your request for an account was declined. Ask an admin.".to_owned(),
            };
            return Err(Failure::new(Code::AccountSuspended, why));
        }
        AccountStatus::Suspended => "Your account is suspended. Ask an admin.",
        AccountStatus::Ended => "Your account has ended. Ask an admin to extend it.",
        AccountStatus::Active | AccountStatus::Pending | AccountStatus::Unverified => return Ok(()),
    };
    Err(Failure::new(Code::AccountSuspended, why))
}

/// The account whose password is verified.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// An account. Signing in with either name and changing the password share one limit.
    Account(AccountId),
    /// A login, in lower case, that belongs to no account. It is limited in the same way.
    Unknown(String),
}

/// Whether `password` matches `hash`. The attempt is counted as failed before it waits, and is given back if it does not
/// fail: concurrent attempts cannot exceed the limit.
///
/// # Errors
/// [`Code::RateLimited`] if the client has failed too often, or too many requests of its network wait;
/// [`Code::Unavailable`] if too many requests wait in total.
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
    let on_account = limits.reserve(ctx, Limit::SignInTo, client, &subject).await?;
    let from_network = match limits.reserve(ctx, Limit::SignIn, client, "").await {
        Ok(attempt) => attempt,
        Err(error) => {
            on_account.release();
            return Err(error);
        }
    };
    // A longer text is never a password, and hashing it would be wasted work.
    let outcome = if password.len() > Password::MAX_BYTES {
        Ok(false)
    } else {
        ctx.passwords().verify(client.network(), password, hash).await
    };
    for attempt in [on_account, from_network] {
        if matches!(outcome, Ok(false)) { attempt.fail() } else { attempt.release() }
    }
    outcome
}

/// Starts a session for a verified account, and ends the one that the browser has. `event` is what the audit log records.
///
/// # Errors
/// [`Code::SignInFailed`] if the account has changed since the verification; [`Code::AccountSuspended`].
pub(crate) async fn begin(
    ctx: &Ctx,
    verified: &Verified,
    event: &Event,
    client: &Client,
    browser: &Browser,
) -> Result<NewSession, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = verified.lock(&tx).await?.ok_or_else(sign_in_failed)?;
    refuse_blocked(&account, now)?;
    let token = store::begin(&tx, ctx, verified.account(), client, now).await?;
    if let Some(replaced) = browser.session {
        store::end(&tx, ctx, Condition::all().add(Column::Id.eq(replaced.0)), now).await?;
    }
    // On the heap: this is a part of many futures, which would be large.
    let browser = Box::pin(browsers::see(&tx, ctx, &account, browser.token.as_ref(), client, now)).await?;
    audit::record(&tx, ctx, now, Originator::Visitor(client), event).await?;
    tx.commit().await?;
    Ok(NewSession { token, browser })
}

/// Authenticates a session cookie. `None` if the session has ended or its account may not sign in.
pub async fn resolve(ctx: &Ctx, token: &str, client: &Client) -> Result<Option<Signed>, Error> {
    let db = &ctx.db().read;
    let now = ctx.now();
    let found = Entity::find()
        .find_also_related(crate::accounts::entity::Entity)
        .filter(Column::TokenHash.eq(token_hash(token)))
        .one(db)
        .await?;
    let Some((session, Some(account))) = found else { return Ok(None) };
    if !lasts(&session, now) {
        return Ok(None);
    }
    let via = Via::Session(SessionId(session.id));
    let (actor, account) = callers::actor(ctx, &account, via, KeyScope::Full, client.clone()).await?;
    if !account.status.may_sign_in() {
        return Ok(None);
    }
    note_use(ctx, &session, now).await;
    Ok(Some(Signed { actor, account }))
}

/// The account of a session, as that of somebody who uses it now. `None` if the session has ended or the account may not sign
/// in.
pub(crate) async fn account_of(ctx: &Ctx, id: SessionId) -> Result<Option<Account>, Error> {
    let now = ctx.now();
    let found = Entity::find_by_id(id.0).find_also_related(crate::accounts::entity::Entity).one(&ctx.db().read).await?;
    let Some((session, Some(row))) = found else { return Ok(None) };
    let account = accounts::account(&row, now)?;
    if !lasts(&session, now) || !account.status.may_sign_in() {
        return Ok(None);
    }
    note_use(ctx, &session, now).await;
    Ok(Some(account))
}

/// Whether a session that was not revoked has not ended by time.
fn lasts(session: &entity::Model, now: Timestamp) -> bool {
    let idle_since = Timestamp::from_micros(session.last_seen_at);
    session.expires_at > now.as_micros() && idle_since.plus(IDLE_LIFETIME) > now
}

/// Saves that a session is used, from time to time. While nothing can be written, for example because the disk is full, pages
/// can still be read.
async fn note_use(ctx: &Ctx, session: &entity::Model, now: Timestamp) {
    if Timestamp::from_micros(session.last_seen_at).plus(ACTIVE_STEP) > now {
        return;
    }
    if let Err(error) = touch(ctx, SessionId(session.id), AccountId(session.account_id), now).await {
        tracing::warn!(%error, "the time of a session's last use was not saved");
    }
}

/// Saves the time of last use of a session and of its account.
async fn touch(ctx: &Ctx, session: SessionId, account: AccountId, now: Timestamp) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    // The account first, as everywhere.
    accounts::set_active(&tx, account, now).await?;
    let seen = ActiveModel { last_seen_at: Set(now.as_micros()), ..ActiveModel::default() };
    Entity::update_many().set(seen).filter(Column::Id.eq(session.0)).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends the actor's current session.
pub async fn sign_out(ctx: &Ctx, actor: &Actor) -> Result<(), Error> {
    sign_out_as_asked(ctx, actor, None).await
}

/// The same at the request of an application, if it is a target that is told of logout.
pub(crate) async fn sign_out_as_asked(ctx: &Ctx, actor: &Actor, asks: Option<Uuid>) -> Result<(), Error> {
    match actor.via {
        Via::Session(session) => match end_own(ctx, actor, session, asks).await {
            // Another request has ended it meanwhile.
            Err(error) if error.code() == Code::NotFound => Ok(()),
            outcome => outcome,
        },
        Via::ApiKey(_) | Via::Operator => Ok(()),
    }
}

/// The actor's sessions that have not ended, newest first.
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

/// Ends one of the actor's sessions. If it is another than the current one, what applications got through it is revoked, too.
///
/// # Errors
/// [`Code::NotFound`] if it belongs to another account or has ended.
pub async fn revoke(ctx: &Ctx, actor: &Actor, id: SessionId) -> Result<(), Error> {
    end_own(ctx, actor, id, None).await
}

async fn end_own(ctx: &Ctx, actor: &Actor, id: SessionId, asks: Option<Uuid>) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    if let Some(target) = asks {
        grants::logout::tell_who_asks(&tx, ctx, target, id, now).await?;
    }
    let own = Condition::all().add(Column::Id.eq(id.0)).add(Column::AccountId.eq(actor.id().0));
    if store::end(&tx, ctx, own, now).await? == 0 {
        return Err(Failure::not_found("session").into());
    }
    if actor.via != Via::Session(id) {
        grants::store::revoke_of_sessions(&tx, actor.id(), Ok(id), now).await?;
    }
    let event = Event::SessionEnded { session: id };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends the actor's sessions except the current one, and revokes what applications got through them and the reset links that
/// the actor made. Every browser is new to the account afterwards. Returns the number of sessions.
///
/// # Errors
/// [`Code::NotFound`] if the account has been deleted meanwhile.
pub async fn revoke_others(ctx: &Ctx, actor: &Actor) -> Result<u64, Error> {
    let now = ctx.now();
    let kept = match actor.via {
        Via::Session(session) => Some(session),
        Via::ApiKey(_) | Via::Operator => None,
    };
    let tx = tx::begin(ctx).await?;
    // The account first, as everywhere.
    accounts::lock(&tx, actor.id()).await?.ok_or_else(|| Failure::not_found("account"))?;
    let ended = store::end_all(&tx, ctx, actor.id(), kept, now).await?;
    reset_links::store::delete_made_by(&tx, actor.id()).await?;
    grants::store::revoke_of_sessions(&tx, actor.id(), Err(kept), now).await?;
    browsers::forget(&tx, ctx, actor.id(), now).await?;
    let event = Event::OtherSessionsEnded { account: actor.id(), sessions: ended };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Deletes the rows of sessions that have ended by time, and those of browsers that were not seen for long.
pub(crate) async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let idle_since = now.minus(IDLE_LIFETIME).as_micros();
    let over = Condition::any().add(Column::ExpiresAt.lte(now.as_micros())).add(Column::LastSeenAt.lte(idle_since));
    store::end(&tx, ctx, over, now).await?;
    browsers::purge_unseen(&tx, now).await?;
    tx.commit().await?;
    Ok(())
}
