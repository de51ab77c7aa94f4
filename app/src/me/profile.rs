//! The viewer's profile: picture, names, role.

use domain::accounts::{Account, Email};
use domain::text::{DisplayName, isolated};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::dialogs::LoginDialog;
use super::{api, text};
use crate::pages;
use crate::pictures::{PictureButton, PictureDialog};
use crate::ui::{Acting, Avatar, FormError, Icon, IconName, Pictured, Sending, TextField, Toasts};
use crate::viewer::CurrentViewer;

/// What stays while the card is drawn again: the form, and which dialogs are open.
#[derive(Clone, Copy)]
pub struct Profile {
    sending: Sending,
    name: RwSignal<String>,
    /// Whether the name was changed and is not saved.
    typed: RwSignal<bool>,
    picturing: RwSignal<Option<Pictured>>,
    changing: RwSignal<Option<Account>>,
}

impl Profile {
    /// The one of a page.
    #[must_use]
    pub fn new() -> Self {
        Self {
            sending: Sending::new("profile"),
            name: RwSignal::new(String::new()),
            typed: RwSignal::new(false),
            picturing: RwSignal::new(None),
            changing: RwSignal::new(None),
        }
    }
}

/// The card.
#[component]
pub fn ProfileCard(
    /// The viewer's account.
    account: Account,
    /// The address that the viewer wants to have, while it is not confirmed.
    pending_email: Option<Email>,
    /// What stays while it is drawn again.
    profile: Profile,
) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let toasts = Toasts::expect();
    let Profile { sending, name, typed, picturing, changing } = profile;
    let Sending { wrong, busy, .. } = sending;
    if !typed.get_untracked() {
        name.set(account.name.as_ref().map(DisplayName::to_string).unwrap_or_default());
    }
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || Ok(name.get_untracked()),
            api::rename,
            move |account| {
                typed.set(false);
                toasts.done(text::name_changed(&isolated(account.display_name())));
                viewer.refetch();
            },
        );
    };
    let type_name = move |_| {
        typed.set(true);
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
                {pending_email.map(|email| view! { <PendingEmail email /> }.into_any())}
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
    }
}

/// A new address that is not confirmed yet, and the button that takes it back.
#[component]
fn PendingEmail(email: Email) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let acting = Acting::new(move || viewer.refetch());
    view! {
        <div class="banner" data-tone="act">
            <Icon name=IconName::Mail />
            <div class="grow">{text::email_pending(&isolated(email.as_str()))}</div>
            <button
                type="button"
                id="cancel-email-change"
                class="btn btn-sm"
                on:click=move |_| acting.run(api::cancel_email_change(), |()| text::EMAIL_CHANGE_CANCELLED.to_owned())
            >
                {text::CANCEL_EMAIL_CHANGE}
            </button>
        </div>
    }
}

/// The dialogs that the card opens.
#[component]
pub fn ProfileDialogs(
    /// What the card and its dialogs share.
    profile: Profile,
) -> impl IntoView {
    let CurrentViewer(viewer) = expect_context();
    let changed = Callback::new(move |()| viewer.refetch());
    view! {
        <PictureDialog of=profile.picturing path=|_| pages::OWN_PICTURE.to_owned() changed />
        <LoginDialog of=profile.changing saved=changed />
    }
}
