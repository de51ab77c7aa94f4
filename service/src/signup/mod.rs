//! Signing up: the one thing that must never be wrong.
//!
//! The order is that of ARCHITECTURE.md, "Redeeming an invitation": what costs least and refuses most comes first; the
//! password is hashed outside the transaction; the transaction claims the attempt, takes the seat, makes the account,
//! writes the ledger and the audit row, or does none of it.

use std::time::Duration;

use domain::accounts::Role;
use domain::ids::{InviteId, SessionId};
use domain::invites::{CodeKind, InviteStatus};
use domain::overview::DailyCounts;
use domain::redemptions::RedemptionKind;
use domain::settings::{DefaultRole, RegistrationMode, Settings};
use domain::signup::{AttemptKey, SignUp, SignedUp};
use domain::{Code, Failure, Timestamp};
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait};
use serde_json::json;

use self::attempts::Attempt;
pub(crate) use self::attempts::purge_old as purge_old_attempts;
use crate::access::check_grant;
use crate::accounts::store::{self as accounts, NewRow, Verified};
use crate::audit::{self, Event, Originator};
use crate::overview::counts;
use crate::platform::error::is_transient;
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::redemptions::entity as redemptions;
use crate::sessions::{self, SessionToken, Subject};
use crate::{Client, Ctx, Error, invites, settings};

pub(crate) mod attempts;
#[cfg(test)]
mod tests;

/// How often a transaction that lost against another is run again.
const TRIES: u32 = 4;
/// How long a place may take once the password is hashed, before the answer is 503: a little more than the wait for a
/// connection.
const TIMEOUT: Duration = Duration::from_secs(12);

/// One attempt to sign up. With a `key` the client may send the same again and gets the same answer.
///
/// Runs to its end even if the client hangs up.
///
/// # Errors
/// [`Code::InviteInvalid`] for any code that lets no one in; [`Code::EmailTaken`], [`Code::UsernameTaken`];
/// [`Code::Invalid`] for a password that is easy to guess, or for no code where one is needed;
/// [`Code::RegistrationClosed`]; [`Code::IdempotencyKeyReused`]; [`Code::RateLimited`]; [`Code::Unavailable`].
pub async fn sign_up(ctx: &Ctx, sign_up: SignUp, key: Option<AttemptKey>, client: &Client) -> Result<SignedUp, Error> {
    let attempt = Attempt::new(ctx, key.as_ref(), &sign_up);
    let (ours, client) = (ctx.clone(), client.clone());
    ctx.detached(async move {
        let outcome = attempt_once(&ours, sign_up, &attempt, &client).await;
        ours.sign_ups().count(&outcome);
        outcome
    })
    .await
}

async fn attempt_once(ctx: &Ctx, sign_up: SignUp, attempt: &Attempt, client: &Client) -> Result<SignedUp, Error> {
    if let Some(made) = attempt.replay(ctx).await? {
        return Ok(made);
    }
    match once(ctx, sign_up, attempt, client).await {
        Err(Error::Failure(failure)) if failure.code == Code::Unavailable => Err(failure.into()),
        // Sent several times at once, another one may have been first: then what refuses us is its success.
        Err(Error::Failure(failure)) => match attempt.replay(ctx).await? {
            Some(made) => Ok(made),
            None => Err(failure.into()),
        },
        outcome => outcome,
    }
}

/// The same, and signs in with the browser it came from, in place of the session `replaced` it had. An attempt that was
/// sent before signs in only whoever knows the account's password: holding the attempt's key proves nothing. A wrong one
/// counts as one at signing in does.
pub async fn sign_up_and_in(
    ctx: &Ctx,
    sign_up: SignUp,
    key: Option<AttemptKey>,
    client: &Client,
    replaced: Option<SessionId>,
) -> Result<(SignedUp, Option<SessionToken>), Error> {
    let password = sign_up.password.expose().to_owned();
    let made = self::sign_up(ctx, sign_up, key, client).await?;
    let id = made.account.id;
    let verified = if made.replayed {
        let account = accounts::find(&ctx.db().read, id).await?;
        let account = account.ok_or_else(|| Error::internal("an attempt names an account that is gone"))?;
        let hash = Some(account.password_hash.clone());
        if !sessions::verify_password(ctx, client, &Subject::Account(id), password, hash).await? {
            return Ok((made, None));
        }
        Verified::by_password(&account)
    } else {
        Verified::as_new(id)
    };
    match sessions::begin(ctx, &verified, "session.sign_up", client, replaced).await {
        Ok(session) => Ok((made, Some(session))),
        // Suspended, or with another password since.
        Err(Error::Failure(failure)) if matches!(failure.code, Code::SignInFailed | Code::AccountSuspended) => {
            Ok((made, None))
        }
        Err(error) => Err(error),
    }
}

