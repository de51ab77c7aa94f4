//! The display name.

use domain::accounts::Account;
use domain::text::{DisplayName, isolated};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{api, text};
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
                toasts.done(text::name_changed(&isolated(account.display_name())));
                viewer.refetch();
            },
        );
    };
    view! {
        <section class="card" aria-labelledby="profile-title">
            <div class="card-head">
                <h2 id="profile-title">{text::PROFILE}</h2>
            </div>
            <form class="card-body stack" id="profile" method="post" novalidate on:submit=submit on:input=move |_| sending.typed()>
                <dl class="facts">
                    <dt>{text::USERNAME}</dt>
                    <dd>{format!("@{}", account.username)}</dd>
                    <dt>{text::EMAIL}</dt>
                    <dd>{account.email.to_string()}</dd>
                    <dt>{text::ROLE}</dt>
                    <dd>{account.role.title()}</dd>
                </dl>
                <TextField
                    id="profile-name"
                    name="name"
                    label=text::NAME
                    value=name
                    wrong
                    optional=true
                    autocomplete="name"
                    help=text::NAME_HELP
                />
                <FormError wrong />
                <div class="row">
                    <button class="btn" aria-busy=move || busy.get().then_some("true")>
                        {text::SAVE_NAME}
                    </button>
                </div>
            </form>
        </section>
    }
}
