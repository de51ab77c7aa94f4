//! `/login`.

use domain::Failure;
use domain::settings::RegistrationMode;
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{Alert, Field, Notice, PageIcon, PublicLayout, Wrong};
use crate::ui::{Icon, IconName};

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
    /// Whether the visitor was signed in until their session ended.
    pub session_ended: bool,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

/// The sign-in page.
#[must_use]
pub fn login(look: &Look, page: Login) -> String {
    let title = format!("Sign in to {}", page.site_name);
    let about = format!("{title} with your e-mail address or username.");
    let head = Head { title, about: Some(about) };
    let wrong = Wrong::new(page.failure, &["login", "password"]);
    // After a mistyped password the cursor starts there: the login was kept.
    let again = !page.login.is_empty();
    let mode = page.registration_mode;
    render(look, head, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Site(page.site_name.clone())
                heading="Sign in".to_owned()
                sentence=move || page.site_name.clone()
                foot=move || sign_up_hint(mode)
            >
                <form class="form" method="post" action="/login">
                    <Alert message=wrong.general() />
                    {page.session_ended.then(|| view! {
                        <Notice icon=IconName::Info text="Your session has ended. Sign in again." />
                    })}
                    {page.next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                    <Field
                        name="login"
                        label="E-mail or username"
                        value=page.login
                        autocomplete="username"
                        error=wrong.of("login")
                        autofocus=!again
                    />
                    <Field
                        name="password"
                        label="Password"
                        kind="password"
                        autocomplete="current-password"
                        error=wrong.of("password")
                        autofocus=again
                    />
                    <button class="btn btn-primary btn-lg btn-block">"Sign in"</button>
                </form>
                <details class="more">
                    <summary>
                        <Icon name=IconName::Right />
                        "Forgot your password?"
                    </summary>
                    <p>"Ask an admin to set a new password for you."</p>
                    <p>
                        "Admins: run " <code class="mono">"latchkey account set-password"</code>
                        " on the machine Latchkey runs on."
                    </p>
                </details>
            </PublicLayout>
        }
    })
}

/// How to get an account, if there is a way.
fn sign_up_hint(mode: RegistrationMode) -> AnyView {
    match mode {
        RegistrationMode::InviteOnly => {
            view! { "Have an invite code? " <a href="/signup">"Sign up with it"</a> }.into_any()
        }
        RegistrationMode::Open => view! { "No account yet? " <a href="/signup">"Sign up"</a> }.into_any(),
        RegistrationMode::Closed => "Registration is closed. Existing accounts can sign in.".into_any(),
    }
}