/// What lets someone in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entrance {
    /// An invite.
    By(InviteId),
    /// The door is open; this is what one becomes.
    Open(DefaultRole),
}

async fn once(ctx: &Ctx, sign_up: SignUp, attempt: &Attempt, client: &Client) -> Result<SignedUp, Error> {
    ctx.limits().check(ctx, Limit::Code, client, "")?;
    let entrance = entrance(ctx, &sign_up, client).await?;
    accounts::refuse_taken(&ctx.db().read, &sign_up.email, &sign_up.username).await?;

    let mut personal = vec![sign_up.email.to_string(), sign_up.username.to_string()];
    personal.extend(sign_up.name.as_ref().map(ToString::to_string));
    // By the time there is a permit, the last seat may be gone: then hashing would be work for nothing.
    let still_open = async {
        match entrance {
            Entrance::By(invite) => still_open(ctx, invite).await,
            Entrance::Open(_) => Ok(()),
        }
    };
    let salt = ctx.randomness().bytes();
    let network = client.network();
    let password_hash = ctx.passwords().hash(network, sign_up.password, salt, personal, still_open).await?;

    let id = ctx.randomness().uuid(ctx.now());
    let new = NewRow {
        id,
        email: sign_up.email,
        username: sign_up.username,
        name: sign_up.name,
        role: Role::User,
        password_hash,
        approved: true,
    };
    let (ours, attempt, client) = (ctx.clone(), attempt.clone(), client.clone());
    let place = ctx.detached(async move { place(&ours, entrance, new, &attempt, &client).await });
    // What takes longer goes on by itself: whoever asks again with the same key learns how it ended.
    tokio::time::timeout(TIMEOUT, place).await.unwrap_or_else(|_| Err(Error::unavailable()))
}

/// Takes the place, and looks before it tries again what may have happened already.
async fn place(
    ctx: &Ctx,
    entrance: Entrance,
    new: NewRow,
    attempt: &Attempt,
    client: &Client,
) -> Result<SignedUp, Error> {
    let _gate = match entrance {
        Entrance::By(invite) if ctx.db().is_postgres() => Some(ctx.invite_locks().lock(invite).await),
        _ => None,
    };
    for _ in 1..TRIES {
        match redeem(ctx, entrance, new.clone(), attempt, client).await {
            Err(TxError::Database(error)) if is_transient(&error) => {}
            Err(TxError::Commit(error)) => {
                // The commit may or may not have happened: look before trying again.
                tracing::warn!(%error, "a sign-up's commit was not confirmed");
                if let Some(made) = attempt.find(ctx).await? {
                    return Ok(SignedUp { replayed: false, ..made });
                }
            }
            outcome => return outcome.map_err(Error::from),
        }
    }
    redeem(ctx, entrance, new, attempt, client).await.map_err(Error::from)
}

/// What lets this sign-up in, by a cheap read.
async fn entrance(ctx: &Ctx, sign_up: &SignUp, client: &Client) -> Result<Entrance, Error> {
    let settings = settings::current(ctx).await?;
    refuse_closed(ctx, &settings).await?;
    let code = match (&sign_up.code, settings.registration_mode) {
        (None, RegistrationMode::Open) => return Ok(Entrance::Open(settings.default_role)),
        (None, _) => return Err(Failure::field(Code::Invalid, "code", "Enter your invite code.").into()),
        (Some(code), _) => code.as_ref().ok(),
    };
    let found = match code {
        Some(code) => invites::store::find_by_code(&ctx.db().read, ctx, code).await?,
        None => None,
    };
    let usable = found.as_ref().filter(|row| invites::store::lifecycle(row).status(ctx.now()) == InviteStatus::Active);
    if let Some(invite) = usable {
        return Ok(Entrance::By(InviteId(invite.id)));
    }
    // An own code can be guessed: one that lets nobody in is counted like one that never was, so that both look the same
    // also to who asks very often. Who has a random one was given it.
    if found.is_none_or(|row| invites::store::code_kind(&row) == CodeKind::Own) {
        ctx.limits().record_failure(ctx, Limit::Code, client, "");
    }
    Err(Failure::invite_invalid().into())
}

