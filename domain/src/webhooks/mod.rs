//! Webhooks: addresses of other systems that are told what happens here, as Standard Webhooks describes it
//! (<https://www.standardwebhooks.com>).

mod addresses;
mod event_type;
pub mod payload;

use serde::{Deserialize, Serialize};

pub use addresses::is_public;
pub use event_type::EventType;

use crate::failure::{Check, Failure};
use crate::ids::{DeliveryId, WebhookId};
pub use crate::outbox::DeliveryQuery;
use crate::outbox::DeliveryStatus;
use crate::paging::Paging;
use crate::patch::Patch;
use crate::text::{ParseError, WebhookName};
use crate::time::Timestamp;
use crate::web::WebUrl;

/// The most webhooks of an installation: every change reads which of them it concerns.
pub const MAX_WEBHOOKS: u64 = 100;

/// What is chosen about a webhook. The same in a new webhook, a stored one and the result of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookTerms {
    /// The name.
    pub name: WebhookName,
    /// Where messages are posted. `http` only where the operator allows private networks.
    pub url: WebUrl,
    /// The events that it is told of; `None` is all, also those of later versions.
    pub events: Option<Vec<EventType>>,
}

impl WebhookTerms {
    /// Whether it is told of events of this type. A test event is for every webhook.
    #[must_use]
    pub fn wants(&self, event: EventType) -> bool {
        event == EventType::Ping || self.events.as_ref().is_none_or(|events| events.contains(&event))
    }
}

/// A webhook as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// What was chosen about it.
    #[serde(flatten)]
    pub terms: WebhookTerms,
    /// Since when it is paused: it is told of nothing that happens, and what waits stays. `None` if it is not.
    pub paused_at: Option<Timestamp>,
    /// Its signing secrets that are valid, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<WebhookSecret>,
    /// The number of attempts in a row that failed.
    pub failures: u32,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A signing secret as it is listed. Does not contain the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSecret {
    /// The first characters, for recognition.
    pub hint: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// Until when messages are signed with it as well, because a newer one replaces it; `None` for the newest.
    pub expires_at: Option<Timestamp>,
}

/// A webhook with a signing secret that was just created. The secret can be read only now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookWithSecret {
    /// The webhook.
    pub webhook: Webhook,
    /// The secret: `whsec_` and 32 bytes in base64.
    pub secret: String,
}

impl std::fmt::Debug for WebhookWithSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookWithSecret").field("webhook", &self.webhook).finish_non_exhaustive()
    }
}

/// A new or changed webhook as typed. What is left out keeps its value (in a new one: its default), `null` clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookDraft {
    /// [`WebhookTerms::name`], 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub name: Patch<String>,
    /// [`WebhookTerms::url`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub url: Patch<String>,
    /// [`WebhookTerms::events`], by their names; `null` is all.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub events: Patch<Vec<String>>,
}

impl WebhookDraft {
    /// Parses a new webhook.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field; a name and an address are needed.
    pub fn parse(self) -> Result<WebhookTerms, Failure> {
        self.terms(None)
    }

    /// Applies the draft, as a change, to the `current` terms of a webhook.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn apply(self, current: WebhookTerms) -> Result<WebhookTerms, Failure> {
        self.terms(Some(current))
    }

    fn terms(self, current: Option<WebhookTerms>) -> Result<WebhookTerms, Failure> {
        let mut check = Check::default();
        let (old_name, old_url, old_events) = match current {
            Some(WebhookTerms { name, url, events }) => (Some(name), Some(url), events),
            None => (None, None, None),
        };
        // Neither can be cleared.
        let name = match (self.name, old_name) {
            (Patch::Keep, Some(name)) => Some(name),
            (name, _) => check.take("name", WebhookName::parse(&name.value().unwrap_or_default())),
        };
        let url = match (self.url, old_url) {
            (Patch::Keep, Some(url)) => Some(url),
            (url, _) => check.take("url", WebUrl::parse(&url.value().unwrap_or_default())),
        };
        let events = self.events.and_then(|names| check.take("events", parse_events(&names))).apply(old_events);
        let terms = name.zip(url).map(|(name, url)| WebhookTerms { name, url, events });
        check.finish(terms)
    }
}

