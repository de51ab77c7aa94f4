//! The sign-up form, beside what the invite offers.

use domain::signup::Invitation;
use domain::text::{isolated, thousands};
use domain::{Code, Failure, Timestamp};
use leptos::prelude::*;

use super::INVALID_CODE;
use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{
    Alert, Field, FieldError, Illustration, Notice, PASSWORD_HELP, SiteIcon, USERNAME_HELP, Wrong, described_by,
    initials, password_help,
};
use crate::public::when::{ExactTime, distance};
use crate::ui::{Icon, IconName};

/// The form as typed, to be shown again. Passwords are not kept.
#[derive(Clone, Default)]
pub struct Entered {
    /// The invite code.
    pub code: String,
    /// The e-mail address.
    pub email: String,
    /// The username.
    pub username: String,
    /// The name.
    pub name: String,
}

/// The content of the page.
#[derive(Clone)]
pub struct SignUp {
    /// The site name.
    pub site_name: String,
    /// The host and port of the site.
    pub address: String,
    /// The present instant.
    pub now: Timestamp,
    /// The invite, if the code lets someone in.
    pub invitation: Option<Invitation>,
    /// Whether anyone can sign up without a code.
    pub open: bool,
    /// Whether an account made without a code needs an admin's approval.
    pub needs_approval: bool,
    /// The form as typed.
    pub entered: Entered,
    /// The id of this attempt, so that sending it twice makes one account.
    pub attempt: String,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

const FIELDS: [&str; 5] = ["code", "email", "username", "name", "password"];

/// The sign-up page.
#[must_use]
pub fn sign_up(look: &Look, page: SignUp) -> String {
    let about =
        page.entered.code.is_empty().then(|| format!("Create an account and join {}.", isolated(&page.site_name)));
    let head = Head { title: format!("Join {}", page.site_name), about };
    render(look, head, move || {
        view! {
            <div class="entry">
                <Intro
                    site_name=page.site_name.clone()
                    address=page.address.clone()
                    now=page.now
                    invitation=page.invitation.clone()
                />
                <main class="entry-form">
                    <Form page=page />
                </main>
            </div>
        }
    })
}

#[component]
fn Intro(site_name: String, address: String, now: Timestamp, invitation: Option<Invitation>) -> impl IntoView {
    view! {
        <section class="entry-door" aria-label="Your invitation">
            <div class="entry-host">
                <SiteIcon name=site_name.clone() />
                <span>{site_name.clone()} <small>{address}</small></span>
            </div>
            <div class="entry-say">
                <h1>{if invitation.is_some() { "Come on in, the door is open" } else { "Come on in" }}</h1>
                {match invitation {
                    Some(invitation) => {
                        view! { <Invited invitation=invitation site_name=site_name now=now /> }.into_any()
                    }
                    None => view! { <p class="soft-door">{format!("Create an account and join {}.", isolated(&site_name))}</p> }.into_any(),
                }}
            </div>
            <Illustration />
        </section>
    }
}

/// Creator, role, uses left and end of the invite.
#[component]
fn Invited(invitation: Invitation, site_name: String, now: Timestamp) -> impl IntoView {
    let letters = initials(&invitation.invited_by);
    let role = invitation.role.title().to_lowercase();
    view! {
        <div class="entry-by">
            <span class="avatar avatar-lg" data-tint="6" aria-hidden="true">{letters}</span>
            <span>
                <b>{invitation.invited_by}</b>
                {format!(" invites you to {site_name}")}
            </span>
        </div>
        <ul class="entry-gets">
            <li>
                <Icon name=IconName::User />
                <span>"You join as a " <b>{role}</b></span>
            </li>
            {invitation.uses_left.map(|left| view! {
                <li>
                    <Icon name=IconName::Members />
                    <span>{uses_left(left)}</span>
                </li>
            })}
            {invitation.expires_at.map(|at| view! {
                <li>
                    <Icon name=IconName::Clock />
                    <span>
                        "Expires " <b>{distance(now, at)}</b> <small><ExactTime at=at /></small>
                    </span>
                </li>
            })}
        </ul>
    }
}

fn uses_left(left: u32) -> impl IntoView {
    let count = if left == 1 { "1 use".to_owned() } else { format!("{} uses", thousands(left)) };
    view! { <b>{count}</b> " left on this invite" }
}

#[component]
fn Form(page: SignUp) -> impl IntoView {
    let email_is_taken = page.failure.as_ref().is_some_and(|failure| failure.code == Code::EmailTaken);
    let wrong = Wrong::new(page.failure.map(in_own_words), &FIELDS);
    let valid = page.invitation.is_some() && wrong.of("code").is_none();
    let needs_approval = page.open && page.needs_approval && page.invitation.is_none();
    view! {
        <form class="form" method="post" action="/signup">
            <div>
                <h2 class="form-title">"Create your account"</h2>
                <p class="form-sub">"Already have one? " <a href="/login">"Sign in"</a></p>
            </div>
            <Alert message=wrong.general() />
            <input type="hidden" name="attempt" value=page.attempt />
            <CodeField code=page.entered.code valid=valid optional=page.open wrong=wrong.clone() />
            <Field
                name="email"
                label="E-mail"
                kind="email"
                value=page.entered.email
                autocomplete="email"
                error=wrong.of("email")
                error_link=email_is_taken.then_some(("/login", "Sign in with it instead"))
                autofocus=wrong.is_first("email")
            />
            <Field
                name="username"
                label="Username"
                value=page.entered.username
                autocomplete="username"
                help=USERNAME_HELP.to_owned()
                error=wrong.of("username")
                autofocus=wrong.is_first("username")
            />
            <Field
                name="name"
                label="Name"
                value=page.entered.name
                autocomplete="name"
                optional=true
                help="Your display name. Leave it empty to be shown by your username.".to_owned()
                error=wrong.of("name")
                autofocus=wrong.is_first("name")
            />
            <Field
                name="password"
                label="Password"
                kind="password"
                autocomplete="new-password"
                help=password_help(&wrong, PASSWORD_HELP)
                error=wrong.of("password")
                autofocus=wrong.is_first("password")
            />
            {needs_approval.then(|| view! {
                <Notice
                    icon=IconName::Hourglass
                    text="An admin has to approve your account before you can use it. With an invite code it needs no approval."
                />
            })}
            <button class="btn btn-primary btn-lg btn-block">{format!("Join {}", page.site_name)}</button>
        </form>
        {valid.then(|| view! {
            <p class="entry-foot">
                <span>"Opening this page does not use up your invitation."</span>
            </p>
        })}
    }
}

/// What is wrong, in the words of this page: the sentences of the service are the API's, too.
fn in_own_words(mut failure: Failure) -> Failure {
    let code = failure.code;
    for wrong in &mut failure.fields {
        match (code, wrong.field.as_str()) {
            (Code::InviteInvalid, "code") => INVALID_CODE.clone_into(&mut wrong.message),
            // The rest of the sentence is a link.
            (Code::EmailTaken, "email") => "This e-mail address already has an account.".clone_into(&mut wrong.message),
            _ => {}
        }
    }
    failure
}

/// The field for the invite code, filled in from the link.
#[component]
fn CodeField(code: String, valid: bool, optional: bool, wrong: Wrong) -> impl IntoView {
    let error = wrong.of("code");
    let help = match (valid, optional) {
        (true, _) => "Filled in from your link. You can enter another one.",
        (false, true) => "Leave it empty if you have none.",
        (false, false) => "The end of the link you were sent. Upper and lower case matter.",
    };
    view! {
        <div class="field">
            <label class="label" for="code">
                "Invite code" {(optional && !valid).then(|| view! { " " <span class="opt">"(optional)"</span> })}
            </label>
            <div class="keyfield">
                <input
                    class="input"
                    id="code"
                    name="code"
                    value=code
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="200"
                    required=!optional
                    autofocus=wrong.is_first("code")
                    aria-invalid=error.as_ref().map(|_| "true")
                    aria-describedby=described_by("code", error.is_some(), true)
                />
                {valid.then(|| view! {
                    <span class="badge" data-status="live">
                        <Icon name=IconName::Check />
                        "Valid"
                    </span>
                })}
            </div>
            {error.map(|error| view! { <FieldError of="code" error=error /> })}
            <p class="help" id="code-help">{help}</p>
        </div>
    }
}
