//! Requests to other systems: one client, which follows no redirects, uses no proxy, and connects to no network that the operator
//! has not allowed; and what their answers mean.

use std::sync::OnceLock;
use std::time::Duration;

use domain::Timestamp;
use domain::text::is_hidden;
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response, redirect};

use self::resolver::Resolver;
use crate::Ctx;

mod resolver;

pub(crate) use resolver::{Refused, check};

/// The maximum duration of one request, with its answer.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the rest of an answer is waited for, of which the status is known.
const BODY_TIMEOUT: Duration = Duration::from_secs(3);
/// The most of an answer that is read where only its beginning is kept, in bytes. What is read whole leaves the connection open for
/// the next request.
const MAX_READ: usize = 64 * 1024;
/// The most of an answer that is kept, in bytes.
const MAX_KEPT: usize = 1024;
/// How long a connection is kept that is not used.
const IDLE: Duration = Duration::from_secs(30);

/// The client of this process. It is made with the first request: it reads the certificates of authorities, which a machine that
/// sends nothing need not have.
#[derive(Debug, Default)]
pub(crate) struct HttpClient(OnceLock<Client>);

impl HttpClient {
    /// The client, for the configuration of `ctx`.
    ///
    /// # Errors
    /// A sentence for staff when there are no certificates of authorities. It is tried again with the next request.
    pub(crate) fn of(ctx: &Ctx) -> Result<&Client, String> {
        let kept = &ctx.state::<Self>().0;
        if let Some(client) = kept.get() {
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
            .timeout(REQUEST_TIMEOUT)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(IDLE)
            .build();
        match client {
            Ok(client) => Ok(kept.get_or_init(|| client)),
            Err(error) => {
                tracing::warn!(error = %reason(&error), "nothing can be sent to other systems");
                Err("Nothing can be sent: this server found no certificates of authorities. Install the package \
                     ca-certificates."
                    .to_owned())
            }
        }
    }
}

/// The beginning of what an answer says, for staff. What arrived in time is kept.
pub(crate) async fn beginning(mut response: Response) -> String {
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
    readable(&kept)
}

/// An answer, whole.
///
/// # Errors
/// A sentence for staff when it has more than `most` bytes, or breaks off.
pub(crate) async fn whole(mut response: Response, most: usize) -> Result<Vec<u8>, String> {
    let mut read = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
        if read.len() + chunk.len() > most {
            return Err(format!("The answer is larger than {} MiB.", most / (1024 * 1024)));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}

/// The time that the sender of an answer asks for.
pub(crate) fn retry_after(response: &Response, now: Timestamp) -> Option<Duration> {
    let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    asked.and_then(|asked| asked_time(asked, now))
}

/// The time that a receiver asks for (RFC 9110, section 10.2.3): seconds, or a date.
fn asked_time(asked: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = asked.trim().parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let at = chrono::DateTime::parse_from_rfc2822(asked.trim()).ok()?;
    let micros = at.timestamp_micros().saturating_sub(now.as_micros());
    Some(Duration::from_micros(u64::try_from(micros).unwrap_or_default()))
}

/// A text that both databases store and nothing in which is hidden.
pub(crate) fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().map(|c| if is_hidden(c) && c != '\n' { '\u{FFFD}' } else { c }).collect()
}

/// Why there was no answer, in words, without the address.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() && !error.is_connect() {
        return format!("No answer within {} seconds.", REQUEST_TIMEOUT.as_secs());
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
        let asked = |text| asked_time(text, now).map(|asked| asked.as_secs());
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
