//! Limits of the invites of members (B8): how many they create, for how many uses, for how long.
//!
//! They bind authors who are not staff, except for invites that grant groups, each of which the author manages.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Terms;
use crate::accounts::Role;
use crate::failure::{Check, Code, Failure};
use crate::string_enum::string_enum;
use crate::text::{ParseError, thousands};
use crate::time::Timestamp;

const DAY: Duration = Duration::from_hours(24);

/// A whole number from `LEAST` to `MOST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Bounded<const LEAST: u32, const MOST: u32>(u32);

impl<const LEAST: u32, const MOST: u32> Bounded<LEAST, MOST> {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const LEAST: u32, const MOST: u32> TryFrom<i64> for Bounded<LEAST, MOST> {
    type Error = ParseError;

    fn try_from(number: i64) -> Result<Self, Self::Error> {
        match u32::try_from(number) {
            Ok(number) if (LEAST..=MOST).contains(&number) => Ok(Self(number)),
            _ => Err(ParseError(format!("Enter a number from {} to {}.", thousands(LEAST), thousands(MOST)))),
        }
    }
}

impl<const LEAST: u32, const MOST: u32> From<Bounded<LEAST, MOST>> for i64 {
    fn from(number: Bounded<LEAST, MOST>) -> Self {
        number.0.into()
    }
}

/// How many invites a member creates in one period.
pub type QuotaSize = Bounded<1, 1_000>;
/// How many uses an invite of a member has.
pub type UsesLimit = Bounded<1, 1_000_000>;
/// How many days an invite of a member lasts.
pub type LifetimeDays = Bounded<1, 3_650>;
/// How many days old an account has to be.
pub type AgeDays = Bounded<0, 3_650>;

/// The period of a quota. It slides: what counts is what was created in the last so many days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaPeriod {
    /// 24 hours.
    Day,
    /// 7 days.
    #[default]
    Week,
    /// 30 days.
    Month,
}

string_enum!(QuotaPeriod { Day = "day", Week = "week", Month = "month" });

impl QuotaPeriod {
    /// Its length in days.
    #[must_use]
    pub const fn days(self) -> u32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
        }
    }

    /// Its length.
    #[must_use]
    pub fn length(self) -> Duration {
        DAY * self.days()
    }

    /// The last of it, such as "the last 7 days".
    #[must_use]
    pub const fn last(self) -> &'static str {
        match self {
            Self::Day => "the last 24 hours",
            Self::Week => "the last 7 days",
            Self::Month => "the last 30 days",
        }
    }
}

/// The limits, as they are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberLimits {
    /// How many invites a member creates in one period; `None` is any number.
    pub quota: Option<QuotaSize>,
    /// The period.
    pub quota_period: QuotaPeriod,
    /// The most uses of one invite; `None` is the ceiling of every invite.
    pub max_uses: Option<UsesLimit>,
    /// How long an invite lasts at most; `None` is any time.
    pub max_days: Option<LifetimeDays>,
    /// How old an account has to be.
    pub min_account_age: AgeDays,
}

impl Default for MemberLimits {
    /// 5 invites a week, of at most 5 uses and 30 days; accounts of any age.
    fn default() -> Self {
        Self {
            quota: Some(Bounded(5)),
            quota_period: QuotaPeriod::Week,
            max_uses: Some(Bounded(5)),
            max_days: Some(Bounded(30)),
            min_account_age: Bounded(0),
        }
    }
}

impl MemberLimits {
    /// Whether they bind accounts of this role: all that are not staff.
    #[must_use]
    pub const fn bind(role: Role) -> bool {
        matches!(role, Role::User)
    }

    /// From when an account may create invites that was created at `created_at`.
    #[must_use]
    pub fn old_enough_at(self, created_at: Timestamp) -> Timestamp {
        created_at.plus(DAY * self.min_account_age.get())
    }

    /// What is left of the quota to someone who created invites at these instants: of this period, at most as many as the
    /// quota, newest first.
    #[must_use]
    pub fn quota_left(self, created: &[Timestamp]) -> Option<QuotaLeft> {
        let size = self.quota?.get();
        let used = u32::try_from(created.len()).unwrap_or(u32::MAX);
        let left = size.saturating_sub(used);
        let oldest = created.last().filter(|_| left == 0);
        let next_at = oldest.map(|oldest| oldest.plus(self.quota_period.length()));
        Some(QuotaLeft { size, period: self.quota_period, left, next_at })
    }

