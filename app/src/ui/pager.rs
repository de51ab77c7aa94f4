//! Search and paging of lists. Plain links and a plain form, so that both work without scripts, with their state in the
//! URL.

use domain::paging::{Limit, Paging};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::params::ParamsMap;

use super::{Icon, IconName, text, url};

/// The rows of one page of a list.
const ROWS: u64 = 25;

/// The page of a list that the URL asks for. A broken cursor leads to the beginning of the list.
pub fn paging(params: &ParamsMap) -> Paging {
    Paging {
        cursor: params.get_str("cursor").and_then(|cursor| cursor.parse().ok()),
        limit: Limit::try_from(ROWS).unwrap_or_default(),
    }
}

/// The links below a list, to the previous and the next page.
#[component]
pub fn Pager(
    /// The number of rows on this page.
    count: usize,
    /// What stands there if this is the only page: the number of rows, with their noun.
    total: fn(usize) -> String,
    /// The URL of the previous page.
    newer: Option<String>,
    /// The URL of the next page.
    older: Option<String>,
    /// The labels of the links: newer and older, or, sorted otherwise, previous and next.
    #[prop(default = text::NEWER_OLDER)]
    words: [&'static str; 2],
) -> impl IntoView {
    let [before, after] = words;
    let more = newer.is_some() || older.is_some();
    let note = if more { text::on_this_page(count) } else { total(count) };
    view! {
        <nav class="pager" aria-label=text::PAGES>
            <span>{note}</span>
            <span class="btn-group">
                <PagerLink href=newer rel="prev" key="[" words=before icon=IconName::Left />
                <PagerLink href=older rel="next" key="]" words=after icon=IconName::Right />
            </span>
        </nav>
    }
}

#[component]
fn PagerLink(
    href: Option<String>,
    rel: &'static str,
    key: &'static str,
    words: &'static str,
    icon: IconName,
) -> impl IntoView {
    let first = rel == "prev";
    let inside = view! {
        {first.then(|| view! { <Icon name=icon /> }.into_any())}
        {words}
        {(!first).then(|| view! { <Icon name=icon /> }.into_any())}
    };
    match href {
        Some(href) => view! {
            <a class="btn btn-sm" id=format!("rows-{rel}") rel=rel href=href aria-keyshortcuts=key>
                {inside}
            </a>
        }
        .into_any(),
        // There is no such page. The label stays so that nothing moves.
        None => view! { <span class="btn btn-sm" aria-disabled="true">{inside}</span> }.into_any(),
    }
}

/// The search above a list. Without scripts it loads the page; with them, only the list.
#[component]
pub fn SearchForm(
    /// The list's path.
    #[prop(into)]
    path: String,
    /// The accessible name.
    label: &'static str,
    /// The placeholder.
    placeholder: &'static str,
    /// The current search.
    #[prop(into)]
    q: Signal<String>,
    /// The other filters of the list; searching keeps them.
    #[prop(into)]
    keep: Signal<Vec<(&'static str, Option<String>)>>,
) -> impl IntoView {
    let navigate = use_navigate();
    let typed = RwSignal::new(q.get_untracked());
    // Back and forward change the address, and the field with it.
    Effect::new(move || typed.set(q.get()));
    let list = path.clone();
    let search = move |event: SubmitEvent| {
        event.prevent_default();
        let q = typed.get_untracked().trim().to_owned();
        let mut pairs = vec![("q", (!q.is_empty()).then_some(q))];
        pairs.extend(keep.get_untracked());
        navigate(&url::with_query(&list, &pairs), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    view! {
        <form class="toolbar" role="search" aria-label=text::SEARCH_LABEL method="get" action=path on:submit=search>
            <div class="search">
                <Icon name=IconName::Search />
                <input
                    class="input"
                    type="search"
                    name="q"
                    aria-label=label
                    placeholder=placeholder
                    autocomplete="off"
                    value=q.get_untracked()
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            </div>
            {move || {
                keep.get()
                    .into_iter()
                    .filter_map(|(name, value)| value.map(|value| view! { <input type="hidden" name=name value=value /> }.into_any()))
                    .collect_view()
            }}
            <button class="btn">{text::SEARCH}</button>
        </form>
    }
}
