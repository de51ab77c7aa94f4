//! The link of a mail, made when the mail is sent.

use domain::accounts::{AccountStatus, Email};
use domain::ids::{AccountId, DeliveryId};
use domain::password_resets::LIFETIME;

use crate::accounts::entity::Model as AccountRow;
use crate::accounts::store as accounts;
use crate::platform::keyring::token_hash;
use crate::platform::tx;
use crate::reset_links::{entity::Model, store};
use crate::{Ctx, Error, mail as mails};

/// Makes the link of a mail, valid for an hour from now; an earlier one of the account becomes invalid. One mail always
/// has the same link, however often it is tried. `None` if the account is not active, has another address than the mail,
/// or has begun another epoch than the one in which the mail was asked for: its password or role was changed since,
/// perhaps with this very link. `None` as well once the mail was cancelled: what cancels it locks the account, and may do
/// so after the mail was read and before its link is made.
pub(crate) async fn arm(ctx: &Ctx, account: AccountId, epoch: i64, mail: DeliveryId) -> Result<Option<String>, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = accounts::lock(&tx, account).await?;
    let is_as_before =
        |row: &AccountRow| row.auth_epoch == epoch && accounts::lifecycle(row).status(now) == AccountStatus::Active;
    let is_still_asked_for = match row.filter(is_as_before) {
        Some(row) => mails::waits_to(&tx, mail, &Email::stored(row.email)).await?,
        None => false,
    };
    if !is_still_asked_for {
        tx.rollback().await?;
        return Ok(None);
    }
    let token = ctx.keyring().mail_token(mail.0);
    let link = Model {
        account_id: account.0,
        token_hash: token_hash(&token),
        created_at: now.as_micros(),
        expires_at: now.plus(LIFETIME).as_micros(),
        made_by: None,
    };
    // Before it is made again: no two rows may have its hash, not even for a moment.
    store::delete_of(&tx, account).await?;
    store::replace(&tx, link).await?;
    tx.commit().await?;
    Ok(Some(format!("{}/reset/{token}", ctx.public_url())))
}
