//! A part of a long form: title and explanation on one side, the fields on the other.

use leptos::prelude::*;

/// A part of a long form.
#[component]
pub fn Setting(
    /// The title.
    title: &'static str,
    /// What it is about.
    about: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="setting">
            <div>
                <h2>{title}</h2>
                <p>{about}</p>
            </div>
            <div class="stack">{children()}</div>
        </div>
    }
}
