//! The display name.

use domain::accounts::Account;
use domain::text::{DisplayName, isolated};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::api;
use crate::ui::{FormError, Sending, TextField, Toasts};
use crate::viewer::CurrentViewer;

/// The card.
#[component]
pub fn ProfileCard(
    /// The viewer's account.
    account: Account,
) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let toasts = Toasts::expect();
    let name = RwSignal::new(account.name.as_ref().map(DisplayName::as_str).unwrap_or_default().to_owned());
    let sending = Sending::new("profile");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || Ok(name.get_untracked()),
            api::rename,
            move |account| {
                toasts.done(format!("Display name changed to {}", isolated(account.display_name())));
                viewer.refetch();
            },
        );
    };
    view! {
        <section class="card" aria-labelledby="profile-title">
            <div class="card-head">
                <h2 id="profile-title">"Profile"</h2>
            </div>
            <form class="card-body stack" id="profile" method="post" novalidate on:submit=submit on:input=move |_| sending.typed()>
                <dl class="facts">
                    <dt>"Username"</dt>
                    <dd>{format!("@{}", account.username)}</dd>
                    <dt>"E-mail"</dt>
                    <dd>{account.email.to_string()}</dd>
                    <dt>"Role"</dt>
                    <dd>{account.role.title()}</dd>
                </dl>
                <TextField
                    id="profile-name"
                    name="name"
                    label="Display name"
                    value=name
                    wrong
                    optional=true
                    autocomplete="name"
                    help="Leave it empty to be shown by your username."
                />
                <FormError wrong />
                <div class="row">
                    <button class="btn" aria-busy=move || busy.get().then_some("true")>
                        "Save display name"
                    </button>
                </div>
            </form>
        </section>
    }
}
