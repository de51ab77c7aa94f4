//! Redemptions: the ledger of who came by which invite. Rows are never changed and outlive both sides.

use serde::{Deserialize, Serialize};

use crate::accounts::AccountRef;
use crate::ids::{AccountId, InviteId, RedemptionId};
use crate::invites::InviteRef;
use crate::paging::Paging;
use crate::string_enum::string_enum;
use crate::time::Timestamp;

/// Whether someone came new or was here already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedemptionKind {
    /// The invite made the account.
    New,
}

string_enum!(RedemptionKind { New = "new" });

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redemption {
    /// Its id.
    pub id: RedemptionId,
    /// By which invite.
    pub invite: InviteRef,
    /// Who.
    pub account: AccountRef,
    /// Whether new.
    pub kind: RedemptionKind,
    /// When.
    pub created_at: Timestamp,
}

/// Which redemptions to list, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedemptionQuery {
    /// Only those by this invite.
    #[serde(default)]
    pub invite: Option<InviteId>,
    /// Only this person's.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// Which page.
    #[serde(default)]
    pub paging: Paging,
}
