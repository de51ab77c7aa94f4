//! The picture and the display name.

use domain::accounts::Account;
use domain::text::{DisplayName, isolated};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{api, text};
use crate::pages;
use crate::pictures::PictureEditor;
use crate::ui::{FormError, Sending, TextField, Time, Toasts};
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
    let sending = Sending::new("profile");
    let Sending { wrong, busy, .. } = sending;
    let submit = move |event: SubmitEvent| {
        sending.send(
            &event,
            move || Ok(name.get_untracked()),
            api::rename,
            move |account| {
                toasts.done(text::name_changed(&isolated(account.display_name())));
                viewer.refetch();
            },
        );
    };
    view! {
        <section class="card" aria-labelledby="profile-title">
            <div class="card-head">
                <h2 id="profile-title">{text::PROFILE}</h2>
            </div>
            <div class="card-body stack">
                <PictureEditor
                    of=account.reference()
                    path=pages::OWN_PICTURE.to_owned()
                    changed=Callback::new(move |()| viewer.refetch())
                />
                <form class="stack" id="profile" method="post" novalidate on:submit=submit on:input=move |_| sending.typed()>
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
                <dl class="facts">
                    <dt>{text::ROLE}</dt>
                    <dd>{account.role.title()}</dd>
                    <dt>{text::CREATED}</dt>
                    <dd>
                        <Time at=account.created_at />
                    </dd>
                </dl>
            </div>
        </section>
    }
}
