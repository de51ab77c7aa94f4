//! The end of accounts and memberships: when it is near. The end that an invite gives is in [`crate::invites`].

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::failure::Check;
use crate::patch::Patch;
use crate::string_enum::string_enum;
use crate::text::ParseError;
use crate::time::Timestamp;

/// The time before an end from which it is near: people and staff are reminded of it.
pub const ENDS_SOON: Duration = Duration::from_hours(7 * 24);

/// Whether an end is near at `now`: it has not passed, and is at most [`ENDS_SOON`] away.
#[must_use]
pub fn is_near(ends_at: Timestamp, now: Timestamp) -> bool {
    now < ends_at && ends_at <= now.plus(ENDS_SOON)
}

/// The end of several accounts or memberships, which cannot be left out. `None` is never, or one that is wrong, which is recorded
/// under `ends_at`.
pub(crate) fn take_end(
    check: &mut Check,
    typed: Patch<String>,
    parse: impl FnOnce(&str) -> Result<Timestamp, ParseError>,
) -> Option<Timestamp> {
    match typed {
        Patch::Clear => None,
        Patch::Set(text) => check.take("ends_at", parse(&text)),
        Patch::Keep => {
            check.add_error("ends_at", "Enter when they end, or null for never.");
            None
        }
    }
}

/// What ends soon of the accounts in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndsSoon {
    /// The account.
    Account,
    /// A membership in a group.
    Membership,
}

string_enum!(EndsSoon { Account = "account", Membership = "membership" });

impl EndsSoon {
    /// Title in the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Account => "Account ends within 7 days",
            Self::Membership => "Membership ends within 7 days",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_near_for_seven_days_until_it_has_passed() {
        let now = Timestamp::parse("2026-11-21T10:00:00Z").unwrap();
        for (ends_at, near) in [
            ("2026-11-21T10:00:00Z", false),
            ("2026-11-21T10:00:01Z", true),
            ("2026-11-28T10:00:00Z", true),
            ("2026-11-28T10:00:01Z", false),
        ] {
            assert_eq!(is_near(Timestamp::parse(ends_at).unwrap(), now), near, "{ends_at}");
        }
    }

    #[test]
    fn the_titles_name_the_days() {
        assert_eq!(ENDS_SOON, Duration::from_hours(24) * 7);
        assert!(EndsSoon::ALL.into_iter().all(|what| what.title().contains("7 days")));
    }
}
