//! What one likes to be called.

use domain::accounts::Account;
use domain::text::DisplayName;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::dashboard::CurrentViewer;
use crate::ui::{FormError, TextField, Toasts, Wrong, focus_first_wrong};

/// The card.
#[component]
pub fn ProfileCard(
    /// Whose.
    account: Account,
) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let toasts = Toasts::expect();
    let name = RwSignal::new(account.name.as_ref().map(DisplayName::as_str).unwrap_or_default().to_owned());
    let wrong: Wrong = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match api::rename(name.get_untracked()).await {
                Ok(account) => {
                    wrong.set(None);
                    toasts.done(format!("We call you {} now", account.display_name()));
                    viewer.refetch();
                }
                Err(fault) => {
                    wrong.set(Some(fault));
                    focus_first_wrong("profile");
                }
            }
            busy.set(false);
        });
    };
    view! {
        <section class="card" aria-labelledby="profile-title">
            <div class="card-head">
                <h2 id="profile-title">"Profile"</h2>
            </div>
            <form class="card-body stack" id="profile" novalidate on:submit=submit>
                <dl class="facts">
                    <dt>"Username"</dt>
                    <dd>{format!("@{}", account.username)}</dd>
                    <dt>"E-mail"</dt>
                    <dd>{account.email.to_string()}</dd>
                    <dt>"You are"</dt>
                    <dd>{account.role.title()}</dd>
                </dl>
                <TextField
                    id="profile-name"
                    name="name"
                    label="What you like to be called"
                    value=name
                    wrong
                    optional=true
                    autocomplete="name"
                    help="Empty: people see your username."
                />
                <FormError wrong />
                <div class="row">
                    <button class="btn" aria-busy=move || busy.get().then_some("true")>
                        "Save name"
                    </button>
                </div>
            </form>
        </section>
    }
}
