//! Changing the password.

use domain::access::Permission;
use domain::accounts::PasswordChange;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{api, text};
use crate::ui::{Await, FormError, Sending, TextField, Toasts};
use crate::viewer::CurrentViewer;

/// The card.
#[component]
pub fn PasswordCard(
    /// What is done when the password was changed.
    changed: Callback<()>,
) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let toasts = Toasts::expect();
    let revoke_keys = RwSignal::new(true);
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let sending = Sending::new("password");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let revoke_keys = revoke_keys.get_untracked();
            Ok(PasswordChange { current: current.get_untracked(), new: new.get_untracked(), revoke_keys })
        };
        sending.send(&event, read, api::change_password, move |()| {
            current.set(String::new());
            new.set(String::new());
            changed.try_run(());
            toasts.done(text::PASSWORD_CHANGED);
        });
    };
    // The method is for when the script is not there: what is typed never gets into a URL.
    view! {
        <section class="card" aria-labelledby="password-title">
            <div class="card-head">
                <h2 id="password-title">{text::PASSWORD}</h2>
            </div>
            <form class="card-body stack" id="password" method="post" novalidate on:submit=submit on:input=move |_| sending.typed()>
                <div class="fields-2">
                    <TextField
                        id="password-current"
                        name="current"
                        label=text::CURRENT_PASSWORD
                        value=current
                        wrong
                        kind="password"
                        autocomplete="current-password"
                    />
                    <TextField
                        id="password-new"
                        name="new"
                        label=text::NEW_PASSWORD
                        value=new
                        wrong
                        kind="password"
                        autocomplete="new-password"
                        help=text::PASSWORD_HELP
                    />
                </div>
                <Await
                    from=viewer
                    children=move |viewer| {
                        let may_have_keys = viewer.is_ok_and(|viewer| viewer.may(Permission::ApiKeysCreate));
                        may_have_keys.then(|| view! { <RevokeKeys value=revoke_keys /> }.into_any())
                    }
                />
                <FormError wrong />
                <div class="row">
                    <button class="btn" aria-busy=move || busy.get().then_some("true")>
                        {text::CHANGE_PASSWORD}
                    </button>
                </div>
            </form>
        </section>
    }
}

/// The choice of whoever may have API keys.
#[component]
fn RevokeKeys(value: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                name="revoke_keys"
                checked=value.get_untracked()
                prop:checked=move || value.get()
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <span>{text::REVOKE_KEYS}</span>
        </label>
    }
}