    /// Terms inside the ceilings at the instant `now`, for an invite that is or was created at `created_at`. Without a limit
    /// of uses or an end of their own they get the ceiling.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `max_uses`, `expires_at`, `starts_at`, for what is beyond them.
    pub fn within(self, terms: Terms, created_at: Timestamp, now: Timestamp) -> Result<Terms, Failure> {
        let mut check = Check::default();
        let max_uses = match (terms.max_uses, self.max_uses.map(UsesLimit::get)) {
            (None, ceiling) => ceiling,
            (Some(uses), Some(ceiling)) if uses > ceiling => {
                check.add_error("max_uses", beyond_uses(ceiling));
                Some(uses)
            }
            (uses, _) => uses,
        };
        let last = self.max_days.map(|days| (days, created_at.plus(DAY * days.get())));
        let expires_at = match (terms.expires_at, last) {
            (end, Some((days, last))) if end.is_none_or(|end| end > last) => {
                if end.is_some() || last <= now {
                    check.add_error("expires_at", beyond_end(days.get(), last, now));
                }
                Some(last)
            }
            (end, _) => end,
        };
        if let (Some(starts_at), Some(end), None) = (terms.starts_at, expires_at, terms.expires_at)
            && starts_at >= end
        {
            check.add_error("starts_at", format!("Your invites end by {}. Choose an earlier start.", utc(end)));
        }
        check.finish(Some(Terms { max_uses, expires_at, ..terms }))
    }
}

fn beyond_uses(ceiling: u32) -> String {
    match ceiling {
        1 => "Your invites are for one use. Enter 1.".to_owned(),
        ceiling => format!("Your invites are for at most {0} uses. Enter a number from 1 to {0}.", thousands(ceiling)),
    }
}

fn beyond_end(days: u32, last: Timestamp, now: Timestamp) -> String {
    let days = if days == 1 { "1 day".to_owned() } else { format!("{} days", thousands(days)) };
    if last <= now {
        return format!("Your invites last at most {days} from when you create them. Create another one.");
    }
    format!("Your invites last at most {days} from when you create them. Choose a date until {}.", utc(last))
}

/// `5 Dec 2026, 14:00 UTC`.
fn utc(at: Timestamp) -> String {
    at.to_utc().format("%-d %b %Y, %H:%M UTC").to_string()
}

/// The same of the first minute that begins at or after `at`, so that waiting until then is enough.
fn utc_from(at: Timestamp) -> String {
    utc(at.plus(Duration::from_micros(59_999_999)))
}

/// What is left of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaLeft {
    /// How many invites may be created in one period.
    pub size: u32,
    /// The period.
    pub period: QuotaPeriod,
    /// How many may still be created.
    pub left: u32,
    /// When the next one may be created; `None` if one may be created now.
    pub next_at: Option<Timestamp>,
}

impl QuotaLeft {
    /// Refuses another invite when nothing is left.
    ///
    /// # Errors
    /// [`Code::QuotaReached`] with the time to wait.
    pub fn check(self, now: Timestamp) -> Result<(), Failure> {
        let Some(next_at) = self.next_at else { return Ok(()) };
        let (size, last) = (thousands(self.size), self.period.last());
        let invites = if self.size == 1 { "invite" } else { "invites" };
        let why = format!(
            "You have created {size} {invites} in {last}, and may not create more. The next one is possible from {}.",
            utc_from(next_at)
        );
        // Rounded up: waiting so long is enough.
        let wait = next_at.as_micros().saturating_sub(now.as_micros()).max(0);
        let seconds = u32::try_from(wait / 1_000_000 + 1).unwrap_or(u32::MAX);
        Err(Failure::new(Code::QuotaReached, why).retry_after(seconds))
    }
}

/// What an author may create.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// Whether it may create invites at all, besides those for groups that it manages.
    pub may_create: bool,
    /// The most uses of one invite; `None` is any number.
    pub max_uses: Option<u32>,
    /// How many days an invite lasts at most; `None` is any time.
    pub max_days: Option<u32>,
    /// What is left of the quota; `None` if there is none.
    pub quota: Option<QuotaLeft>,
    /// When the account is old enough; `None` if it is.
    pub old_enough_at: Option<Timestamp>,
    /// Whether it may choose a code.
    pub own_codes: bool,
}

