//! `/setup`.

use domain::Failure;
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{
    Alert, Field, Illustration, IntroLogo, PASSWORD_HELP, PageIcon, PublicLayout, USERNAME_HELP, Wrong, password_help,
};
use crate::ui::IconName;

/// The content of the form.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The token of the setup link.
    pub token: String,
    /// The site name, as typed.
    pub site_name: String,
    /// The owner's e-mail address, as typed.
    pub email: String,
    /// The owner's username, as typed.
    pub username: String,
    /// The owner's name, as typed.
    pub name: String,
    /// The host and port of the site.
    pub address: String,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

const FIELDS: [&str; 5] = ["site_name", "name", "email", "username", "password"];

/// The page where the owner account is created.
#[must_use]
pub fn setup(look: &Look, page: Setup) -> String {
    let wrong = Wrong::new(page.failure, &FIELDS);
    let focus = |field: &str, by_default: bool| {
        wrong.is_first(field) || (by_default && FIELDS.iter().all(|name| !wrong.is_first(name)))
    };
    render(look, Head { title: "Set up Latchkey".to_owned(), about: None }, || {
        view! {
            <div class="entry">
                <Intro />
                <main class="entry-form">
                    <form class="form" method="post" action="/setup">
                        <div>
                            <h2 class="form-title">"Create the owner account"</h2>
                            <p class="form-sub">{format!("For {}. This link works once.", page.address)}</p>
                        </div>
                        <Alert message=wrong.general() />
                        <input type="hidden" name="token" value=page.token />
                        <Field
                            name="site_name"
                            label="Site name"
                            value=page.site_name
                            autocomplete="off"
                            help="Shown to people you invite. You can change it later.".to_owned()
                            error=wrong.of("site_name")
                            autofocus=focus("site_name", true)
                        />
                        <Field
                            name="name"
                            label="Your name"
                            value=page.name
                            autocomplete="name"
                            optional=true
                            help="Your display name. People you invite see it.".to_owned()
                            error=wrong.of("name")
                            autofocus=focus("name", false)
                        />
                        <Field
                            name="email"
                            label="E-mail"
                            kind="email"
                            value=page.email
                            autocomplete="email"
                            error=wrong.of("email")
                            autofocus=focus("email", false)
                        />
                        <Field
                            name="username"
                            label="Username"
                            value=page.username
                            autocomplete="username"
                            help=USERNAME_HELP.to_owned()
                            error=wrong.of("username")
                            autofocus=focus("username", false)
                        />
                        <Field
                            name="password"
                            label="Password"
                            kind="password"
                            autocomplete="new-password"
                            help=password_help(&wrong, PASSWORD_HELP)
                            error=wrong.of("password")
                            autofocus=focus("password", false)
                        />
                        <button class="btn btn-primary btn-lg btn-block">"Create owner account"</button>
                    </form>
                    <p class="entry-foot">
                        <span>"At first, people can sign up with an invite only. You can change that in the settings."</span>
                    </p>
                </main>
            </div>
        }
    })
}

#[component]
fn Intro() -> impl IntoView {
    view! {
        <section class="entry-door" aria-label="Setup">
            <IntroLogo />
            <div class="entry-say">
                <h1>"Set up Latchkey"</h1>
                <p class="soft-door">"Latchkey is running and has no accounts yet. The first account is the owner."</p>
                <ol class="steps">
                    <li aria-current="step">
                        <span>
                            "Create the owner account" <small>"The setup link stops working afterwards."</small>
                        </span>
                    </li>
                    <li>
                        <span>"Create your first invite" <small>"Then send its link to someone."</small></span>
                    </li>
                    <li>
                        <span>"See who signs up" <small>"With which invite, and when."</small></span>
                    </li>
                </ol>
            </div>
            <Illustration />
        </section>
    }
}

/// Why a visitor of `/setup` sees no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoForm {
    /// They came without a setup link.
    NoLink,
    /// Their setup link is wrong, used or expired.
    WrongLink,
    /// There is an owner.
    Done,
}

/// The page for visitors who can't set up, with what they can do.
#[must_use]
pub fn no_setup(look: &Look, why: NoForm) -> String {
    let (icon, heading, sentence) = match why {
        NoForm::NoLink => (
            PageIcon::Sign(IconName::Key, "quiet"),
            "This site is not set up yet",
            "To set it up, open the setup link. It was shown where Latchkey was started.",
        ),
        NoForm::WrongLink => (
            PageIcon::Sign(IconName::Key, "warn"),
            "This setup link is not valid",
            "It was used, it is older than 24 hours, or a newer one was created.",
        ),
        NoForm::Done => (
            PageIcon::Sign(IconName::Check, "good"),
            "This site is already set up",
            "It has an owner. If that is you, sign in.",
        ),
    };
    render(look, Head { title: heading.to_owned(), about: None }, move || {
        view! {
            <PublicLayout icon=icon heading=heading.to_owned() sentence=move || sentence>
                {if why == NoForm::Done {
                    view! {
                        <div class="form">
                            <a class="btn btn-primary btn-lg btn-block" href="/login">"Sign in"</a>
                        </div>
                    }
                    .into_any()
                } else {
                    view! {
                        <p>"To get a new link, valid for 24 hours, run this on the machine Latchkey runs on:"</p>
                        <p><code class="mono">"latchkey setup-link"</code></p>
                        <p class="foot-note">
                            "Add the same " <span class="nowrap">"--data-dir"</span> " as for the server, if it has one."
                        </p>
                    }
                    .into_any()
                }}
            </PublicLayout>
        }
    })
}
