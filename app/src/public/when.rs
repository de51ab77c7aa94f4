//! Instants, in words. Public pages have no script that could know the reader's zone: they say UTC and mean it.

use domain::Timestamp;
use leptos::prelude::*;

/// An instant, to the minute.
#[component]
pub(super) fn When(
    /// Which.
    at: Timestamp,
) -> impl IntoView {
    let text = at.to_utc().format("%-d %B %Y, %H:%M UTC").to_string();
    view! { <time datetime=at.to_rfc3339()>{text}</time> }
}

/// How far away `at` is, rounded down to the largest unit that fits: `9 days from now`.
pub(super) fn from_now(now: Timestamp, at: Timestamp) -> String {
    let minutes = (at.as_millis() - now.as_millis()) / 60_000;
    let (count, unit) = match minutes {
        ..=0 => return "less than a minute from now".to_owned(),
        1..=119 => (minutes, "minute"),
        120..=2_879 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    format!("{count} {unit}{} from now", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn distances_are_said_in_the_unit_that_fits() {
        let now = Timestamp::from_micros(1_000_000_000);
        for (seconds, text) in [
            (30, "less than a minute from now"),
            (60, "1 minute from now"),
            (3_600, "60 minutes from now"),
            (7_200, "2 hours from now"),
            (86_400 * 2, "2 days from now"),
            (86_400 * 9 + 5, "9 days from now"),
        ] {
            assert_eq!(from_now(now, now.plus(Duration::from_secs(seconds))), text);
        }
    }
}
