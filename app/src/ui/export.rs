//! The link that downloads a list.

use leptos::prelude::*;

use super::{Icon, IconName, text};

/// Downloads a list as CSV.
#[component]
pub fn ExportLink(
    /// The list's address as CSV.
    #[prop(into)]
    href: Signal<String>,
) -> impl IntoView {
    view! {
        <a class="btn" href=move || href.get() rel="external" download="">
            <Icon name=IconName::Download />
            {text::EXPORT}
        </a>
    }
}
