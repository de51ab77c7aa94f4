//! What sends the messages of the outbox: one sender for each kind of target.

use domain::Timestamp;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use crate::grants::logout;
use crate::oidc::LogoutSender;
use crate::outbox::{Answer, Message, Sender};
use crate::webhooks::{self, HttpSender};
use crate::{Ctx, Error};

/// Sends to targets of every kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Senders;

impl Sender for Senders {
    const KINDS: &'static [&'static str] = &[webhooks::KIND, logout::KIND];

    fn keeps_order(kind: &str) -> bool {
        if kind == logout::KIND { LogoutSender::keeps_order(kind) } else { HttpSender::keeps_order(kind) }
    }

    async fn send(&self, ctx: &Ctx, message: &Message) -> Result<Answer, Error> {
        match message.kind.as_str() {
            logout::KIND => LogoutSender.send(ctx, message).await,
            _ => HttpSender.send(ctx, message).await,
        }
    }

    /// Webhooks alone are held.
    async fn gone(&self, tx: &DatabaseTransaction, ctx: &Ctx, target: Uuid, now: Timestamp) -> Result<(), Error> {
        HttpSender.gone(tx, ctx, target, now).await
    }
}
