//! The dialog that changes the username and the e-mail address. Its form is a part of the browser's program, downloaded when it
//! is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::accounts::Account;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::login::LoginForm;
use super::text;
use crate::ui::{Deferred, Dialog, Download, Drawn, drawing};

#[wasm_split(login_form, fallible, preload(preload_form))]
fn draw(account: Account, close: Callback<()>, saved: Callback<()>) -> Drawn {
    Ok(view! { <LoginForm account close saved /> }.into_any())
}

fn load_form() -> Download {
    Box::pin(preload_form())
}

/// The dialog, open while there is an account.
#[component]
pub(super) fn LoginDialog(of: RwSignal<Option<Account>>, saved: Callback<()>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let content = move || {
        of.get_untracked().map(|account| {
            let draw = drawing(move || draw(account.clone(), close, saved));
            view! { <Deferred load=load_form draw /> }.into_any()
        })
    };
    view! {
        <Dialog id="login" open=Signal::derive(move || of.with(Option::is_some)) close title=text::LOGIN.to_owned()>
            {content()}
        </Dialog>
    }
}
