//! Asking the author of an invite that lets no one in for a new link.

use domain::Failure;
use leptos::prelude::*;

use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{Alert, Field, PageIcon, PublicLayout, Wrong};
use crate::public::text;
use crate::ui::IconName;

/// What was typed into the form, and what is wrong with it.
#[derive(Clone, Default)]
pub struct Asking {
    /// The e-mail address.
    pub email: String,
    /// The note.
    pub note: String,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

/// The form.
#[component]
pub(super) fn AskForm(
    /// The invite code.
    code: String,
    /// The author; isolated.
    invited_by: String,
    /// What was typed.
    asking: Asking,
) -> impl IntoView {
    let wrong = Wrong::new(asking.failure, ["email", "note"]);
    view! {
        <form class="form" method="post" action="/signup/ask">
            <input type="hidden" name="code" value=code />
            <Alert message=wrong.general() />
            <Field
                name="email"
                label=text::EMAIL
                kind="email"
                value=asking.email
                autocomplete="email"
                help=Some(text::ASK_EMAIL_HELP.to_owned())
                error=wrong.of("email")
                autofocus=wrong.is_first("email")
            />
            <Field
                name="note"
                label=text::NOTE
                value=asking.note
                autocomplete="off"
                optional=true
                help=Some(text::note_help(&invited_by))
                error=wrong.of("note")
                autofocus=wrong.is_first("note")
            />
            <button class="btn btn-lg btn-block">{text::ask_for_link(&invited_by)}</button>
        </form>
    }
}

/// The page after asking. It is the same whatever was asked for and no matter who asked: it does not say what exists.
#[must_use]
pub fn requested(look: &Look) -> String {
    render(look, Head { title: text::ASKED_HEADING.to_owned(), about: None }, || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Hourglass, "quiet")
                heading=text::ASKED_HEADING.to_owned()
                sentence=|| text::LINK_ASKED_TEXT
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/" rel="external">{text::GO_TO_START}</a>
                </div>
            </PublicLayout>
        }
    })
}
