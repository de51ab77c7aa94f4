//! Tables, and the links that filter them.

use domain::paging::Count;
use leptos::prelude::*;

use super::{Icon, IconName, text};

/// A table in its frame. On a phone its rows become cards, by style alone; the roles keep it a table for screen readers.
#[component]
pub fn Table<H, P>(
    /// The accessible name.
    label: &'static str,
    /// The column headers: [`Head`]s.
    heads: H,
    /// The links to other pages of the list.
    pager: P,
    /// The rows.
    children: Children,
) -> impl IntoView
where
    H: IntoView + 'static,
    P: IntoView + 'static,
{
    view! {
        <div class="table-frame">
            <div class="table-wrap">
                <table class="table" role="table" aria-label=label>
                    <thead role="rowgroup">
                        <tr role="row">{heads}</tr>
                    </thead>
                    <tbody role="rowgroup">{children()}</tbody>
                </table>
            </div>
            {pager}
        </div>
    }
}

/// A column header.
#[component]
pub fn Head(
    /// The name of the column.
    label: &'static str,
    /// The URL of the list sorted by this column, or, if it is, in the other direction.
    #[prop(optional)]
    href: Option<String>,
    /// `ascending` or `descending` if the list is sorted by it.
    #[prop(optional_no_strip)]
    sorted: Option<&'static str>,
    /// Its classes.
    #[prop(optional)]
    class: &'static str,
    /// Whether the name is for screen readers only.
    #[prop(optional)]
    unseen: bool,
) -> impl IntoView {
    let inside = match href {
        Some(href) => {
            let icon = match sorted {
                None => IconName::Sort,
                Some("ascending") => IconName::Up,
                Some(_) => IconName::SortDown,
            };
            view! {
                <a class="sort" id=format!("sort-{}", label.to_ascii_lowercase()) href=href>
                    {label}
                    <Icon name=icon />
                </a>
            }
            .into_any()
        }
        None if unseen => view! { <span class="sr">{label}</span> }.into_any(),
        None => label.into_any(),
    };
    view! {
        <th scope="col" role="columnheader" class=class aria-sort=sorted>
            {inside}
        </th>
    }
}

/// Links that filter a list by status, the chosen one marked.
#[component]
pub fn Filters(
    /// Label, URL, and whether it is the current one.
    links: Vec<(&'static str, String, bool)>,
    /// How many rows each leads to, in the same order; nothing where that is not known.
    #[prop(optional)]
    counts: Vec<Option<Count>>,
) -> impl IntoView {
    let counts = counts.into_iter().chain(std::iter::repeat(None));
    let link = |((words, href, chosen), count): ((&'static str, String, bool), Option<Count>)| {
        view! {
            <a class="filter" href=href aria-current=chosen.then_some("true")>
                {words}
                {count.map(|count| view! { <span class="filter-count">{count.to_string()}</span> }.into_any())}
            </a>
        }
    };
    view! {
        <nav class="filters toolbar" aria-label=text::STATUS>
            {links.into_iter().zip(counts).map(link).collect_view()}
        </nav>
    }
}
