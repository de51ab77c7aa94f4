//! Pages for failures outside of any form.

use domain::{Code, Failure};

use super::Look;
use super::document::{Head, render};
use super::parts::{PageIcon, PublicLayout};
use crate::ui::IconName;
use leptos::prelude::*;

/// The page that shows `failure`.
#[must_use]
pub fn trouble(look: &Look, failure: &Failure) -> String {
    let (icon, tone, heading) = heading(failure.code);
    let message = failure.message.clone();
    let head = Head { title: heading.to_owned(), about: None };
    render(look, head, move || {
        view! {
            <PublicLayout icon=PageIcon::Sign(icon, tone) heading=heading.to_owned() sentence=move || message.clone()>
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/" rel="external">
                        "Go to the start page"
                    </a>
                </div>
            </PublicLayout>
        }
    })
}

const fn heading(code: Code) -> (IconName, &'static str, &'static str) {
    match code {
        Code::NotFound | Code::InviteInvalid | Code::SetupLinkInvalid => (IconName::Search, "quiet", "Page not found"),
        Code::Forbidden | Code::CrossOrigin | Code::AccountSuspended => (IconName::Lock, "warn", "Access denied"),
        Code::RegistrationClosed => (IconName::Lock, "warn", "Registration is closed"),
        Code::Unauthenticated | Code::SignInFailed => (IconName::Key, "quiet", "Sign in to continue"),
        Code::RateLimited => (IconName::Hourglass, "warn", "Too many attempts"),
        Code::Unavailable => (IconName::Hourglass, "warn", "Temporarily unavailable"),
        Code::Misdirected => (IconName::Globe, "warn", "Wrong address"),
        Code::Internal => (IconName::Alert, "warn", "Something went wrong on our side"),
        _ => (IconName::Alert, "warn", "The request failed"),
    }
}
