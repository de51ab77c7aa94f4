//! How often an invitation is sent again.

use std::time::Duration;

use crate::failure::{Code, Failure};
use crate::time::Timestamp;

/// The time between two times that an invitation is sent again.
pub const RESEND_WAIT: Duration = Duration::from_mins(10);
/// The time for which [`RESENDS_ALLOWED`] counts, from the first.
pub const RESEND_PERIOD: Duration = Duration::from_hours(24);
/// How often an invitation is sent again within [`RESEND_PERIOD`].
pub const RESENDS_ALLOWED: u32 = 3;

/// When an invitation was sent again. The first mail does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resends {
    /// The last time.
    pub last: Option<Timestamp>,
    /// Since when the number is counted.
    pub since: Option<Timestamp>,
    /// The number since then.
    pub count: u32,
}

impl Resends {
    /// Once more, at `now`.
    ///
    /// # Errors
    /// [`Code::RateLimited`] if that is too early.
    pub fn again(self, now: Timestamp) -> Result<Self, Failure> {
        if let Some(at) = self.last.map(|last| last.plus(RESEND_WAIT)).filter(|at| *at > now) {
            let minutes = RESEND_WAIT.as_secs() / 60;
            return Err(too_early(
                &format!("This invitation was sent again less than {minutes} minutes ago."),
                at,
                now,
            ));
        }
        let since = self.since.filter(|since| since.plus(RESEND_PERIOD) > now);
        match since {
            Some(since) if self.count >= RESENDS_ALLOWED => {
                let why = format!("This invitation was sent again {RESENDS_ALLOWED} times within a day.");
                Err(too_early(&why, since.plus(RESEND_PERIOD), now))
            }
            Some(_) => Ok(Self { last: Some(now), since, count: self.count + 1 }),
            None => Ok(Self { last: Some(now), since: Some(now), count: 1 }),
        }
    }
}

fn too_early(why: &str, at: Timestamp, now: Timestamp) -> Failure {
    let micros = u64::try_from(at.as_micros() - now.as_micros()).unwrap_or_default();
    let seconds = u32::try_from(micros.div_ceil(1_000_000)).unwrap_or(u32::MAX);
    let wait = match seconds.div_ceil(60) {
        1 => "in a minute".to_owned(),
        minutes @ ..120 => format!("in {minutes} minutes"),
        minutes => format!("in {} hours", minutes.div_ceil(60)),
    };
    Failure::new(Code::RateLimited, format!("{why} Try again {wait}.")).retry_after(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_sent_again_after_ten_minutes_and_three_times_a_day() {
        let start = Timestamp::parse("2026-11-03T06:56:36Z").unwrap();
        let minutes = |minutes: u64| start.plus(Duration::from_mins(minutes));
        let mut resends = Resends::default().again(start).unwrap();
        let early = resends.again(minutes(9)).unwrap_err();
        assert_eq!((early.code, early.retry_after), (Code::RateLimited, Some(60)));
        assert!(early.message.ends_with("less than 10 minutes ago. Try again in a minute."), "{}", early.message);
        for at in [10, 20] {
            resends = resends.again(minutes(at)).unwrap();
        }
        let many = resends.again(minutes(60)).unwrap_err();
        assert!(many.message.ends_with("3 times within a day. Try again in 23 hours."), "{}", many.message);
        assert!(resends.again(minutes(24 * 60 - 1)).unwrap_err().message.ends_with("Try again in a minute."));
        let next = resends.again(minutes(24 * 60)).unwrap();
        assert_eq!((next.count, next.since), (1, Some(minutes(24 * 60))));
    }
}
