//! The outbox: what is sent to other systems. A message is tried until it is delivered, or until it is given up and becomes
//! a dead letter, which staff can try again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::paging::Paging;
use crate::string_enum::string_enum;
use crate::time::Timestamp;

/// The number of attempts after which a message is given up. With [`backoff`] the last one is at most about three days after
/// the first, on average one and a half.
pub const MAX_ATTEMPTS: u32 = 12;
/// The age at which a message is given up that still waits, whatever its number of attempts.
pub const MAX_AGE: Duration = Duration::from_hours(7 * 24);
/// How long a message is kept after it was delivered.
pub const KEEP_DELIVERED: Duration = Duration::from_hours(7 * 24);
/// How long a message is kept after it was given up.
pub const KEEP_DEAD: Duration = Duration::from_hours(30 * 24);

/// The shortest time between two attempts.
const MIN_DELAY: Duration = Duration::from_secs(1);
/// The longest time until the second attempt.
const FIRST_DELAY: Duration = Duration::from_secs(10);
/// The longest time between two attempts, also if a receiver asks for a longer one.
const MAX_DELAY: Duration = Duration::from_hours(24);
/// By how much the longest time grows with each failure.
const GROWTH: u32 = 3;

/// The longest time for which a target without an order is left alone after a failure, unless it asks for more: messages that did
/// not fail must not wait for one that does.
pub const PAUSE: Duration = Duration::from_secs(10);

/// The status of a message, derived from its timestamps and attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Waits for its first attempt.
    Pending,
    /// At least one attempt failed; it is tried again.
    Retrying,
    /// The receiver accepted it.
    Delivered,
    /// It was given up.
    Dead,
}

string_enum!(DeliveryStatus { Pending = "pending", Retrying = "retrying", Delivered = "delivered", Dead = "dead" });

impl DeliveryStatus {
    /// The name of the status in the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Retrying => "Retrying",
            Self::Delivered => "Delivered",
            Self::Dead => "Failed",
        }
    }

    /// Whether staff can have it tried again at once.
    #[must_use]
    pub const fn can_retry(self) -> bool {
        matches!(self, Self::Retrying | Self::Dead)
    }
}

/// Filter and page of a list of messages to a target, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryQuery {
    /// Only messages with this status.
    #[serde(default)]
    pub status: Option<DeliveryStatus>,
    /// The page to read.
    #[serde(default)]
    pub paging: Paging,
}

/// What the status of a message is derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryLifecycle {
    /// The number of attempts so far.
    pub attempts: u32,
    /// When the receiver accepted it.
    pub delivered_at: Option<Timestamp>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
}

impl DeliveryLifecycle {
    /// The first that holds: delivered, dead, retrying, pending.
    #[must_use]
    pub const fn status(&self) -> DeliveryStatus {
        match (self.delivered_at, self.dead_at, self.attempts) {
            (Some(_), ..) => DeliveryStatus::Delivered,
            (None, Some(_), _) => DeliveryStatus::Dead,
            (None, None, 0) => DeliveryStatus::Pending,
            (None, None, _) => DeliveryStatus::Retrying,
        }
    }
}

/// Whether a message is given up after an attempt that failed.
#[must_use]
pub fn is_given_up(attempts: u32, created_at: Timestamp, now: Timestamp) -> bool {
    attempts >= MAX_ATTEMPTS || created_at.plus(MAX_AGE) <= now
}

/// The time until a message that failed `attempts` times, to a target without an order, is tried again.
#[must_use]
pub fn wait(attempts: u32) -> Duration {
    FIRST_DELAY.saturating_mul(GROWTH.saturating_pow(attempts.saturating_sub(1))).min(MAX_DELAY)
}

/// The time until the next attempt after `failures` in a row: exponential, with full jitter, so that receivers that come back
/// are not called by everyone at once. `random` is any number. What a receiver asks for (`Retry-After`) is a lower bound.
/// Between one second and 24 hours.
#[must_use]
pub fn backoff(failures: u32, random: u64, retry_after: Option<Duration>) -> Duration {
    let longest = wait(failures);
    let micros = u64::try_from(longest.as_micros()).unwrap_or(u64::MAX);
    let jitter = Duration::from_micros(random % micros.saturating_add(1));
    jitter.max(retry_after.unwrap_or_default()).clamp(MIN_DELAY, MAX_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Option<Timestamp> = Some(Timestamp::from_micros(1));

    #[test]
    fn the_status_follows_from_times_and_attempts() {
        let status = |attempts, delivered_at, dead_at| DeliveryLifecycle { attempts, delivered_at, dead_at }.status();
        assert_eq!(status(0, None, None), DeliveryStatus::Pending);
        assert_eq!(status(3, None, None), DeliveryStatus::Retrying);
        assert_eq!(status(1, AT, None), DeliveryStatus::Delivered);
        assert_eq!(status(12, None, AT), DeliveryStatus::Dead);
        assert!(DeliveryStatus::ALL.into_iter().filter(|status| status.can_retry()).count() == 2);
    }

    #[test]
    fn a_message_is_given_up_by_attempts_or_by_age() {
        let created = Timestamp::from_micros(1_800_000_000_000_000);
        assert!(!is_given_up(MAX_ATTEMPTS - 1, created, created));
        assert!(is_given_up(MAX_ATTEMPTS, created, created));
        assert!(!is_given_up(1, created, created.plus(MAX_AGE).minus(Duration::from_secs(1))));
        assert!(is_given_up(1, created, created.plus(MAX_AGE)));
    }

    #[test]
    fn all_attempts_fit_into_the_age_of_a_message() {
        let longest: Duration =
            (1..MAX_ATTEMPTS).map(|failures| backoff(failures, u64::MAX - 1, None).max(cap(failures))).sum();
        assert!(longest > Duration::from_hours(48) && longest < MAX_AGE, "{longest:?}");
    }

    fn cap(failures: u32) -> Duration {
        (0..2_000_u64).map(|step| backoff(failures, step * 43_200_017, None)).max().unwrap()
    }

    #[test]
    fn a_receiver_can_ask_for_more_time_within_bounds() {
        assert_eq!(backoff(1, 0, None), MIN_DELAY);
        assert_eq!(backoff(1, 0, Some(Duration::from_mins(5))), Duration::from_mins(5));
        assert_eq!(backoff(1, 0, Some(Duration::from_hours(1_000))), MAX_DELAY);
        assert_eq!(backoff(9, 7_000_000_000, Some(Duration::from_secs(1))), Duration::from_secs(7_000));
    }

    proptest::proptest! {
        #[test]
        fn the_delay_is_within_its_bounds(failures: u32, random: u64, asked in 0..u64::MAX / 2) {
            let longest = FIRST_DELAY.saturating_mul(GROWTH.saturating_pow(failures.saturating_sub(1))).min(MAX_DELAY);
            let delay = backoff(failures, random, None);
            proptest::prop_assert!(delay >= MIN_DELAY && delay <= longest);
            let delay = backoff(failures, random, Some(Duration::from_secs(asked)));
            proptest::prop_assert!(delay <= MAX_DELAY && delay >= Duration::from_secs(asked).clamp(MIN_DELAY, MAX_DELAY));
        }
    }
}
