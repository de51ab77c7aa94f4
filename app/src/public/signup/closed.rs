//! When nobody can sign up, or the visitor need not.

use domain::text::isolated;
use leptos::prelude::*;

use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{PageIcon, PublicLayout};
use crate::public::text;
use crate::ui::IconName;

/// The page of a site whose registration is closed.
#[must_use]
pub fn closed(look: &Look, site_name: String) -> String {
    render(look, Head { title: text::closed_title(&site_name), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Lock, "quiet")
                heading=text::REGISTRATION_CLOSED.to_owned()
                sentence=move || text::closed_text(&isolated(&site_name))
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/login">{text::SIGN_IN}</a>
                    <p class="foot-note">{text::CLOSED_NOTE}</p>
                </div>
            </PublicLayout>
        }
    })
}

/// The page for visitors who are signed in.
#[must_use]
pub fn signed_in(look: &Look, site_name: String, name: String, again: String) -> String {
    render(look, Head { title: text::signed_in_title(&site_name), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Site(site_name.clone())
                heading=text::SIGNED_IN.to_owned()
                sentence=move || text::signed_in_text(&isolated(&site_name), &isolated(&name))
            >
                <div class="form">
                    <a class="btn btn-primary btn-lg btn-block" href="/" rel="external">{text::GO_TO_ACCOUNT}</a>
                    <form method="post" action="/logout">
                        <input type="hidden" name="next" value=again />
                        <button class="btn btn-lg btn-block">{text::SIGN_OUT_AND_SIGN_UP}</button>
                    </form>
                </div>
            </PublicLayout>
        }
    })
}
