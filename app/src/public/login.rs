//! `/login`.

use domain::Failure;
use domain::settings::RegistrationMode;
use domain::text::{ApplicationName, isolated};
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{Alert, Field, Notice, PageIcon, PublicLayout, Wrong};
use super::text;
use crate::ui::IconName;
use crate::url;

/// The content of the page.
#[derive(Clone, Debug, Default)]
pub struct Login {
    /// The site name.
    pub site_name: String,
    /// Who can sign up.
    pub registration_mode: RegistrationMode,
    /// The e-mail address or username as typed.
    pub login: String,
    /// The path to go to afterwards; checked to be on this site.
    pub next: Option<String>,
    /// The application to which that leads.
    pub application: Option<ApplicationName>,
    /// Whether the visitor is signed in, and has to sign in again.
    pub again: bool,
    /// Whether the visitor was signed in until their session ended.
    pub session_ended: bool,
    /// Whether the visitor has just set a new password.
    pub password_changed: bool,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

/// The sign-in page.
#[must_use]
pub fn login(look: &Look, page: Login) -> String {
    let head = Head { title: text::sign_in_to(&page.site_name), about: Some(text::sign_in_about(&page.site_name)) };
    let wrong = Wrong::new(page.failure, ["login", "password"]);
    // After a mistyped password the cursor starts there: the login was kept.
    let again = !page.login.is_empty();
    let (mode, next) = (page.registration_mode, page.next.clone());
    let sentence = match &page.application {
        Some(application) => text::sign_in_for(&isolated(application.as_str()), &isolated(&page.site_name)),
        None => page.site_name.clone(),
    };
    render(look, head, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Site(page.site_name.clone())
                heading=text::SIGN_IN.to_owned()
                sentence=move || sentence.clone()
                foot=move || sign_up_hint(mode, next.clone())
            >
                <form class="form" method="post" action="/login">
                    <Alert message=wrong.general() />
                    {page.password_changed.then(|| view! {
                        <Notice icon=IconName::Check text=text::PASSWORD_CHANGED />
                    })}
                    {page.session_ended.then(|| view! {
                        <Notice icon=IconName::Info text=text::SESSION_ENDED />
                    })}
                    {page.again.then(|| view! { <Notice icon=IconName::Info text=text::AGAIN /> })}
                    {page.next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                    <Field
                        name="login"
                        label=text::LOGIN
                        value=page.login
                        autocomplete="username"
                        error=wrong.of("login")
                        autofocus=!again
                    />
                    <Field
                        name="password"
                        label=text::PASSWORD
                        kind="password"
                        autocomplete="current-password"
                        error=wrong.of("password")
                        autofocus=again
                    />
                    <p class="below-field">
                        <a href="/forgot">{text::FORGOT}</a>
                    </p>
                    <button class="btn btn-primary btn-lg btn-block">{text::SIGN_IN}</button>
                </form>
            </PublicLayout>
        }
    })
}

/// How to get an account, if there is a way.
fn sign_up_hint(mode: RegistrationMode, next: Option<String>) -> AnyView {
    let sign_up = url::with_query("/signup", &[("next", next)]);
    match mode {
        RegistrationMode::InviteOnly => {
            view! { {text::HAVE_CODE_BEFORE} <a href=sign_up>{text::USE_CODE}</a> }.into_any()
        }
        RegistrationMode::Open => view! { {text::NO_ACCOUNT_BEFORE} <a href=sign_up>{text::SIGN_UP}</a> }.into_any(),
        RegistrationMode::Closed => text::SIGN_UP_CLOSED.into_any(),
    }
}
