//! Changing one's password.

use domain::accounts::PasswordChange;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::ui::{FormError, TextField, Toasts, Wrong, focus_first_wrong};

/// The card.
#[component]
pub fn PasswordCard() -> impl IntoView {
    let toasts = Toasts::expect();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let wrong: Wrong = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let change = PasswordChange { current: current.get_untracked(), new: new.get_untracked() };
        spawn_local(async move {
            match api::change_password(change).await {
                Ok(()) => {
                    wrong.set(None);
                    current.set(String::new());
                    new.set(String::new());
                    toasts.done("Password changed. Other browsers are signed out");
                }
                Err(fault) => {
                    wrong.set(Some(fault));
                    focus_first_wrong("password");
                }
            }
            busy.set(false);
        });
    };
    view! {
        <section class="card" aria-labelledby="password-title">
            <div class="card-head">
                <h2 id="password-title">"Password"</h2>
            </div>
            <form class="card-body stack" id="password" novalidate on:submit=submit>
                <div class="fields-2">
                    <TextField
                        id="password-current"
                        name="current"
                        label="Your password now"
                        value=current
                        wrong
                        kind="password"
                        autocomplete="current-password"
                    />
                    <TextField
                        id="password-new"
                        name="new"
                        label="A new one"
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
