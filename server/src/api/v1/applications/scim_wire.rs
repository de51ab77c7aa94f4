//! Connections by SCIM as the contract describes them. Drafts are parsed by [`domain::applications::ScimDraft`].

use domain::Timestamp;
use domain::applications::{ScimAbout, ScimDiffers, ScimTerms};
use domain::ids::DeliveryId;
use domain::paging::Count;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::views::page;
use super::super::webhooks::DeliveryStatus;

/// A connection by SCIM.
#[derive(Debug, Serialize, ToSchema)]
pub struct Scim {
    /// Address of the service, to which `/Users` is appended.
    url: String,
    /// What it gets as `userName`: `username` or `email`.
    user_name: String,
    /// Whether accounts are created there. If not, it is told of those alone that signed in to it.
    create: bool,
    /// Whether it is told of groups as well.
    groups: bool,
    /// What becomes of accounts there that may no longer enter: `deactivate` or `delete`.
    on_removal: String,
    /// Whether accounts and groups that exist there with the same name are adopted.
    adopt: bool,
}

impl From<ScimTerms> for Scim {
    fn from(terms: ScimTerms) -> Self {
        Self {
            url: terms.url.into(),
            user_name: terms.user_name.to_string(),
            create: terms.create,
            groups: terms.groups,
            on_removal: terms.on_removal.to_string(),
            adopt: terms.adopt,
        }
    }
}

/// A connection by SCIM. What is left out stays, or has its default.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "url": "https://chat.example.org/api/v1/scim/v2", "token": "…", "user_name": "email" }))]
pub struct ScimDraft {
    /// Address of the service: `https`, and not in a private network unless the operator allows it; without a query.
    #[schema(max_length = 2000)]
    url: Option<String>,
    /// Token that it accepts. Needed for a new connection and for an address on another site; can't be read again.
    #[schema(max_length = 4096)]
    token: Option<String>,
    /// What it gets as `userName`: `username`, the default, or `email`.
    user_name: Option<String>,
    /// Whether accounts are created there, true by default. If not, it is told of those alone that signed in to it.
    create: Option<bool>,
    /// Whether it is told of groups: those that admit members or, where everyone may enter, all. False by default.
    groups: Option<bool>,
    /// What becomes of accounts there that may no longer enter: `deactivate`, the default, or `delete`.
    on_removal: Option<String>,
    /// Whether accounts and groups that exist there with the same name, and without an identifier of another system, are taken
    /// to be the same. False by default: anyone who may choose a name here could become somebody there.
    adopt: Option<bool>,
}

/// State of a connection by SCIM.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "token_hint": "x81k", "accounts": 41, "groups": 3, "waiting": 0, "failed": 1, "failures": 0, "next_at": null,
    "last_error": "A group with this name is there, and belongs to another system.",
}))]
pub struct ScimState {
    /// Last characters of the token; empty if it is short.
    token_hint: String,
    /// Number of accounts that are known there, at most 1,000.
    accounts: u32,
    /// Number of groups that are known there, at most 1,000.
    groups: u32,
    /// Number of deliveries that wait, at most 1,000.
    waiting: u32,
    /// Number of deliveries that were given up, at most 1,000.
    failed: u32,
    /// Number of attempts in a row that failed.
    failures: u32,
    /// Time of the next attempt; null if nothing waits.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// Why the last attempt failed; null if none did.
    #[schema(required = true)]
    last_error: Option<String>,
}

impl From<domain::applications::ScimState> for ScimState {
    fn from(state: domain::applications::ScimState) -> Self {
        let counted = |count: Count| count.counted;
        Self {
            token_hint: state.token_hint,
            accounts: counted(state.accounts),
            groups: counted(state.groups),
            waiting: counted(state.waiting),
            failed: counted(state.failed),
            failures: state.failures,
            next_at: state.next_at,
            last_error: state.last_error,
        }
    }
}

/// What differs between here and an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScimComparison {
    /// Number of accounts and groups that are as they should be.
    equal: u32,
    /// What differs, at most 200.
    differences: Vec<ScimDifference>,
    /// Whether more differs than is listed.
    more: bool,
    /// Whether everything was read. If not, what was not found is not listed as missing.
    complete: bool,
}

