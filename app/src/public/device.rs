//! `/device`: entering the code that a device shows, and deciding about it.

use domain::Failure;
use domain::text::{ApplicationName, isolated};
use leptos::prelude::*;

use super::Look;
use super::applications::{Learns, learns};
use super::document::{Head, render};
use super::parts::{Alert, Field, Notice, PageIcon, PublicLayout, Wrong};
use super::text;
use crate::ui::IconName;

/// The content of the page at which a code is entered.
#[derive(Clone, Debug)]
pub struct DeviceEntry {
    /// The site name.
    pub site_name: String,
    /// The code as typed.
    pub user_code: String,
    /// Where the code is sent.
    pub action: &'static str,
    /// What is wrong with it.
    pub failure: Option<Failure>,
}

/// Asks for the code.
#[must_use]
pub fn enter(look: &Look, page: DeviceEntry) -> String {
    let wrong = Wrong::new(page.failure, ["user_code"]);
    render(look, Head { title: text::DEVICE_HEADING.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Site(page.site_name)
                heading=text::DEVICE_HEADING.to_owned()
                sentence=|| text::DEVICE_TEXT
            >
                // Looking a code up changes nothing.
                <form class="form" method="get" action=page.action>
                    <Alert message=wrong.general() />
                    <Field
                        name="user_code"
                        label=text::DEVICE_CODE
                        value=page.user_code
                        autocomplete="one-time-code"
                        help=Some(text::DEVICE_CODE_HELP.to_owned())
                        error=wrong.of("user_code")
                        autofocus=true
                    />
                    <button class="btn btn-primary btn-lg btn-block">{text::CONTINUE}</button>
                </form>
            </PublicLayout>
        }
    })
}

/// The content of the page that asks about a device.
#[derive(Clone, Debug)]
pub struct DeviceAsked {
    /// The site name.
    pub site_name: String,
    /// The application on the device.
    pub application: ApplicationName,
    /// The display name of the member.
    pub account: String,
    /// What it would learn.
    pub learns: Learns,
    /// Where the answer is posted.
    pub action: &'static str,
    /// The code as the device shows it.
    pub user_code: String,
}

/// Asks whether the device that shows a code may sign in. Somebody else may have sent the code (RFC 8628, section 5.4), so the
/// page says whose device it should be.
#[must_use]
pub fn ask(look: &Look, page: DeviceAsked) -> String {
    let title = text::allow_title(page.application.as_str());
    render(look, Head { title, about: None }, move || {
        let application = isolated(page.application.as_str());
        let sentence = text::device_ask_text(&application, &isolated(&page.site_name));
        view! {
            <PublicLayout
                icon=PageIcon::Site(page.application.to_string())
                heading=text::device_ask_heading(&application)
                sentence=move || sentence.clone()
            >
                {learns(page.learns)}
                <form class="form" method="post" action=page.action>
                    <Notice icon=IconName::Alert text=text::DEVICE_WARNING />
                    <p class="foot-note">
                        {text::DEVICE_SHOWS_BEFORE} <strong class="mono">{page.user_code.clone()}</strong>
                    </p>
                    <input type="hidden" name="user_code" value=page.user_code />
                    <button class="btn btn-primary btn-lg btn-block" name="decision" value="allow">{text::ALLOW}</button>
                    <button class="btn btn-lg btn-block" name="decision" value="deny">{text::DENY}</button>
                    <p class="foot-note">{text::SIGNED_IN_AS_BEFORE} <bdi>{page.account}</bdi> "."</p>
                </form>
            </PublicLayout>
        }
    })
}

/// Says what was decided. `allowed` is the application on the device, if it may sign in.
#[must_use]
pub fn decided(look: &Look, allowed: Option<ApplicationName>) -> String {
    let (icon, heading, sentence) = match allowed {
        Some(application) => (
            PageIcon::Sign(IconName::Check, "good"),
            text::DEVICE_ALLOWED,
            text::device_allowed_text(&isolated(application.as_str())),
        ),
        None => (PageIcon::Sign(IconName::Lock, "quiet"), text::DEVICE_REFUSED, text::DEVICE_REFUSED_TEXT.to_owned()),
    };
    render(look, Head { title: heading.to_owned(), about: None }, move || {
        view! {
            <PublicLayout icon=icon heading=heading.to_owned() sentence=move || sentence.clone()>
                <div class="form">
                    <a class="btn btn-lg btn-block" href="/me" rel="external">{text::GO_TO_ACCOUNT}</a>
                </div>
            </PublicLayout>
        }
    })
}
