//! Where there is nothing.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::ui::Empty;

/// Says so, and where to go. Answers 404 when the server writes it.
#[component]
pub fn MissingPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not here" />
        <h1 class="sr">"Not here"</h1>
        <div class="card">
            <Empty title="This door leads nowhere" text="The address may be mistyped, or what was here is gone.">
                <a class="btn" href="/" rel="external">
                    "Go to the start"
                </a>
            </Empty>
        </div>
    }
}
