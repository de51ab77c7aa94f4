//! Changing the username and the e-mail address.

use domain::accounts::{Account, LoginChange};
use domain::text::isolated;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{api, text};
use crate::ui::{DialogFoot, FormError, IconName, Sending, TextField, Toasts};

/// The form.
#[component]
pub(super) fn LoginForm(account: Account, close: Callback<()>, saved: Callback<()>) -> impl IntoView {
    let toasts = Toasts::expect();
    let username = RwSignal::new(account.username.to_string());
    let email = RwSignal::new(account.email.to_string());
    let present = account.email;
    let current = RwSignal::new(String::new());
    let sending = Sending::new("login");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let (username, email) = (username.get_untracked(), email.get_untracked());
            Ok(LoginChange { current: current.get_untracked(), username, email })
        };
        // Now: the form may be gone when the answer comes.
        let (typed, present) = (email.get_untracked(), present.clone());
        sending.send(&event, read, api::change_login, move |account: Account| {
            // Another address that is not there yet has to be confirmed.
            let waits = account.email == present && typed.trim() != present.as_str();
            close.try_run(());
            toasts.done(if waits {
                text::email_link_sent(&isolated(typed.trim()))
            } else {
                text::LOGIN_CHANGED.to_owned()
            });
            saved.try_run(());
        });
    };
    // The method is for when the script is not there: what is typed never gets into a URL.
    view! {
        <form method="post" novalidate on:submit=submit>
            <div class="dialog-body">
                <p class="help">{text::LOGIN_ABOUT}</p>
                <TextField
                    id="login-username"
                    name="username"
                    label=text::USERNAME
                    value=username
                    wrong
                    autocomplete="username"
                    autofocus=true
                    help=text::USERNAME_HELP
                />
                <TextField
                    id="login-email"
                    name="email"
                    label=text::EMAIL
                    value=email
                    wrong
                    kind="email"
                    autocomplete="email"
                    help=text::EMAIL_HELP
                />
                <TextField
                    id="login-current"
                    name="current"
                    label=text::YOUR_PASSWORD
                    value=current
                    wrong
                    kind="password"
                    autocomplete="current-password"
                    help=text::YOUR_PASSWORD_HELP
                />
                <FormError wrong />
            </div>
            <DialogFoot verb=text::SAVE_CHANGES icon=IconName::Check busy close />
        </form>
    }
}
