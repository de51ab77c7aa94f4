//! Tables, and the links that filter them.

use domain::paging::{Count, Counts, Cursor, Page};
use leptos::prelude::*;

use super::{Icon, IconName, Pager, text};

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

/// One page of a list as a table, with the links to the other pages.
#[component]
pub fn Listing<T: 'static, R, H>(
    /// The accessible name.
    label: &'static str,
    /// The column headers: [`Head`]s.
    heads: AnyView,
    /// The page.
    page: Page<T>,
    /// The view of a row.
    row: R,
    /// The number of rows, with their noun.
    total: fn(usize) -> String,
    /// The URL of another page of the list.
    href: H,
    /// The labels of the links, as of [`Pager`].
    #[prop(default = text::NEWER_OLDER)]
    words: [&'static str; 2],
) -> impl IntoView
where
    R: FnMut(T) -> AnyView + 'static,
    H: Fn(Cursor) -> String + 'static,
{
    let count = page.items.len();
    let (newer, older) = (page.previous_cursor.map(&href), page.next_cursor.map(&href));
    let rows: Vec<AnyView> = page.items.into_iter().map(row).collect();
    let pager = view! { <Pager count total newer older words /> }.into_any();
    view! {
        <Table label heads pager>
            {rows}
        </Table>
    }
}

/// A column header.
#[component]
pub fn Head(
    /// The name of the column.
    label: &'static str,
    /// The URL of the list sorted by this column, or, if it is, in the other direction; and the name of that order, which
    /// gives the link its id.
    #[prop(optional)]
    href: Option<(String, &'static str)>,
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
        Some((href, order)) => {
            let icon = match sorted {
                None => IconName::Sort,
                Some("ascending") => IconName::ArrowUp,
                Some(_) => IconName::ArrowDown,
            };
            view! {
                <a class="sort" id=format!("sort-{order}") href=href>
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

/// Links that filter a list by status, beginning with *All*, the `current` one marked; each with the number of rows that
/// it leads to, if `counts` are known.
pub fn status_filters<S: Copy + PartialEq>(
    statuses: impl IntoIterator<Item = S>,
    title: fn(S) -> &'static str,
    current: Option<S>,
    href: impl Fn(Option<S>) -> String,
    counts: Option<&Counts<S>>,
) -> AnyView {
    let link = |status: Option<S>| Filter {
        label: status.map_or(text::ALL, title),
        href: href(status),
        is_current: status == current,
        count: counts.and_then(|counts| counts.of(status)),
    };
    filters(std::iter::once(None).chain(statuses.into_iter().map(Some)).map(link).collect())
}

struct Filter {
    label: &'static str,
    href: String,
    is_current: bool,
    count: Option<Count>,
}

fn filters(links: Vec<Filter>) -> AnyView {
    let link = |filter: Filter| {
        view! {
            <a class="filter" href=filter.href aria-current=filter.is_current.then_some("true")>
                {filter.label}
                {filter
                    .count
                    .map(|count| view! { <span class="filter-count">{count.to_string()}</span> }.into_any())}
            </a>
        }
    };
    view! {
        <nav class="filters toolbar" aria-label=text::STATUS>
            {links.into_iter().map(link).collect_view()}
        </nav>
    }
    .into_any()
}

/// What is said below the filters of a list, such as how many rows there are.
#[component]
pub fn FiltersNote(
    /// The text; without one there is nothing.
    note: Option<String>,
) -> impl IntoView {
    note.map(|note| view! { <p class="filters-note">{note}</p> }.into_any())
}
