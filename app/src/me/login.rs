//! Changing the names that one signs in with.

use domain::accounts::{Account, LoginChange};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{api, text};
use crate::ui::{FormError, Sending, TextField, Toasts};
use crate::viewer::CurrentViewer;

/// The card.
#[component]
pub fn LoginCard(
    /// The viewer's account.
    account: Account,
) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let toasts = Toasts::expect();
    let username = RwSignal::new(account.username.to_string());
    let email = RwSignal::new(account.email.to_string());
    let current = RwSignal::new(String::new());
    let sending = Sending::new("login");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        let read = move || {
            let (username, email) = (username.get_untracked(), email.get_untracked());
            Ok(LoginChange { current: current.get_untracked(), username, email })
        };
        sending.send(&event, read, api::change_login, move |account: Account| {
            username.set(account.username.to_string());
            email.set(account.email.to_string());
            current.set(String::new());
            toasts.done(text::LOGIN_CHANGED);
            viewer.refetch();
        });
    };
    // The method is for when the script is not there: what is typed never gets into a URL.
    view! {
        <section class="card" aria-labelledby="login-title">
            <div class="card-head">
                <div>
                    <h2 id="login-title">{text::LOGIN}</h2>
                    <p class="card-note">{text::LOGIN_ABOUT}</p>
                </div>
            </div>
            <form class="card-body stack" id="login" method="post" novalidate on:submit=submit on:input=move |_| sending.typed()>
                <div class="fields-2">
                    <TextField
                        id="login-username"
                        name="username"
                        label=text::USERNAME
                        value=username
                        wrong
                        autocomplete="username"
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
                </div>
                <FormError wrong />
                <div class="row">
                    <button class="btn" aria-busy=move || busy.get().then_some("true")>
                        {text::CHANGE_LOGIN}
                    </button>
                </div>
            </form>
        </section>
    }
}
