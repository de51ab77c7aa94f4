//! The filters of the list of members.

use domain::accounts::{AccountFilter, AccountQuery, AccountStatus};
use domain::members::FilterNames;
use domain::paging::Counts;
use domain::text::isolated;
use leptos::prelude::*;

use super::{query, text};
use crate::ui::{Icon, IconName, SortMenu, status_filters};

/// The filters by status, with how many each leads to; the order on a phone; and what else the list is narrowed to, each
/// with a link that no longer does.
pub(super) fn filters(
    asked: &AccountQuery,
    counts: Option<&Counts<AccountStatus>>,
    names: FilterNames,
    filtering: RwSignal<bool>,
) -> AnyView {
    let href = |status| query::with_status(asked, status);
    let links = status_filters(AccountStatus::ALL, AccountStatus::title, asked.filter.status, href, counts);
    let filter = || asked.filter.clone();
    let chips = [
        asked.filter.role.map(|role| (role.title().to_owned(), AccountFilter { role: None, ..filter() })),
        names.group.map(|of| (isolated(of.name.as_str()), AccountFilter { group: None, ..filter() })),
        names
            .inviter
            .map(|of| (text::invited_by(&isolated(of.display_name())), AccountFilter { inviter: None, ..filter() })),
        asked.filter.ends_soon.map(|what| (what.title().to_owned(), AccountFilter { ends_soon: None, ..filter() })),
    ];
    let chip = |(words, filter): (String, AccountFilter)| {
        view! {
            <a
                class="btn btn-sm"
                href=query::href(&AccountQuery { filter, ..asked.clone() }, None)
                aria-label=text::remove_filter(&words)
            >
                <span class="clip">{words.clone()}</span>
                <Icon name=IconName::Close />
            </a>
        }
        .into_any()
    };
    view! {
        <div class="filter-bar">
            {links}
            <div class="row filter-acts">
                {chips.into_iter().flatten().map(chip).collect_view()}
                <button
                    type="button"
                    id="filter-opener"
                    class="btn btn-sm"
                    on:click=move |_| filtering.set(true)
                >
                    <Icon name=IconName::Filter />
                    {text::FILTER}
                </button>
                <SortMenu orders=query::orders(asked) />
            </div>
        </div>
    }
    .into_any()
}
