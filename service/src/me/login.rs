//! Changing the actor's username and e-mail address.

use domain::Failure;
use domain::accounts::{Account, AccountTerms, Login, LoginChange};
use domain::events::Event;
use sea_orm::ConnectionTrait;

use super::{not_current, own_row, session_of};
use crate::accounts::store::{self, Verified};
use crate::audit::{self, Originator};
use crate::platform::tx;
use crate::sessions::{self, Subject, end_access};
use crate::{Actor, Ctx, Error};

/// Changes the username and the e-mail address of the actor's account, given its password. If either changes, the actor's
/// other sessions end, as after a change of the password: who signed in with the former names has to use the new ones. API
/// keys stay.
///
/// # Errors
/// [`domain::Code::Invalid`] under `current`, `username` and `email`; [`domain::Code::EmailTaken`],
/// [`domain::Code::UsernameTaken`]; [`domain::Code::RateLimited`] by the same limit as [`sessions::sign_in`].
pub async fn change_login(ctx: &Ctx, actor: &Actor, change: &LoginChange) -> Result<Account, Error> {
    let row = own_row(ctx, actor).await?;
    let login = change.parse(&store::account(&row, ctx.now())?)?;
    let verified = Verified::by_password(&row);
    let (subject, hash) = (Subject::Account(actor.id()), Some(row.password_hash));
    if !sessions::verify_password(ctx, &actor.client, &subject, change.current.clone(), hash).await? {
        return Err(not_current().into());
    }
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // While the password was verified, the account may have got another one or been suspended, or got other names.
    let row = verified.lock(&tx).await?.filter(|row| store::lifecycle(row).status(now).may_sign_in());
    let account = store::account(&row.ok_or_else(not_current)?, now)?;
    let current = AccountTerms::of(&account);
    let Login { username, email } = login.clone();
    let terms = AccountTerms { username, email, ..current.clone() };
    let changed = current.changed(&terms);
    if changed.is_empty() {
        return Ok(account);
    }
    if let Some(taken) = taken(&tx, &account, &login).await? {
        return Err(taken.into());
    }
    let row = store::set_terms(&tx, actor.id(), terms, now).await?;
    let sessions_ended = end_access(&tx, ctx, actor.id(), session_of(actor), false, now).await?.sessions;
    let event = Event::LoginChanged { account: actor.id(), changed, sessions_ended };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    store::account(&row, now)
}

/// What another account has of the new names. One that differs from the account's own in case alone is its own.
async fn taken(db: &impl ConnectionTrait, account: &Account, login: &Login) -> Result<Option<Failure>, Error> {
    let username = Some(&login.username).filter(|username| username.folded() != account.username.folded());
    let email = Some(&login.email).filter(|email| email.folded() != account.email.folded());
    Ok(store::taken(db, email, username).await?)
}
