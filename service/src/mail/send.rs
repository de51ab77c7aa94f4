//! Sends mails. What is secret in one is made here, for each attempt.

use domain::Timestamp;
use domain::accounts::{AccountStatus, Email};
use domain::ids::{AccountId, DeliveryId, InvitationId, InviteId, InviteRequestId};
use domain::text::SenderName;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::contents::{Contents, Payload};
use super::letter::{Head, message};
use super::text::{self, FailedMail, GrantedLink, Invited, RequestedLink, Site, Written};
use super::{KIND, NewMail, settings, smtp};
use crate::accounts::store as accounts;
use crate::outbox::{self, Answer, Message, Outcome, Sender};
use crate::{Ctx, Error, settings as site_settings};

/// Makes links that reset passwords.
pub(crate) trait ResetLinks: Clone + Send + Sync + 'static {
    /// The link of one mail, for an account as it was in an epoch; `None` if it can't be used any more.
    fn arm(
        &self,
        ctx: &Ctx,
        account: AccountId,
        epoch: i64,
        mail: DeliveryId,
    ) -> impl Future<Output = Result<Option<String>, Error>> + Send;
}

/// A link that verifies an address.
pub(crate) enum AddressLink {
    /// The link.
    Url(String),
    /// There is none, because another account has the address, which is told so.
    Taken,
}

impl std::fmt::Debug for AddressLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AddressLink(…)")
    }
}

/// Makes links that verify addresses, each for an account as it was in an epoch; `None` if it can't be used any more.
pub(crate) trait AddressLinks: Clone + Send + Sync + 'static {
    /// The link that activates a new account.
    fn activation(
        &self,
        ctx: &Ctx,
        account: AccountId,
        epoch: i64,
        mail: DeliveryId,
    ) -> impl Future<Output = Result<Option<AddressLink>, Error>> + Send;

    /// The link that gives an account its new address.
    fn email_change(
        &self,
        ctx: &Ctx,
        account: AccountId,
        epoch: i64,
        mail: DeliveryId,
    ) -> impl Future<Output = Result<Option<AddressLink>, Error>> + Send;
}

/// Reads what mails about requests for new links say.
pub(crate) trait LinkRequests: Clone + Send + Sync + 'static {
    /// A request; `None` once it has an answer, or is gone.
    fn requested(
        &self,
        ctx: &Ctx,
        request: InviteRequestId,
    ) -> impl Future<Output = Result<Option<RequestedLink>, Error>> + Send;

    /// The link of an invite that was made for `to`; `None` if it can't be used any more, or not by them.
    fn granted(
        &self,
        ctx: &Ctx,
        invite: InviteId,
        to: &Email,
    ) -> impl Future<Output = Result<Option<GrantedLink>, Error>> + Send;
}

/// Reads what invitations say.
pub(crate) trait Invitations: Clone + Send + Sync + 'static {
    /// An invitation to `to`; or why it is not sent, or not any more.
    fn invited(
        &self,
        ctx: &Ctx,
        invitation: InvitationId,
        to: &Email,
    ) -> impl Future<Output = Result<Result<Invited, &'static str>, Error>> + Send;
}

/// Gives mails to the mail server.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MailSender<L>(L);

impl<L: ResetLinks + LinkRequests + AddressLinks + Invitations> Sender for MailSender<L> {
    const KINDS: &'static [&'static str] = &[KIND];

    fn keeps_order(_: &str) -> bool {
        false
    }

    async fn send(&self, ctx: &Ctx, mail: &Message) -> Result<Answer, Error> {
        let Some(server) = settings::server(ctx, &ctx.db().read).await? else {
            // Turned off a moment ago: what waits is held by now. Or another server has another configuration, and does
            // send: this must cost no attempts.
            return Err(Error::internal("mail is off for this server, and mails wait"));
        };
        let Ok(payload) = serde_json::from_str::<Payload>(&mail.payload) else {
            return Ok(not_sent("this version does not know what the message is."));
        };
        let site = site_settings::public(ctx).await?;
        let site = Site { name: site.site_name.as_str(), url: ctx.public_url() };
        let letter = match self.letter(ctx, mail, &payload, site).await {
            Ok(Ok(letter)) => letter,
            Ok(Err(why)) => return Ok(Answer { outcome: Outcome::Dropped, ..not_sent(why) }),
            Err(error @ Error::Unavailable(_)) => return Err(error),
            Err(error) => {
                // Of this mail alone: it must not be tried first for ever, before all others.
                tracing::error!(%error, mail = %mail.id, "a mail could not be written");
                let text = "Not sent: the message could not be written. The log of the server says why.".to_owned();
                return Ok(Answer { outcome: Outcome::Deferred, status: None, text });
            }
        };
        let name = server.terms.from_name.as_ref().map_or(site.name, SenderName::as_str);
        let head = Head { id: mail.id, from: (&server.terms.from, name), to: &payload.to, now: ctx.now() };
        match message(&head, site, &letter) {
            Ok(message) => {
                // A mail server may repeat what it refuses, and staff read what it says.
                let secret = letter.letter.link_end().filter(|_| payload.contents.kind().has_secret_link());
                Ok(smtp::send(ctx, &server, &message, secret).await)
            }
            Err(error) => {
                tracing::warn!(%error, mail = %mail.id, "a mail could not be written");
                Ok(not_sent("the message could not be written."))
            }
        }
    }

    async fn gone(&self, _: &DatabaseTransaction, _: &Ctx, _: (&str, Uuid), _: Timestamp) -> Result<(), Error> {
        Ok(())
    }

    /// Tells the one who caused the mail, unless it went to their own address.
    async fn given_up(&self, tx: &DatabaseTransaction, ctx: &Ctx, mail: &Message, now: Timestamp) -> Result<(), Error> {
        let Ok(payload) = serde_json::from_str::<Payload>(&mail.payload) else { return Ok(()) };
        let Some(cause) = payload.contents.cause() else { return Ok(()) };
        let Some(row) = accounts::find(tx, cause.by).await? else { return Ok(()) };
        let to = Email::stored(&row.email);
        if accounts::lifecycle(&row).status(now) != AccountStatus::Active || to.folded() == payload.to.folded() {
            return Ok(());
        }
        let told = NewMail { to, account: Some(cause.by), contents: Contents::MailFailed { mail: mail.id } };
        super::queue(tx, ctx, vec![told], now).await
    }
}

