//! What opens the search in the top bar: a button that looks like a field, an icon on a phone. Without scripts a form that
//! searches the invites.

use leptos::prelude::*;

use super::{PREFETCH, QuickSearch, text};
use crate::ui::{Icon, IconName, browser};

/// The button, and the form for those who may see invites.
#[component]
pub fn SearchField(
    /// Whether the viewer may see invites.
    invites: bool,
) -> impl IntoView {
    let search = QuickSearch::expect();
    let command_key = RwSignal::new(false);
    Effect::new(move || command_key.set(browser::has_command_key()));
    view! {
        <button
            type="button"
            class="command command-button with-script"
            data-prefetch=PREFETCH
            on:click=move |_| search.toggle()
        >
            <Icon name=IconName::Search />
            <span>{text::SEARCH_OR_JUMP}</span>
            <span class="kbd" aria-hidden="true">
                {move || text::SHORTCUT[usize::from(command_key.get())]}
            </span>
        </button>
        {invites
            .then(|| {
                view! {
                    <form class="command without-script" role="search" aria-label=text::SEARCH method="get" action="/admin/invites">
                        <Icon name=IconName::Search />
                        <input type="search" name="q" aria-label=text::SEARCH_INVITES placeholder=text::SEARCH_INVITES autocomplete="off" />
                    </form>
                }.into_any()
            })}
    }
}
