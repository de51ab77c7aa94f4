//! Terms to accept: in the sign-up form, and at `/login/terms`.

use domain::Failure;
use domain::flows::{CurrentTerms, TypedTerms};
use domain::text::isolated;
use leptos::prelude::*;

use super::Look;
use super::document::{Head, render};
use super::parts::{Alert, FieldError, PageIcon, PublicLayout, Wrong, described_by};
use super::text;
use crate::markdown;
use crate::ui::{Icon, IconName};

/// The name of the box of some terms, by which errors name it, too.
pub(super) fn name_of(terms: &CurrentTerms) -> String {
    format!("terms.{}", terms.terms.id)
}

/// The texts, each folded up above the box that accepts it.
pub(super) fn boxes(terms: Vec<CurrentTerms>, typed: &TypedTerms, wrong: &Wrong) -> Vec<AnyView> {
    let one = |terms: CurrentTerms| {
        let name = name_of(&terms);
        let version = terms.version.to_string();
        let error = wrong.of(&name);
        let sent = typed.get(&terms.terms.id.to_string()).map(|version| version.trim());
        let is_accepted = sent == Some(version.as_str());
        // Another version than the one that was read.
        let is_new = error.is_some() && sent.is_some_and(|sent| !sent.is_empty()) && !is_accepted;
        let title = isolated(terms.terms.name.as_str());
        view! {
            <div class="field terms">
                <details class="more" open=is_new>
                    <summary>
                        <Icon name=IconName::Right />
                        {text::read_terms(&title)}
                    </summary>
                    <div class="fold-body terms-text" inner_html=markdown::to_html(terms.text.as_str())></div>
                </details>
                <label class="check">
                    <input
                        type="checkbox"
                        id=name.clone()
                        name=name.clone()
                        value=version
                        checked=is_accepted
                        required
                        autofocus=wrong.is_first(&name)
                        aria-invalid=error.as_ref().map(|_| "true")
                        aria-describedby=described_by(&name, error.is_some(), false)
                    />
                    <span>{text::accept_terms(&title)}</span>
                </label>
                {error.map(|error| view! { <FieldError of=name error=error /> })}
            </div>
        }
        .into_any()
    };
    terms.into_iter().map(one).collect()
}

/// The content of the page.
#[derive(Clone, Debug)]
pub struct AskedTerms {
    /// The site name.
    pub site_name: String,
    /// That somebody has signed in.
    pub proof: String,
    /// What they are asked to accept.
    pub terms: Vec<CurrentTerms>,
    /// The boxes that were checked, of a form that was refused.
    pub typed: TypedTerms,
    /// The path to go to afterwards; checked to be on this site.
    pub next: Option<String>,
    /// Why the previous attempt failed.
    pub failure: Option<Failure>,
}

/// The page of somebody who has signed in and has terms to accept before they get the session.
#[must_use]
pub fn asked_terms(look: &Look, page: AskedTerms) -> String {
    let AskedTerms { site_name, proof, terms, typed, next, failure } = page;
    let names: Vec<String> = terms.iter().map(name_of).collect();
    let wrong = Wrong::new(failure, names.iter().map(String::as_str));
    let sentence = text::terms_text(&isolated(&site_name));
    render(look, Head { title: text::TERMS_HEADING.to_owned(), about: None }, move || {
        view! {
            <PublicLayout
                icon=PageIcon::Site(site_name)
                heading=text::TERMS_HEADING.to_owned()
                sentence=move || sentence.clone()
            >
                <div class="form">
                    <form class="form" method="post" action="/login/terms">
                        <Alert message=wrong.general() />
                        <input type="hidden" name="proof" value=proof />
                        {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                        {boxes(terms, &typed, &wrong)}
                        <button class="btn btn-primary btn-lg btn-block">{text::ACCEPT_AND_CONTINUE}</button>
                    </form>
                    <form method="post" action="/logout">
                        <button class="btn btn-lg btn-block">{text::DECLINE}</button>
                    </form>
                </div>
            </PublicLayout>
        }
    })
}
