//! The filters of the list of members.

use domain::accounts::{AccountFilter, AccountQuery, AccountStatus, Role};
use domain::members::FilterChoices;
use domain::paging::Counts;
use domain::text::isolated;
use leptos::prelude::*;

use super::{query, text};
use crate::ui::{FilterForm, FilterSelect, Icon, IconName, SortMenu, status_filters};

/// The filters by status, with how many each leads to, and the order on a phone. What is narrowed further is not counted.
pub(super) fn by_status(asked: &AccountQuery, counts: Option<Counts<AccountStatus>>) -> AnyView {
    let counts = counts.filter(|_| !query::is_narrowed(&asked.filter));
    let href = |status| query::with_status(asked, status);
    let links = status_filters(AccountStatus::ALL, AccountStatus::title, asked.filter.status, href, counts.as_ref());
    view! {
        <div class="filter-bar">
            {links}
            <SortMenu orders=query::orders(asked) />
        </div>
    }
    .into_any()
}

/// The filters by role and group, and the one by who invited, which a link on a member's page sets.
pub(super) fn narrowing(asked: &AccountQuery, choices: FilterChoices) -> AnyView {
    let FilterChoices { groups, inviter } = choices;
    let roles = Role::ALL.map(|role| (role.as_str().to_owned(), role.title().to_owned()));
    let mut selects =
        vec![FilterSelect { name: "role", label: text::ROLE, all: text::ALL_ROLES, options: roles.into() }];
    if !groups.is_empty() {
        let options = groups.into_iter().map(|group| (group.id.to_string(), group.name.to_string())).collect();
        selects.push(FilterSelect { name: "group", label: text::GROUP, all: text::ALL_GROUPS, options });
    }
    let chip = asked.filter.inviter.is_some().then(|| {
        let filter = AccountFilter { inviter: None, ..asked.filter.clone() };
        let name = inviter.map_or_else(|| text::SOMEBODY.to_owned(), |inviter| isolated(inviter.display_name()));
        let words = text::invited_by(&name);
        view! {
            <a
                class="btn btn-sm chip"
                href=query::href(&AccountQuery { filter, ..asked.clone() }, None)
                aria-label=text::remove_filter(&words)
            >
                {words.clone()}
                <Icon name=IconName::Close />
            </a>
        }
        .into_any()
    });
    view! {
        <div class="narrowing">
            <FilterForm path=query::PATH state=query::state(asked) selects />
            {chip}
        </div>
    }
    .into_any()
}
