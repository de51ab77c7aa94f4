//! Presence: who is here now.

use domain::accounts::Presence;
use leptos::prelude::*;

use super::{Clock, text};

/// A dot and a word while somebody is online, else nothing.
#[component]
pub fn Online(
    /// Whose.
    of: Presence,
) -> impl IntoView {
    let clock = Clock::expect();
    move || of.is_online(clock.now()).then(|| view! { <span class="online">{text::ONLINE}</span> }.into_any())
}
