//! The pages between an application and an account: asking the member, refusing, going on, and signing out.

use domain::text::{ApplicationName, isolated};
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{PageIcon, PublicLayout};
use super::text;
use crate::ui::{Icon, IconName};

/// The content of the page that asks a member.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The site name.
    pub site_name: String,
    /// The application that asks.
    pub application: ApplicationName,
    /// The display name of the member.
    pub account: String,
    /// What it would learn.
    pub learns: Learns,
    /// The host of the address to which the member goes on.
    pub host: String,
    /// Where the answer is posted.
    pub action: &'static str,
    /// The request of the application, to be sent with the answer.
    pub request: String,
}

/// Asks whether an application may know who the member is.
#[must_use]
pub fn ask(look: &Look, page: Asked) -> String {
    let title = text::allow_title(page.application.as_str());
    render(look, Head { title, about: None }, move || {
        let application = isolated(page.application.as_str());
        let sentence = text::allow_text(&application, &isolated(&page.site_name));
        view! {
            <PublicLayout
                icon=PageIcon::Site(page.application.to_string())
                heading=text::allow_heading(&application)
                sentence=move || sentence.clone()
            >
                {learns(page.learns)}
                <form class="form" method="post" action=page.action>
                    <input type="hidden" name="request" value=page.request />
                    <button class="btn btn-primary btn-lg btn-block" name="decision" value="allow">{text::ALLOW}</button>
                    <button class="btn btn-lg btn-block" name="decision" value="deny">{text::DENY}</button>
                    <p class="foot-note">{text::SIGNED_IN_AS_BEFORE} <bdi>{page.account}</bdi> "."</p>
                    <p class="foot-note">{text::allow_note(&page.host)}</p>
                </form>
            </PublicLayout>
        }
    })
}

/// What an application would learn, beside an identifier.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that the application would learn")]
pub struct Learns {
    /// Whether it would learn name, username and picture.
    pub profile: bool,
    /// The attributes that it would learn, as labels.
    pub attributes: Vec<String>,
    /// The e-mail address, if it would learn it.
    pub email: Option<String>,
    /// Whether it would learn the groups.
    pub groups: bool,
    /// Whether it would learn the role.
    pub roles: bool,
    /// Whether it would have access when the member is not there.
    pub offline: bool,
}

/// The list of what an application would learn.
pub(super) fn learns(told: Learns) -> impl IntoView {
    let lines = [
        Some((IconName::User, text::LEARNS_ACCOUNT.to_owned())).filter(|_| !told.profile),
        Some((IconName::User, text::LEARNS_PROFILE.to_owned())).filter(|_| told.profile),
        Some((IconName::Info, text::learns_attributes(&told.attributes))).filter(|_| !told.attributes.is_empty()),
        told.email.map(|email| (IconName::Mail, text::learns_email(&email))),
        Some((IconName::Groups, text::LEARNS_GROUPS.to_owned())).filter(|_| told.groups),
        Some((IconName::Shield, text::LEARNS_ROLE.to_owned())).filter(|_| told.roles),
        Some((IconName::Clock, text::LEARNS_OFFLINE.to_owned())).filter(|_| told.offline),
    ];
    view! {
        <ul class="join-groups" aria-label=text::LEARNS>
            {lines
                .into_iter()
                .flatten()
                .map(|(icon, words)| view! {
                    <li>
                        <Icon name=icon />
                        <span>{words}</span>
                    </li>
                })
                .collect_view()}
        </ul>
    }
}

/// Why a member does not get into an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// The account is pending approval.
    Pending,
    /// None of the member's groups may enter.
    NotAdmitted(ApplicationName),
}

/// Says why a member does not get in. `again` is the path by which another account would.
#[must_use]
pub fn blocked(look: &Look, why: Blocked, site_name: String, again: String) -> String {
    let (icon, heading, sentence) = match why {
        Blocked::Pending => (
            PageIcon::Sign(IconName::Hourglass, "warn"),
            text::ACCOUNT_PENDING.to_owned(),
            text::pending_text(&isolated(&site_name)),
        ),
        Blocked::NotAdmitted(application) => (
            PageIcon::Sign(IconName::Lock, "warn"),
            text::not_admitted_heading(&isolated(application.as_str())),
            text::not_admitted_text(&isolated(&site_name)),
        ),
    };
    render(look, Head { title: heading.clone(), about: None }, move || {
        view! {
            <PublicLayout icon=icon heading=heading sentence=move || sentence.clone()>
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/me" rel="external">{text::GO_TO_ACCOUNT}</a>
                    <form method="post" action="/logout">
                        <input type="hidden" name="next" value=again />
                        <button class="btn btn-lg btn-block">{text::USE_ANOTHER_ACCOUNT}</button>
                    </form>
                </div>
            </PublicLayout>
        }
    })
}

