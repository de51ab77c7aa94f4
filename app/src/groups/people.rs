//! Choosing people: a search, and a checkbox for each that was found.

use domain::groups::Candidate;
use domain::ids::GroupId;
use leptos::prelude::*;

use super::{api, text};
use crate::ui::{LiveSearch, Person};

/// Checkboxes for accounts that can be added to a group. Chosen ones stay in the list whatever is searched.
#[component]
pub(super) fn PeoplePicker(
    /// The group.
    of: GroupId,
    /// The chosen accounts.
    value: RwSignal<Vec<Candidate>>,
) -> impl IntoView {
    let q = RwSignal::new(String::new());
    let found = LocalResource::new(move || api::candidates(of, q.get()));
    let toggle = move |one: &Candidate, on: bool| {
        value.update(|chosen| {
            chosen.retain(|other| other.account.id != one.account.id);
            if on {
                chosen.push(one.clone());
            }
        });
    };
    let line = move |one: Candidate| {
        let account = one.account.clone();
        let (id, is_member) = (account.id, one.is_member);
        let note = if is_member { text::IS_MEMBER.to_owned() } else { account.email.to_string() };
        view! {
            <label class="check check-person">
                <input
                    type="checkbox"
                    id=format!("add-person-{id}")
                    disabled=is_member
                    prop:checked=move || value.with(|chosen| chosen.iter().any(|one| one.account.id == id))
                    on:change=move |event| toggle(&one, event_target_checked(&event))
                />
                <Person of=account.reference() beside=view! { <span class="cell-sub clip">{note}</span> }.into_any() />
            </label>
        }
        .into_any()
    };
    let list = move || {
        let found = found.get().and_then(Result::ok)?;
        // Not tracked: a box that is ticked stays where it is.
        let chosen = value.get_untracked();
        let nothing = found.is_empty() && q.with_untracked(|q| !q.trim().is_empty());
        let others = found.into_iter().filter(|one| chosen.iter().all(|other| other.account.id != one.account.id));
        let people: Vec<_> = chosen.iter().cloned().chain(others).map(line).collect();
        if people.is_empty() && !nothing {
            return None;
        }
        let none = nothing.then(|| view! { <p class="soft">{text::NOBODY_FOUND}</p> }.into_any());
        Some(view! { <div class="group-choices">{people} {none}</div> }.into_any())
    };
    view! {
        <fieldset class="field group-picker">
            <legend class="label">{text::PEOPLE}</legend>
            <LiveSearch id="add-person-search" label=text::SEARCH_PEOPLE placeholder=text::SEARCH_MEMBERS_EXAMPLE q />
            <div aria-live="polite">{list}</div>
            <p class="help">{text::PEOPLE_HELP}</p>
        </fieldset>
    }
}
