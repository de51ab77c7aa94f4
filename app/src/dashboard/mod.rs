//! The dashboard (`/admin`) and the member area (`/me`): one application that the browser takes over.

#[cfg(feature = "ssr")]
mod document;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

#[cfg(feature = "ssr")]
pub use document::document;

/// The router and everything in it.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Latchkey".to_owned() } else { format!("{title} · Latchkey") } />
        <Router>
            <Routes fallback=|| view! { <h1>"Not found"</h1> }>
                <Route path=path!("/admin") view=|| view! { <h1>"Overview"</h1> } ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}

/// Takes the page over in the browser.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let prefix = document()
        .query_selector("meta[name=assets]")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_default();
    leptos::mount::hydrate_body(move || {
        provide_context(crate::request::Assets { prefix: prefix.clone() });
        view! { <App /> }
    });
}
