//! `/forgot` and `/reset/{token}`.

use domain::Failure;
use domain::accounts::Username;
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{Alert, Field, NewPasswordField, PageIcon, PublicLayout, Wrong};
use super::text;
use crate::ui::IconName;

/// The content of the form of those who forgot their password.
#[derive(Clone, Debug, Default)]
pub struct Forgot {
    /// The e-mail address or username as typed.
    pub login: String,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

/// The page on which a link is asked for by e-mail.
#[must_use]
pub fn forgot(look: &Look, page: Forgot) -> String {
    let wrong = Wrong::new(page.failure, ["login"]);
    render(look, Head { title: text::FORGOT.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=quiet_key()
                heading=text::FORGOT.to_owned()
                sentence=move || text::FORGOT_TEXT
                foot=to_sign_in
            >
                <form class="form" method="post" action="/forgot">
                    <Alert message=wrong.general() />
                    <Field
                        name="login"
                        label=text::LOGIN
                        value=page.login
                        autocomplete="username"
                        error=wrong.of("login")
                        autofocus=true
                    />
                    <button class="btn btn-primary btn-lg btn-block">{text::SEND_LINK}</button>
                </form>
            </PublicLayout>
        }
    })
}

/// The page after [`forgot`]: the same for every address and every username.
#[must_use]
pub fn forgot_sent(look: &Look) -> String {
    render(look, Head { title: text::FORGOT_SENT.to_owned(), about: None }, || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Check, "good")
                heading=text::FORGOT_SENT.to_owned()
                sentence=move || text::FORGOT_SENT_TEXT
                foot=|| view! { {text::NO_MESSAGE_BEFORE} <a href="/forgot">{text::TRY_AGAIN}</a> }
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/login">{text::SIGN_IN}</a>
                </div>
            </PublicLayout>
        }
    })
}

/// The page of a site that sends no e-mail: how to get a link instead.
#[must_use]
pub fn forgot_without_mail(look: &Look) -> String {
    render(look, Head { title: text::FORGOT.to_owned(), about: None }, || {
        view! {
            <PublicLayout
                icon=quiet_key()
                heading=text::FORGOT.to_owned()
                sentence=move || text::FORGOT_WITHOUT_MAIL
                foot=to_sign_in
            >
                <p class="arch-note">{text::FORGOT_OWNER}</p>
                <pre class="arch-code"><code>"latchkey account reset-link"</code></pre>
            </PublicLayout>
        }
    })
}

fn quiet_key() -> PageIcon {
    PageIcon::Sign(IconName::Key, "quiet")
}

fn to_sign_in() -> impl IntoView {
    view! { <a href="/login">{text::SIGN_IN}</a> }
}

/// The content of the form of a link.
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
                icon=quiet_key()
                heading=text::RESET.to_owned()
                sentence=move || text::RESET_TEXT
            >
                <form class="form" method="post" action=action>
                    <Alert message=wrong.general() />
                    // For the password manager, which keeps the password under it.
                    <Field name="username" label=text::USERNAME value=username autocomplete="username" readonly=true />
                    <NewPasswordField label=text::NEW_PASSWORD wrong=wrong.clone() autofocus=true />
                    <button class="btn btn-primary btn-lg btn-block">{text::SET_PASSWORD}</button>
                </form>
            </PublicLayout>
        }
    })
}

/// The page of a link that cannot be used, for whatever reason.
#[must_use]
pub fn no_reset(look: &Look) -> String {
    render(look, Head { title: text::LINK_INVALID.to_owned(), about: None }, || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Key, "warn")
                heading=text::LINK_INVALID.to_owned()
                sentence=move || text::RESET_LINK_INVALID_TEXT
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/login">{text::SIGN_IN}</a>
                </div>
            </PublicLayout>
        }
    })
}
