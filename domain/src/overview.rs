//! The overview page of the dashboard.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::invites::Invite;
use crate::paging::Count;
use crate::redemptions::Redemption;
use crate::time::Timestamp;

/// The number of days in the chart, including today.
pub const DAYS: u16 = 30;
/// The time before expiry from which an invite with remaining uses needs attention.
pub const EXPIRES_SOON: Duration = Duration::from_hours(48);
/// The time after its last use during which a fully used invite needs attention.
pub const USED_UP_WITHIN: Duration = Duration::from_hours(7 * 24);
/// The age from which an unused invite needs attention.
pub const UNUSED_AFTER: Duration = Duration::from_hours(3 * 24);
/// The maximum number of invites shown for each [`AttentionReason`].
pub const MAX_PER_REASON: usize = 2;

/// The data of the overview page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// The number of accounts.
    pub accounts: u64,
    /// The number of accounts pending approval.
    pub pending: Count,
    /// The number of accounts that end soon; none for those who may not see accounts.
    pub accounts_end_soon: Count,
    /// The number of memberships that end soon; none for those who may not see accounts.
    pub memberships_end_soon: Count,
    /// The number of sign-ups with an invite since the installation began.
    pub redemptions: u64,
    /// The number of sign-ups with an invite today and on the six days before, in UTC.
    pub redemptions_this_week: u64,
    /// The number of active invites.
    pub live: Count,
    /// The number of active invites that expire within seven days.
    pub ending_soon: Count,
    /// The start of the first of [`Self::days`].
    pub first_day: Timestamp,
    /// The counts of the last [`DAYS`] days in UTC, oldest first. The last one is today.
    pub days: Vec<DailyCounts>,
    /// The invites that need attention, most urgent first.
    pub needs: Vec<AttentionItem>,
    /// The newest active invites, at most six.
    pub live_invites: Vec<Invite>,
    /// The newest redemptions, at most six.
    pub latest: Vec<Redemption>,
    /// Whether the site name differs from the default.
    pub named: bool,
}

/// The counts of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyCounts {
    /// The number of accounts created.
    pub accounts: u64,
    /// The number of those that were created with an invite.
    pub redemptions: u64,
}

/// An invite that needs attention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttentionItem {
    /// The reason.
    pub why: AttentionReason,
    /// The invite.
    pub invite: Invite,
}

/// The reason an invite needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttentionReason {
    /// It expires [soon](EXPIRES_SOON) and has remaining uses.
    EndsSoon,
    /// It allowed more than one use and was fully used [recently](USED_UP_WITHIN).
    Filled,
    /// It is active, [some days old](UNUSED_AFTER), and was never used.
    Unused,
}

/// The checklist of a new installation. Each step is derived from the data, not from what was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstSteps {
    /// Whether the site has a name.
    pub site_named: bool,
    /// Whether there is an active invite.
    pub invite_created: bool,
}

impl Overview {
    /// The checklist; `None` after the first redemption.
    #[must_use]
    pub fn first_steps(&self) -> Option<FirstSteps> {
        (self.redemptions == 0)
            .then_some(FirstSteps { site_named: self.named, invite_created: !self.live_invites.is_empty() })
    }

    /// The sum of [`Self::days`].
    #[must_use]
    pub fn total(&self) -> DailyCounts {
        self.days.iter().fold(DailyCounts::default(), |sum, day| DailyCounts {
            accounts: sum.accounts + day.accounts,
            redemptions: sum.redemptions + day.redemptions,
        })
    }

    /// The index in [`Self::days`] of the day with the most new accounts: the latest of several; `None` if there were
    /// no new accounts.
    #[must_use]
    pub fn busiest_day(&self) -> Option<usize> {
        let day = (0..self.days.len()).max_by_key(|day| self.days[*day].accounts)?;
        (self.days[day].accounts > 0).then_some(day)
    }

    /// The start of the day at `index` in [`Self::days`].
    #[must_use]
    pub fn day_start(&self, index: usize) -> Timestamp {
        Timestamp::from_day(self.first_day.day() + i64::try_from(index).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overview(accounts: &[u64], redemptions: u64) -> Overview {
        Overview {
            accounts: 1,
            pending: Count::from_rows(0),
            accounts_end_soon: Count::from_rows(0),
            memberships_end_soon: Count::from_rows(0),
            redemptions,
            redemptions_this_week: 0,
            live: Count::from_rows(0),
            ending_soon: Count::from_rows(0),
            first_day: Timestamp::parse("2026-02-27T00:00:00Z").unwrap(),
            days: accounts.iter().map(|&accounts| DailyCounts { accounts, redemptions: accounts / 2 }).collect(),
            needs: Vec::new(),
            live_invites: Vec::new(),
            latest: Vec::new(),
            named: true,
        }
    }

    #[test]
    fn the_first_steps_end_with_the_first_redemption() {
        assert_eq!(overview(&[], 0).first_steps(), Some(FirstSteps { site_named: true, invite_created: false }));
        assert_eq!(overview(&[], 1).first_steps(), None);
    }

    #[test]
    fn the_busiest_day_is_the_latest_of_the_highest_days() {
        let week = overview(&[0, 4, 1, 4], 3);
        assert_eq!(week.total(), DailyCounts { accounts: 9, redemptions: 4 });
        assert_eq!(week.busiest_day(), Some(3));
        assert_eq!(week.day_start(3).to_rfc3339(), "2026-03-02T00:00:00Z");
        assert_eq!((overview(&[0, 0], 0).busiest_day(), overview(&[], 0).busiest_day()), (None, None));
    }
}
