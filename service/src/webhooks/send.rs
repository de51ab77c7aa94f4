//! Sends messages to webhooks over HTTP.

use domain::events::Event;
use domain::ids::WebhookId;
use domain::{Failure, Timestamp};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{KIND, secrets, signature, store};
use crate::audit::{self, Originator};
use crate::outbox::{Answer, Message, Outcome, Sender};
use crate::platform::http::{self, HttpClient, check};
use crate::{Ctx, Error};

/// Posts messages as Standard Webhooks describes it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HttpSender;

impl Sender for HttpSender {
    const KINDS: &'static [&'static str] = &[KIND];

    fn keeps_order(_: &str) -> bool {
        true
    }

    async fn send(&self, ctx: &Ctx, message: &Message) -> Result<Answer, Error> {
        let db = &ctx.db().read;
        let id = WebhookId(message.target);
        let row = store::find(db, id).await?.ok_or_else(|| Failure::not_found("webhook"))?;
        // The operator may have changed what is allowed.
        let url = match check(&row.url, ctx.webhooks_to_private_networks()) {
            Ok(url) => url,
            Err(refused) => return Ok(failed(refused.to_string())),
        };
        let now = ctx.now();
        let keys = secrets::signing(db, ctx, message.target, now).await?;
        let message_id = format!("msg_{}", message.id.0.simple());
        let timestamp = now.as_micros() / 1_000_000;
        let client = match HttpClient::of(ctx) {
            Ok(client) => client,
            Err(why) => return Ok(failed(why)),
        };
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", &message_id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature::sign(&keys, &message_id, timestamp, &message.payload))
            .body(message.payload.clone());
        Ok(match request.send().await {
            Ok(response) => answer(response, now).await,
            Err(error) => failed(http::reason(&error)),
        })
    }

    async fn gone(
        &self,
        tx: &DatabaseTransaction,
        ctx: &Ctx,
        (_, target): (&str, Uuid),
        now: Timestamp,
    ) -> Result<(), Error> {
        let id = WebhookId(target);
        let Some(mut row) = store::lock(tx, id).await? else { return Ok(()) };
        if row.paused_at.is_none() {
            row.paused_at = Some(now.as_micros());
            row.updated_at = now.as_micros();
            store::write(tx, row).await?;
            let event = Event::WebhookPaused { webhook: id };
            audit::record(tx, ctx, now, Originator::System, &event).await?;
        }
        Ok(())
    }
}

/// What an answer means. Its status decides; its text is for staff.
async fn answer(response: Response, now: Timestamp) -> Answer {
    let status = response.status();
    let outcome = if status.is_success() {
        Outcome::Delivered
    } else if status == StatusCode::GONE {
        Outcome::Gone
    } else {
        Outcome::Failed { retry_after: http::retry_after(&response, now) }
    };
    Answer { outcome, status: Some(status.as_u16()), text: http::beginning(response).await }
}

fn failed(text: String) -> Answer {
    Answer { outcome: Outcome::Failed { retry_after: None }, status: None, text }
}
