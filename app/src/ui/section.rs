//! Sections of a form that unfold. Each says in a line what is chosen in it while it is closed.

use leptos::prelude::*;

use super::{Icon, IconName, Wrong};

/// A section that unfolds. It opens by itself if a field in it is wrong.
#[component]
pub fn Section(
    /// The title.
    title: &'static str,
    /// What is chosen, while it is closed.
    summary: Signal<String>,
    /// The names of its fields in failures.
    fields: &'static [&'static str],
    /// The failure of the form.
    wrong: Wrong,
    children: Children,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if wrong.with(|wrong| wrong.as_ref().is_some_and(|fault| fields.iter().any(|field| fault.of(field).is_some())))
        {
            open.set(true);
        }
    });
    view! {
        <details
            class="more fold"
            prop:open=move || open.get()
            on:toggle=move |event| {
                let details: web_sys::HtmlDetailsElement = event_target(&event);
                open.set(details.open());
                if details.open() {
                    // On a low screen what opens would be below the fold.
                    details.scroll_into_view();
                }
            }
        >
            <summary>
                <Icon name=IconName::Right />
                <span class="fold-title">{title}</span>
                <span class="card-note clip">{move || (!open.get()).then(|| summary.get())}</span>
            </summary>
            <div class="fold-body">{children()}</div>
        </details>
    }
}
