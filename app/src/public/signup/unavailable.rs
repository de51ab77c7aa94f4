//! When a key does not open the door. Who holds a real link is told plainly why; an unknown key gets one answer.

use domain::Timestamp;
use domain::invites::InviteStatus;
use domain::text::isolated;
use leptos::prelude::*;

use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{FieldError, PageIcon, PublicLayout, described_by};
use crate::public::when::When;
use crate::ui::IconName;

/// A real link that lets no one in. What its maker calls it is nobody else's business and not here.
#[derive(Clone)]
pub struct UnavailableInvite {
    /// What the place is called.
    pub site_name: String,
    /// Who invited.
    pub invited_by: String,
    /// Why it lets no one in.
    pub status: InviteStatus,
    /// From when it will, if it is not time yet.
    pub starts_at: Option<Timestamp>,
    /// The key, to try again with.
    pub code: String,
}

/// The page that says why a real link lets no one in.
#[must_use]
pub fn unavailable(look: &Look, page: UnavailableInvite) -> String {
    let (icon, tone, heading) = heading(page.status);
    render(look, Head { title: heading.to_owned(), about: None }, move || {
        let status = page.status;
        let again = format!("/signup?inv={}", page.code);
        let sentence = page.clone();
        view! {
            <PublicLayout
                crest=PageIcon::Sign(icon, tone)
                heading=heading.to_owned()
                sentence=move || explain(sentence.clone())
                foot=|| view! { "Have another invite key? " <a href="/signup">"Try it"</a> }
            >
                <div class="form">
                    {if matches!(status, InviteStatus::Paused | InviteStatus::Scheduled) {
                        view! { <a class="btn btn-lg btn-block" href=again>"Try again"</a> }.into_any()
                    } else {
                        view! {
                            <a class="btn btn-primary btn-lg btn-block" href="/login">"Sign in"</a>
                            <p class="foot-note">"If you joined by this link, your account is there."</p>
                        }
                        .into_any()
                    }}
                </div>
            </PublicLayout>
        }
    })
}

const fn heading(status: InviteStatus) -> (IconName, &'static str, &'static str) {
    match status {
        InviteStatus::Expired => (IconName::Hourglass, "quiet", "This invitation has run out"),
        InviteStatus::UsedUp => (IconName::Full, "quiet", "Every place on this link is taken"),
        InviteStatus::Paused => (IconName::Pause, "warn", "This link is taking a break"),
        InviteStatus::Scheduled => (IconName::Calendar, "quiet", "This door opens later"),
        InviteStatus::Deleted | InviteStatus::Active => (IconName::Ban, "quiet", "This invitation was withdrawn"),
    }
}

fn explain(page: UnavailableInvite) -> AnyView {
    let UnavailableInvite { site_name, invited_by, status, starts_at, .. } = page;
    let (site_name, invited_by) = (isolated(&site_name), isolated(&invited_by));
    match status {
        InviteStatus::Expired => {
            format!("{invited_by}, who invited you to {site_name}, can give you a new one.").into_any()
        }
        InviteStatus::UsedUp => {
            format!("{invited_by}, who invited you to {site_name}, can make room or give you a link of your own.").into_any()
        }
        InviteStatus::Paused => format!(
            "Someone at {site_name} has paused it. Your link stays the same: try again later, or ask {invited_by}, who \
             invited you."
        )
        .into_any(),
        InviteStatus::Scheduled => match starts_at {
            Some(at) => view! {
                {format!("{invited_by} invites you to {site_name}, from ")} <When at=at /> " on. Your link stays the same."
            }
            .into_any(),
            None => format!("{invited_by} invites you to {site_name}, but not yet. Your link stays the same.").into_any(),
        },
        InviteStatus::Deleted | InviteStatus::Active => {
            format!("{invited_by}, who invited you to {site_name}, can give you another one.").into_any()
        }
    }
}

/// The page for those who come without a key to a place that asks for one.
#[must_use]
pub fn ask_for_key(look: &Look, site_name: String) -> String {
    let sentence = format!("{} is by invitation. Open the link you were sent, or type its key.", isolated(&site_name));
    let head = Head { title: format!("Join {site_name}"), about: Some(sentence.clone()) };
    render(look, head, move || {
        view! {
            <PublicLayout
                crest=PageIcon::Sign(IconName::Key, "quiet")
                heading="You need an invite key".to_owned()
                sentence=move || sentence.clone()
                foot=|| view! { "Already have an account? " <a href="/login">"Sign in"</a> }
            >
                <KeyForm code=String::new() error=None />
            </PublicLayout>
        }
    })
}

/// The page for a key that is none, or an own code that lets no one in: both look the same.
#[must_use]
pub fn unknown_key(look: &Look, code: String, message: String) -> String {
    render(look, Head { title: "That key does not fit".to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                crest=PageIcon::Sign(IconName::Key, "quiet")
                heading="That key does not fit".to_owned()
                sentence=|| "Check it for a missing letter, or open the link you were sent again."
                foot=|| view! { "Already have an account? " <a href="/login">"Sign in"</a> }
            >
                <KeyForm code=code error=Some(message) />
            </PublicLayout>
        }
    })
}

#[component]
fn KeyForm(code: String, error: Option<String>) -> impl IntoView {
    view! {
        <form class="form" method="get" action="/signup">
            <div class="field">
                <label class="label" for="inv">"Invite key"</label>
                <div class="keyfield">
                    <input
                        class="input"
                        id="inv"
                        name="inv"
                        value=code
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        maxlength="200"
                        required
                        autofocus
                        aria-invalid=error.as_ref().map(|_| "true")
                        aria-describedby=described_by("inv", error.is_some(), true)
                    />
                </div>
                {error.map(|error| view! { <FieldError of="inv" error=error /> })}
                <p class="help" id="inv-help">"Letters and digits, as in the link. Capitals matter."</p>
            </div>
            <button class="btn btn-primary btn-lg btn-block">"Try this key"</button>
        </form>
    }
}