/// An account or a group that differs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "account", "id": "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77", "remote_id": "2819c223", "name": "mateo",
    "difference": "different", "fields": ["displayName"],
}))]
pub struct ScimDifference {
    /// `account` or `group`.
    kind: String,
    /// Its id here; null if it is not here.
    #[schema(required = true)]
    id: Option<Uuid>,
    /// Its id there; null if it is not there, or not known to be the same.
    #[schema(required = true)]
    remote_id: Option<String>,
    /// Its name.
    name: String,
    /// How it differs.
    difference: Difference,
    /// Attributes that differ, by their names in SCIM.
    fields: Vec<String>,
}

/// How an account or a group differs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// It is here and not there. Synchronising creates it.
    MissingThere,
    /// It is active there and may not enter. Synchronising deactivates or deletes it.
    NotAdmitted,
    /// Attributes differ. Synchronising changes them.
    Different,
    /// It is there with the same name, and not connected. Synchronising changes it only if the connection adopts what exists.
    SameName,
    /// It is there and not here. It is never changed.
    OnlyThere,
}

impl From<domain::applications::ScimComparison> for ScimComparison {
    fn from(comparison: domain::applications::ScimComparison) -> Self {
        Self {
            equal: comparison.equal,
            differences: comparison.differences.into_iter().map(ScimDifference::from).collect(),
            more: comparison.more,
            complete: comparison.complete,
        }
    }
}

impl From<domain::applications::ScimDifference> for ScimDifference {
    fn from(one: domain::applications::ScimDifference) -> Self {
        let (difference, fields) = match one.differs {
            ScimDiffers::MissingThere => (Difference::MissingThere, Vec::new()),
            ScimDiffers::NotAdmitted => (Difference::NotAdmitted, Vec::new()),
            ScimDiffers::Different { fields } => (Difference::Different, fields),
            ScimDiffers::SameName => (Difference::SameName, Vec::new()),
            ScimDiffers::OnlyThere => (Difference::OnlyThere, Vec::new()),
        };
        Self { kind: one.kind.to_string(), id: one.id, remote_id: one.remote_id, name: one.name, difference, fields }
    }
}

/// Something that an application is brought in line with, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScimDelivery {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: DeliveryId,
    /// What it is about: `account`, `group`, `accounts` or `groups`. What is true is read when it is sent.
    #[schema(example = "account")]
    about: String,
    /// Id of the account or group; null for all.
    #[schema(required = true)]
    subject: Option<Uuid>,
    /// Name of the account or group; null if it was deleted, and for all.
    #[schema(required = true)]
    name: Option<String>,
    /// What became of it.
    status: DeliveryStatus,
    /// Number of attempts.
    attempts: u32,
    /// Time at which it was written.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Time of the last attempt; null without one.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    attempted_at: Option<Timestamp>,
    /// Time from which something is tried next; null if this does not wait.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// Time at which it was done; null if it was not.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Timestamp>,
    /// Time at which it was given up; null if it was not.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    dead_at: Option<Timestamp>,
    /// HTTP status of the last answer, if it was a failure; null otherwise.
    #[schema(required = true)]
    last_status: Option<u16>,
    /// What was done, or why it failed; null without an attempt.
    #[schema(required = true)]
    last_answer: Option<String>,
}

impl From<domain::applications::ScimDelivery> for ScimDelivery {
    fn from(delivery: domain::applications::ScimDelivery) -> Self {
        let (about, subject) = match delivery.about {
            ScimAbout::Account { account } => ("account", Some(account.0)),
            ScimAbout::Group { group } => ("group", Some(group.0)),
            ScimAbout::Accounts { .. } => ("accounts", None),
            ScimAbout::Groups { .. } => ("groups", None),
        };
        Self {
            id: delivery.id,
            about: about.to_owned(),
            subject,
            name: delivery.name,
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
    /// One page of deliveries by SCIM.
    ScimDeliveries {
        /// The deliveries.
        ScimDelivery from domain::applications::ScimDelivery
    }
}