async fn refuse_closed(ctx: &Ctx, settings: &Settings) -> Result<(), Error> {
    let why = if !ctx.has_owner().await? {
        "This place is not set up yet."
    } else if settings.registration_mode == RegistrationMode::Closed {
        "Sign-up is closed at the moment."
    } else {
        return Ok(());
    };
    Err(Failure::new(Code::RegistrationClosed, why).into())
}

async fn still_open(ctx: &Ctx, invite: InviteId) -> Result<(), Error> {
    let row = invites::store::find(&ctx.db().read, invite).await?;
    match row.map(|row| invites::store::lifecycle(&row).status(ctx.now())) {
        Some(InviteStatus::Active) => Ok(()),
        _ => Err(Failure::invite_invalid().into()),
    }
}

/// Why the transaction did not make an account.
enum TxError {
    /// It was told no, or something of ours is broken.
    Answer(Error),
    /// The database said no before the commit: nothing happened.
    Database(DbErr),
    /// The database did not confirm the commit: it may have happened.
    Commit(DbErr),
}

impl From<Error> for TxError {
    fn from(error: Error) -> Self {
        Self::Answer(error)
    }
}

impl From<DbErr> for TxError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<TxError> for Error {
    fn from(refusal: TxError) -> Self {
        match refusal {
            TxError::Answer(error) => error,
            TxError::Database(error) | TxError::Commit(error) => error.into(),
        }
    }
}

/// The transaction. Locks are taken in this order everywhere: attempt, invite, account, redemption, counter.
async fn redeem(
    ctx: &Ctx,
    entrance: Entrance,
    mut new: NewRow,
    attempt: &Attempt,
    client: &Client,
) -> Result<SignedUp, TxError> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;

    if !attempt.claim(&tx, new.id, now).await? {
        tx.rollback().await?;
        let made = attempt.find(ctx).await?;
        return made.ok_or_else(|| Error::unavailable().into());
    }

    match entrance {
        Entrance::By(invite) => {
            if !invites::store::claim_use(&tx, invite, now).await? {
                return Err(Error::from(Failure::invite_invalid()).into());
            }
            let invite = invites::store::find(&tx, invite).await?;
            let invite = invite.ok_or_else(|| Error::internal("an invite went missing"))?;
            new.role = invites::store::role(&invite)?;
            if check_grant(invites::author_role(&tx, &invite).await?, new.role).is_err() {
                return Err(Error::from(Failure::invite_invalid()).into());
            }
        }
        Entrance::Open(default_role) => {
            new.role = default_role.role();
            new.approved = default_role != DefaultRole::Pending;
        }
    }

    let account = accounts::insert(&tx, new, now).await?;
    if let Entrance::By(invite) = entrance {
        insert_redemption(&tx, ctx, invite, account.id, now).await?;
    }
    let event = Event {
        originator: Originator::Visitor(client),
        action: "account.sign_up",
        subject: ("account", Some(account.id)),
        detail: match entrance {
            Entrance::By(invite) => json!({ "invite": invite, "role": account.role }),
            Entrance::Open(_) => json!({ "role": account.role }),
        },
    };
    audit::record(&tx, ctx, now, event).await?;
    let by_invite = matches!(entrance, Entrance::By(_));
    counts::add(&tx, ctx, now, DailyCounts { accounts: 1, redemptions: by_invite.into() }).await?;
    tx.commit().await.map_err(TxError::Commit)?;
    Ok(SignedUp { account: accounts::account(&account)?, replayed: false })
}

async fn insert_redemption(
    db: &impl sea_orm::ConnectionTrait,
    ctx: &Ctx,
    invite: InviteId,
    account: uuid::Uuid,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = redemptions::ActiveModel {
        id: Set(ctx.randomness().uuid(now)),
        invite_id: Set(invite.0),
        account_id: Set(account),
        kind: Set(RedemptionKind::New.as_str().to_owned()),
        created_at: Set(now.as_micros()),
    };
    redemptions::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