fn parse_events(names: &[String]) -> Result<Vec<EventType>, ParseError> {
    let mut events = Vec::new();
    for name in names {
        let event = EventType::choice(name.trim())?;
        if !events.contains(&event) {
            events.push(event);
        }
    }
    if events.is_empty() { Err(ParseError("Choose at least one event.".to_owned())) } else { Ok(events) }
}

/// Filter and page of a list of webhooks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookQuery {
    /// The page to read.
    #[serde(default)]
    pub paging: Paging,
}

/// A message to a webhook, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id. The header `webhook-id` has it after `msg_`, the same in every attempt.
    pub id: DeliveryId,
    /// The event.
    pub event: EventType,
    /// The body, JSON.
    pub payload: String,
    /// The status when it was read.
    pub status: DeliveryStatus,
    /// The number of attempts.
    pub attempts: u32,
    /// When it happened.
    pub created_at: Timestamp,
    /// When it was tried last.
    pub attempted_at: Option<Timestamp>,
    /// When the webhook is tried next, for what still waits; `None` if it is paused.
    pub next_at: Option<Timestamp>,
    /// When the receiver accepted it.
    pub delivered_at: Option<Timestamp>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
    /// The HTTP status of the last answer; `None` without an answer.
    pub last_status: Option<u16>,
    /// The beginning of the last answer, or why there was none.
    pub last_answer: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(json: &str) -> WebhookDraft {
        serde_json::from_str(json).unwrap()
    }

    const CHAT: &str = r#"{"name":" Chat ","url":"https://chat.example/hook"}"#;

    #[test]
    fn a_new_webhook_needs_a_name_and_an_address() {
        let terms = draft(CHAT).parse().unwrap();
        assert_eq!((terms.name.as_str(), terms.url.as_str()), ("Chat", "https://chat.example/hook"));
        assert!(EventType::ALL.into_iter().all(|event| terms.wants(event)));
        let failure = draft("{}").parse().unwrap_err();
        assert!(failure.field_error("name").is_some() && failure.field_error("url").is_some());
    }

    #[test]
    fn everything_wrong_is_reported_at_once() {
        let failure = draft(r#"{"name":"","url":"ftp://x","events":["invite.code"]}"#).parse().unwrap_err();
        for field in ["name", "url", "events"] {
            assert!(failure.field_error(field).is_some(), "{field}: {failure:?}");
        }
        for none in [r#"{"events":[]}"#, r#"{"events":["ping"]}"#] {
            let failure = draft(none).apply(draft(CHAT).parse().unwrap()).unwrap_err();
            assert!(failure.field_error("events").is_some(), "{none}");
        }
    }

    #[test]
    fn a_change_keeps_and_sets_and_clears_the_choice_of_events_alone() {
        let chosen = r#"{"events":["account.created","account.created"]}"#;
        let current = draft(chosen).apply(draft(CHAT).parse().unwrap()).unwrap();
        assert_eq!(current.events, Some(vec![EventType::AccountCreated]));
        assert!(current.wants(EventType::Ping) && !current.wants(EventType::AccountDeleted));
        assert_eq!(draft("{}").apply(current.clone()).unwrap(), current);
        assert_eq!(draft(r#"{"events":null}"#).apply(current.clone()).unwrap().events, None);
        let failure = draft(r#"{"name":null,"url":null}"#).apply(current).unwrap_err();
        assert!(failure.field_error("name").is_some() && failure.field_error("url").is_some());
    }

    proptest::proptest! {
        #[test]
        fn the_parser_never_panics(name in ".*", url in ".*", event in ".*") {
            let draft = WebhookDraft { name: Patch::Set(name), url: Patch::Set(url), events: Patch::Set(vec![event]) };
            let _ = draft.parse();
        }
    }
}
