//! When an invite lets no one in. Visitors with a real random code are told why; every other code gets one answer.

use domain::Timestamp;
use domain::invites::InviteStatus;
use domain::text::isolated;
use leptos::prelude::*;

use super::renewal::{AskForm, Asking};
use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{PageIcon, PublicLayout};
use crate::public::text;
use crate::public::when::ExactTime;
use crate::ui::{IconName, relative};
use crate::url;

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
    /// The masked e-mail address that it is locked to.
    pub email: Option<String>,
    /// The present instant.
    pub now: Timestamp,
    /// The invite code, to try again with.
    pub code: String,
    /// Whether the visitor is signed in.
    pub signed_in: bool,
    /// The form that asks the author for a new link, where they can be asked.
    pub asking: Option<Asking>,
}

/// The page that says why an invite lets no one in.
#[must_use]
pub fn unavailable(look: &Look, page: UnavailableInvite) -> String {
    let (icon, tone, heading) = heading(page.status);
    render(look, Head { title: heading.to_owned(), about: None }, move || {
        let status = page.status;
        let again = format!("/signup?inv={}", page.code);
        let sentence = page.clone();
        let (code, invited_by) = (page.code.clone(), isolated(&page.invited_by));
        let asking = page.asking.clone();
        let for_email = page.email.as_deref().map(text::only_for);
        view! {
            <PublicLayout
                icon=PageIcon::Sign(icon, tone)
                heading=heading.to_owned()
                sentence=move || explain(sentence.clone())
                foot=|| view! { {text::HAVE_ANOTHER_CODE_BEFORE} <a href="/signup">{text::USE_ANOTHER_CODE}</a> }
            >
                <div class="form">
                    {for_email.map(|words| view! { <p class="foot-note">{words}</p> })}
                    {if matches!(status, InviteStatus::Paused | InviteStatus::Scheduled) {
                        view! { <a class="btn btn-primary btn-lg btn-block" href=again>{text::TRY_AGAIN}</a> }.into_any()
                    } else if page.signed_in {
                        view! { <a class="btn btn-primary btn-lg btn-block" href="/" rel="external">{text::GO_TO_ACCOUNT}</a> }
                            .into_any()
                    } else {
                        view! {
                            <a class="btn btn-primary btn-lg btn-block" href="/login">{text::SIGN_IN}</a>
                            <p class="foot-note">{text::SIGNED_UP_BEFORE}</p>
                        }
                        .into_any()
                    }}
                </div>
                {asking.map(|asking| view! { <AskForm code=code invited_by=invited_by asking=asking /> })}
            </PublicLayout>
        }
    })
}

const fn heading(status: InviteStatus) -> (IconName, &'static str, &'static str) {
    match status {
        InviteStatus::Expired => (IconName::Hourglass, "quiet", text::EXPIRED),
        InviteStatus::UsedUp => (IconName::Full, "quiet", text::USED_UP),
        InviteStatus::Paused => (IconName::Pause, "warn", text::PAUSED),
        InviteStatus::Scheduled => (IconName::Calendar, "quiet", text::SCHEDULED),
        InviteStatus::Deleted | InviteStatus::Active => (IconName::Ban, "quiet", text::WITHDRAWN),
    }
}

fn explain(page: UnavailableInvite) -> AnyView {
    let UnavailableInvite { site_name, invited_by, status, starts_at, now, .. } = page;
    let (site_name, invited_by) = (isolated(&site_name), isolated(&invited_by));
    match status {
        InviteStatus::UsedUp => text::used_up_text(&invited_by, &site_name).into_any(),
        InviteStatus::Paused => text::paused_text(&invited_by, &site_name).into_any(),
        InviteStatus::Scheduled => match starts_at {
            Some(at) => view! {
                {text::scheduled_before(&invited_by, &site_name, &relative(now, at))}
                <ExactTime at=at />
                "."
            }
            .into_any(),
            None => text::scheduled_text(&invited_by, &site_name).into_any(),
        },
        InviteStatus::Expired | InviteStatus::Deleted | InviteStatus::Active => {
            text::over_text(&invited_by, &site_name).into_any()
        }
    }
}

/// The page for visitors without a code, where one is needed.
#[must_use]
pub fn ask_for_code(look: &Look, site_name: String, next: Option<String>) -> String {
    let sign_in = url::with_query("/login", &[("next", next.clone())]);
    let sentence = text::code_needed_text(&isolated(&site_name));
    let head = Head { title: text::join(&site_name), about: Some(sentence.clone()) };
    render(look, head, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Key, "quiet")
                heading=text::CODE_NEEDED.to_owned()
                sentence=move || sentence.clone()
                foot=move || view! { {text::HAVE_ACCOUNT_BEFORE} <a href=sign_in.clone()>{text::SIGN_IN}</a> }
            >
                <CodeForm code=String::new() next wrong=false />
            </PublicLayout>
        }
    })
}

/// The page for a code that does not exist, or that was chosen by staff and lets no one in: both look the same.
#[must_use]
pub fn unknown_code(look: &Look, code: String, next: Option<String>, signed_in: bool) -> String {
    let sign_in = url::with_query("/login", &[("next", next.clone())]);
    render(look, Head { title: text::CODE_UNKNOWN.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Key, "quiet")
                heading=text::CODE_UNKNOWN.to_owned()
                sentence=|| text::CODE_UNKNOWN_TEXT
                foot=move || {
                    (!signed_in).then(|| view! { {text::HAVE_ACCOUNT_BEFORE} <a href=sign_in.clone()>{text::SIGN_IN}</a> })
                }
            >
                <CodeForm code=code next wrong=true />
            </PublicLayout>
        }
    })
}

/// The field for a code. What is wrong with it is what the heading above says.
#[component]
fn CodeForm(code: String, next: Option<String>, wrong: bool) -> impl IntoView {
    view! {
        <form class="form" method="get" action="/signup">
            {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
            <div class="field">
                <label class="label" for="inv">{text::INVITE_CODE}</label>
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
                    {wrong.then(|| view! { <span class="sr">{text::INVALID_CODE} " "</span> })}
                    {text::CODE_HELP}
                </p>
            </div>
            <button class="btn btn-primary btn-lg btn-block">{text::CONTINUE}</button>
        </form>
    }
}
