//! `/invitations/stop/{token}`: no more invitations to an address.

use domain::text::isolated;
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{PageIcon, PublicLayout};
use super::text;
use crate::ui::IconName;

/// The path of the pages, to which a token is added.
pub const STOP: &str = "/invitations/stop";

/// The page with the button. The address is not shown: a link may be read by others.
#[must_use]
pub fn stop(look: &Look, site_name: String, token: &str) -> String {
    let action = format!("{STOP}/{token}");
    render(look, Head { title: text::STOP_INVITATIONS.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Mail, "quiet")
                heading=text::STOP_INVITATIONS.to_owned()
                sentence=move || text::stop_invitations_text(&isolated(&site_name))
            >
                <form class="form" method="post" action=action>
                    <button class="btn btn-primary btn-lg btn-block">{text::STOP}</button>
                </form>
            </PublicLayout>
        }
    })
}

/// The page after that, however often it is asked for.
#[must_use]
pub fn stopped(look: &Look, site_name: String) -> String {
    render(look, Head { title: text::STOPPED.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Check, "good")
                heading=text::STOPPED.to_owned()
                sentence=move || text::stopped_text(&isolated(&site_name))
            >
                <p class="arch-note">{text::STOPPED_NOTE}</p>
            </PublicLayout>
        }
    })
}

/// The page of a link that was not made here, or was cut off.
#[must_use]
pub fn no_stop(look: &Look) -> String {
    render(look, Head { title: text::LINK_INVALID.to_owned(), about: None }, || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Link, "warn")
                heading=text::LINK_INVALID.to_owned()
                sentence=move || text::STOP_LINK_INVALID_TEXT
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/" rel="external">
                        {text::GO_TO_START}
                    </a>
                </div>
            </PublicLayout>
        }
    })
}
