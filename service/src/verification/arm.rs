//! The links of mails, made when the mails are sent.

use domain::Timestamp;
use domain::accounts::{AccountStatus, Email};
use domain::ids::{AccountId, DeliveryId};
use domain::verification::{CHANGE_LASTS, lapses_at};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::waits;
use crate::accounts::entity::{ActiveModel, Model};
use crate::accounts::{activations, email_changes, store as accounts};
use crate::mail::{self as mails, AddressLink};
use crate::platform::tx;
use crate::{Ctx, Error};

/// Makes the link of a mail that activates an account, valid for 48 hours from now; an earlier one becomes invalid, and the
/// account lapses no sooner, but never later than seven days after it was created, or than staff let it wait. One mail always
/// has the same link, however often it is tried. An address that has an account postpones the end in the same way, so that
/// the account that claims it does not learn of it. `None` if the account does not wait any more, has another address than the
/// mail, or has begun another epoch than the one in which the mail was asked for; and once the mail was cancelled.
pub(crate) async fn arm_activation(
    ctx: &Ctx,
    account: AccountId,
    epoch: i64,
    mail: DeliveryId,
) -> Result<Option<AddressLink>, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = accounts::lock(&tx, account).await?.filter(|row| row.auth_epoch == epoch && waits(row, now));
    let Some(row) = row else { return Ok(None) };
    let email = Email::stored(&row.email);
    if !mails::waits_to(&tx, mail, &email).await? {
        return Ok(None);
    }
    let lapses_at = lapses_at(Timestamp::from_micros(row.created_at), now);
    let lapses_at = row.activate_by.map(Timestamp::from_micros).map_or(lapses_at, |by| by.max(lapses_at));
    postpone(&tx, &row, lapses_at).await?;
    let link = if is_taken(&tx, &email).await? {
        activations::disarm(&tx, account).await?;
        AddressLink::Taken
    } else {
        let token = ctx.keyring().mail_token(mail.0);
        activations::arm(&tx, account, &token, lapses_at).await?;
        AddressLink::Url(format!("{}/activate/{token}", ctx.public_url()))
    };
    tx.commit().await?;
    Ok(Some(link))
}

/// Lets an account lapse no sooner than at `lapses_at`.
async fn postpone(db: &impl ConnectionTrait, row: &Model, lapses_at: Timestamp) -> Result<(), Error> {
    if row.activate_by.is_some_and(|by| by >= lapses_at.as_micros()) {
        return Ok(());
    }
    let later = ActiveModel { activate_by: Set(Some(lapses_at.as_micros())), ..ActiveModel::default() };
    Ok(accounts::update(db, AccountId(row.id), later).await?)
}

/// Makes the link of a mail that gives an account its new address, valid for 48 hours from now; an earlier one becomes invalid.
/// The change waits as long for an address that has an account. `None` if the account wants another address since, or none,
/// may not sign in, or has begun another epoch; and once the mail was cancelled.
pub(crate) async fn arm_change(
    ctx: &Ctx,
    account: AccountId,
    epoch: i64,
    mail: DeliveryId,
) -> Result<Option<AddressLink>, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let is_as_before = |row: &Model| row.auth_epoch == epoch && may_change(row, now);
    let Some(row) = accounts::lock(&tx, account).await?.filter(is_as_before) else { return Ok(None) };
    let Some(change) = email_changes::of(&tx, account, now).await? else { return Ok(None) };
    let email = Email::stored(change.email);
    if !mails::waits_to(&tx, mail, &email).await? {
        return Ok(None);
    }
    let is_taken = email.folded() != row.email_folded && is_taken(&tx, &email).await?;
    let token = ctx.keyring().mail_token(mail.0);
    let link = Some(token.as_str()).filter(|_| !is_taken);
    email_changes::arm(&tx, account, link, now.plus(CHANGE_LASTS)).await?;
    tx.commit().await?;
    if is_taken {
        return Ok(Some(AddressLink::Taken));
    }
    Ok(Some(AddressLink::Url(format!("{}/confirm-email/{token}", ctx.public_url()))))
}

/// Whether the address of an account can be changed by its owner.
pub(super) fn may_change(row: &Model, now: Timestamp) -> bool {
    matches!(accounts::lifecycle(row).status(now), AccountStatus::Active | AccountStatus::Pending)
}

async fn is_taken(db: &impl ConnectionTrait, email: &Email) -> Result<bool, Error> {
    Ok(accounts::taken(db, Some(email), None).await?.is_some())
}
