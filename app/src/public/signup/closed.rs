//! When nobody can sign up, or the visitor need not.

use domain::text::isolated;
use leptos::prelude::*;

use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{PageIcon, PublicLayout};
use crate::ui::IconName;

/// The page of a site whose registration is closed.
#[must_use]
pub fn closed(look: &Look, site_name: String) -> String {
    render(look, Head { title: format!("Registration for {site_name} is closed"), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Lock, "quiet")
                heading="Registration is closed".to_owned()
                sentence=move || {
                    format!(
                        "{} accepts no new accounts at the moment. If you have an invite, keep it and try again later.",
                        isolated(&site_name)
                    )
                }
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/login">"Sign in"</a>
                    <p class="foot-note">"Existing accounts work as before."</p>
                </div>
            </PublicLayout>
        }
    })
}

/// The page for visitors who are signed in.
#[must_use]
pub fn signed_in(look: &Look, site_name: String, name: String, again: String) -> String {
    render(look, Head { title: format!("You already have an account for {site_name}"), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Site(site_name.clone())
                heading="You already have an account".to_owned()
                sentence=move || {
                    format!(
                        "You are signed in to {} as {}. This page is for new accounts.",
                        isolated(&site_name),
                        isolated(&name)
                    )
                }
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/" rel="external">"Go to your account"</a>
                    <form method="post" action="/logout">
                        <input type="hidden" name="next" value=again />
                        <button class="btn btn-lg btn-block">"Sign out and create another account"</button>
                    </form>
                </div>
            </PublicLayout>
        }
    })
}
