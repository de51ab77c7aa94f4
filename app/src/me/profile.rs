//! Who one is: picture, names, role.

use domain::accounts::Account;
use domain::text::{DisplayName, isolated};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::dialogs::LoginDialog;
use super::{api, text};
use crate::pages;
use crate::pictures::{PictureButton, PictureDialog};
use crate::ui::{Avatar, FormError, Sending, TextField, Toasts};
use crate::viewer::CurrentViewer;

/// The card.
#[component]
pub fn ProfileCard(
    /// The viewer's account.
    account: Account,
    /// The display name as typed, while it is not saved.
    typed: RwSignal<Option<String>>,
) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let toasts = Toasts::expect();
    let sending = Sending::new("profile");
    let Sending { wrong, busy, .. } = sending;
    let saved_name = account.name.as_ref().map(DisplayName::as_str).unwrap_or_default().to_owned();
    let name = RwSignal::new(match typed.get_untracked() {
        Some(typed) => {
            sending.typed();
            typed
        }
        None => saved_name,
    });
    let (picturing, changing) = (RwSignal::new(None), RwSignal::new(None));
    let changed = Callback::new(move |()| viewer.refetch());
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || Ok(name.get_untracked()),
            api::rename,
            move |account| {
                typed.set(None);
                toasts.done(text::name_changed(&isolated(account.display_name())));
                changed.run(());
            },
        );
    };
    let type_name = move |_| {
        typed.set(Some(name.get_untracked()));
        sending.typed();
    };
    let (reference, whole) = (account.reference(), account.clone());
    view! {
        <section class="card" aria-labelledby="profile-title">
            <div class="card-head">
                <h2 id="profile-title">{text::PROFILE}</h2>
            </div>
            <form class="card-body stack" id="profile" method="post" novalidate on:submit=submit on:input=type_name>
                <div class="picture">
                    <Avatar of=reference.clone() class="avatar avatar-xl" />
                    <PictureButton of=reference editing=picturing />
                </div>
                <dl class="facts">
                    <dt>{text::USERNAME}</dt>
                    <dd>{format!("@{}", account.username)}</dd>
                    <dt>{text::EMAIL}</dt>
                    <dd>{account.email.to_string()}</dd>
                    <dt>{text::ROLE}</dt>
                    <dd>{account.role.title()}</dd>
                </dl>
                <div class="row">
                    <button
                        type="button"
                        id="change-login"
                        class="btn btn-sm"
                        on:click=move |_| changing.set(Some(whole.clone()))
                    >
                        {text::CHANGE_LOGIN}
                    </button>
                </div>
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
        <PictureDialog of=picturing path=|_| pages::OWN_PICTURE.to_owned() changed />
        <LoginDialog of=changing saved=changed />
    }
}
