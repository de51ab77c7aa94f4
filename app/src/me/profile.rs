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
) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let toasts = Toasts::expect();
    let name = RwSignal::new(account.name.as_ref().map(DisplayName::as_str).unwrap_or_default().to_owned());
    let role = account.role;
    // The card is not drawn again when something is saved, so that what is typed in it stays.
    let account = RwSignal::new(account);
    let reference = Signal::derive(move || account.with(Account::reference));
    let (picturing, changing) = (RwSignal::new(None), RwSignal::new(None));
    let sending = Sending::new("profile");
    let Sending { wrong, busy, .. } = sending;
    let saved = Callback::new(move |saved| {
        account.set(saved);
        viewer.refetch();
    });
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || Ok(name.get_untracked()),
            api::rename,
            move |account: Account| {
                toasts.done(text::name_changed(&isolated(account.display_name())));
                saved.run(account);
            },
        );
    };
    view! {
        <section class="card" aria-labelledby="profile-title">
            <div class="card-head">
                <h2 id="profile-title">{text::PROFILE}</h2>
            </div>
            <form class="card-body stack" id="profile" method="post" novalidate on:submit=submit on:input=move |_| sending.typed()>
                <div class="picture">
                    {move || view! { <Avatar of=reference.get() class="avatar avatar-xl" /> }}
                    <PictureButton of=reference editing=picturing />
                </div>
                <dl class="facts">
                    <dt>{text::USERNAME}</dt>
                    <dd>{move || account.with(|account| format!("@{}", account.username))}</dd>
                    <dt>{text::EMAIL}</dt>
                    <dd>{move || account.with(|account| account.email.to_string())}</dd>
                    <dt>{text::ROLE}</dt>
                    <dd>{role.title()}</dd>
                </dl>
                <div class="row">
                    <button
                        type="button"
                        id="change-login"
                        class="btn btn-sm"
                        on:click=move |_| changing.set(Some(account.get_untracked()))
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
        <PictureDialog
            of=picturing
            path=|_| pages::OWN_PICTURE.to_owned()
            changed=Callback::new(move |picture| {
                account.update(|account| account.picture = picture);
                viewer.refetch();
            })
        />
        <LoginDialog of=changing saved />
    }
}
