//! Pages for failures outside of any form.

use domain::{Code, Failure};

use super::Look;
use super::document::{Head, render};
use super::parts::{PageIcon, PublicLayout};
use super::text;
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
                        {text::GO_TO_START}
                    </a>
                </div>
            </PublicLayout>
        }
    })
}

const fn heading(code: Code) -> (IconName, &'static str, &'static str) {
    match code {
        Code::NotFound
        | Code::InviteInvalid
        | Code::SetupLinkInvalid
        | Code::ResetLinkInvalid
        | Code::ActivationLinkInvalid => (IconName::Search, "quiet", text::NOT_FOUND),
        Code::Forbidden | Code::CrossOrigin | Code::AccountSuspended => (IconName::Lock, "warn", text::DENIED),
        Code::EmailUnverified => (IconName::Mail, "warn", text::VERIFY),
        Code::RegistrationClosed => (IconName::Lock, "warn", text::REGISTRATION_CLOSED),
        Code::Unauthenticated | Code::SignInFailed => (IconName::Key, "quiet", text::SIGN_IN_FIRST),
        Code::RateLimited => (IconName::Hourglass, "warn", text::TOO_MANY),
        Code::Unavailable => (IconName::Hourglass, "warn", text::UNAVAILABLE),
        Code::Misdirected => (IconName::Globe, "warn", text::WRONG_ADDRESS),
        Code::Internal => (IconName::Alert, "warn", text::INTERNAL),
        _ => (IconName::Alert, "warn", text::FAILED),
    }
}
