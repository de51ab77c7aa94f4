//! A client secret that was just created, the only time it can be read.

use domain::applications::ApplicationWithSecret;
use domain::text::isolated;
use leptos::prelude::*;

use super::text;
use crate::ui::{CopyButton, browser};

/// The secret, until the viewer takes it away.
#[component]
pub(super) fn NewSecret(
    /// The application that has it.
    made: RwSignal<Option<ApplicationWithSecret>>,
    /// Whether it leads to the page of the application.
    #[prop(optional)]
    link: bool,
) -> impl IntoView {
    move || {
        let ApplicationWithSecret { application, secret } = made.get()?;
        let secret = secret?;
        let name = isolated(application.terms.name.as_str());
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
                        <strong>{text::secret_of(&name)}</strong>
                        " "
                        {text::COPY_NOW}
                    </p>
                    <div class="row row-nowrap">
                        <input class="input copyline" readonly aria-label=text::CLIENT_SECRET value=secret.clone() />
                        <CopyButton
                            text=secret
                            label=text::COPY_SECRET
                            of=name
                            done=text::SECRET_COPIED
                            class="btn"
                        />
                    </div>
                    <div class="row">
                        {link
                            .then(|| {
                                view! {
                                    <a class="btn btn-sm" href=super::page::href(application.id)>
                                        {text::CONNECT_IT}
                                    </a>
                                }.into_any()
                            })}
                        <button type="button" class="btn btn-sm" on:click=move |_| made.set(None)>
                            {text::HIDE_SECRET}
                        </button>
                    </div>
                </div>
            }
            .into_any(),
        )
    }
}
