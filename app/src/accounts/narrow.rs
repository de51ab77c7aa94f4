//! The form that narrows the list of members by role, group and what ends soon. Choosing is enough.

use domain::accounts::{AccountFilter, AccountQuery, Role};
use domain::endings::EndsSoon;
use domain::groups::GroupRef;
use domain::paging::Limit;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{query, text};
use crate::groups;
use crate::server_fn_error::ServerFnError;
use crate::ui::{FilterForm, FilterSelect, LiveSearch};

#[component]
pub(super) fn NarrowForm(asked: Memo<AccountQuery>, close: Callback<()>) -> impl IntoView {
    let options = Role::ALL.map(|role| (role.as_str().to_owned(), role.title().to_owned())).into();
    let roles = FilterSelect { name: "role", label: text::ROLE, all: text::ALL_ROLES, options };
    let options = EndsSoon::ALL.map(|what| (what.as_str().to_owned(), what.title().to_owned())).into();
    let ends = FilterSelect { name: "ends_soon", label: text::ENDS_SOON, all: text::ANY_END, options };
    view! {
        <div class="dialog-body">
            <FilterForm path=query::PATH state=Signal::derive(move || asked.with(query::state)) selects=vec![roles, ends] />
            <GroupFilter asked />
        </div>
        <div class="dialog-foot">
            <button type="button" class="btn btn-primary" on:click=move |_| close.run(())>
                {text::DONE}
            </button>
        </div>
    }
}

/// The choice of one group, or all. The server searches: there may be more groups than a list is read through.
#[component]
fn GroupFilter(asked: Memo<AccountQuery>) -> impl IntoView {
    let navigate = use_navigate();
    let q = RwSignal::new(String::new());
    // What was chosen, or read because the address of the page has it.
    let known = StoredValue::new(None::<GroupRef>);
    let found = LocalResource::new(move || {
        let (q, chosen) = (q.get(), asked.with_untracked(|asked| asked.filter.group));
        let known_one = known.get_value().filter(|group| Some(group.id) == chosen);
        async move {
            let mut found = groups::api::find(q, Limit::default()).await?;
            // The chosen one is there whatever is searched, to say which it is.
            if let Some(id) = chosen.filter(|id| found.iter().all(|group| group.id != *id)) {
                let group = match known_one {
                    Some(group) => Some(group),
                    None => groups::api::get(id).await.ok().map(|group| group.reference()),
                };
                if let Some(group) = group {
                    // The dialog may be closed by now.
                    known.try_set_value(Some(group.clone()));
                    found.insert(0, group);
                }
            }
            Ok::<_, ServerFnError>(found)
        }
    });
    let choose = Callback::new(move |group: Option<GroupRef>| {
        let id = group.as_ref().map(|group| group.id);
        known.set_value(group);
        let filter = AccountFilter { group: id, ..asked.get_untracked().filter };
        let query = AccountQuery { filter, ..asked.get_untracked() };
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate(&query::href(&query, None), options);
    });
    let line = move |group: Option<GroupRef>| {
        let id = group.as_ref().map(|group| group.id);
        let name = group.as_ref().map_or_else(|| text::ALL_GROUPS.to_owned(), |group| group.name.to_string());
        view! {
            <label class="check">
                <input
                    type="radio"
                    name="by-group"
                    prop:checked=move || asked.with(|asked| asked.filter.group == id)
                    on:change=move |_| choose.run(group.clone())
                />
                <bdi>{name}</bdi>
            </label>
        }
        .into_any()
    };
    let list = move || {
        let found = found.get().and_then(Result::ok)?;
        let is_full = found.len() >= usize::from(Limit::default().get());
        let lines: Vec<_> = std::iter::once(None).chain(found.into_iter().map(Some)).map(line).collect();
        Some(view! {
            <div class="group-choices">{lines}</div>
            {is_full.then(|| view! { <p class="help">{text::MORE_GROUPS}</p> }.into_any())}
        })
    };
    view! {
        <fieldset class="field group-picker">
            <legend class="label">{text::GROUP}</legend>
            <LiveSearch id="by-group-search" label=text::SEARCH_GROUPS placeholder=text::SEARCH_GROUPS_EXAMPLE q />
            {list}
        </fieldset>
    }
}
