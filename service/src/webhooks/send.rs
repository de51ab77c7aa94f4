//! Sends messages to webhooks over HTTP.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use domain::events::Event;
use domain::ids::WebhookId;
use domain::text::is_hidden;
use domain::{Failure, Timestamp};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, redirect};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::resolver::{Refused, Resolver, check};
use super::{KIND, secrets, signature, store};
use crate::audit::{self, Originator};
use crate::outbox::{ATTEMPT_TIMEOUT, Answer, Message, Outcome, Sender};
use crate::{Ctx, Error};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the rest of an answer is waited for, of which the status is known.
const BODY_TIMEOUT: Duration = Duration::from_secs(3);
/// The most of an answer that is read, in bytes. What is read whole leaves the connection open for the next message.
const MAX_READ: usize = 64 * 1024;
/// The most of an answer that is kept, in bytes.
const MAX_KEPT: usize = 1024;
/// How long a connection is kept that is not used.
const IDLE: Duration = Duration::from_secs(30);

/// Posts messages as Standard Webhooks describes it. Follows no redirects, and uses no proxy. Its client is made with the first
/// message: it reads the certificates of authorities, which a machine without webhooks need not have.
#[derive(Clone, Debug, Default)]
pub(crate) struct HttpSender(Arc<OnceLock<Client>>);

impl HttpSender {
    /// The client, for the configuration of `ctx`.
    ///
    /// # Errors
    /// A sentence for staff when there are no certificates of authorities. It is tried again with the next message.
    fn client(&self, ctx: &Ctx) -> Result<&Client, String> {
        if let Some(client) = self.0.get() {
            return Ok(client);
        }
        // It fails if there is one already, which is then used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("Latchkey/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Resolver { to_private_networks: ctx.webhooks_to_private_networks() })
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ATTEMPT_TIMEOUT)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(IDLE)
            .build();
        match client {
            Ok(client) => Ok(self.0.get_or_init(|| client)),
            Err(error) => {
                tracing::warn!(error = %reason(&error), "webhooks cannot be sent");
                Err("Nothing can be sent: this server found no certificates of authorities. Install the package \
                     ca-certificates."
                    .to_owned())
            }
        }
    }
}

impl Sender for HttpSender {
    const KINDS: &'static [&'static str] = &[KIND];

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
        let client = match self.client(ctx) {
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
            Err(error) => failed(reason(&error)),
        })
    }

    async fn gone(&self, tx: &DatabaseTransaction, ctx: &Ctx, target: Uuid, now: Timestamp) -> Result<(), Error> {
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
async fn answer(mut response: Response, now: Timestamp) -> Answer {
    let status = response.status();
    let outcome = if status.is_success() {
        Outcome::Delivered
    } else if status == StatusCode::GONE {
        Outcome::Gone
    } else {
        let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        Outcome::Failed { retry_after: asked.and_then(|asked| retry_after(asked, now)) }
    };
    // What arrived in time is kept.
    let mut kept = Vec::new();
    let read = async {
        let mut read = 0;
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = MAX_KEPT - kept.len();
            kept.extend_from_slice(&chunk[..chunk.len().min(room)]);
            read += chunk.len();
            if read >= MAX_READ {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(BODY_TIMEOUT, read).await;
    Answer { outcome, status: Some(status.as_u16()), text: readable(&kept) }
}

/// The time that a receiver asks for (RFC 9110, section 10.2.3): seconds, or a date.
fn retry_after(asked: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = asked.trim().parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let at = chrono::DateTime::parse_from_rfc2822(asked.trim()).ok()?;
    let micros = at.timestamp_micros().saturating_sub(now.as_micros());
    Some(Duration::from_micros(u64::try_from(micros).unwrap_or_default()))
}

/// A text that both databases store and nothing in which is hidden.
fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().map(|c| if is_hidden(c) && c != '\n' { '\u{FFFD}' } else { c }).collect()
}

fn failed(text: String) -> Answer {
    Answer { outcome: Outcome::Failed { retry_after: None }, status: None, text }
}

/// Why there was no answer, in words, without the address.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() && !error.is_connect() {
        return format!("No answer within {} seconds.", ATTEMPT_TIMEOUT.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    let mut causes = Vec::new();
    while let Some(source) = cause.source() {
        if let Some(refused) = source.downcast_ref::<Refused>() {
            return refused.to_string();
        }
        causes.push(source.to_string());
        cause = source;
    }
    let cause = causes.pop().unwrap_or_else(|| "no connection".to_owned());
    readable(format!("No answer: {cause}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_asks_for_seconds_or_until_a_date() {
        let now = Timestamp::parse("2026-11-21T10:00:00Z").unwrap();
        let asked = |text| retry_after(text, now).map(|asked| asked.as_secs());
        assert_eq!(asked(" 120 "), Some(120));
        assert_eq!(asked("Sat, 21 Nov 2026 10:01:00 GMT"), Some(60));
        assert_eq!(asked("Sat, 21 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!((asked("soon"), asked("-1"), asked("")), (None, None, None));
    }

    #[test]
    fn an_answer_is_stored_as_readable_text() {
        assert_eq!(readable(b"ok\n\0\x1b[31m\xff"), "ok\n\u{FFFD}\u{FFFD}[31m\u{FFFD}");
    }
}
