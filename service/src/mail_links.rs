//! The links of mails, for staff who send them in another way: a mail may wait, or have been given up.

use domain::access::Permission;
use domain::events::Event;
use domain::ids::DeliveryId;
use domain::mail::MailLink;
use domain::{Code, Failure};

use crate::audit::{self, Originator};
use crate::mail::LinkOf;
use crate::platform::tx;
use crate::{Actor, Ctx, Error, invites, mail, password_resets, requests};

#[cfg(test)]
mod tests;

/// The link of a mail. That of a password reset is made now, by the rules of [`password_resets::make`]: one that was sent
/// becomes invalid, and the mail is not sent any more. That of an invite is the one in the mail, which is sent as well.
///
/// # Errors
/// [`Code::Forbidden`], the same whatever the reason: there is no such mail, it has no such link, the link can't be used any
/// more, or the actor may not have it. [`Code::Unavailable`].
pub async fn copy(ctx: &Ctx, actor: &Actor, id: DeliveryId) -> Result<MailLink, Error> {
    actor.require(Permission::SettingsView)?;
    match link(ctx, actor, id).await {
        Ok(Some(link)) => Ok(link),
        Err(Error::Failure(failure)) if failure.code == Code::Unavailable => Err(failure.into()),
        Ok(None) | Err(Error::Failure(_)) => Err(refused().into()),
        Err(error) => Err(error),
    }
}

async fn link(ctx: &Ctx, actor: &Actor, id: DeliveryId) -> Result<Option<MailLink>, Error> {
    let Some((kind, of)) = mail::link_of(&ctx.db().read, id).await? else { return Ok(None) };
    match of {
        LinkOf::Reset(account) => {
            let link = password_resets::make(ctx, actor, account).await?;
            Ok(Some(MailLink { url: link.url, expires_at: Some(link.expires_at) }))
        }
        LinkOf::Invite(invite, to) => {
            // Only what the actor reads on the page of the invite, and what the mail would say now.
            let url = invites::get(ctx, actor, invite).await?.url;
            let granted = requests::granted_link(ctx, invite, &to).await?;
            let Some((url, granted)) = url.zip(granted) else { return Ok(None) };
            let now = ctx.now();
            let tx = tx::begin(ctx).await?;
            let event = Event::MailLinkCopied { mail: id, kind };
            audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
            tx.commit().await?;
            Ok(Some(MailLink { url, expires_at: granted.expires_at }))
        }
    }
}

/// The single answer where there is no link for the actor.
fn refused() -> Failure {
    Failure::new(Code::Forbidden, "This message has no link that can still be used, or you may not copy it.")
}
