//! The dialogs of applications. Their form is a part of the browser's program, downloaded when a dialog is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::applications::{Application, ApplicationWithSecret};
use domain::text::isolated;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::form::ApplicationForm;
use super::text;
use crate::ui::{Deferred, Dialog, Download, Drawn, drawing};

/// The value of `data-prefetch` on a control that leads to the form.
pub const PREFETCH: &str = "application-form";

#[wasm_split(application_form, fallible, preload(preload_form))]
fn draw(application: Option<Application>, close: Callback<()>, saved: Callback<ApplicationWithSecret>) -> Drawn {
    Ok(view! { <ApplicationForm application close saved /> }.into_any())
}

/// Downloads the form unless it is there.
pub fn load_forms() -> Download {
    Box::pin(preload_form())
}

fn deferred(application: Option<Application>, close: Callback<()>, saved: Callback<ApplicationWithSecret>) -> AnyView {
    let draw = drawing(move || draw(application.clone(), close, saved));
    view! { <Deferred load=load_forms draw /> }.into_any()
}

/// The dialog that creates an application.
#[component]
pub(super) fn CreateDialog(open: RwSignal<bool>, saved: Callback<ApplicationWithSecret>) -> impl IntoView {
    let close = Callback::new(move |()| open.set(false));
    view! {
        <Dialog id="new-application" open=open close title=text::NEW.to_owned()>
            {deferred(None, close, saved)}
        </Dialog>
    }
}

/// The dialog that changes an application, open while there is one.
#[component]
pub(super) fn EditDialog(of: RwSignal<Option<Application>>, saved: Callback<ApplicationWithSecret>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let title = Signal::derive(move || {
        of.with(|of| of.as_ref().map(|of| text::edit_title(&isolated(of.terms.name.as_str()))).unwrap_or_default())
    });
    view! {
        <Dialog id="edit-application" open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked().map(|application| deferred(Some(application), close, saved))}
        </Dialog>
    }
}
