//! `/setup`.

use domain::Failure;
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{Alert, Field, Illustration, IntroLogo, NewPasswordField, PageIcon, PublicLayout, Wrong};
use super::text;
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
    let wrong = Wrong::new(page.failure, FIELDS);
    let focus = |field: &str, by_default: bool| {
        wrong.is_first(field) || (by_default && FIELDS.iter().all(|name| !wrong.is_first(name)))
    };
    render(look, Head { title: text::SETUP.to_owned(), about: None }, || {
        view! {
            <div class="entry">
                <Intro />
                <main class="entry-form">
                    <form class="form" method="post" action="/setup">
                        <div>
                            <h2 class="form-title">{text::SETUP_ACCOUNT}</h2>
                            <p class="form-sub">{text::setup_for(&page.address)}</p>
                        </div>
                        <Alert message=wrong.general() />
                        <input type="hidden" name="token" value=page.token />
                        <Field
                            name="site_name"
                            label=text::SITE_NAME
                            value=page.site_name
                            autocomplete="off"
                            help=Some(text::SITE_NAME_HELP.to_owned())
                            error=wrong.of("site_name")
                            autofocus=focus("site_name", true)
                        />
                        <Field
                            name="name"
                            label=text::OWNER_NAME
                            value=page.name
                            autocomplete="name"
                            optional=true
                            help=Some(text::OWNER_NAME_HELP.to_owned())
                            error=wrong.of("name")
                            autofocus=focus("name", false)
                        />
                        <Field
                            name="email"
                            label=text::EMAIL
                            kind="email"
                            value=page.email
                            autocomplete="email"
                            error=wrong.of("email")
                            autofocus=focus("email", false)
                        />
                        <Field
                            name="username"
                            label=text::USERNAME
                            value=page.username
                            autocomplete="username"
                            help=Some(text::USERNAME_HELP.to_owned())
                            error=wrong.of("username")
                            autofocus=focus("username", false)
                        />
                        <NewPasswordField label=text::PASSWORD wrong=wrong.clone() autofocus=focus("password", false) />
                        <button class="btn btn-primary btn-lg btn-block">{text::CREATE_OWNER}</button>
                    </form>
                    <p class="entry-foot">
                        <span>{text::SETUP_NOTE}</span>
                    </p>
                </main>
            </div>
        }
    })
}

#[component]
fn Intro() -> impl IntoView {
    view! {
        <section class="entry-door" aria-label=text::SETUP_LABEL>
            <IntroLogo />
            <div class="entry-say">
                <h1>{text::SETUP}</h1>
                <p class="soft-door">{text::SETUP_TEXT}</p>
                <ol class="steps">
                    <li aria-current="step">
                        <span>
                            {text::SETUP_ACCOUNT} <small>{text::SETUP_ACCOUNT_NOTE}</small>
                        </span>
                    </li>
                    <li>
                        <span>{text::SETUP_INVITE} <small>{text::SETUP_INVITE_NOTE}</small></span>
                    </li>
                    <li>
                        <span>{text::SETUP_SEE} <small>{text::SETUP_SEE_NOTE}</small></span>
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
        NoForm::NoLink => (PageIcon::Sign(IconName::Key, "quiet"), text::NOT_SET_UP, text::NOT_SET_UP_TEXT),
        NoForm::WrongLink => {
            (PageIcon::Sign(IconName::Key, "warn"), text::SETUP_LINK_INVALID, text::SETUP_LINK_INVALID_TEXT)
        }
        NoForm::Done => (PageIcon::Sign(IconName::Check, "good"), text::SET_UP, text::SET_UP_TEXT),
    };
    render(look, Head { title: heading.to_owned(), about: None }, move || {
        view! {
            <PublicLayout icon=icon heading=heading.to_owned() sentence=move || sentence>
                {if why == NoForm::Done {
                    view! {
                        <div class="form">
                            <a class="btn btn-primary btn-lg btn-block" href="/login">{text::SIGN_IN}</a>
                        </div>
                    }
                    .into_any()
                } else {
                    view! {
                        <p class="arch-note">{text::NEW_SETUP_LINK}</p>
                        <pre class="arch-code"><code>"latchkey setup-link"</code></pre>
                        <p class="arch-note">
                            {text::DATA_DIR_BEFORE} <code class="nowrap">"--data-dir"</code> "."
                        </p>
                    }
                    .into_any()
                }}
            </PublicLayout>
        }
    })
}
