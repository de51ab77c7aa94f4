//! When a rule of the flow refuses somebody.

use domain::text::isolated;
use leptos::prelude::*;

use super::form::{Entered, Step, carried, proof_of};
use crate::public::Look;
use crate::public::document::{Head, render};
use crate::public::parts::{PageIcon, PublicLayout};
use crate::public::text;
use crate::ui::IconName;

/// The content of the page.
#[derive(Clone)]
pub struct Refused {
    /// The site name.
    pub site_name: String,
    /// The words of the rule.
    pub words: String,
    /// The form as typed.
    pub entered: Entered,
    /// The step that it is at.
    pub step: Step,
    /// The path to go to afterwards, if there is one; checked to be on this site.
    pub next: Option<String>,
    /// The id of this attempt.
    pub attempt: String,
}

/// The page, from which one can go back to what one answered.
#[must_use]
pub fn refused(look: &Look, page: Refused) -> String {
    render(look, Head { title: text::REFUSED.to_owned(), about: None }, move || {
        let Refused { site_name, words, entered, step, next, attempt } = page;
        view! {
            <PublicLayout
                icon=PageIcon::Sign(IconName::Ban, "quiet")
                heading=text::REFUSED.to_owned()
                sentence=move || view! { <span dir="auto">{words.clone()}</span> }
            >
                <p class="arch-note">{text::refused_text(&isolated(&site_name))}</p>
                <form class="form" method="post" action=step.action()>
                    {step.preview()}
                    <input type="hidden" name="attempt" value=attempt />
                    {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                    <input type="hidden" name="code" value=entered.code.clone() />
                    <input type="hidden" name="state" value=step.sealed.clone() />
                    {proof_of(&entered)}
                    {carried(&entered)}
                    <button class="btn btn-lg btn-block" name="go" value="again">
                        {text::CHANGE_ANSWERS}
                    </button>
                </form>
            </PublicLayout>
        }
    })
}
