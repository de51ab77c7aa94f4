//! Redemptions: one record for each use of an invite. Records are never deleted, and changed only when the use
//! is given back.

use serde::{Deserialize, Serialize};

use crate::accounts::AccountRef;
use crate::ids::{AccountId, InviteId, RedemptionId};
use crate::invites::InviteRef;
use crate::paging::Paging;
use crate::string_enum::string_enum;
use crate::time::Timestamp;

/// The kind of a redemption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedemptionKind {
    /// The invite created the account.
    New,
    /// Somebody who had an account joined the groups of the invite.
    Joined,
}

string_enum!(RedemptionKind { New = "new", Joined = "joined" });

/// One use of an invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redemption {
    /// The redemption's id.
    pub id: RedemptionId,
    /// The invite that was used.
    pub invite: InviteRef,
    /// The account that used it.
    pub account: AccountRef,
    /// The kind of use.
    pub kind: RedemptionKind,
    /// When the invite was used.
    pub created_at: Timestamp,
    /// When the use was given back, because the account was declined; `None` if it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
}

/// Someone who signed up with an invite, as its author sees them who may not see accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// The redemption's id.
    pub id: RedemptionId,
    /// The display name, or the username if there is none.
    pub name: String,
    /// When the invite was used.
    pub created_at: Timestamp,
}

/// Filters for a list of redemptions, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedemptionQuery {
    /// Only redemptions whose account (name, username, e-mail address) or invite (label) has all these words or their
    /// beginnings, without regard to case and accents.
    #[serde(default)]
    pub q: Option<String>,
    /// Only redemptions of this invite.
    #[serde(default)]
    pub invite: Option<InviteId>,
    /// Only redemptions by this account.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// The page to read.
    #[serde(default)]
    pub paging: Paging,
}
