//! Lists of invites: filter and order.

use serde::{Deserialize, Serialize};

use super::{Allowance, Invite, InviteStatus};
use crate::paging::{Counts, Order, Page, Paging};
use crate::string_enum::string_enum;

/// The column a list of invites is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteSort {
    /// Creation.
    #[default]
    Created,
    /// End; invites that never expire come last when ascending.
    Expires,
    /// Uses so far.
    Used,
}

string_enum!(InviteSort { Created = "created", Expires = "expires", Used = "used" });

impl InviteSort {
    /// Order in which the dashboard lists by this column unless asked for the other one: what is newest, what was used
    /// most, what expires soonest.
    #[must_use]
    pub const fn first_order(self) -> Order {
        match self {
            Self::Created | Self::Used => Order::Descending,
            Self::Expires => Order::Ascending,
        }
    }
}

/// The list of invites as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteList {
    /// One page of the list.
    pub page: Page<Invite>,
    /// How many invites there are; not counted where the list is searched.
    pub counts: Option<Counts<InviteStatus>>,
}

/// The viewer's own invites as their page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnInvites {
    /// One page of them, newest first, without deleted ones.
    pub page: Page<Invite>,
    /// What the viewer may create.
    pub allowance: Allowance,
}

/// Filter, order and page of a list of invites.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteQuery {
    /// Only invites whose label has all these words or their beginnings, without regard to case and accents; or the invite
    /// with this code or link.
    #[serde(default)]
    pub q: Option<String>,
    /// Only invites with this status; all except deleted ones if absent.
    #[serde(default)]
    pub status: Option<InviteStatus>,
    /// The column to sort by.
    #[serde(default)]
    pub sort: InviteSort,
    /// Direction.
    #[serde(default)]
    pub order: Order,
    /// Which page.
    #[serde(default)]
    pub paging: Paging,
}
