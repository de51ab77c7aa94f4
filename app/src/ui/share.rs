//! Sharing with another program of the device, where the browser can.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Icon, IconName, Toasts, browser, copy, text};

/// A button that shares a link. Absent where the browser cannot share.
#[component]
pub fn ShareButton(
    /// The link.
    url: String,
    /// What the link belongs to, for the accessible name.
    of: String,
    /// The title of the toast if the browser refuses and the link is copied instead.
    copied: &'static str,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let can_share = RwSignal::new(false);
    Effect::new(move || can_share.set(browser::can_share()));
    move || {
        can_share.get().then(|| {
            let (url, name) = (url.clone(), text::label_of_row(text::SHARE, &of));
            let act = move |_| {
                let url = url.clone();
                spawn_local(async move {
                    if !browser::share(&url).await {
                        copy(toasts, url, copied);
                    }
                });
            };
            view! {
                <button type="button" class="btn" id="share-link" aria-label=name on:click=act>
                    <Icon name=IconName::Share />
                    <span>{text::SHARE}</span>
                </button>
            }
            .into_any()
        })
    }
}
