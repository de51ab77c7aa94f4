//! `/login`.

use domain::Failure;
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{Alert, Field, PageIcon, PublicLayout, Wrong};

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct Login {
    /// What the place is called.
    pub site_name: String,
    /// The e-mail address or username that was typed.
    pub login: String,
    /// Where to go afterwards: a path of ours, checked.
    pub next: Option<String>,
    /// What was wrong the last time.
    pub failure: Option<Failure>,
}

/// The page where people sign in.
#[must_use]
pub fn login(look: &Look, page: Login) -> String {
    let sentence = format!("Sign in to {}", page.site_name);
    let about = format!("{sentence} with your e-mail address or username.");
    let head = Head { title: sentence.clone(), about: Some(about) };
    let wrong = Wrong::new(page.failure, &["login", "password"]);
    // Whoever mistyped a password goes on there; what they are called was kept.
    let again = !page.login.is_empty();
    render(look, head, move || {
        view! {
            <PublicLayout
                crest=PageIcon::Place(page.site_name)
                heading="Welcome back".to_owned()
                sentence=move || sentence.clone()
                foot=|| view! { "Have an invite key? " <a href="/signup">"Sign up with it"</a> }
            >
                <form class="form" method="post" action="/login">
                    <Alert message=wrong.general() />
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
            </PublicLayout>
        }
    })
}