/// Says that a sign-in on the site of an application was not completed. `again` is that site.
#[must_use]
pub fn not_completed(look: &Look, again: String) -> String {
    render(look, Head { title: text::LOST_HEADING.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Alert, "warn")
                heading=text::LOST_HEADING.to_owned()
                sentence=|| text::LOST_TEXT
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href=again rel="external noreferrer">{text::TRY_AGAIN}</a>
                </div>
            </PublicLayout>
        }
    })
}

/// The page on the way on after a form: browsers hold a redirect that answers a form to the addresses that forms may be sent
/// to, and an application may send them anywhere. The response has the header `Refresh`.
#[must_use]
pub fn leaving(look: &Look, url: String) -> String {
    render(look, Head { title: text::LEAVING.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::ArrowRight, "quiet")
                heading=text::LEAVING.to_owned()
                sentence=|| text::LEAVING_TEXT
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href=url rel="external noreferrer">{text::CONTINUE}</a>
                </div>
            </PublicLayout>
        }
    })
}

/// What the page of [`form_post`] runs: it sends the form. The response allows this text and no other.
pub const SUBMIT: &str = "document.forms[0].submit()";

/// The page that posts the answer of this site to an application (OAuth 2.0 Form Post Response Mode). Without scripts the member
/// presses its button.
#[must_use]
pub fn form_post(look: &Look, action: String, fields: Vec<(String, String)>) -> String {
    render(look, Head { title: text::LEAVING.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::ArrowRight, "quiet")
                heading=text::LEAVING.to_owned()
                sentence=|| text::LEAVING_TEXT
            >
                <form class="form" method="post" action=action>
                    {fields
                        .into_iter()
                        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                        .collect_view()}
                    <button class="btn btn-primary btn-lg btn-block">{text::CONTINUE}</button>
                </form>
                <script inner_html=SUBMIT></script>
            </PublicLayout>
        }
    })
}

/// The content of the page that asks before signing out.
#[derive(Clone, Debug)]
pub struct SignOut {
    /// The site name.
    pub site_name: String,
    /// The application that asks, if it is known.
    pub application: Option<ApplicationName>,
    /// Where the answer is posted.
    pub action: &'static str,
    /// The request of the application, to be sent with the answer.
    pub request: String,
}

/// Asks whether the member wants to sign out here, too.
#[must_use]
pub fn sign_out(look: &Look, page: SignOut) -> String {
    render(look, Head { title: text::sign_out_of(&page.site_name), about: None }, move || {
        let application = page.application.as_ref().map(|name| isolated(name.as_str()));
        let sentence = text::sign_out_text(application.as_deref(), &isolated(&page.site_name));
        view! {
            <PublicLayout
                icon=PageIcon::Site(page.site_name.clone())
                heading=text::sign_out_of(&isolated(&page.site_name))
                sentence=move || sentence.clone()
            >
                <form class="form" method="post" action=page.action>
                    <input type="hidden" name="request" value=page.request />
                    <button class="btn btn-primary btn-lg btn-block">{text::SIGN_OUT}</button>
                    <a class="btn btn-lg btn-block" href="/" rel="external">{text::STAY_SIGNED_IN}</a>
                </form>
            </PublicLayout>
        }
    })
}

/// Says that nobody is signed in any more.
#[must_use]
pub fn signed_out(look: &Look, site_name: String) -> String {
    render(look, Head { title: text::SIGNED_OUT.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Check, "good")
                heading=text::SIGNED_OUT.to_owned()
                sentence=move || text::signed_out_text(&isolated(&site_name))
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/login">{text::SIGN_IN}</a>
                </div>
            </PublicLayout>
        }
    })
}
