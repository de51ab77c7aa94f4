//! How far an instant is away, in words: one rule for the dashboard and the public pages.

use domain::Timestamp;

use super::text::{self, Unit};

/// How far `at` is from `now`, in the largest unit of which there are two: `in 28 hours`, `4 minutes ago`. What is ahead is
/// rounded to the nearest: an end that was set to be in 7 days is still in 7 days a moment later. What is past is rounded
/// down, as ages are.
#[must_use]
pub fn relative(now: Timestamp, at: Timestamp) -> String {
    const UNITS: [(u64, Unit); 4] =
        [(365 * 1_440, Unit::Years), (30 * 1_440, Unit::Months), (1_440, Unit::Days), (60, Unit::Hours)];
    let is_past = at < now;
    let divided = |count: u64, by: u64| if is_past { count / by } else { (count + by / 2) / by };
    let minutes = divided(at.as_millis().abs_diff(now.as_millis()), 60_000);
    let (size, unit) = UNITS.into_iter().find(|(size, _)| minutes / size >= 2).unwrap_or((1, Unit::Minutes));
    text::distance(is_past, divided(minutes, size), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_said_in_the_unit_that_fits() {
        let now = Timestamp::from_micros(1_800_000_000_000_000);
        let (minute, hour, day) = (60, 3_600, 86_400);
        for (seconds, text) in [
            (0, "in less than a minute"),
            (29, "in less than a minute"),
            (30, "in 1 minute"),
            (minute, "in 1 minute"),
            (4 * minute, "in 4 minutes"),
            (119 * minute, "in 119 minutes"),
            (2 * hour - 1, "in 2 hours"),
            (2 * hour, "in 2 hours"),
            (28 * hour, "in 28 hours"),
            (28 * hour + 40 * minute, "in 29 hours"),
            (2 * day - 1, "in 2 days"),
            (2 * day, "in 2 days"),
            (7 * day - 5, "in 7 days"),
            (7 * day - 13 * hour, "in 6 days"),
            (59 * day, "in 59 days"),
            (60 * day, "in 2 months"),
            (729 * day, "in 24 months"),
            (730 * day, "in 2 years"),
            (-1, "less than a minute ago"),
            (-59, "less than a minute ago"),
            (-4 * minute, "4 minutes ago"),
            (-3 * day, "3 days ago"),
            (-4 * day + 1, "3 days ago"),
        ] {
            let at = Timestamp::from_micros(now.as_micros() + seconds * 1_000_000);
            assert_eq!(relative(now, at), text, "{seconds} seconds");
        }
    }
}
