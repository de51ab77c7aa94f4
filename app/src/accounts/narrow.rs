//! The form that narrows the list of members by role, group and what ends soon. Choosing is enough.

use domain::accounts::{AccountQuery, Role};
use domain::endings::EndsSoon;
use domain::groups::GroupQuery;
use domain::paging::{Limit, Paging};
use leptos::prelude::*;

use super::{query, text};
use crate::groups;
use crate::ui::{Await, FilterForm, FilterSelect};

#[component]
pub(super) fn NarrowForm(asked: Memo<AccountQuery>, close: Callback<()>) -> impl IntoView {
    let first = GroupQuery { q: None, paging: Paging { cursor: None, limit: Limit::MAX } };
    let groups = Resource::new(|| (), move |()| groups::api::list(first.clone()));
    let ends: Vec<_> = EndsSoon::ALL.map(|what| (what.as_str().to_owned(), what.title().to_owned())).into();
    let roles: Vec<_> = Role::ALL.map(|role| (role.as_str().to_owned(), role.title().to_owned())).into();
    view! {
        <div class="dialog-body">
            <Await
                from=groups
                children=move |groups| {
                    let groups = groups.map(|page| page.items).unwrap_or_default();
                    let groups = groups.into_iter().map(|group| (group.id.to_string(), group.terms.name.to_string()));
                    let (roles, ends) = (roles.clone(), ends.clone());
                    let selects = vec![
                        FilterSelect { name: "role", label: text::ROLE, all: text::ALL_ROLES, options: roles },
                        FilterSelect { name: "group", label: text::GROUP, all: text::ALL_GROUPS, options: groups.collect() },
                        FilterSelect { name: "ends_soon", label: text::ENDS_SOON, all: text::WHATEVER_END, options: ends },
                    ];
                    view! { <FilterForm path=query::PATH state=Signal::derive(move || asked.with(query::state)) selects /> }
                        .into_any()
                }
            />
        </div>
        <div class="dialog-foot">
            <button type="button" class="btn btn-primary" on:click=move |_| close.run(())>
                {text::DONE}
            </button>
        </div>
    }
}
