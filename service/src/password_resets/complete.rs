//! Setting a password with a link.

use domain::accounts::Password;
use domain::events::Event;
use domain::ids::AccountId;

use super::{account_of, check, invalid};
use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::platform::tx;
use crate::sessions::set_password;
use crate::{Client, Ctx, Error};

/// Uses a link: sets the password of its account, ends all its sessions, revokes its API keys and tells its address. A
/// password that is refused leaves the link as it is.
///
/// # Errors
/// [`domain::Code::ResetLinkInvalid`]; [`domain::Code::Invalid`] under `password`; [`domain::Code::RateLimited`].
pub async fn complete(ctx: &Ctx, token: &str, password: Password, client: &Client) -> Result<(), Error> {
    let account = check(ctx, token, client).await?;
    let id = AccountId(account.id);
    let (salt, personal) = (ctx.randomness().bytes(), accounts::personal_words(&account));
    let hash = ctx.passwords().check_and_hash(client.network(), password, salt, personal).await?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // This locks the row: of two requests with the same link, one waits here and then finds no link. So does one whose
    // account has changed while the password was hashed.
    accounts::lock(&tx, id).await?;
    let row = account_of(ctx, &tx, token, now).await?.ok_or_else(invalid)?;
    // Deletes the link, too.
    let ended = set_password(&tx, ctx, &row, hash, None, true, now).await?;
    let event = Event::PasswordReset { account: id, sessions_ended: ended.sessions, keys_revoked: ended.keys };
    audit::record(&tx, ctx, now, Originator::Visitor(client), &event).await?;
    tx.commit().await?;
    Ok(())
}
