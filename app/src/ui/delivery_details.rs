//! What was sent to another server, and what it answered.

use leptos::prelude::*;

use super::text;
use super::{Icon, IconName};

/// What was sent to another server, and its last answer, in a row of a list. It unfolds.
#[component]
pub fn DeliveryDetails(
    /// What was sent, where it may be shown.
    sent: Option<String>,
    /// The last answer, or why nothing was sent.
    answer: Option<String>,
) -> impl IntoView {
    let part = |label: &'static str, words: Option<String>| {
        words.map(|words| {
            view! {
                <p class="label">{label}</p>
                <pre class="mono" tabindex="0">{words}</pre>
            }
            .into_any()
        })
    };
    view! {
        <details class="more delivery">
            <summary>
                <Icon name=IconName::Right />
                {text::DETAILS}
            </summary>
            {part(text::SENT, sent)}
            {part(text::LAST_ANSWER, answer)}
        </details>
    }
}
