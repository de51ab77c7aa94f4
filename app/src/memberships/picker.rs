//! Choosing groups: a search, and a checkbox for each that was found.

use domain::groups::GroupRef;
use domain::ids::GroupId;
use leptos::prelude::*;

use super::{api, text};
use crate::ui::{LiveSearch, Wrong, error_line};

/// Checkboxes for the groups to which the viewer can add people. Chosen ones stay in the list whatever is searched.
#[component]
pub fn GroupPicker(
    /// The prefix of ids, unique on the page.
    id: &'static str,
    /// The chosen groups.
    value: RwSignal<Vec<GroupRef>>,
    /// What choosing does.
    #[prop(default = text::CHOOSE_HELP)]
    help: &'static str,
    /// Whether one has to be chosen.
    #[prop(optional)]
    needed: bool,
    /// Groups that are not offered.
    #[prop(optional)]
    without: Vec<GroupId>,
    /// The failure of the form; that of the field `groups` is shown here.
    wrong: Wrong,
) -> impl IntoView {
    let q = RwSignal::new(String::new());
    let found = LocalResource::new(move || api::choices(q.get()));
    let error = Signal::derive(move || wrong.with(|wrong| wrong.as_ref().and_then(|fault| fault.of("groups"))));
    let toggle = move |group: GroupRef, on: bool| {
        value.update(|chosen| {
            chosen.retain(|one| one.id != group.id);
            if on {
                chosen.push(group);
            }
        });
    };
    let line = move |group: GroupRef| {
        let (of, name) = (group.id, group.name.to_string());
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    id=format!("{id}-{of}")
                    prop:checked=move || value.with(|chosen| chosen.iter().any(|one| one.id == of))
                    on:change=move |event| toggle(group.clone(), event_target_checked(&event))
                />
                <bdi>{name}</bdi>
            </label>
        }
        .into_any()
    };
    let list = move || {
        let found = found.get().and_then(Result::ok)?;
        let searching = q.with(|q| !q.trim().is_empty());
        // Not tracked: a box that is ticked stays where it is.
        let chosen = value.get_untracked();
        let is_offered = |group: &GroupRef| chosen.iter().all(|one| one.id != group.id) && !without.contains(&group.id);
        let others = found.into_iter().filter(is_offered);
        let groups: Vec<_> = chosen.iter().cloned().chain(others).collect();
        if groups.is_empty() {
            let none = if without.is_empty() { text::NO_CHOICES } else { text::NO_OTHER_CHOICES };
            let why = if searching { text::NO_CHOICES_FOUND } else { none };
            return Some(view! { <p class="soft">{why}</p> }.into_any());
        }
        Some(groups.into_iter().map(line).collect_view().into_any())
    };
    view! {
        <fieldset class="field group-picker" aria-invalid=move || error.with(Option::is_some).then_some("true")>
            <legend class="label">{text::GROUPS}
                {(!needed).then(|| view! { " " <span class="opt">{text::OPTIONAL}</span> }.into_any())}</legend>
            <LiveSearch id=format!("{id}-search") label=text::SEARCH_GROUPS placeholder=text::SEARCH_EXAMPLE q />
            <div class="group-choices">{list}</div>
            {move || match error.get() {
                Some(words) => error_line(None, words),
                None => view! { <p class="help">{help}</p> }.into_any(),
            }}
        </fieldset>
    }
}
