//! Changing the actor's username and e-mail address.

use domain::accounts::{Account, AccountTerms, Email, Login, LoginChange};
use domain::events::Event;
use domain::mail::MailKind;
use domain::{Failure, Timestamp};
use sea_orm::ConnectionTrait;

use super::{not_current, own_row, session_of};
use crate::accounts::email_changes;
use crate::accounts::store::{self, Verified};
use crate::audit::{self, Originator};
use crate::mail::{self, Contents, NewMail};
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::sessions::{self, Subject, end_access};
use crate::{Actor, Client, Ctx, Error, callers};

/// Changes the username and the e-mail address of the actor's account, given its password. If either changes, the actor's
/// other sessions end, as after a change of the password: who signed in with the former names has to use the new ones. API
/// keys stay. Where e-mail is sent, another address is that of the account only once its link was opened
/// ([`crate::verification::confirm_change`]), so that the account that is returned has the former one; then nothing is said of
/// whether the address is taken.
///
/// # Errors
/// [`domain::Code::Invalid`] under `current`, `username` and `email`; [`domain::Code::EmailTaken`],
/// [`domain::Code::UsernameTaken`]; [`domain::Code::RateLimited`] by the same limit as [`sessions::sign_in`].
pub async fn change_login(ctx: &Ctx, actor: &Actor, change: &LoginChange) -> Result<Account, Error> {
    let row = own_row(ctx, actor).await?;
    let account = store::account(&row, ctx.now())?;
    callers::refuse_unverified(&account)?;
    let login = change.parse(&account)?;
    let is_mailed = login.email.folded() != account.email.folded() && mail::is_on(ctx, &ctx.db().read).await?;
    if is_mailed {
        let subject = actor.id().to_string();
        ctx.limits().reserve(ctx, Limit::AddressMail, &Client::default(), &subject).await?.fail();
    }
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
    callers::refuse_unverified(&account)?;
    let current = AccountTerms::of(&account);
    let wanted = Some(login.email.clone()).filter(|email| email.folded() != account.email.folded());
    // Mail that was turned off meanwhile counts: then nothing is sent, and the address changes at once.
    let wanted = if is_mailed && mail::is_on(ctx, &tx).await? { wanted } else { None };
    let login = Login { email: wanted.as_ref().map_or(login.email, |_| account.email.clone()), ..login };
    let Login { username, email } = login.clone();
    let terms = AccountTerms { username, email, ..current.clone() };
    let changed = current.changed(&terms);
    if changed.is_empty() && wanted.is_none() {
        return Ok(account);
    }
    let mut after = account.clone();
    if !changed.is_empty() {
        if let Some(taken) = taken(&tx, &account, &login).await? {
            return Err(taken.into());
        }
        let row = store::set_terms(&tx, actor.id(), terms, now).await?;
        let sessions_ended = end_access(&tx, ctx, actor.id(), session_of(actor), false, now).await?.sessions;
        let event = Event::LoginChanged { account: actor.id(), changed, sessions_ended };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
        after = store::account(&row, now)?;
    }
    if let Some(email) = wanted {
        want(&tx, ctx, actor, email, now).await?;
    }
    tx.commit().await?;
    Ok(after)
}

/// Records that the actor's account, which is locked, wants an address, and has a link sent there. An earlier one is void.
async fn want(db: &impl ConnectionTrait, ctx: &Ctx, actor: &Actor, email: Email, now: Timestamp) -> Result<(), Error> {
    let id = actor.id();
    mail::cancel(db, id, MailKind::EmailChange).await?;
    email_changes::want(db, id, &email, now).await?;
    let letter = NewMail { to: email, account: Some(id), contents: Contents::EmailChange };
    mail::queue(db, ctx, vec![letter], now).await?;
    let event = Event::EmailChangeRequested { account: id };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await
}

/// What another account has of the new names. One that differs from the account's own in case alone is its own.
async fn taken(db: &impl ConnectionTrait, account: &Account, login: &Login) -> Result<Option<Failure>, Error> {
    let username = Some(&login.username).filter(|username| username.folded() != account.username.folded());
    let email = Some(&login.email).filter(|email| email.folded() != account.email.folded());
    Ok(store::taken(db, email, username).await?)
}
