//! The page that knows the invitation.

use domain::signup::Invitation;
use domain::text::{isolated, thousands};
use domain::{Failure, Timestamp};
use leptos::prelude::*;

use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{Alert, Field, FieldError, PlaceCrest, Scene, Wrong, described_by, initials};
use crate::public::when::{When, from_now};
use crate::ui::{Icon, IconName};

/// What was typed, to be shown again. Passwords are typed again.
#[derive(Clone, Default)]
pub struct Entered {
    /// The invite key.
    pub code: String,
    /// The e-mail address.
    pub email: String,
    /// The username.
    pub username: String,
    /// The name.
    pub name: String,
}

/// What the page shows.
#[derive(Clone)]
pub struct SignUp {
    /// What the place is called.
    pub site_name: String,
    /// Where it is: host and port.
    pub address: String,
    /// The time.
    pub now: Timestamp,
    /// What the key says, if it lets someone in.
    pub invitation: Option<Invitation>,
    /// Whether one can sign up without a key.
    pub open: bool,
    /// What was typed.
    pub entered: Entered,
    /// Names this attempt, so that sending it twice makes one account.
    pub attempt: String,
    /// What was wrong the last time.
    pub failure: Option<Failure>,
}

const FIELDS: [&str; 5] = ["code", "email", "username", "name", "password"];

/// The page where people sign up.
#[must_use]
pub fn sign_up(look: &Look, page: SignUp) -> String {
    let about =
        page.entered.code.is_empty().then(|| format!("Make an account and join {}.", isolated(&page.site_name)));
    let head = Head { title: format!("Join {}", page.site_name), about };
    render(look, head, move || {
        view! {
            <div class="entry">
                <Door
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
fn Door(site_name: String, address: String, now: Timestamp, invitation: Option<Invitation>) -> impl IntoView {
    view! {
        <section class="entry-door" aria-label="Your invitation">
            <div class="entry-host">
                <PlaceCrest name=site_name.clone() />
                <span>{site_name.clone()} <small>{address}</small></span>
            </div>
            <div class="entry-say">
                <h1>{if invitation.is_some() { "Come on in, the door is open" } else { "Come on in" }}</h1>
                {match invitation {
                    Some(invitation) => {
                        view! { <Invited invitation=invitation site_name=site_name now=now /> }.into_any()
                    }
                    None => view! { <p class="soft-door">{format!("Make an account and join {}.", isolated(&site_name))}</p> }.into_any(),
                }}
            </div>
            <Scene />
        </section>
    }
}

/// Who invites, as what, how many, until when.
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
                    <span>{places(left)}</span>
                </li>
            })}
            {invitation.expires_at.map(|at| view! {
                <li>
                    <Icon name=IconName::Clock />
                    <span>
                        "This invitation is good until " <b><When at=at /></b> <small>{from_now(now, at)}</small>
                    </span>
                </li>
            })}
        </ul>
    }
}

fn places(left: u32) -> impl IntoView {
    let (count, rest) = if left == 1 {
        ("The last place".to_owned(), " on this link is free")
    } else {
        (format!("{} places", thousands(left)), " on this link are free")
    };
    view! { <b>{count}</b> {rest} }
}

#[component]
fn Form(page: SignUp) -> impl IntoView {
    let wrong = Wrong::new(page.failure, &FIELDS);
    let valid = page.invitation.is_some() && wrong.of("code").is_none();
    view! {
        <form class="form" method="post" action="/signup">
            <div>
                <h2 class="form-title">"Create your account"</h2>
                <p class="form-sub">"Already have one? " <a href="/login">"Sign in"</a></p>
            </div>
            <Alert message=wrong.general() />
            <input type="hidden" name="attempt" value=page.attempt />
            <Key code=page.entered.code valid=valid optional=page.open wrong=wrong.clone() />
            <Field
                name="email"
                label="E-mail"
                kind="email"
                value=page.entered.email
                autocomplete="email"
                error=wrong.of("email")
                autofocus=wrong.is_first("email")
            />
            <Field
                name="username"
                label="Username"
                value=page.entered.username
                autocomplete="username"
                error=wrong.of("username")
                autofocus=wrong.is_first("username")
            />
            <Field
                name="name"
                label="Name"
                value=page.entered.name
                autocomplete="name"
                optional=true
                placeholder="As you like to be called"
                error=wrong.of("name")
                autofocus=wrong.is_first("name")
            />
            <Field
                name="password"
                label="Password"
                kind="password"
                autocomplete="new-password"
                help="At least 10 characters. A short sentence works well.".to_owned()
                error=wrong.of("password")
                autofocus=wrong.is_first("password")
            />
            <button class="btn btn-primary btn-lg btn-block">{format!("Join {}", page.site_name)}</button>
        </form>
        {valid.then(|| view! {
            <p class="entry-foot">
                <span>"Opening this page does not use up your invitation."</span>
            </p>
        })}
    }
}

/// The key, filled in from the link and open to change.
#[component]
fn Key(code: String, valid: bool, optional: bool, wrong: Wrong) -> impl IntoView {
    let error = wrong.of("code");
    let help = match (valid, optional) {
        (true, _) => "Filled in from your link. You can type another one.",
        (false, true) => "Leave it empty if you have none.",
        (false, false) => "Capitals matter. It stands at the end of the link you were sent.",
    };
    view! {
        <div class="field">
            <label class="label" for="code">
                "Invite key" {(optional && !valid).then(|| view! { " " <span class="opt">"(optional)"</span> })}
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
