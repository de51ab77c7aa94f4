//! The mail server: what the environment fixes, or staff set up.

use domain::accounts::Email;
use domain::mail::{MailTerms, MailView, SmtpHost, SmtpLogin, SmtpPassword};
use domain::text::SenderName;
use domain::{Code, Failure, Patch, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};

use super::TARGET;
use super::entity::{Entity, Model};
use crate::outbox;
use crate::platform::Smtp;
use crate::{Ctx, Error};

const SLOT: i64 = 1;

/// The row; `None` while staff have set up no mail server.
pub(super) async fn row(db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(SLOT).one(db).await
}

/// The mail server that mails are given to; `None` while mail is off.
pub(super) async fn server(ctx: &Ctx, db: &impl ConnectionTrait) -> Result<Option<Smtp>, Error> {
    if let Some(fixed) = ctx.fixed_smtp() {
        return Ok(Some(fixed.clone()));
    }
    let Some(row) = row(db).await? else { return Ok(None) };
    let password = match (&row.username, &row.password_sealed) {
        (Some(username), Some(sealed)) => Some(ctx.keyring().open_smtp_password((&row.host, username), sealed)?),
        _ => None,
    };
    let password = password.map(|text| SmtpPassword::parse(&text)).transpose().map_err(|_| broken())?;
    let terms = terms(&row)?;
    // Nor without encryption, should somebody have changed the row.
    terms.check().map_err(|_| broken())?;
    Ok(Some(Smtp { terms, password }))
}

/// What was chosen.
fn terms(row: &Model) -> Result<MailTerms, Error> {
    Ok(MailTerms {
        host: SmtpHost::parse(&row.host).map_err(|_| broken())?,
        port: u16::try_from(row.port).map_err(|_| broken())?,
        encryption: row.encryption.parse().map_err(|_| broken())?,
        username: row.username.as_ref().map(SmtpLogin::stored),
        from: Email::stored(&row.from_address),
        from_name: row.from_name.as_ref().map(SenderName::stored),
    })
}

fn broken() -> Error {
    Error::internal("the settings of mail have an invalid value")
}

/// Writes what was chosen in place of what was there.
pub(super) async fn write(
    db: &impl ConnectionTrait,
    terms: &MailTerms,
    password_sealed: Option<Vec<u8>>,
    now: Timestamp,
) -> Result<(), DbErr> {
    delete(db).await?;
    let row = Model {
        slot: SLOT,
        host: terms.host.as_str().to_owned(),
        port: terms.port.into(),
        encryption: terms.encryption.as_str().to_owned(),
        username: terms.username.clone().map(String::from),
        password_sealed,
        from_address: terms.from.as_str().to_owned(),
        from_name: terms.from_name.clone().map(String::from),
        updated_at: now.as_micros(),
    };
    Entity::insert(row.into_active_model()).exec_without_returning(db).await.map(|_| ())
}

/// Deletes what was chosen, with the password.
pub(super) async fn delete(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    Entity::delete_by_id(SLOT).exec(db).await.map(|_| ())
}

/// The password after a change, encrypted. One that is kept is for the same host and user name alone: anyone who may
/// change the settings must not learn it by having it sent elsewhere.
pub(super) fn seal(
    ctx: &Ctx,
    before: Option<&Model>,
    terms: &MailTerms,
    change: &Patch<SmtpPassword>,
) -> Result<Option<Vec<u8>>, Error> {
    let (Some(username), false) = (&terms.username, *change == Patch::Clear) else { return Ok(None) };
    if let Patch::Set(password) = change {
        let (login, nonce) = ((terms.host.as_str(), username.as_str()), ctx.randomness().bytes());
        return ctx.keyring().seal_smtp_password(login, password.expose(), nonce).map(Some);
    }
    let Some((row, sealed)) = before.and_then(|row| Some((row, row.password_sealed.as_ref()?))) else {
        return Err(Failure::field(Code::Invalid, "password", "Enter the password.").into());
    };
    let is_same = row.host == terms.host.as_str() && row.username.as_deref() == Some(username.as_str());
    if !is_same {
        return Err(Failure::field(Code::Invalid, "password", "Enter the password again.").into());
    }
    Ok(Some(sealed.clone()))
}

/// What staff see.
pub(super) async fn view(ctx: &Ctx, db: &impl ConnectionTrait) -> Result<MailView, Error> {
    let (terms, has_password) = match ctx.fixed_smtp() {
        Some(fixed) => (Some(fixed.terms.clone()), fixed.password.is_some()),
        None => match row(db).await? {
            Some(row) => (Some(terms(&row)?), row.password_sealed.is_some()),
            None => (None, false),
        },
    };
    let target = outbox::store::targets(db, [TARGET]).await?.pop();
    let failures = target.map_or(0, |target| u32::try_from(target.failures).unwrap_or(u32::MAX));
    let last_answer = if failures > 0 { outbox::store::last_failure(db, TARGET).await? } else { None };
    Ok(MailView { terms, has_password, fixed: ctx.fixed_smtp().is_some(), failures, last_answer })
}

/// Checks that staff may change the settings at all.
///
/// # Errors
/// [`Code::Invalid`] under `host` if the environment fixes them.
pub(super) fn check_changeable(ctx: &Ctx) -> Result<(), Failure> {
    if ctx.fixed_smtp().is_some() {
        let why = "The mail server is fixed by the configuration of the server (LATCHKEY_SMTP_URL). Change it there.";
        return Err(Failure::field(Code::Invalid, "host", why));
    }
    Ok(())
}
