//! The page for addresses that do not exist.

use leptos::prelude::*;
use leptos_meta::Title;

use super::text;
use crate::ui::Empty;

/// The page for an address that does not exist. Answers 404 when the server renders it.
#[component]
pub fn MissingPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text=text::NOT_FOUND />
        <h1 class="sr">{text::NOT_FOUND}</h1>
        <div class="card">
            <Empty title=text::NOT_FOUND_TITLE text=text::NOT_FOUND_TEXT>
                <a class="btn" href="/" rel="external">
                    {text::GO_TO_START}
                </a>
            </Empty>
        </div>
    }
}
