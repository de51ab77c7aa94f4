//! Instants in words. Public pages load no script, by promise, so that nothing can know the reader's time zone: they lead
//! with the distance, which is the same in every zone, and label the exact time as UTC.

use domain::Timestamp;
use leptos::prelude::*;

use super::text;

/// An instant to the minute, in UTC.
#[component]
pub(super) fn ExactTime(
    /// The instant.
    at: Timestamp,
) -> impl IntoView {
    let text = at.to_utc().format(text::EXACT_TIME).to_string();
    view! { <time datetime=at.to_rfc3339()>{text}</time> }
}
