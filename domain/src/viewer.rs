//! The viewer: the signed-in account, and what every page of the dashboard needs to know for it.

use serde::{Deserialize, Serialize};

use crate::access::{Permission, Permissions, STAFF};
use crate::accounts::{Account, Email};
use crate::applications::ApplicationLink;
use crate::approvals::DecisionNote;
use crate::flows::{AcceptedTerms, ShownAnswer};
use crate::groups::{GroupRef, Membership};
use crate::paging::Count;
use crate::requests::Request;
use crate::settings::{RegistrationMode, Welcome};
use crate::text::SiteName;
use crate::time::Timestamp;

/// The signed-in account and its surroundings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The account.
    pub account: Account,
    /// What it may do; nothing while it is pending approval.
    pub permissions: Permissions,
    /// Whether it manages a group.
    pub manages_groups: bool,
    /// The site name.
    pub site_name: SiteName,
    /// The version of the running server.
    pub version: String,
    /// Who can sign up.
    pub registration_mode: RegistrationMode,
    /// Whether the environment of the server sets [`Self::registration_mode`].
    pub registration_mode_fixed: bool,
    /// Accounts pending approval; `None` for those who may not see accounts.
    pub pending: Option<Count>,
    /// The address that the account wants to have, while it waits to be confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_email: Option<Email>,
}

impl Viewer {
    /// Whether the viewer works in the dashboard, or has their own pages only.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        !self.permissions.is_disjoint(STAFF)
    }

    /// Whether the viewer has `permission`.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// Whether there may be groups to which the viewer can add accounts.
    #[must_use]
    pub fn may_add_to_groups(&self) -> bool {
        self.manages_groups || self.may(Permission::GroupsManage)
    }

    /// Whether the viewer may create invites, of any kind or for groups that they manage.
    #[must_use]
    pub fn may_invite(&self) -> bool {
        self.may(Permission::InvitesCreate) || self.manages_groups
    }

    /// Whether the viewer is led to a page of their own invites. Those who see the invites of everyone have them there.
    #[must_use]
    pub fn is_led_to_own_invites(&self) -> bool {
        self.may_invite() && !self.may(Permission::InvitesView)
    }

    /// Whether the viewer sees groups: all of them, or those that it manages.
    #[must_use]
    pub fn sees_groups(&self) -> bool {
        self.may_add_to_groups() || self.may(Permission::AccountsView)
    }

    /// Whether nobody can sign up, with or without an invite.
    #[must_use]
    pub fn registration_is_closed(&self) -> bool {
        self.registration_mode == RegistrationMode::Closed
    }
}

/// What the viewer said of themselves when they signed up, and accepted then or later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAnswers {
    /// The answers to the flow, in the order of the form, as they are now.
    pub answers: Vec<ShownAnswer>,
    /// The terms, newest first.
    pub terms: Vec<AcceptedTerms>,
}

/// What members see on their start page, besides their account. While it is pending approval, [`Self::invited_by`] alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberHome {
    /// The welcome text and where to go next.
    pub welcome: Welcome,
    /// The applications that the account may open, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<ApplicationLink>,
    /// The member's groups, by name.
    pub groups: Vec<Membership>,
    /// What ends soon: the account first, then memberships by the name of their group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends_soon: Vec<NearEnd>,
    /// The name of the author of the invite, while the account is pending approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_by: Option<String>,
    /// The requests that have waited longest for the member's answer; none for who has them on the overview.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
    /// The message with which the account was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<DecisionNote>,
}

/// An end that is near, as the person whom it concerns is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearEnd {
    /// The group whose membership ends; `None` if the account ends.
    pub group: Option<GroupRef>,
    /// When.
    pub ends_at: Timestamp,
    /// The names of those who can be asked besides staff: managers of the group, or who invited the account. A few at most.
    pub ask: Vec<String>,
}
