//! Instants in words. Public pages load no script, by promise, so that nothing can know the reader's time zone: they lead
//! with the distance, which is the same in every zone, and label the exact time as UTC.

use domain::Timestamp;
use leptos::prelude::*;

use super::text;
use crate::ui::text::{Unit, distance as in_words};

/// An instant to the minute, in UTC.
#[component]
pub(super) fn ExactTime(
    /// The instant.
    at: Timestamp,
) -> impl IntoView {
    let text = at.to_utc().format(text::EXACT_TIME).to_string();
    view! { <time datetime=at.to_rfc3339()>{text}</time> }
}

/// The distance from `now` to a later instant, rounded down to the largest unit that fits: `in 9 days`.
pub(super) fn distance(now: Timestamp, at: Timestamp) -> String {
    let minutes = u64::try_from(at.as_millis() - now.as_millis()).unwrap_or_default() / 60_000;
    let (count, unit) = match minutes {
        ..=119 => (minutes, Unit::Minutes),
        120..=2_879 => (minutes / 60, Unit::Hours),
        _ => (minutes / 1_440, Unit::Days),
    };
    in_words(false, count, unit)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn distances_are_said_in_the_unit_that_fits() {
        let now = Timestamp::from_micros(1_000_000_000);
        for (seconds, text) in [
            (30, "in less than a minute"),
            (60, "in 1 minute"),
            (3_600, "in 60 minutes"),
            (7_200, "in 2 hours"),
            (86_400 * 2, "in 2 days"),
            (86_400 * 9 + 5, "in 9 days"),
        ] {
            assert_eq!(distance(now, now.plus(Duration::from_secs(seconds))), text);
        }
    }
}
