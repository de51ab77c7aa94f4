//! Webhooks as the contract describes them. A new webhook and a change are parsed by [`domain::webhooks::WebhookDraft`];
//! [`NewWebhook`] and [`WebhookChange`] describe what it accepts.

use domain::failure::Check;
use domain::ids::{DeliveryId, WebhookId};
use domain::webhooks::{DeliveryQuery, EventType, WebhookTerms};
use domain::{Failure, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::paging::paging;
use super::super::views::page;
use crate::api::extract::parameter;

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "name": "Chat",
    "url": "https://chat.example.org/hooks/latchkey",
    "events": ["account.created", "invite.used_up"],
    "paused_at": null,
    "secrets": [{ "hint": "whsec_Zx81kQ", "created_at": "2026-11-21T10:00:00Z", "expires_at": null }],
    "failures": 0,
    "created_at": "2026-11-21T10:00:00Z",
}))]
pub struct Webhook {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: WebhookId,
    /// Name.
    name: String,
    /// Where messages are posted.
    url: String,
    /// Events that it is told of; null is all.
    #[schema(required = true)]
    events: Option<Vec<String>>,
    /// Time since when it is paused; null if it is not.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    paused_at: Option<Timestamp>,
    /// Signing secrets that are valid, newest first.
    secrets: Vec<WebhookSecret>,
    /// Number of attempts in a row that failed.
    failures: u32,
    /// Time it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<domain::webhooks::Webhook> for Webhook {
    fn from(webhook: domain::webhooks::Webhook) -> Self {
        let WebhookTerms { name, url, events } = webhook.terms;
        let names = |events: Vec<EventType>| events.iter().map(ToString::to_string).collect();
        Self {
            id: webhook.id,
            name: name.into(),
            url: url.into(),
            events: events.map(names),
            paused_at: webhook.paused_at,
            secrets: webhook.secrets.into_iter().map(Into::into).collect(),
            failures: webhook.failures,
            created_at: webhook.created_at,
        }
    }
}

/// A signing secret as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookSecret {
    /// First characters, for recognition.
    hint: String,
    /// Time it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Time until which messages are signed with it as well, because a newer one replaces it; null for the newest.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl From<domain::webhooks::WebhookSecret> for WebhookSecret {
    fn from(secret: domain::webhooks::WebhookSecret) -> Self {
        Self { hint: secret.hint, created_at: secret.created_at, expires_at: secret.expires_at }
    }
}

/// A webhook, with a signing secret that was just created.
#[derive(Serialize, ToSchema)]
pub struct WebhookWithSecret {
    #[serde(flatten)]
    webhook: Webhook,
    /// The signing secret, as the libraries of Standard Webhooks take it. It can't be read again.
    #[schema(example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazYhUbLbq1c=")]
    secret: String,
}

impl From<domain::webhooks::WebhookWithSecret> for WebhookWithSecret {
    fn from(created: domain::webhooks::WebhookWithSecret) -> Self {
        Self { webhook: created.webhook.into(), secret: created.secret }
    }
}

/// A new webhook.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({
    "name": "Chat",
    "url": "https://chat.example.org/hooks/latchkey",
    "events": ["account.created", "invite.used_up"],
}))]
pub struct NewWebhook {
    /// Name.
    #[schema(max_length = 80)]
    name: String,
    /// Where messages are posted: `https`, and not in a private network unless the operator allows it.
    #[schema(max_length = 2000)]
    url: String,
    /// Events that it is told of. All if left out, also those of later versions.
    #[schema(min_items = 1)]
    events: Option<Vec<String>>,
}

/// A change of a webhook (RFC 7396): what is left out stays, null clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "events": null }))]
pub struct WebhookChange {
    /// Name. Can't be cleared.
    #[schema(max_length = 80)]
    name: Option<String>,
    /// Where messages are posted. Can't be cleared.
    #[schema(max_length = 2000)]
    url: Option<String>,
    /// Events that it is told of; null is all.
    #[schema(min_items = 1)]
    events: Option<Vec<String>>,
}

/// A message to a webhook, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// Its id. The header `webhook-id` is `msg_` and this id without hyphens, the same in every attempt.
    #[schema(value_type = Uuid)]
    id: DeliveryId,
    /// Event.
    #[schema(example = "account.created")]
    event: String,
    /// Body, as it is sent.
    payload: String,
    /// What became of it.
    status: DeliveryStatus,
    /// Number of attempts.
    attempts: u32,
    /// Time at which it happened.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Time of the last attempt; null without one.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    attempted_at: Option<Timestamp>,
    /// Time from which it is tried next, after those that happened before; null if it does not wait, or the webhook is paused.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// Time at which the receiver accepted it; null if it did not.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Timestamp>,
    /// Time at which it was given up; null if it was not.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    dead_at: Option<Timestamp>,
    /// HTTP status of the last answer; null without an answer.
    #[schema(required = true)]
    last_status: Option<u16>,
    /// Beginning of the last answer, or why there was none; null without an attempt.
    #[schema(required = true)]
    last_answer: Option<String>,
}

/// Status of a delivery.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Waits for its first attempt.
    Pending,
    /// At least one attempt failed; it is tried again.
    Retrying,
    /// The receiver accepted it.
    Delivered,
    /// It was given up. It can be tried again.
    Dead,
}

impl From<domain::outbox::DeliveryStatus> for DeliveryStatus {
    fn from(status: domain::outbox::DeliveryStatus) -> Self {
        use domain::outbox::DeliveryStatus as Is;
        match status {
            Is::Pending => Self::Pending,
            Is::Retrying => Self::Retrying,
            Is::Delivered => Self::Delivered,
            Is::Dead => Self::Dead,
        }
    }
}

impl From<domain::webhooks::Delivery> for Delivery {
    fn from(delivery: domain::webhooks::Delivery) -> Self {
        Self {
            id: delivery.id,
            event: delivery.event.to_string(),
            payload: delivery.payload,
            status: delivery.status.into(),
            attempts: delivery.attempts,
            created_at: delivery.created_at,
            attempted_at: delivery.attempted_at,
            next_at: delivery.next_at,
            delivered_at: delivery.delivered_at,
            dead_at: delivery.dead_at,
            last_status: delivery.last_status,
            last_answer: delivery.last_answer,
        }
    }
}

page! {
    /// One page of webhooks.
    Webhooks {
        /// The webhooks.
        Webhook from domain::webhooks::Webhook
    }
}

page! {
    /// One page of deliveries.
    Deliveries {
        /// The deliveries.
        Delivery from domain::webhooks::Delivery
    }
}

/// Filter and page of a list of deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveriesParams {
    /// Only deliveries with this status: `pending`, `retrying`, `delivered` or `dead`.
    #[param(value_type = Option<DeliveryStatus>)]
    status: Option<String>,
    /// Maximum number of deliveries; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// A cursor of another page of the same list.
    cursor: Option<String>,
}

impl DeliveriesParams {
    pub fn parse(self) -> Result<DeliveryQuery, Failure> {
        let mut check = Check::default();
        let status = parameter(&mut check, "status", self.status.as_deref());
        let paging = paging(&mut check, self.limit.as_deref(), self.cursor.as_deref());
        check.finish(Some(DeliveryQuery { status, paging }))
    }
}
