//! When nobody signs up here, or the visitor need not.

use domain::text::isolated;
use leptos::prelude::*;

use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{PageIcon, PublicLayout};
use crate::ui::IconName;

/// The page of a place that takes nobody at the moment.
#[must_use]
pub fn closed(look: &Look, site_name: String) -> String {
    render(look, Head { title: format!("{site_name} is closed to new people"), about: None }, move || {
        view! {
            <PublicLayout
                crest=PageIcon::Sign(IconName::Lock, "quiet")
                heading="The door is closed for now".to_owned()
                sentence=move || {
                    format!(
                        "{} takes no new people at the moment. If you hold an invite, keep it and try again later.",
                        isolated(&site_name)
                    )
                }
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/login">"Sign in"</a>
                    <p class="foot-note">"Accounts that exist work as before."</p>
                </div>
            </PublicLayout>
        }
    })
}

/// The page for those who have an account and are signed in.
#[must_use]
pub fn signed_in(look: &Look, site_name: String, name: String, again: String) -> String {
    render(look, Head { title: format!("You are in {site_name} already"), about: None }, move || {
        view! {
            <PublicLayout
                crest=PageIcon::Place(site_name.clone())
                heading="You are in already".to_owned()
                sentence=move || {
                    format!(
                        "You are signed in to {} as {}. This page makes accounts for new people.",
                        isolated(&site_name),
                        isolated(&name)
                    )
                }
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/" rel="external">"Go to my account"</a>
                    <form method="post" action="/logout">
                        <input type="hidden" name="next" value=again />
                        <button class="btn btn-lg btn-block">"Sign out and make another account"</button>
                    </form>
                </div>
            </PublicLayout>
        }
    })
}
