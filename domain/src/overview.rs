//! The overview: how it stands, on one page.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::invites::Invite;
use crate::paging::Count;
use crate::redemptions::Redemption;
use crate::time::Timestamp;

/// How many days the chart shows, today among them.
pub const DAYS: u16 = 30;
/// An invite that ends within this, with places left, may want more time.
pub const ENDS_SOON: Duration = Duration::from_hours(48);
/// An invite that let its last one in within this may want more places.
pub const FILLED_WITHIN: Duration = Duration::from_hours(7 * 24);
/// An invite nobody came by is looked at once it is this old.
pub const UNUSED_AFTER: Duration = Duration::from_hours(3 * 24);
/// How many invites are named for each [`Why`].
pub const NEEDS_EACH: usize = 2;

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// How many accounts there are.
    pub accounts: u64,
    /// How many of them wait for approval.
    pub pending: Count,
    /// How many came by an invite, ever.
    pub redemptions: u64,
    /// How many came by an invite today and in the six days before, in UTC.
    pub redemptions_this_week: u64,
    /// How many invites let people in.
    pub live: Count,
    /// How many of these end within seven days.
    pub ending_soon: Count,
    /// When the first of [`Self::days`] began.
    pub first_day: Timestamp,
    /// The last [`DAYS`] days in UTC, oldest first; the last one is today.
    pub days: Vec<Daily>,
    /// What needs attention, most urgent first.
    pub needs: Vec<Need>,
    /// The newest invites that let people in, at most six.
    pub live_invites: Vec<Invite>,
    /// The newest redemptions, at most six.
    pub latest: Vec<Redemption>,
    /// Whether the place has a name of its own.
    pub named: bool,
}

/// What one day brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Daily {
    /// How many accounts were made.
    pub accounts: u64,
    /// How many of them came by an invite.
    pub redemptions: u64,
}

/// An invite that needs attention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Why.
    pub why: Why,
    /// Which.
    pub invite: Invite,
}

/// Why an invite needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It ends [soon](ENDS_SOON) and has places left.
    EndsSoon,
    /// It was for several and let the last one in [not long ago](FILLED_WITHIN).
    Filled,
    /// It lets people in, is [some days old](UNUSED_AFTER), and nobody came by it.
    Unused,
}

/// What leads a new place to its first guest: what is done, from what is so, not from what was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstSteps {
    /// The place has a name of its own.
    pub named: bool,
    /// There is an invite that lets people in.
    pub made: bool,
}

impl Overview {
    /// The first steps, until someone came by an invite.
    #[must_use]
    pub fn first_steps(&self) -> Option<FirstSteps> {
        (self.redemptions == 0).then_some(FirstSteps { named: self.named, made: !self.live_invites.is_empty() })
    }

    /// What all of [`Self::days`] brought.
    #[must_use]
    pub fn sum(&self) -> Daily {
        self.days.iter().fold(Daily::default(), |sum, day| Daily {
            accounts: sum.accounts + day.accounts,
            redemptions: sum.redemptions + day.redemptions,
        })
    }

    /// The day that brought most accounts, as a place in [`Self::days`]: the latest of several, none if none did.
    #[must_use]
    pub fn busiest(&self) -> Option<usize> {
        let day = (0..self.days.len()).max_by_key(|day| self.days[*day].accounts)?;
        (self.days[day].accounts > 0).then_some(day)
    }

    /// When a place in [`Self::days`] began.
    #[must_use]
    pub fn day(&self, place: usize) -> Timestamp {
        Timestamp::from_day(self.first_day.day() + i64::try_from(place).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overview(accounts: &[u64], redemptions: u64) -> Overview {
        Overview {
            accounts: 1,
            pending: Count::from_rows(0),
            redemptions,
            redemptions_this_week: 0,
            live: Count::from_rows(0),
            ending_soon: Count::from_rows(0),
            first_day: Timestamp::parse("2026-02-27T00:00:00Z").unwrap(),
            days: accounts.iter().map(|&accounts| Daily { accounts, redemptions: accounts / 2 }).collect(),
            needs: Vec::new(),
            live_invites: Vec::new(),
            latest: Vec::new(),
            named: true,
        }
    }

    #[test]
    fn the_first_steps_end_when_someone_came() {
        assert_eq!(overview(&[], 0).first_steps(), Some(FirstSteps { named: true, made: false }));
        assert_eq!(overview(&[], 1).first_steps(), None);
    }

    #[test]
    fn the_busiest_day_is_the_latest_of_the_highest() {
        let week = overview(&[0, 4, 1, 4], 3);
        assert_eq!(week.sum(), Daily { accounts: 9, redemptions: 4 });
        assert_eq!(week.busiest(), Some(3));
        assert_eq!(week.day(3).to_rfc3339(), "2026-03-02T00:00:00Z");
        assert_eq!((overview(&[0, 0], 0).busiest(), overview(&[], 0).busiest()), (None, None));
    }
}
