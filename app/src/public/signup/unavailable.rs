//! When an invite lets no one in. Visitors with a real random code are told why; every other code gets one answer.

use domain::Timestamp;
use domain::invites::InviteStatus;
use domain::text::isolated;
use leptos::prelude::*;

use super::INVALID_CODE;
use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{PageIcon, PublicLayout};
use crate::public::when::{ExactTime, distance};
use crate::ui::IconName;

/// A real invite that lets no one in. Its name is the staff's own note and not part of this.
#[derive(Clone)]
pub struct UnavailableInvite {
    /// The site name.
    pub site_name: String,
    /// The display name of its creator.
    pub invited_by: String,
    /// Why it lets no one in.
    pub status: InviteStatus,
    /// When it starts, if it has not yet.
    pub starts_at: Option<Timestamp>,
    /// The present instant.
    pub now: Timestamp,
    /// The invite code, to try again with.
    pub code: String,
}

/// The page that says why an invite lets no one in.
#[must_use]
pub fn unavailable(look: &Look, page: UnavailableInvite) -> String {
    let (icon, tone, heading) = heading(page.status);
    render(look, Head { title: heading.to_owned(), about: None }, move || {
        let status = page.status;
        let again = format!("/signup?inv={}", page.code);
        let sentence = page.clone();
        view! {
            <PublicLayout
                icon=PageIcon::Sign(icon, tone)
                heading=heading.to_owned()
                sentence=move || explain(sentence.clone())
                foot=|| view! { "Have another invite code? " <a href="/signup">"Use it"</a> }
            >
                <div class="form">
                    {if matches!(status, InviteStatus::Paused | InviteStatus::Scheduled) {
                        view! { <a class="btn btn-primary btn-lg btn-block" href=again>"Try again"</a> }.into_any()
                    } else {
                        view! {
                            <a class="btn btn-primary btn-lg btn-block" href="/login">"Sign in"</a>
                            <p class="foot-note">"If you signed up with this invite before, sign in with your account."</p>
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
        InviteStatus::Expired => (IconName::Hourglass, "quiet", "This invite has expired"),
        InviteStatus::UsedUp => (IconName::Full, "quiet", "This invite is used up"),
        InviteStatus::Paused => (IconName::Pause, "warn", "This invite is paused"),
        InviteStatus::Scheduled => (IconName::Calendar, "quiet", "This invite has not started yet"),
        InviteStatus::Deleted | InviteStatus::Active => (IconName::Ban, "quiet", "This invite was withdrawn"),
    }
}

fn explain(page: UnavailableInvite) -> AnyView {
    let UnavailableInvite { site_name, invited_by, status, starts_at, now, .. } = page;
    let (site_name, invited_by) = (isolated(&site_name), isolated(&invited_by));
    match status {
        InviteStatus::Expired => {
            format!("{invited_by}, who invited you to {site_name}, can send you a new one.").into_any()
        }
        InviteStatus::UsedUp => {
            format!("{invited_by}, who invited you to {site_name}, can raise its limit or send you a new one.").into_any()
        }
        InviteStatus::Paused => format!(
            "An admin of {site_name} has paused it. Your link stays the same: try again later, or ask {invited_by}, who \
             invited you."
        )
        .into_any(),
        InviteStatus::Scheduled => match starts_at {
            Some(at) => view! {
                {format!("{invited_by} invites you to {site_name}. You can sign up {}, from ", distance(now, at))}
                <ExactTime at=at />
                " on. Your link stays the same."
            }
            .into_any(),
            None => format!("{invited_by} invites you to {site_name}, but not yet. Your link stays the same.").into_any(),
        },
        InviteStatus::Deleted | InviteStatus::Active => {
            format!("{invited_by}, who invited you to {site_name}, can send you a new one.").into_any()
        }
    }
}

/// The page for visitors without a code, where one is needed.
#[must_use]
pub fn ask_for_code(look: &Look, site_name: String) -> String {
    let sentence =
        format!("{} is by invitation only. Open the link you were sent, or enter its code.", isolated(&site_name));
    let head = Head { title: format!("Join {site_name}"), about: Some(sentence.clone()) };
    render(look, head, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Key, "quiet")
                heading="You need an invite code".to_owned()
                sentence=move || sentence.clone()
                foot=|| view! { "Already have an account? " <a href="/login">"Sign in"</a> }
            >
                <CodeForm code=String::new() wrong=false />
            </PublicLayout>
        }
    })
}

/// The page for a code that does not exist, or that was chosen by staff and lets no one in: both look the same.
#[must_use]
pub fn unknown_code(look: &Look, code: String) -> String {
    render(look, Head { title: "This invite code doesn’t work".to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Key, "quiet")
                heading="This invite code doesn’t work".to_owned()
                sentence=|| {
                    "It may be mistyped, expired or used up. Open the link you were sent again, or ask the person who sent \
                     it for a new one."
                }
                foot=|| view! { "Already have an account? " <a href="/login">"Sign in"</a> }
            >
                <CodeForm code=code wrong=true />
            </PublicLayout>
        }
    })
}

/// The field for a code. What is wrong with it is what the heading above says.
#[component]
fn CodeForm(code: String, wrong: bool) -> impl IntoView {
    view! {
        <form class="form" method="get" action="/signup">
            <div class="field">
                <label class="label" for="inv">"Invite code"</label>
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
                        aria-invalid=wrong.then_some("true")
                        aria-describedby="inv-help"
                    />
                </div>
                <p class="help" id="inv-help">
                    {wrong.then(|| view! { <span class="sr">{INVALID_CODE}" "</span> })}
                    "Letters and digits at the end of the link. Upper and lower case matter."
                </p>
            </div>
            <button class="btn btn-primary btn-lg btn-block">"Continue"</button>
        </form>
    }
}
