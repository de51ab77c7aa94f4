//! A list of permissions to choose from.

use domain::access::{Permission, Permissions};
use leptos::prelude::*;

use super::text;

/// What is chosen from, and where.
#[derive(Clone, Copy)]
pub struct Choice {
    /// The prefix of ids, unique on the page.
    pub id: &'static str,
    /// The legend.
    pub legend: &'static str,
    /// The permissions that are offered.
    pub offered: Permissions,
    /// The permissions of the viewer.
    pub held: Permissions,
    /// The chosen ones.
    pub value: RwSignal<Permissions>,
}

/// The checkboxes. Those that the viewer does not have can be taken away but not given.
#[component]
pub fn Picker(
    /// What is chosen from.
    choice: Choice,
) -> impl IntoView {
    let Choice { id, legend, offered, held, value } = choice;
    let line = move |permission: Permission| {
        let chosen = value.with_untracked(|chosen| chosen.contains(permission));
        let fixed = !held.contains(permission) && !chosen;
        let change = move |event| {
            let on = event_target_checked(&event);
            value.update(|chosen| {
                if on {
                    chosen.insert(permission);
                } else {
                    chosen.remove(permission);
                }
            });
        };
        view! {
            <label class="check permission">
                <input
                    type="checkbox"
                    id=format!("{id}-{permission}")
                    name=permission.as_str()
                    disabled=fixed
                    checked=chosen
                    prop:checked=move || value.with(|chosen| chosen.contains(permission))
                    on:change=change
                />
                <span>
                    {text::title(permission)}
                    <small>{if fixed { text::NOT_YOURS } else { text::about(permission) }}</small>
                </span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="field">
            <legend class="label">{legend}</legend>
            <div class="permissions">{offered.iter().map(line).collect_view()}</div>
        </fieldset>
    }
}
