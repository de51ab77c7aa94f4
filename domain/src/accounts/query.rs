//! Lists of accounts: filter and order.

use serde::{Deserialize, Serialize};

use super::{AccountStatus, Role};
use crate::endings::EndsSoon;
use crate::ids::{AccountId, GroupId};
use crate::paging::{Order, Paging};
use crate::string_enum::string_enum;

/// The value a list of accounts is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountSort {
    /// Creation.
    #[default]
    Created,
    /// Display name, or username where there is none, without regard to case and accents.
    Name,
    /// Time of last activity; accounts that were never active come first when ascending.
    LastActive,
}

string_enum!(AccountSort { Created = "created", Name = "name", LastActive = "last_active" });

impl AccountSort {
    /// Order in which the dashboard lists by this value unless asked for the other one.
    #[must_use]
    pub const fn first_order(self) -> Order {
        match self {
            Self::Created | Self::LastActive => Order::Descending,
            Self::Name => Order::Ascending,
        }
    }
}

/// Which accounts a list has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFilter {
    /// Only accounts that have all these words or their beginnings in the name, username or e-mail address, without regard
    /// to case and accents.
    #[serde(default)]
    pub q: Option<String>,
    /// Only accounts with this status.
    #[serde(default)]
    pub status: Option<AccountStatus>,
    /// Only accounts with this role.
    #[serde(default)]
    pub role: Option<Role>,
    /// Only members of this group.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// Only accounts that used an invite created by this account.
    #[serde(default)]
    pub inviter: Option<AccountId>,
    /// Only accounts that end soon, or have a membership that does.
    #[serde(default)]
    pub ends_soon: Option<EndsSoon>,
}

impl AccountFilter {
    /// Whether it leaves out accounts for more than their status.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        *self != Self { status: self.status, ..Self::default() }
    }
}

/// Filter, order and page of a list of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountQuery {
    /// Which accounts.
    #[serde(default)]
    pub filter: AccountFilter,
    /// The value to sort by.
    #[serde(default)]
    pub sort: AccountSort,
    /// Direction.
    #[serde(default)]
    pub order: Order,
    /// Which page.
    #[serde(default)]
    pub paging: Paging,
}