impl<L: ResetLinks + LinkRequests + AddressLinks + Invitations> MailSender<L> {
    /// The words of a mail, or why it is not sent.
    async fn letter(
        &self,
        ctx: &Ctx,
        mail: &Message,
        payload: &Payload,
        site: Site<'_>,
    ) -> Result<Result<Written, &'static str>, Error> {
        if let Contents::Invitation { invitation } | Contents::InvitationReminder { invitation } = &payload.contents {
            let is_reminder = matches!(payload.contents, Contents::InvitationReminder { .. });
            let invited = self.0.invited(ctx, *invitation, &payload.to).await?;
            return Ok(invited.map(|invited| text::invitation(site, invited, is_reminder)));
        }
        let row = match mail.account {
            Some(id) => accounts::find(&ctx.db().read, id).await?,
            None => None,
        };
        let letter = match (&payload.contents, row) {
            // The one kind that is for people who may have no account.
            (Contents::LinkGranted { invite, .. }, _) => match self.0.granted(ctx, *invite, &payload.to).await? {
                Some(granted) => text::link_granted(site, granted),
                None => return Ok(Err("the invite can't be used any more.")),
            },
            (_, None) => return Ok(Err("the account does not exist any more.")),
            (Contents::Test, Some(_)) => text::test(site),
            (Contents::PasswordReset, Some(row)) => {
                let link = match payload.epoch {
                    Some(epoch) => self.0.arm(ctx, AccountId(row.id), epoch, mail.id).await?,
                    None => None,
                };
                let Some(link) = link else { return Ok(Err(CHANGED)) };
                text::password_reset(site, &row.username, link)
            }
            (Contents::PasswordChanged { at }, Some(row)) => text::password_changed(site, &row.username, *at),
            (Contents::NewSignIn { at, browser, ip }, Some(row)) => {
                text::new_sign_in(site, &row.username, *at, browser, ip.as_deref())
            }
            (Contents::LinkRequested { request }, Some(_)) => match self.0.requested(ctx, *request).await? {
                Some(request) => text::link_requested(site, &request),
                None => return Ok(Err("the request has an answer, or is gone.")),
            },
            (Contents::MailFailed { mail }, Some(_)) => match self.failed(ctx, *mail).await? {
                Some(failed) => text::mail_failed(site, &failed),
                None => return Ok(Err("the message was sent meanwhile, or is of no use any more.")),
            },
            (Contents::Activation, Some(row)) => {
                let Some(epoch) = payload.epoch else { return Ok(Err(CHANGED)) };
                match self.0.activation(ctx, AccountId(row.id), epoch, mail.id).await? {
                    Some(AddressLink::Url(link)) => text::activation(site, &row.username, link),
                    Some(AddressLink::Taken) => text::has_account(site),
                    None => return Ok(Err(CHANGED)),
                }
            }
            (Contents::EmailChange, Some(row)) => {
                let Some(epoch) = payload.epoch else { return Ok(Err(CHANGED)) };
                match self.0.email_change(ctx, AccountId(row.id), epoch, mail.id).await? {
                    Some(AddressLink::Url(link)) => text::email_change(site, &row.username, link),
                    Some(AddressLink::Taken) => text::has_account(site),
                    None => return Ok(Err(CHANGED)),
                }
            }
            (Contents::EmailChanged { at }, Some(row)) => text::email_changed(site, &row.username, *at),
            (Contents::Invitation { .. } | Contents::InvitationReminder { .. }, Some(_)) => {
                return Err(Error::internal("an invitation is about no account"));
            }
        };
        Ok(Ok(letter.into()))
    }

    /// A mail that was given up, as the one who caused it is told of it; `None` if it was tried again since, is gone, or
    /// its invite can't be used any more.
    async fn failed(&self, ctx: &Ctx, id: DeliveryId) -> Result<Option<FailedMail>, Error> {
        let Some(row) = outbox::store::find(&ctx.db().read, id).await?.filter(|row| row.dead_at.is_some()) else {
            return Ok(None);
        };
        let payload: Payload = serde_json::from_str(&row.payload).map_err(Error::internal)?;
        let Some(cause) = payload.contents.cause() else { return Ok(None) };
        let is_wanted = self.0.granted(ctx, cause.invite, &payload.to).await?.is_some();
        let (to, answer, invite) = (payload.to, row.last_answer, cause.invite);
        Ok(is_wanted.then_some(FailedMail { to, answer, invite }))
    }
}

const CHANGED: &str = "the account has changed since the link was asked for.";

fn not_sent(why: &str) -> Answer {
    Answer { outcome: Outcome::Refused, status: None, text: format!("Not sent: {why}") }
}
