//! How long what an invite gives lasts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;
use crate::text::ParseError;
use crate::time::Timestamp;

/// The most days that access can last: ten years.
pub const MAX_ACCESS_DAYS: u16 = 3_650;

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessOf {
    /// The memberships in the groups of the invite; the account stays.
    Groups,
    /// The account.
    Account,
}

string_enum!(AccessOf { Groups = "groups", Account = "account" });

/// When it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessEnd {
    /// That many days after sign-up, 1 to [`MAX_ACCESS_DAYS`].
    AfterDays(u16),
    /// At this instant, for everyone.
    At(Timestamp),
}

/// The end of the access that an invite gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    /// What ends.
    pub of: AccessOf,
    /// When.
    pub when: AccessEnd,
}

impl Ends {
    /// The instant at which it ends for someone who signs up at `now`.
    #[must_use]
    pub fn after(self, now: Timestamp) -> Timestamp {
        match self.when {
            AccessEnd::AfterDays(days) => now.plus(Duration::from_hours(u64::from(days) * 24)),
            AccessEnd::At(at) => at,
        }
    }

    /// The instant that is the same for everyone, if there is one.
    #[must_use]
    pub const fn at(self) -> Option<Timestamp> {
        match self.when {
            AccessEnd::At(at) => Some(at),
            AccessEnd::AfterDays(_) => None,
        }
    }
}

/// The end of access as typed: either `after_days` or `at`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndsDraft {
    /// [`Ends::of`]: `groups` or `account`.
    pub of: String,
    /// [`AccessEnd::AfterDays`], 1 to [`MAX_ACCESS_DAYS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_days: Option<i64>,
    /// [`AccessEnd::At`], RFC 3339, in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl EndsDraft {
    /// Parses it at the instant `now`.
    ///
    /// # Errors
    /// When it does not say what ends, or not once when, or the end is out of bounds or has passed.
    pub fn parse(&self, now: Timestamp) -> Result<Ends, ParseError> {
        let of = self.of.parse()?;
        let when = match (self.after_days, self.at.as_deref()) {
            (Some(days), None) => match u16::try_from(days) {
                Ok(days @ 1..=MAX_ACCESS_DAYS) => AccessEnd::AfterDays(days),
                _ => return Err(ParseError("Enter 1 to 3,650 days (ten years).".to_owned())),
            },
            (None, Some(at)) => AccessEnd::At(super::draft::parse_future(at, now)?),
            _ => return Err(ParseError("Give either after_days or at.".to_owned())),
        };
        Ok(Ends { of, when })
    }
}

impl From<Ends> for EndsDraft {
    fn from(ends: Ends) -> Self {
        let (after_days, at) = match ends.when {
            AccessEnd::AfterDays(days) => (Some(days.into()), None),
            AccessEnd::At(at) => (None, Some(at.to_rfc3339())),
        };
        Self { of: ends.of.as_str().to_owned(), after_days, at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn draft(of: &str, after_days: Option<i64>, at: Option<&str>) -> Result<Ends, ParseError> {
        EndsDraft { of: of.to_owned(), after_days, at: at.map(str::to_owned) }.parse(NOW)
    }

    #[test]
    fn access_ends_after_days_or_at_an_instant() {
        let days = draft("groups", Some(30), None).unwrap();
        assert_eq!(days.after(NOW), Timestamp::from_micros(NOW.as_micros() + 30 * 86_400_000_000));
        assert_eq!(days.at(), None);
        let at = draft("account", None, Some("2099-01-01T00:00:00Z")).unwrap();
        assert_eq!(at.at(), Timestamp::parse("2099-01-01T00:00:00Z"));
        assert_eq!(at.after(NOW), at.at().unwrap());
        for ends in [days, at] {
            assert_eq!(EndsDraft::from(ends).parse(NOW).unwrap(), ends);
        }
    }

    #[test]
    fn an_end_is_within_ten_years_of_days_and_in_the_future() {
        for (days, good) in [(0, false), (1, true), (3_650, true), (3_651, false), (-1, false), (i64::MAX, false)] {
            assert_eq!(draft("groups", Some(days), None).is_ok(), good, "{days}");
        }
        assert!(draft("groups", None, Some("2020-01-01T00:00:00Z")).is_err());
        assert!(draft("groups", None, None).is_err());
        assert!(draft("groups", Some(1), Some("2099-01-01T00:00:00Z")).is_err());
        assert!(draft("everything", Some(1), None).is_err());
    }
}
