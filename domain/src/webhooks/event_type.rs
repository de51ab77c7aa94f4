//! The types of events that webhooks are told of.

use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;
use crate::text::ParseError;

macro_rules! event_types {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal,)+) => {
        /// A type of event, named `noun.participle`. Part of the public contract: never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum EventType {
            $($(#[$doc])+ #[serde(rename = $name)] $variant,)+
        }

        string_enum!(EventType { $($variant = $name),+ });
    };
}

event_types! {
    /// An account was created: somebody signed up, or an operator created it.
    AccountCreated = "account.created",
    /// An account that was pending approval, or declined, was approved.
    AccountApproved = "account.approved",
    /// An account that was pending approval was declined.
    AccountDeclined = "account.declined",
    /// Names, the role, the picture or the end of an account were changed, or an approval was undone.
    AccountUpdated = "account.updated",
    /// An account was suspended, or its end has passed. The status says which.
    AccountSuspended = "account.suspended",
    /// An account ends within seven days.
    AccountEndsSoon = "account.ends_soon",
    /// A suspension was lifted, or a declined account was put back to pending approval.
    AccountRestored = "account.restored",
    /// An account was deleted. Of it only the id is left.
    AccountDeleted = "account.deleted",
    /// An invite was created.
    InviteCreated = "invite.created",
    /// An invite was changed.
    InviteUpdated = "invite.updated",
    /// An invite was used, by somebody new or by somebody who had an account.
    InviteRedeemed = "invite.redeemed",
    /// The last use of an invite was claimed.
    InviteUsedUp = "invite.used_up",
    /// The end of an invite has passed.
    InviteExpired = "invite.expired",
    /// An invite was paused.
    InvitePaused = "invite.paused",
    /// A paused invite was resumed.
    InviteResumed = "invite.resumed",
    /// An invite was deleted.
    InviteDeleted = "invite.deleted",
    /// A group was created.
    GroupCreated = "group.created",
    /// A group was changed.
    GroupUpdated = "group.updated",
    /// A group was deleted. Nobody is in it any more.
    GroupDeleted = "group.deleted",
    /// An account joined a group, or what it is in it changed.
    GroupMemberAdded = "group.member_added",
    /// An account left a group.
    GroupMemberRemoved = "group.member_removed",
    /// A membership ends within seven days.
    MembershipEndsSoon = "group.membership_ends_soon",
    /// An application was created.
    ApplicationCreated = "application.created",
    /// An application was changed.
    ApplicationUpdated = "application.updated",
    /// An application was deleted.
    ApplicationDeleted = "application.deleted",
    /// A test event, which staff sent.
    Ping = "ping",
}

impl EventType {
    /// The types that a webhook can choose, in the order of the interface.
    pub fn choices() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|event| *event != Self::Ping)
    }

    /// The type with this name, if a webhook can choose it.
    ///
    /// # Errors
    /// A sentence that says so.
    pub fn choice(name: &str) -> Result<Self, ParseError> {
        let chosen = name.parse().ok().filter(|event| *event != Self::Ping);
        chosen.ok_or_else(|| ParseError(format!("\u{201C}{name}\u{201D} is not an event.")))
    }

    /// What happened, in the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::AccountCreated => "Account created",
            Self::AccountApproved => "Account approved",
            Self::AccountDeclined => "Account declined",
            Self::AccountUpdated => "Account updated",
            Self::AccountSuspended => "Account suspended",
            Self::AccountEndsSoon => "Account ends soon",
            Self::AccountRestored => "Account restored",
            Self::AccountDeleted => "Account deleted",
            Self::InviteCreated => "Invite created",
            Self::InviteUpdated => "Invite updated",
            Self::InviteRedeemed => "Invite redeemed",
            Self::InviteUsedUp => "Invite used up",
            Self::InviteExpired => "Invite expired",
            Self::InvitePaused => "Invite paused",
            Self::InviteResumed => "Invite resumed",
            Self::InviteDeleted => "Invite deleted",
            Self::GroupCreated => "Group created",
            Self::GroupUpdated => "Group updated",
            Self::GroupDeleted => "Group deleted",
            Self::GroupMemberAdded => "Group member added",
            Self::GroupMemberRemoved => "Group member removed",
            Self::MembershipEndsSoon => "Group membership ends soon",
            Self::ApplicationCreated => "Application created",
            Self::ApplicationUpdated => "Application updated",
            Self::ApplicationDeleted => "Application deleted",
            Self::Ping => "Test event",
        }
    }
}
