//! Lists of invites: filter, order, counts.

use serde::{Deserialize, Serialize};

use super::InviteStatus;
use crate::paging::{Count, Paging};
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

/// Direction of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Least or earliest first.
    Ascending,
    /// Most or latest first.
    #[default]
    Descending,
}

/// Filter, order and page of a list of invites.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteQuery {
    /// Only the invite with this code or link, and invites whose label has words that begin with the words of this text;
    /// without regard to case and accents.
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

/// Numbers of invites, each counted up to [`Count::BOUND`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteCounts {
    /// All except deleted ones.
    pub all: Count,
    /// By status, in the order of [`InviteStatus::ALL`].
    pub by_status: Vec<(InviteStatus, Count)>,
}

impl InviteCounts {
    /// Number of invites that a list filtered by `status` has.
    #[must_use]
    pub fn of(&self, status: Option<InviteStatus>) -> Option<Count> {
        match status {
            None => Some(self.all),
            Some(status) => self.by_status.iter().find(|(one, _)| *one == status).map(|(_, count)| *count),
        }
    }
}
