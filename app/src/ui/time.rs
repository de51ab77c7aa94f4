//! Instants: in UTC and labelled so in the server's HTML, in the reader's zone once the browser has taken over.

use chrono::{Datelike, Timelike};
use domain::Timestamp;
use leptos::prelude::*;

use super::{Clock, browser, relative, text};

/// How an instant is shown. All of it is in the title.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeAs {
    /// Day and minute: `21 Nov 2026, 10:45`.
    #[default]
    Minute,
    /// The day: `21 Nov 2026`.
    Day,
    /// How far away it is: `in 28 hours`. Where someone decides by it. Who listens hears day and minute, too.
    Relative,
    /// Day and minute, and how far away it is: `21 Nov 2026, 10:45 (in 28 hours)`.
    Both,
}

/// An instant.
#[component]
pub fn Time(
    /// Which.
    at: Timestamp,
    /// How it is shown.
    #[prop(optional)]
    show: TimeAs,
) -> impl IntoView {
    let local = RwSignal::new(None);
    // Runs in the browser alone, after the page was taken over with the words the server wrote.
    Effect::new(move || local.set(Some(browser::parts(at))));
    let words = move |show| match local.get() {
        Some(parts) => words(parts, show),
        None => utc(at, show),
    };
    let clock = Clock::expect();
    let distance = move || relative(clock.now(), at);
    let inside = match show {
        TimeAs::Relative => view! {
            {distance}
            <span class="sr">{move || format!(", {}", words(TimeAs::Minute))}</span>
        }
        .into_any(),
        TimeAs::Both => view! { {move || text::with_distance(&words(TimeAs::Minute), &distance())} }.into_any(),
        TimeAs::Day | TimeAs::Minute => view! { {move || words(show)} }.into_any(),
    };
    view! {
        <time data-parts=(show == TimeAs::Both).then_some("two") datetime=at.to_rfc3339() title=exact(at)>
            {inside}
        </time>
    }
}

/// `Saturday 21 Nov 2026, 10:45`, in the reader's zone. For the browser alone.
#[must_use]
pub fn full(at: Timestamp) -> String {
    text::with_weekday(browser::weekday(at), &text::minute(browser::parts(at)))
}

/// `21 Nov 2026, 10:45 UTC`, or the day alone.
fn utc(at: Timestamp, show: TimeAs) -> String {
    let at = at.to_utc();
    let year = at.year().unsigned_abs();
    let words = words([year, at.month0(), at.day(), at.hour(), at.minute()], show);
    if show == TimeAs::Day { words } else { text::in_utc(words) }
}

/// `21 Nov 2026, 10:45`, or the day alone.
fn words(parts: [u32; 5], show: TimeAs) -> String {
    match show {
        TimeAs::Day => text::day(parts),
        _ => text::minute(parts),
    }
}

/// `21 Nov`, in UTC: for days that are counted so.
#[must_use]
pub fn day_and_month(at: Timestamp) -> String {
    let at = at.to_utc();
    text::day_and_month(at.day(), at.month0())
}

/// `2026-11-21 10:45:07 UTC`.
fn exact(at: Timestamp) -> String {
    text::exact(at.to_utc())
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
