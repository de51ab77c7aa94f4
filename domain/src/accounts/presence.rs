//! Presence: whether somebody is here now.

use std::time::Duration;

use super::Account;
use crate::time::Timestamp;

/// The accuracy of the time at which an account was last active, so that not every request writes.
pub const ACTIVE_STEP: Duration = Duration::from_mins(1);

/// Somebody who was active within this time is online. Longer than [`ACTIVE_STEP`], so that somebody who is active all the
/// time is online all the time.
pub const ONLINE_WITHIN: Duration = Duration::from_mins(5);

/// When an account that may sign in was last active; nothing for one that may not, or never was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence(Option<Timestamp>);

impl Presence {
    /// Whether the account was active within [`ONLINE_WITHIN`] before `now`.
    #[must_use]
    pub fn is_online(self, now: Timestamp) -> bool {
        self.0.is_some_and(|at| at.plus(ONLINE_WITHIN) > now)
    }
}

impl Account {
    /// The account's presence.
    #[must_use]
    pub fn presence(&self) -> Presence {
        Presence(self.last_active_at.filter(|_| self.status.may_sign_in()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_active_in_the_last_five_minutes_is_online() {
        let at = Timestamp::from_micros(1_000_000_000_000);
        let presence = Presence(Some(at));
        assert!(presence.is_online(at));
        assert!(presence.is_online(at.plus(ONLINE_WITHIN).minus(Duration::from_micros(1))));
        assert!(!presence.is_online(at.plus(ONLINE_WITHIN)));
        assert!(!Presence::default().is_online(at));
        // The browser's clock may be behind.
        assert!(presence.is_online(at.minus(Duration::from_secs(3))));
    }

    #[test]
    fn who_is_active_all_the_time_is_online_all_the_time() {
        // The time is written by the first request after ACTIVE_STEP, here with one request in each minute.
        let mut written = Timestamp::from_micros(0);
        for second in (0..3_600).step_by(7) {
            let now = Timestamp::from_micros(second * 1_000_000);
            assert!(Presence(Some(written)).is_online(now), "after {second} seconds");
            if second % 56 == 0 && written.plus(ACTIVE_STEP) <= now {
                written = now;
            }
        }
    }
}
