//! Activating an account with the link that was sent to its address.

use domain::accounts::{Account, Email, Password};
use domain::events::Event;
use domain::mail::MailKind;
use domain::verification::{Activation, ActivationPreview};
use domain::web::Destination;
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use super::{id_of, invalid, refuse_taken, waits};
use crate::accounts::activations;
use crate::accounts::entity::Model;
use crate::accounts::store::{self as accounts, Verified};
use crate::audit::{self, Originator};
use crate::platform::limits::Limit;
use crate::platform::tx::{self, TxError};
use crate::sessions::{self, Browser, NewSession, Subject, browsers, end_access};
use crate::signup::{self, attempts};
use crate::{Client, Ctx, Error, mail};

/// What an activation link is for.
///
/// # Errors
/// [`Code::ActivationLinkInvalid`], [`Code::RateLimited`].
pub async fn look(ctx: &Ctx, token: &str, client: &Client) -> Result<ActivationPreview, Error> {
    let row = check(ctx, token, client).await?;
    let lapses_at = row.activate_by.map(Timestamp::from_micros).ok_or_else(invalid)?;
    let Account { email, username, .. } = accounts::account(&row, ctx.now())?;
    Ok(ActivationPreview { email, username, lapses_at, has_password: !row.password_hash.is_empty() })
}

/// Activates the account of a link, and signs in: a new session of the browser, and where its invite leads, if anywhere. All
/// other sessions of the account end. Whatever else claims the address lapses. A password that is wrong, which counts as a
/// failed sign-in, or that is refused, leaves the link as it is.
///
/// # Errors
/// [`Code::ActivationLinkInvalid`]; [`Code::Invalid`] under `password` or `new_password`; [`Code::EmailTaken`] if another
/// account has the address since; [`Code::RateLimited`].
pub async fn activate(
    ctx: &Ctx,
    token: &str,
    activation: Activation,
    client: &Client,
    browser: &Browser,
) -> Result<(NewSession, Option<Destination>), Error> {
    let row = check(ctx, token, client).await?;
    let (id, verified) = (id_of(&row), Verified::by_password(&row));
    let hash = match activation {
        Activation::Given(given) => {
            let (given, hash) = (given.expose().to_owned(), Some(row.password_hash));
            if !sessions::verify_password(ctx, client, &Subject::Account(id), given, hash).await? {
                return Err(wrong_password().into());
            }
            None
        }
        Activation::New(password) => Some(hash(ctx, client, &row, password).await?),
    };
    let now = ctx.now();
    let find = || async {
        let row = accounts::find(&ctx.db().write, id).await?;
        Ok(row.filter(|row| row.activate_by.is_none() && row.email_verified_at == Some(now.as_micros())))
    };
    let activate = || activate_once(ctx, token, &verified, hash.clone(), client, now);
    let row = tx::with_retries(activate, find).await?;
    let event = Event::SignedIn { account: id, replaced: browser.session };
    let session = sessions::begin(ctx, &Verified::by_password(&row), &event, client, browser).await?;
    // The account is activated, wherever it leads.
    Ok((session, signup::after(ctx, id).await.unwrap_or_default()))
}

/// The account of the link with this token, which waits. A token that is not valid counts as a guess.
async fn check(ctx: &Ctx, token: &str, client: &Client) -> Result<Model, Error> {
    let attempt = ctx.limits().reserve(ctx, Limit::Activation, client, "").await?;
    let account = waiting_of(&ctx.db().read, token, ctx.now()).await?;
    if account.is_none() {
        attempt.fail();
    }
    Ok(account.ok_or_else(invalid)?)
}

async fn waiting_of(db: &impl ConnectionTrait, token: &str, now: Timestamp) -> Result<Option<Model>, Error> {
    let Some(claim) = activations::find(db, token, now).await? else { return Ok(None) };
    let row = accounts::find(db, domain::ids::AccountId(claim.account_id)).await?;
    Ok(row.filter(|row| waits(row, now)))
}

/// The hash of a new password.
async fn hash(ctx: &Ctx, client: &Client, row: &Model, password: Password) -> Result<String, Error> {
    let (salt, personal) = (ctx.randomness().bytes(), accounts::personal_words(row));
    let hash = ctx.passwords().check_and_hash(client.network(), password, salt, personal).await;
    hash.map_err(|error| match error {
        Error::Failure(mut failure) => {
            for wrong in &mut failure.fields {
                "new_password".clone_into(&mut wrong.field);
            }
            failure.into()
        }
        other => other,
    })
}

fn wrong_password() -> Failure {
    let why = "This is not the password that was chosen at sign-up. Try again, or set a new one.";
    Failure::field(Code::Invalid, "password", why)
}

/// The transaction. Returns the row of the account afterwards.
async fn activate_once(
    ctx: &Ctx,
    token: &str,
    verified: &Verified,
    hash: Option<String>,
    client: &Client,
    now: Timestamp,
) -> Result<Model, TxError> {
    let id = verified.account();
    let tx = tx::begin(ctx).await?;
    let claim = activations::of(&tx, id).await?.ok_or_else(invalid)?;
    let claimants = activations::lock_claimants(&tx, id, &claim.email_folded).await?;
    // Of two requests with the same link, one waits for the lock, and then finds no link. So does one whose account has changed
    // while the password was hashed, and one that comes with the end of the wait.
    let is_same = |row: &Model| row.id == id.0 && row.email.to_lowercase() == claim.email_folded;
    let row = waiting_of(&tx, token, now).await?.filter(is_same).ok_or_else(invalid)?;
    verified.lock(&tx).await?.ok_or_else(invalid)?;
    refuse_taken(&tx, &Email::stored(&row.email)).await?;
    accounts::verify(&tx, &row, now).await?;
    activations::delete_of(&tx, id).await?;
    activations::lapse_others(&tx, (&claim.email_folded, claimants), id, now).await?;
    if let Some(hash) = hash {
        accounts::set_password_hash(&tx, id, hash, now).await?;
    }
    mail::cancel(&tx, id, MailKind::Activation).await?;
    end_access(&tx, ctx, id, None, true, now).await?;
    // Those before may be of somebody who signed up with the address of another.
    browsers::delete_of(&tx, id).await?;
    attempts::delete_of(&tx, id).await?;
    audit::record(&tx, ctx, now, Originator::Visitor(client), &Event::AccountActivated { account: id }).await?;
    let row = accounts::find(&tx, id).await?.ok_or_else(invalid)?;
    tx.commit().await.map_err(TxError::Commit)?;
    Ok(row)
}
