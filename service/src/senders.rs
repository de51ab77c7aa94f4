//! Who sends what is in the outbox: one sender for each kind of targets, and one worker for all of them.

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::{AccountId, DeliveryId, InvitationId, InviteId, InviteRequestId};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use crate::mail::{
    AddressLink, AddressLinks, GrantedLink, Invitations, Invited, LinkRequests, MailSender, RequestedLink, ResetLinks,
};
use crate::oidc::LogoutSender;
use crate::outbox::{Answer, Message, Sender};
use crate::scim::ScimSender;
use crate::webhooks::HttpSender;
use crate::{Ctx, Error, invitations, password_resets, requests, verification};

type Mails = MailSender<Links>;

/// Sends to targets of every kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Senders {
    webhooks: HttpSender,
    scim: ScimSender,
    logout: LogoutSender,
    mails: Mails,
}

/// Makes the links of mails, which [`crate::mail`] knows nothing of: it is used by those who make them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Links;

impl ResetLinks for Links {
    async fn arm(&self, ctx: &Ctx, account: AccountId, epoch: i64, mail: DeliveryId) -> Result<Option<String>, Error> {
        password_resets::arm(ctx, account, epoch, mail).await
    }
}

impl AddressLinks for Links {
    async fn activation(
        &self,
        ctx: &Ctx,
        account: AccountId,
        epoch: i64,
        mail: DeliveryId,
    ) -> Result<Option<AddressLink>, Error> {
        verification::arm_activation(ctx, account, epoch, mail).await
    }

    async fn email_change(
        &self,
        ctx: &Ctx,
        account: AccountId,
        epoch: i64,
        mail: DeliveryId,
    ) -> Result<Option<AddressLink>, Error> {
        verification::arm_change(ctx, account, epoch, mail).await
    }
}

impl LinkRequests for Links {
    async fn requested(&self, ctx: &Ctx, request: InviteRequestId) -> Result<Option<RequestedLink>, Error> {
        requests::requested_link(ctx, request).await
    }

    async fn granted(&self, ctx: &Ctx, invite: InviteId, to: &Email) -> Result<Option<GrantedLink>, Error> {
        requests::granted_link(ctx, invite, to).await
    }
}

impl Invitations for Links {
    async fn invited(
        &self,
        ctx: &Ctx,
        invitation: InvitationId,
        to: &Email,
    ) -> Result<Result<Invited, &'static str>, Error> {
        invitations::invited(ctx, invitation, to).await
    }
}

fn is_of<S: Sender>(kind: &str) -> bool {
    S::KINDS.contains(&kind)
}

impl Sender for Senders {
    const KINDS: &'static [&'static str] =
        &[HttpSender::KINDS[0], ScimSender::KINDS[0], LogoutSender::KINDS[0], Mails::KINDS[0]];

    fn keeps_order(kind: &str) -> bool {
        if is_of::<ScimSender>(kind) {
            ScimSender::keeps_order(kind)
        } else if is_of::<LogoutSender>(kind) {
            LogoutSender::keeps_order(kind)
        } else if is_of::<Mails>(kind) {
            Mails::keeps_order(kind)
        } else {
            HttpSender::keeps_order(kind)
        }
    }

    async fn send(&self, ctx: &Ctx, message: &Message) -> Result<Answer, Error> {
        if is_of::<ScimSender>(&message.kind) {
            self.scim.send(ctx, message).await
        } else if is_of::<LogoutSender>(&message.kind) {
            self.logout.send(ctx, message).await
        } else if is_of::<Mails>(&message.kind) {
            self.mails.send(ctx, message).await
        } else {
            self.webhooks.send(ctx, message).await
        }
    }

    async fn gone(
        &self,
        tx: &DatabaseTransaction,
        ctx: &Ctx,
        (kind, target): (&str, Uuid),
        now: Timestamp,
    ) -> Result<(), Error> {
        if is_of::<ScimSender>(kind) {
            self.scim.gone(tx, ctx, (kind, target), now).await
        } else if is_of::<LogoutSender>(kind) {
            self.logout.gone(tx, ctx, (kind, target), now).await
        } else if is_of::<Mails>(kind) {
            self.mails.gone(tx, ctx, (kind, target), now).await
        } else {
            self.webhooks.gone(tx, ctx, (kind, target), now).await
        }
    }

    async fn given_up(
        &self,
        tx: &DatabaseTransaction,
        ctx: &Ctx,
        message: &Message,
        now: Timestamp,
    ) -> Result<(), Error> {
        if is_of::<Mails>(&message.kind) {
            return self.mails.given_up(tx, ctx, message, now).await;
        }
        Ok(())
    }
}
