//! Instants: in UTC and labelled so in the server's HTML, in the reader's zone once the browser has taken over.

use chrono::{Datelike, Timelike};
use domain::Timestamp;
use leptos::prelude::*;

use super::browser;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];

/// How much of an instant is shown. All of it is in the title.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeAs {
    /// Day and minute.
    #[default]
    Minute,
    /// The day.
    Day,
}

/// An instant.
#[component]
pub fn Time(
    /// Which.
    at: Timestamp,
    /// How much of it is shown.
    #[prop(optional)]
    show: TimeAs,
) -> impl IntoView {
    let local = RwSignal::new(None);
    // Runs in the browser alone, after the page was taken over with the words the server wrote.
    Effect::new(move || {
        local.set(Some(words(browser::parts(at), show)));
    });
    view! {
        <time datetime=at.to_rfc3339() title=exact(at)>
            {move || local.get().unwrap_or_else(|| utc(at, show))}
        </time>
    }
}

/// `21 Nov 2026, 10:45 UTC`, or the day alone.
fn utc(at: Timestamp, show: TimeAs) -> String {
    let at = at.to_utc();
    let year = at.year().unsigned_abs();
    let words = words([year, at.month0(), at.day(), at.hour(), at.minute()], show);
    if show == TimeAs::Minute { words + " UTC" } else { words }
}

/// `21 Nov 2026, 10:45`, or the day alone. The browser could say it in words too, but first spends some 30 ms on learning
/// how.
fn words([year, month0, day, hour, minute]: [u32; 5], show: TimeAs) -> String {
    let month = MONTHS.get(month0 as usize).copied().unwrap_or_default();
    match show {
        TimeAs::Minute => format!("{day} {month} {year}, {hour:02}:{minute:02}"),
        TimeAs::Day => format!("{day} {month} {year}"),
    }
}

/// `21 Nov`, in UTC: for days that are counted so.
#[must_use]
pub fn day_and_month(at: Timestamp) -> String {
    let at = at.to_utc();
    format!("{} {}", at.day(), MONTHS[at.month0() as usize])
}

/// `2026-11-21 10:45:07 UTC`.
fn exact(at: Timestamp) -> String {
    let at = at.to_utc();
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_words_name_their_zone() {
        let at = Timestamp::parse("2026-11-01T09:05:07Z").unwrap();
        assert_eq!(utc(at, TimeAs::Minute), "1 Nov 2026, 09:05 UTC");
        assert_eq!(utc(at, TimeAs::Day), "1 Nov 2026");
        assert_eq!(exact(at), "2026-11-01 09:05:07 UTC");
    }
}
