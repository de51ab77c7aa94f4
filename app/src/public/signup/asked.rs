//! The fields that an invite asks for or fills in: the e-mail address, the username, the name and the attributes.

use domain::accounts::EmailDomain;
use domain::attributes::{AttributeValue, InviteAttribute};
use domain::flows::Typed;
use domain::invites::KnownPerson;
use domain::signup::{Invitation, LockedEmail};
use leptos::prelude::*;

use crate::public::parts::{Field, FieldError, Wrong, described_by};
use crate::public::text;

/// The e-mail address: filled in if the invite is locked to one that its holder may read.
#[component]
pub(super) fn EmailField(
    invitation: Option<Invitation>,
    typed: String,
    wrong: Wrong,
    /// The URL of the sign-in page.
    sign_in: String,
) -> impl IntoView {
    let email_is_taken = wrong.of("email").is_some_and(|error| error == text::EMAIL_TAKEN);
    let (locked, help) = match invitation.map(|invitation| (invitation.email, invitation.email_domains)) {
        None => (None, None),
        Some((Some(LockedEmail::Shown(email)), _)) => (Some(email), Some(text::EMAIL_LOCKED.to_owned())),
        Some((Some(LockedEmail::Masked(masked)), _)) => (None, Some(text::email_masked(&masked))),
        Some((None, domains)) if domains.is_empty() => (None, None),
        Some((None, domains)) => {
            (None, Some(text::email_domains(&domains.iter().map(EmailDomain::as_str).collect::<Vec<_>>())))
        }
    };
    let is_locked = locked.is_some();
    view! {
        <Field
            name="email"
            label=text::EMAIL
            kind="email"
            value=locked.map_or(typed, String::from)
            autocomplete="email"
            readonly=is_locked
            help=help
            error=wrong.of("email")
            error_link=email_is_taken.then_some((sign_in, text::EMAIL_TAKEN_LINK))
            autofocus=wrong.is_first("email")
        />
    }
}

/// The username and the name: as they are known, until the form was sent with others. Those that are fixed can't be changed.
#[component]
pub(super) fn PersonFields(
    known: KnownPerson,
    /// As typed before.
    username: String,
    /// As typed before.
    name: String,
    /// Whether the form was not sent before.
    is_first: bool,
    wrong: Wrong,
) -> impl IntoView {
    let (username_is_fixed, name_is_fixed) = (known.fixed_username().is_some(), known.fixed_name().is_some());
    let filled = |known: Option<String>, typed: String, is_fixed: bool| {
        if is_fixed || (is_first && typed.is_empty()) { known.unwrap_or(typed) } else { typed }
    };
    let help =
        |is_fixed: bool, otherwise: &str| Some(if is_fixed { text::ATTRIBUTE_LOCKED } else { otherwise }.to_owned());
    view! {
        <Field
            name="username"
            label=text::USERNAME
            value=filled(known.username.map(String::from), username, username_is_fixed)
            autocomplete="username"
            readonly=username_is_fixed
            help=help(username_is_fixed, text::USERNAME_HELP)
            error=wrong.of("username")
            autofocus=wrong.is_first("username")
        />
        <Field
            name="name"
            label=text::NAME
            value=filled(known.name.map(String::from), name, name_is_fixed)
            autocomplete="name"
            optional=!name_is_fixed
            readonly=name_is_fixed
            help=help(name_is_fixed, text::NAME_HELP)
            error=wrong.of("name")
            autofocus=wrong.is_first("name")
        />
    }
}

/// The attributes: those that are locked as they are, the others to be changed.
#[component]
pub(super) fn AttributeFields(
    attributes: Vec<InviteAttribute>,
    /// As typed before, by their keys.
    typed: Typed,
    wrong: Wrong,
) -> impl IntoView {
    let field = |InviteAttribute { key, value, locked }: InviteAttribute| {
        let name = format!("attributes.{key}");
        let value = match typed.get(&key) {
            Some(typed) if !locked => typed.clone(),
            _ => value.into(),
        };
        let error = wrong.of(&name);
        let help = locked.then_some(text::ATTRIBUTE_LOCKED);
        let described = described_by(&name, error.is_some(), help.is_some());
        view! {
            <div class="field">
                <label class="label" for=name.clone()>
                    {key.title()} {(!locked).then(|| view! { " " <span class="opt">{text::OPTIONAL}</span> })}
                </label>
                <input
                    class="input"
                    id=name.clone()
                    name=name.clone()
                    value=value
                    autocomplete="off"
                    maxlength=AttributeValue::MAX
                    readonly=locked
                    autofocus=wrong.is_first(&name)
                    aria-invalid=error.as_ref().map(|_| "true")
                    aria-describedby=described
                />
                {error.map(|error| view! { <FieldError of=name.clone() error=error /> })}
                {help.map(|help| view! { <p class="help" id=format!("{name}-help")>{help}</p> })}
            </div>
        }
    };
    attributes.into_iter().map(field).collect_view()
}
