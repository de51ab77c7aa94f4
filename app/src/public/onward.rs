//! The page on the way to another site, after sign-up. It names the site.

use domain::accounts::AccountStatus;
use domain::text::isolated;
use domain::web::HttpsUrl;
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{PageIcon, PublicLayout};
use super::text;
use crate::ui::IconName;

/// The page that leads an account with this status to `url`.
#[must_use]
pub fn onward(look: &Look, site_name: String, status: AccountStatus, url: HttpsUrl) -> String {
    let host = url.host().to_owned();
    let pending = status == AccountStatus::Pending;
    let (icon, heading) = if pending {
        (PageIcon::Sign(IconName::Clock, "idle"), text::ACCOUNT_PENDING)
    } else {
        (PageIcon::Sign(IconName::Check, "live"), text::ACCOUNT_READY)
    };
    render(look, Head { title: text::onward_title(&host), about: None }, move || {
        view! {
            <PublicLayout
                icon=icon
                heading=heading.to_owned()
                sentence=move || text::onward_text(&isolated(&site_name), pending)
                foot=|| view! { {text::STAY_BEFORE} <a href="/me" rel="external">{text::STAY}</a> }
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href=url.as_str().to_owned() rel="noopener noreferrer">
                        {text::onward_to(&host)}
                    </a>
                    <p class="foot-note">{url.as_str().to_owned()}</p>
                </div>
            </PublicLayout>
        }
    })
}
