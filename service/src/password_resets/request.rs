//! Asking for a link by e-mail.

use domain::accounts::AccountStatus;
use domain::events::Event;
use domain::ids::AccountId;
use domain::mail::MailKind;
use domain::password_resets::ResetRequest;

use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::mail::{self, Contents, NewMail};
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::{Client, Ctx, Error};

/// Whether people can ask for a link themselves, because this site sends e-mail.
pub async fn are_mailed(ctx: &Ctx) -> Result<bool, Error> {
    mail::is_on(ctx, &ctx.db().read).await
}

/// Has a link sent to the address of an account, if there is such an account and it is active. Neither what this returns
/// nor when depends on that: the account is looked up afterwards, by a task that [`Ctx::close`] waits for.
///
/// # Errors
/// [`domain::Code::RateLimited`], for addresses without an account as well.
pub async fn request(ctx: &Ctx, request: ResetRequest, client: &Client) -> Result<(), Error> {
    let limits = ctx.limits();
    // A network that is over its limit uses up nothing of what others may ask for.
    limits.reserve(ctx, Limit::ResetRequest, client, "").await?.fail();
    limits.reserve(ctx, Limit::ResetRequestFor, &Client::default(), request.login()).await?.fail();
    let (ours, client) = (ctx.clone(), client.clone());
    ctx.spawn(async move {
        if let Err(error) = queue_link(&ours, &request, &client).await {
            tracing::warn!(%error, "a link that resets a password was asked for and could not be sent");
        }
    });
    Ok(())
}

/// Queues a message with a link. While one waits, it adds none: that one's link is made when it is sent, and it is tried
/// at once, because after an outage it might wait for hours.
pub(super) async fn queue_link(ctx: &Ctx, request: &ResetRequest, client: &Client) -> Result<(), Error> {
    let Some(row) = accounts::find_by_login(&ctx.db().read, request.login()).await? else { return Ok(()) };
    let id = AccountId(row.id);
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // Of two requests for one account, one waits here and then finds the message of the other.
    let Some(row) = accounts::lock(&tx, id).await? else { return Ok(()) };
    let account = accounts::account(&row, now)?;
    let is_called = [account.email.folded(), account.username.folded()].iter().any(|name| name == request.login());
    if !is_called || account.status != AccountStatus::Active || !mail::is_on(ctx, &tx).await? {
        return Ok(());
    }
    if mail::waits(&tx, id, MailKind::PasswordReset).await? {
        mail::hasten(&tx, id, MailKind::PasswordReset).await?;
        return Ok(tx.commit().await?);
    }
    let letter = NewMail { to: account.email, account: Some(id), contents: Contents::PasswordReset };
    mail::queue(&tx, ctx, vec![letter], now).await?;
    let event = Event::ResetLinkRequested { account: id };
    audit::record(&tx, ctx, now, Originator::Visitor(client), &event).await?;
    tx.commit().await?;
    Ok(())
}
