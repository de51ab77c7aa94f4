//! `/verify-email`, `/activate/{token}` and `/confirm-email/{token}`. A link alone changes nothing: programs that look for
//! malware open the links of messages, too.

use domain::Failure;
use domain::mail::MailStatus;
use domain::text::isolated;
use domain::verification::{ActivationPreview, EmailChangePreview, Waiting};
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{Alert, Field, Notice, PageIcon, PublicLayout, Wrong};
use super::text;
use super::when::ExactTime;
use crate::ui::{Icon, IconName};

/// What an account that waits for its address to be verified has just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It asked for the link again.
    Resent,
    /// It gave another address.
    Moved,
}

/// The content of the page of such an account.
#[derive(Clone, Debug)]
pub struct VerifyEmail {
    /// The address, what became of the last message, and when the account lapses.
    pub waiting: Waiting,
    /// Whether e-mail is on.
    pub is_mailed: bool,
    /// What was done just now.
    pub done: Option<Done>,
    /// The other address as typed, if it was refused.
    pub email: Option<String>,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

/// The page on which an account waits for its address to be verified.
#[must_use]
pub fn verify_email(look: &Look, page: VerifyEmail) -> String {
    let VerifyEmail { waiting, is_mailed, done, email, failure } = page;
    let wrong = Wrong::new(failure, ["email"]);
    let address = isolated(waiting.email.as_str());
    let lapses_at = waiting.lapses_at;
    let other = email.is_some();
    render(look, Head { title: text::VERIFY.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Mail, "quiet")
                heading=text::VERIFY.to_owned()
                sentence=move || text::verify_text(&address)
                foot=move || view! { {text::LAPSES_BEFORE} <ExactTime at=lapses_at /> "." }
            >
                <div class="form">
                    <Alert message=wrong.general() />
                    <MessageState is_mailed mail=waiting.mail done />
                    <form method="post" action="/verify-email/resend">
                        <button class="btn btn-primary btn-lg btn-block">{text::SEND_AGAIN}</button>
                    </form>
                    <details class="more" open=other>
                        <summary>
                            <Icon name=IconName::Right />
                            {text::USE_ANOTHER_ADDRESS}
                        </summary>
                        <form class="fold-body" method="post" action="/verify-email/address">
                            <Field
                                name="email"
                                label=text::EMAIL
                                kind="email"
                                value=email.unwrap_or_default()
                                autocomplete="email"
                                error=wrong.of("email")
                                autofocus=other
                            />
                            <button class="btn btn-lg btn-block">{text::CHANGE_ADDRESS}</button>
                        </form>
                    </details>
                    <form method="post" action="/logout">
                        <button class="btn btn-lg btn-block">{text::SIGN_OUT}</button>
                    </form>
                </div>
            </PublicLayout>
        }
    })
}

/// What became of the last message, in words for the person who waits for it.
#[component]
fn MessageState(is_mailed: bool, mail: Option<MailStatus>, done: Option<Done>) -> impl IntoView {
    let (tone, icon, words) = match (is_mailed, mail, done) {
        (false, ..) => ("warn", IconName::Alert, text::MAIL_IS_OFF),
        (_, Some(MailStatus::Failed), _) => ("warn", IconName::Alert, text::MESSAGE_FAILED),
        (_, Some(MailStatus::Deferred), _) => ("warn", IconName::Hourglass, text::MESSAGE_DEFERRED),
        (.., Some(Done::Resent)) => ("act", IconName::Check, text::LINK_RESENT),
        (.., Some(Done::Moved)) => ("act", IconName::Check, text::ADDRESS_MOVED),
        (_, Some(MailStatus::Queued), _) => ("act", IconName::Hourglass, text::MESSAGE_QUEUED),
        (_, Some(MailStatus::Sent), _) => ("act", IconName::Info, text::MESSAGE_SENT),
        (_, None, None) => return ().into_any(),
    };
    view! { <Notice icon tone text=words /> }.into_any()
}

