//! The dialogs of terms. Their form is a part of the browser's program, downloaded when a dialog is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::flows::TermsDetails;
use domain::text::isolated;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::form::TermsForm;
use super::text;
use crate::ui::{Deferred, Dialog, Download, Drawn, drawing};

/// The value of `data-prefetch` on a control that leads to the form.
pub const PREFETCH: &str = "terms-form";

#[wasm_split(terms_form, fallible, preload(preload_form))]
fn draw(terms: Option<TermsDetails>, close: Callback<()>, saved: Callback<TermsDetails>) -> Drawn {
    Ok(view! { <TermsForm terms close saved /> }.into_any())
}

/// Downloads the form unless it is there.
pub fn load_forms() -> Download {
    Box::pin(preload_form())
}

fn deferred(terms: Option<TermsDetails>, close: Callback<()>, saved: Callback<TermsDetails>) -> AnyView {
    let draw = drawing(move || draw(terms.clone(), close, saved));
    view! { <Deferred load=load_forms draw /> }.into_any()
}

/// The dialog that creates terms.
#[component]
pub(super) fn CreateDialog(open: RwSignal<bool>, saved: Callback<TermsDetails>) -> impl IntoView {
    let close = Callback::new(move |()| open.set(false));
    view! {
        <Dialog id="new-terms" open=open close title=text::NEW.to_owned()>
            {deferred(None, close, saved)}
        </Dialog>
    }
}

/// The dialog that renames terms and publishes a new version, open while there are some.
#[component]
pub(super) fn EditDialog(of: RwSignal<Option<TermsDetails>>, saved: Callback<TermsDetails>) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let title = Signal::derive(move || {
        of.with(|of| {
            of.as_ref().map(|of| text::edit_title(&isolated(of.summary.terms.name.as_str()))).unwrap_or_default()
        })
    });
    view! {
        <Dialog id="edit-terms" open=Signal::derive(move || of.with(Option::is_some)) close title>
            {of.get_untracked().map(|terms| deferred(Some(terms), close, saved))}
        </Dialog>
    }
}
