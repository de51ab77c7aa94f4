use leptos::prelude::*;
use leptos_meta::Title;

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

/// The head of the page of something with a name: its title, the way to it, and what can be done with it.
#[component]
pub fn NamedHead(
    /// The path of the list that it belongs to.
    path: &'static str,
    /// The title of the list.
    list: &'static str,
    /// The name.
    name: String,
    /// What it is for.
    #[prop(optional_no_strip)]
    description: Option<String>,
    /// The acts.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=name.clone() />
        <Crumbs path list name=name.clone() />
        <div class="page-head">
            <div>
                <h1>
                    <bdi>{name}</bdi>
                </h1>
                {description.map(|words| view! { <p class="page-sub" dir="auto">{words}</p> }.into_any())}
            </div>
            <div class="page-acts">{children()}</div>
        </div>
    }
}
