//! Which invites to list, in which order.

use serde::{Deserialize, Serialize};

use super::InviteStatus;
use crate::paging::Paging;
use crate::string_enum::string_enum;

/// The column a list of invites is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteSort {
    /// When it was made.
    #[default]
    Created,
    /// Until when; those without an end come last when ascending.
    Expires,
    /// How many came by it.
    Used,
}

string_enum!(InviteSort { Created = "created", Expires = "expires", Used = "used" });

/// Which way a list runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Least or earliest first.
    Ascending,
    /// Most or latest first.
    #[default]
    Descending,
}

/// Which invites to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteQuery {
    /// Only the one with exactly this code, and those whose label begins with this, without case.
    #[serde(default)]
    pub q: Option<String>,
    /// Only those that stand so; all but the deleted ones if absent.
    #[serde(default)]
    pub status: Option<InviteStatus>,
    /// The column to sort by.
    #[serde(default)]
    pub sort: InviteSort,
    /// Which way.
    #[serde(default)]
    pub order: Order,
    /// Which page.
    #[serde(default)]
    pub paging: Paging,
}
