//! A secret that was just created, the only time it can be read.

use leptos::prelude::*;

use super::{CopyButton, browser};

/// The secret, and the words about it.
#[derive(Clone)]
pub struct FreshSecret {
    /// What it is, emphasised.
    pub title: String,
    /// What to do with it.
    pub note: &'static str,
    /// The accessible name of the field that has it.
    pub label: &'static str,
    /// The secret.
    pub secret: String,
    /// What has it, for the button that copies.
    pub of: String,
    /// The button that copies, and what the toast says then.
    pub copy: (&'static str, &'static str),
    /// The button that takes it away.
    pub hide: &'static str,
    /// A link to what has it, with its text.
    pub link: Option<(String, &'static str)>,
}

/// Shows the secret until the viewer takes it away.
#[component]
pub fn SecretOnce(
    /// The secret. Kept by the page, so that only the viewer takes it away.
    made: RwSignal<Option<FreshSecret>>,
) -> impl IntoView {
    move || {
        let FreshSecret { title, note, label, secret, of, copy: (copy, copied), hide, link } = made.get()?;
        // In the browser alone, when the dialog that created it has given the focus back.
        Effect::new(|| {
            request_animation_frame(|| {
                browser::focus("#new-secret .row button");
                browser::scroll_to("new-secret");
            });
        });
        Some(
            view! {
                <div class="secret" id="new-secret" role="status">
                    <p>
                        <strong>{title}</strong>
                        " "
                        {note}
                    </p>
                    <div class="row row-nowrap">
                        <input class="input copyline" readonly aria-label=label value=secret.clone() />
                        <CopyButton text=secret label=copy of done=copied class="btn" />
                    </div>
                    <div class="row">
                        {link.map(|(href, words)| view! { <a class="btn btn-sm" href=href>{words}</a> }.into_any())}
                        <button type="button" class="btn btn-sm" on:click=move |_| made.set(None)>
                            {hide}
                        </button>
                    </div>
                </div>
            }
            .into_any(),
        )
    }
}