/// The content of the form of an activation link.
#[derive(Clone, Debug)]
pub struct Activate {
    /// The token of the link.
    pub token: String,
    /// The account that waits.
    pub preview: ActivationPreview,
    /// The site name.
    pub site_name: String,
    /// Whether a new password is set, instead of giving the one that was chosen at sign-up.
    pub new_password: bool,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

/// The page of an activation link. The link alone does not let anyone into the account: the address may have been
/// mistyped, or given by somebody else.
#[must_use]
pub fn activate(look: &Look, page: Activate) -> String {
    let Activate { token, preview, site_name, new_password, failure } = page;
    let new_password = new_password || !preview.has_password;
    let wrong = Wrong::new(failure, ["password", "new_password"]);
    let action = format!("/activate/{token}");
    let (email, site_name) = (isolated(preview.email.as_str()), isolated(&site_name));
    let (username, lapses_at) = (preview.username.to_string(), preview.lapses_at);
    render(look, Head { title: text::VERIFY.to_owned(), about: None }, move || {
        let error = wrong.of("new_password").or(wrong.of("password"));
        let field = if new_password {
            view! {
                <Field
                    name="new_password"
                    label=text::NEW_PASSWORD
                    kind="password"
                    autocomplete="new-password"
                    help=Some(text::PASSWORD_HELP.to_owned())
                    note=wrong.note_on_passwords()
                    error=error
                    autofocus=true
                />
            }
            .into_any()
        } else {
            view! {
                <Field
                    name="password"
                    label=text::PASSWORD
                    kind="password"
                    autocomplete="current-password"
                    help=Some(text::CHOSEN_PASSWORD_HELP.to_owned())
                    error=error
                    autofocus=true
                />
            }
            .into_any()
        };
        // A link and not a second form: password managers fill every field that they find.
        let other = match (new_password, preview.has_password) {
            (false, _) => Some((format!("{action}?new=1"), text::SET_NEW_INSTEAD)),
            (true, true) => Some((action.clone(), text::USE_CHOSEN_INSTEAD)),
            (true, false) => None,
        };
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Mail, "quiet")
                heading=text::VERIFY.to_owned()
                sentence=move || text::activate_text(&email, &site_name)
                foot=move || view! { {text::NOT_YOURS_BEFORE} <ExactTime at=lapses_at /> "." }
            >
                <form class="form" method="post" action=action>
                    <Alert message=wrong.general() />
                    // For the password manager, which keeps the password under it.
                    <Field name="username" label=text::USERNAME value=username autocomplete="username" readonly=true />
                    {field}
                    {other.map(|(href, words)| view! {
                        <p class="below-field">
                            <a href=href>{words}</a>
                        </p>
                    })}
                    <button class="btn btn-primary btn-lg btn-block">
                        {if new_password { text::SET_AND_ACTIVATE } else { text::ACTIVATE }}
                    </button>
                </form>
            </PublicLayout>
        }
    })
}

/// The page of an activation link that cannot be used, for whatever reason.
#[must_use]
pub fn no_activation(look: &Look) -> String {
    refused(look, text::LINK_INVALID, text::ACTIVATION_LINK_INVALID_TEXT, None)
}

/// The page of a link to an address that another account has meanwhile.
#[must_use]
pub fn address_taken(look: &Look) -> String {
    refused(look, text::ADDRESS_TAKEN, text::ADDRESS_TAKEN_TEXT, Some(("/forgot", text::FORGOT)))
}

/// The page of a link that confirms a new address and cannot be used, for whatever reason.
#[must_use]
pub fn no_confirmation(look: &Look) -> String {
    refused(look, text::LINK_INVALID, text::CONFIRMATION_LINK_INVALID_TEXT, None)
}

/// Why a link changes nothing. What is to be done next is done by signing in.
fn refused(
    look: &Look,
    heading: &'static str,
    sentence: &'static str,
    below: Option<(&'static str, &'static str)>,
) -> String {
    render(look, Head { title: heading.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Mail, "warn")
                heading=heading.to_owned()
                sentence=move || sentence
                foot=move || below.map(|(href, words)| view! { <a href=href>{words}</a> })
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/login">{text::SIGN_IN}</a>
                </div>
            </PublicLayout>
        }
    })
}

/// The content of the form of a link that confirms a new address.
#[derive(Clone, Debug)]
pub struct ConfirmEmail {
    /// The token of the link.
    pub token: String,
    /// The account, and its new address.
    pub preview: EmailChangePreview,
    /// Whether somebody is signed in, without which nothing is confirmed.
    pub is_signed_in: bool,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

/// The page of a link that confirms a new address.
#[must_use]
pub fn confirm_email(look: &Look, page: ConfirmEmail) -> String {
    let ConfirmEmail { token, preview, is_signed_in, failure } = page;
    let wrong = Wrong::new(failure, []);
    let action = format!("/confirm-email/{token}");
    let sentence = text::confirm_email_text(&isolated(preview.email.as_str()), preview.username.as_str());
    render(look, Head { title: text::CONFIRM_EMAIL.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Mail, "quiet")
                heading=text::CONFIRM_EMAIL.to_owned()
                sentence=move || sentence.clone()
            >
                <form class="form" method="post" action=action>
                    <Alert message=wrong.general() />
                    <button class="btn btn-primary btn-lg btn-block">
                        {if is_signed_in { text::CONFIRM_ADDRESS } else { text::SIGN_IN_TO_CONFIRM }}
                    </button>
                    <p class="foot-note">{text::CONFIRM_EMAIL_NOTE}</p>
                </form>
            </PublicLayout>
        }
    })
}

/// The page after [`confirm_email`].
#[must_use]
pub fn email_confirmed(look: &Look) -> String {
    render(look, Head { title: text::EMAIL_CONFIRMED.to_owned(), about: None }, || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Check, "good")
                heading=text::EMAIL_CONFIRMED.to_owned()
                sentence=move || text::EMAIL_CONFIRMED_TEXT
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/" rel="external">{text::GO_TO_ACCOUNT}</a>
                </div>
            </PublicLayout>
        }
    })
}
