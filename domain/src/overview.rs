//! The overview: how it stands, on one page.

use serde::{Deserialize, Serialize};

use crate::invites::Invite;
use crate::paging::Count;
use crate::redemptions::Redemption;

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// How many accounts there are.
    pub accounts: Count,
    /// How many of them wait for approval.
    pub pending: Count,
    /// How many came by an invite, ever.
    pub redemptions: Count,
    /// How many came by an invite in the last seven days.
    pub redemptions_this_week: Count,
    /// How many invites let people in.
    pub live: Count,
    /// How many of these end within seven days.
    pub ending_soon: Count,
    /// The newest invites that let people in, at most five.
    pub live_invites: Vec<Invite>,
    /// The newest redemptions, at most eight.
    pub latest: Vec<Redemption>,
}
