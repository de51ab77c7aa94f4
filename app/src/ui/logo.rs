//! The logo: a door with a keyhole, and the name.

use leptos::prelude::*;

use super::text;

/// The door with the keyhole.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 22 26" aria-hidden="true">
            <path class="mark-door" d="M0 11a11 11 0 0 1 22 0v12.5a2.5 2.5 0 0 1-2.5 2.5h-17A2.5 2.5 0 0 1 0 23.5Z"></path>
            <path
                class="mark-hole"
                d="M11 7.2a3.9 3.9 0 0 1 2.1 7.18l1.4 5.32a1 1 0 0 1-1 1.25h-5a1 1 0 0 1-1-1.25l1.4-5.32A3.9 3.9 0 0 1 11 7.2Z"
            ></path>
        </svg>
    }
}

/// The name, drawn.
#[component]
pub fn Wordmark() -> impl IntoView {
    const LETTERS: &str = "M2 3v17.5h9M23.5 9.5v11M23.5 15a5.4 5.4 0 1 1-10.8 0 5.4 5.4 0 0 1 10.8 0ZM30 4v13.2a3.3 \
        3.3 0 0 0 3.3 3.3h1M26.5 9.5h7.5M46 11.2a5.5 5.5 0 1 0 0 7.6M51 3v17.5M51 14.7a5.1 5.1 0 0 1 10.2 0v5.8M67 \
        3v17.5M75.5 9.5 67.4 16.2M70.3 13.9l5.7 6.6M79.5 15h10.7a5.35 5.35 0 1 0-1.7 3.9M95 9.5l5.1 11M105.2 \
        9.5l-6.9 14.9c-.7 1.5-1.8 2.1-3.5 2";
    view! {
        <svg class="wordmark" viewBox="0 0 107 28" aria-hidden="true">
            <path class="wm-light" d="M52.2 21.2V14a4 4 0 0 1 8 0v7.2Z"></path>
            <path d=LETTERS></path>
        </svg>
    }
}

/// Both, with the name for screen readers.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <span class="logo">
            <Mark />
            <Wordmark />
            <span class="sr">{text::LATCHKEY}</span>
        </span>
    }
}
