//! `/reset/{token}`.

use domain::Failure;
use domain::accounts::Username;
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{Alert, Field, PageIcon, PublicLayout, Wrong};
use super::text;
use crate::ui::IconName;

/// The content of the form.
#[derive(Clone)]
pub struct Reset {
    /// The token of the link.
    pub token: String,
    /// The username of its account.
    pub username: Username,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

/// The page on which a new password is set.
#[must_use]
pub fn reset(look: &Look, page: Reset) -> String {
    let wrong = Wrong::new(page.failure, ["password"]);
    let action = format!("/reset/{}", page.token);
    let username = page.username.to_string();
    render(look, Head { title: text::RESET.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Key, "quiet")
                heading=text::RESET.to_owned()
                sentence=move || text::RESET_TEXT
            >
                <form class="form" method="post" action=action>
                    <Alert message=wrong.general() />
                    // For the password manager, which keeps the password under it.
                    <Field name="username" label=text::USERNAME value=username autocomplete="username" readonly=true />
                    <Field
                        name="password"
                        label=text::NEW_PASSWORD
                        kind="password"
                        autocomplete="new-password"
                        help=Some(text::PASSWORD_HELP.to_owned())
                        note=wrong.note_on_passwords()
                        error=wrong.of("password")
                        autofocus=true
                    />
                    <button class="btn btn-primary btn-lg btn-block">{text::SET_PASSWORD}</button>
                </form>
            </PublicLayout>
        }
    })
}

/// The page of a link that cannot be used, for whatever reason.
#[must_use]
pub fn no_reset(look: &Look) -> String {
    render(look, Head { title: text::RESET_LINK_INVALID.to_owned(), about: None }, || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Key, "warn")
                heading=text::RESET_LINK_INVALID.to_owned()
                sentence=move || text::RESET_LINK_INVALID_TEXT
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/login">{text::SIGN_IN}</a>
                </div>
            </PublicLayout>
        }
    })
}
