//! The page for addresses that do not exist.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::Empty;

/// The page for an address that does not exist. Answers 404 when the server renders it.
#[component]
pub fn MissingPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Page not found" />
        <h1 class="sr">"Page not found"</h1>
        <div class="card">
            <Empty title="There is no page at this address" text="It may be mistyped, or the page was removed.">
                <a class="btn" href="/" rel="external">
                    "Go to the start page"
                </a>
            </Empty>
        </div>
    }
}
