//! The order of a list where it is shown as cards, which have no column headers to sort by.

use domain::paging::Order;
use leptos::prelude::*;

use super::{Icon, IconName, browser, text};

/// The value of `aria-sort` of the column that a list is sorted by.
pub fn aria_sort(order: Order) -> &'static str {
    match order {
        Order::Ascending => "ascending",
        Order::Descending => "descending",
    }
}

/// A menu of links, each to the same list in another order. The style sheet shows it where the rows are cards. Works
/// without scripts.
#[component]
pub fn SortMenu(
    /// The orders: label, URL, and whether it is the current one.
    orders: Vec<(&'static str, String, bool)>,
) -> impl IntoView {
    let current = orders.iter().find(|(_, _, chosen)| *chosen).map(|(label, ..)| text::label_of_row(text::SORT, label));
    let item = |(label, href, chosen): (&'static str, String, bool)| {
        view! {
            <a class="menu-item" href=href aria-current=chosen.then_some("true")>
                <Icon name=IconName::Check />
                {label}
            </a>
        }
    };
    view! {
        <div class="sort-menu">
            <button type="button" class="btn btn-sm" id="sort-opener" popovertarget="sort-menu" aria-label=current>
                <Icon name=IconName::Sort />
                {text::SORT}
            </button>
            <nav
                class="menu"
                id="sort-menu"
                popover="auto"
                aria-label=text::SORT
                on:click=|event| browser::hide_popover_of(&event)
            >
                <p class="menu-head sheet-only" aria-hidden="true">
                    <strong>{text::SORT}</strong>
                </p>
                {orders.into_iter().map(item).collect_view()}
            </nav>
        </div>
    }
}
