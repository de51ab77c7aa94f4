use leptos::prelude::*;

use super::text;

/// The way to a page: the list that it belongs to, and its name.
#[component]
pub fn Crumbs(
    /// The path of the list.
    path: &'static str,
    /// The title of the list.
    list: &'static str,
    /// The name of the page.
    name: String,
) -> impl IntoView {
    view! {
        <nav aria-label=text::BREADCRUMB>
            <ol class="crumbs">
                <li>
                    <a href=path>{list}</a>
                </li>
                <li aria-current="page">
                    <bdi>{name}</bdi>
                </li>
            </ol>
        </nav>
    }
}
