//! `/setup`.

use domain::Failure;
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{Alert, DoorLogo, Field, PageIcon, PublicLayout, Scene, Wrong};
use crate::ui::IconName;

/// What the form shows.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The token of the link that was followed.
    pub token: String,
    /// What the place shall be called, as typed.
    pub site_name: String,
    /// The owner's address, as typed.
    pub email: String,
    /// The owner's username, as typed.
    pub username: String,
    /// The owner's name, as typed.
    pub name: String,
    /// Where browsers find the place.
    pub address: String,
    /// What was wrong the last time.
    pub failure: Option<Failure>,
}

const FIELDS: [&str; 5] = ["site_name", "name", "email", "username", "password"];

/// The page where the first owner makes their account.
#[must_use]
pub fn setup(look: &Look, page: Setup) -> String {
    let wrong = Wrong::new(page.failure, &FIELDS);
    let focus = |field: &str, by_default: bool| {
        wrong.is_first(field) || (by_default && FIELDS.iter().all(|name| !wrong.is_first(name)))
    };
    render(look, Head { title: "Set up Latchkey".to_owned(), about: None }, || {
        view! {
            <div class="entry">
                <Door />
                <main class="entry-form">
                    <form class="form" method="post" action="/setup">
                        <div>
                            <h2 class="form-title">"Make the owner account"</h2>
                            <p class="form-sub">{format!("For {}. This link works once.", page.address)}</p>
                        </div>
                        <Alert message=wrong.general() />
                        <input type="hidden" name="token" value=page.token />
                        <Field
                            name="site_name"
                            label="What is this place called?"
                            value=page.site_name
                            autocomplete="off"
                            help="People see this name when they are invited.".to_owned()
                            error=wrong.of("site_name")
                            autofocus=focus("site_name", true)
                        />
                        <Field
                            name="name"
                            label="Your name"
                            value=page.name
                            autocomplete="name"
                            optional=true
                            placeholder="As you like to be called"
                            error=wrong.of("name")
                            autofocus=focus("name", false)
                        />
                        <div class="fields-2">
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
                                error=wrong.of("username")
                                autofocus=focus("username", false)
                            />
                        </div>
                        <Field
                            name="password"
                            label="Password"
                            kind="password"
                            autocomplete="new-password"
                            help="At least 10 characters. A short sentence works well.".to_owned()
                            error=wrong.of("password")
                            autofocus=focus("password", false)
                        />
                        <button class="btn btn-primary btn-lg btn-block">"Open the door"</button>
                    </form>
                    <p class="entry-foot">
                        <span>"At first people come in with an invite only. You can change that later."</span>
                    </p>
                </main>
            </div>
        }
    })
}

#[component]
fn Door() -> impl IntoView {
    view! {
        <section class="entry-door" aria-label="First start">
            <DoorLogo />
            <div class="entry-say">
                <h1>"Hang your first key on the hook"</h1>
                <p class="soft-door">
                    "Latchkey is running and nobody lives here yet. The account you make now is the owner."
                </p>
                <ol class="steps">
                    <li aria-current="step">
                        <span>
                            "You, the owner" <small>"This page, once. The link stops working afterwards."</small>
                        </span>
                    </li>
                    <li>
                        <span>"Your first invite" <small>"Two clicks, then share it."</small></span>
                    </li>
                    <li>
                        <span>"See who comes" <small>"By which link, and when."</small></span>
                    </li>
                </ol>
            </div>
            <Scene />
        </section>
    }
}

/// Why someone at `/setup` sees no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoForm {
    /// They came without a link.
    NoLink,
    /// Their link is wrong, used or too old.
    WrongLink,
    /// There is an owner.
    Done,
}

/// The page for those who can't set up, with what they can do.
#[must_use]
pub fn no_setup(look: &Look, why: NoForm) -> String {
    let (crest, heading, sentence) = match why {
        NoForm::NoLink => (
            PageIcon::Sign(IconName::Key, "quiet"),
            "Nobody lives here yet",
            "The owner comes in by a link that works once. It was shown where Latchkey was started.",
        ),
        NoForm::WrongLink => (
            PageIcon::Sign(IconName::Key, "warn"),
            "This setup link does not fit",
            "It was used, it is older than a day, or a newer one was made since.",
        ),
        NoForm::Done => (
            PageIcon::Sign(IconName::Check, "good"),
            "This place has its owner",
            "Setting up happens once, and it has. If it was you, sign in.",
        ),
    };
    render(look, Head { title: heading.to_owned(), about: None }, move || {
        view! {
            <PublicLayout crest=crest heading=heading.to_owned() sentence=move || sentence>
                {if why == NoForm::Done {
                    view! {
                        <div class="form">
                            <a class="btn btn-primary btn-lg btn-block" href="/login">"Sign in"</a>
                        </div>
                    }
                    .into_any()
                } else {
                    view! {
                        <p>"A fresh link, good for 24 hours, comes from this command on the machine Latchkey runs on:"</p>
                        <p><code class="mono">"latchkey setup-link"</code></p>
                        <p class="foot-note">
                            "Give it the same " <span class="nowrap">"--data-dir"</span> " as the server, if that has one."
                        </p>
                    }
                    .into_any()
                }}
            </PublicLayout>
        }
    })
}