/// The refusal of an account that is too new.
#[must_use]
pub fn account_too_new(old_enough_at: Timestamp) -> Failure {
    let why = format!("Your account is too new to create invites. It may from {}.", utc_from(old_enough_at));
    Failure::new(Code::AccountTooNew, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn days(days: u32) -> Timestamp {
        NOW.plus(DAY * days)
    }

    #[test]
    fn the_limits_bind_all_who_are_not_staff() {
        assert_eq!(Role::ALL.map(MemberLimits::bind), [true, false, false, false]);
    }

    #[test]
    fn terms_without_a_limit_get_the_ceiling() {
        let limits = MemberLimits::default();
        let terms = limits.within(Terms::default(), NOW, NOW).unwrap();
        assert_eq!((terms.max_uses, terms.expires_at), (Some(5), Some(days(30))));
        let terms = Terms { max_uses: Some(2), expires_at: Some(days(1)), ..Terms::default() };
        assert_eq!(limits.within(terms.clone(), NOW, NOW).unwrap(), terms);
        let none = MemberLimits { max_uses: None, max_days: None, ..limits };
        assert_eq!(none.within(Terms::default(), NOW, NOW).unwrap(), Terms::default());
    }

    #[test]
    fn what_is_beyond_a_ceiling_is_refused_with_the_ceiling() {
        let limits = MemberLimits::default();
        let at = |max_uses, expires_at| Terms { max_uses, expires_at: Some(expires_at), ..Terms::default() };
        assert!(limits.within(at(Some(5), days(30)), NOW, NOW).is_ok());
        let failure = limits.within(at(Some(6), days(30).plus(Duration::from_micros(1))), NOW, NOW).unwrap_err();
        assert_eq!((failure.code, failure.fields.len()), (Code::Invalid, 2));
        let uses = failure.field_error("max_uses");
        assert_eq!(uses, Some("Your invites are for at most 5 uses. Enter a number from 1 to 5."));
        assert!(failure.field_error("expires_at").unwrap().contains("30 days"), "{failure:?}");
        // An end that nobody typed is no reason to complain about it.
        let late = Terms { starts_at: Some(days(30)), ..Terms::default() };
        assert!(limits.within(late, NOW, NOW).unwrap_err().field_error("starts_at").is_some());
    }

    #[test]
    fn an_invite_that_lasted_as_long_as_it_may_gets_no_end_that_has_passed() {
        let limits = MemberLimits::default();
        for expires_at in [None, Some(days(40))] {
            let terms = Terms { expires_at, ..Terms::default() };
            let failure = limits.within(terms, NOW, days(30)).unwrap_err();
            assert!(failure.field_error("expires_at").unwrap().ends_with("Create another one."), "{failure:?}");
        }
    }

    #[test]
    fn a_quota_is_used_up_by_as_many_as_it_has_and_the_oldest_of_them_makes_room() {
        let limits = MemberLimits { quota: Some(Bounded(2)), ..MemberLimits::default() };
        let left = |created: &[Timestamp]| limits.quota_left(created).unwrap();
        assert_eq!((left(&[]).left, left(&[]).next_at), (2, None));
        assert_eq!(left(&[NOW]).left, 1);
        let none = left(&[days(1), NOW]);
        assert_eq!((none.left, none.next_at), (0, Some(days(7))));
        assert_eq!(MemberLimits { quota: None, ..limits }.quota_left(&[]), None);

        let refused = none.check(days(7).minus(Duration::from_secs(10))).unwrap_err();
        assert_eq!((refused.code, refused.retry_after), (Code::QuotaReached, Some(11)));
        assert!(refused.message.contains("2 invites in the last 7 days"), "{refused}");
        assert!(left(&[NOW]).check(NOW).is_ok());
    }

    #[test]
    fn a_time_in_a_refusal_is_not_too_early() {
        let at = |seconds: i64| Timestamp::from_micros(1_800_000_000_000_000 + seconds * 1_000_000);
        assert_eq!(utc_from(at(0)), "15 Jan 2027, 08:00 UTC");
        assert_eq!(utc_from(at(1)), "15 Jan 2027, 08:01 UTC");
        assert!(account_too_new(at(60)).message.ends_with("15 Jan 2027, 08:01 UTC."));
    }

    #[test]
    fn an_account_is_old_enough_after_its_days() {
        let limits = MemberLimits { min_account_age: Bounded(3), ..MemberLimits::default() };
        assert_eq!(limits.old_enough_at(NOW), days(3));
        assert_eq!(MemberLimits::default().old_enough_at(NOW), NOW);
    }

    #[test]
    fn numbers_have_bounds() {
        for (number, accepted) in [(0, false), (1, true), (1_000, true), (1_001, false), (i64::MAX, false), (-1, false)]
        {
            assert_eq!(QuotaSize::try_from(number).is_ok(), accepted, "{number}");
        }
        assert!(AgeDays::try_from(0).is_ok());
        assert_eq!(LifetimeDays::try_from(0).unwrap_err().0, "Enter a number from 1 to 3,650.");
        assert!(serde_json::from_str::<LifetimeDays>("0").is_err());
    }
}
