//! Changing the password.

use domain::accounts::PasswordChange;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::api;
use crate::ui::{FormError, Sending, TextField, Toasts};

/// The card.
#[component]
pub fn PasswordCard() -> impl IntoView {
    let toasts = Toasts::expect();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let sending = Sending::new("password");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || Ok(PasswordChange { current: current.get_untracked(), new: new.get_untracked() });
        sending.send(&event, read, api::change_password, move |()| {
            current.set(String::new());
            new.set(String::new());
            toasts.done("Password changed. Other sessions are signed out");
        });
    };
    // The method is for when the script is not there: what is typed never gets into a URL.
    view! {
        <section class="card" aria-labelledby="password-title">
            <div class="card-head">
                <h2 id="password-title">"Password"</h2>
            </div>
            <form class="card-body stack" id="password" method="post" novalidate on:submit=submit on:input=move |_| sending.typed()>
                <div class="fields-2">
                    <TextField
                        id="password-current"
                        name="current"
                        label="Current password"
                        value=current
                        wrong
                        kind="password"
                        autocomplete="current-password"
                    />
                    <TextField
                        id="password-new"
                        name="new"
                        label="New password"
                        value=new
                        wrong
                        kind="password"
                        autocomplete="new-password"
                        help="At least 10 characters. A short sentence works well."
                    />
                </div>
                <FormError wrong />
                <div class="row">
                    <button class="btn" aria-busy=move || busy.get().then_some("true")>
                        "Change password"
                    </button>
                </div>
            </form>
        </section>
    }
}
