//! A search among choices: what is found changes when the typing pauses.

use leptos::prelude::*;

use super::{Icon, IconName, OnPause};

/// The field of the search.
#[component]
pub fn LiveSearch(
    /// The id.
    #[prop(into)]
    id: String,
    /// The accessible name.
    label: &'static str,
    /// What can be searched for.
    placeholder: &'static str,
    /// What is searched.
    q: RwSignal<String>,
) -> impl IntoView {
    let on_pause = OnPause::nothing();
    view! {
        <div class="search">
            <Icon name=IconName::Search />
            <input
                class="input"
                type="search"
                id=id
                aria-label=label
                placeholder=placeholder
                autocomplete="off"
                prop:value=move || q.get()
                on:input=move |event| {
                    // Nothing of it is saved with the form.
                    event.stop_propagation();
                    let typed = event_target_value(&event);
                    on_pause.run(move || q.set(typed));
                }
                // Enter searches; it does not send the form.
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        event.prevent_default();
                    }
                }
            />
        </div>
    }
}
