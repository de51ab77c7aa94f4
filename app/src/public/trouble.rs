//! Pages for what went wrong outside of any form.

use domain::{Code, Failure};

use super::Look;
use super::document::{Head, render};
use super::parts::{PageIcon, PublicLayout};
use crate::ui::IconName;
use leptos::prelude::*;

/// The page that says `failure`.
#[must_use]
pub fn trouble(look: &Look, failure: &Failure) -> String {
    let (icon, tone, heading) = heading(failure.code);
    let message = failure.message.clone();
    let head = Head { title: heading.to_owned(), about: None };
    render(look, head, move || {
        view! {
            <PublicLayout crest=PageIcon::Sign(icon, tone) heading=heading.to_owned() sentence=move || message.clone()>
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/" rel="external">
                        "Go to the front door"
                    </a>
                </div>
            </PublicLayout>
        }
    })
}

const fn heading(code: Code) -> (IconName, &'static str, &'static str) {
    match code {
        Code::NotFound | Code::InviteInvalid | Code::SetupLinkInvalid => {
            (IconName::Search, "quiet", "There is nothing at this address")
        }
        Code::Forbidden | Code::CrossOrigin | Code::AccountSuspended | Code::RegistrationClosed => {
            (IconName::Lock, "warn", "This door stays shut")
        }
        Code::Unauthenticated | Code::SignInFailed => (IconName::Key, "quiet", "Sign in first"),
        Code::RateLimited => (IconName::Hourglass, "warn", "That was a lot at once"),
        Code::Unavailable => (IconName::Hourglass, "warn", "One moment, please"),
        Code::Misdirected => (IconName::Globe, "warn", "This is not the place you meant"),
        Code::Internal => (IconName::Alert, "warn", "Something went wrong on our side"),
        _ => (IconName::Alert, "warn", "That did not work"),
    }
}
