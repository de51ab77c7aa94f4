//! The bodies of messages to webhooks, a public contract: names and fields are never renamed or removed. A change that readers
//! could misread raises [`VERSION`].
//!
//! No body has an invite code, password, token, key or attribute of an account.

use serde::{Deserialize, Serialize};

use crate::accounts::{AccountStatus, Role};
use crate::ids::{AccountId, ApplicationId, GroupId, InviteId, WebhookId};
use crate::redemptions::RedemptionKind;
use crate::time::Timestamp;
use crate::webhooks::EventType;

/// The version of the bodies.
pub const VERSION: u16 = 1;

/// A body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// What happened.
    #[serde(rename = "type")]
    pub event: EventType,
    /// When it happened.
    pub timestamp: Timestamp,
    /// Always [`VERSION`].
    pub version: u16,
    /// About what, by the type of the event.
    pub data: Data,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Data {
    /// `invite.redeemed`.
    Redemption(Redemption),
    /// `group.member_added`, `group.member_removed` and `group.membership_ends_soon`.
    Membership(Membership),
    /// `account.*`, but for a deleted one.
    Account(AboutAccount),
    /// `account.deleted`.
    DeletedAccount {
        /// What is left of the account.
        account: DeletedAccount,
    },
    /// `invite.*`, but for a redemption.
    Invite {
        /// The invite.
        invite: Invite,
    },
    /// `group.created`, `group.updated` and `group.deleted`.
    Group {
        /// The group.
        group: Group,
    },
    /// `application.*`.
    Application {
        /// The application.
        application: Application,
    },
    /// `ping`.
    Ping {
        /// The webhook that is tested.
        webhook: WebhookId,
    },
}

/// About an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutAccount {
    /// The account as it is since the event.
    pub account: Account,
    /// The invite that created it; only in `account.created`, and only if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<InviteRef>,
    /// Which of `email`, `username`, `name`, `role`, `picture`, `ends_at` and `status` changed; only in `account.updated`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
    /// When the account ends; only in `account.ends_soon`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
}

/// A use of an invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redemption {
    /// Whether the invite created the account.
    pub kind: RedemptionKind,
    /// The invite, with this use counted.
    pub invite: Invite,
    /// Who used it.
    pub account: Account,
}

/// Who is in a group, or no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The group.
    pub group: Group,
    /// The account.
    pub account: Account,
    /// Whether the account manages the group; only in `group.member_added`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_manager: Option<bool>,
    /// When the membership ends: in `group.membership_ends_soon`, and in `group.member_added` if staff have just chosen it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id, which never changes.
    pub id: AccountId,
    /// The username.
    pub username: String,
    /// The display name; null if none is set.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: String,
    /// Whether the e-mail address was verified.
    #[serde(default)]
    pub email_verified: bool,
    /// The role.
    pub role: Role,
    /// The status.
    pub status: AccountStatus,
}

/// What is left of a deleted account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedAccount {
    /// Its id.
    pub id: AccountId,
}

/// An invite, without its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// The label; null without one.
    pub label: Option<String>,
    /// The role of accounts that it creates.
    pub role: Role,
    /// The groups that it grants.
    pub groups: Vec<Group>,
    /// Uses so far.
    pub used: u64,
    /// Maximum uses; null is unlimited.
    pub max_uses: Option<u64>,
    /// When it expires; null is never.
    pub expires_at: Option<Timestamp>,
    /// Who created it.
    pub created_by: AccountId,
}

/// A short form of an invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteRef {
    /// Its id.
    pub id: InviteId,
    /// The label; null without one.
    pub label: Option<String>,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// The name; null if the group is deleted.
    pub name: Option<String>,
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its id, which is its client id in OpenID Connect.
    pub id: ApplicationId,
    /// The name; null if the application is deleted.
    pub name: Option<String>,
    /// Where members open it; null if they open it elsewhere, and if it is deleted.
    pub url: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_body_is_as_documented_and_reads_back() {
        let id = Uuid::from_u128(1);
        let account = Account {
            id: AccountId(id),
            username: "mateo".to_owned(),
            name: None,
            email: "mateo@example.org".to_owned(),
            email_verified: true,
            role: Role::User,
            status: AccountStatus::Active,
        };
        let data =
            Data::Account(AboutAccount { account, invite: None, changed: vec!["role".to_owned()], ends_at: None });
        let payload = Payload {
            event: EventType::AccountUpdated,
            timestamp: Timestamp::parse("2026-11-21T10:00:00Z").unwrap(),
            version: VERSION,
            data,
        };
        let json = serde_json::to_value(&payload).unwrap();
        let account = json!({ "id": id, "username": "mateo", "name": null, "email": "mateo@example.org",
            "email_verified": true, "role": "user", "status": "active" });
        let expected = json!({ "type": "account.updated", "timestamp": "2026-11-21T10:00:00Z", "version": 1,
            "data": { "account": account, "changed": ["role"] } });
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_value::<Payload>(json).unwrap(), payload);
    }
}
