//! The dialog that changes a picture. Its content is a part of the browser's program, downloaded when it is opened.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use domain::pictures::PictureOwner;
use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::form::PictureForm;
use super::text;
use crate::ui::{Deferred, Dialog, Download, Drawn, Pictured, drawing};

/// What the dialog needs.
#[derive(Clone)]
pub(super) struct Form {
    /// What has the picture.
    pub(super) of: Pictured,
    /// Where its picture is sent to.
    pub(super) path: String,
    /// Called when it has another picture, or none.
    pub(super) changed: Callback<()>,
}

#[wasm_split(picture_form, fallible, preload(preload_form))]
fn draw(form: Form) -> Drawn {
    Ok(view! { <PictureForm form /> }.into_any())
}

fn load_form() -> Download {
    Box::pin(preload_form())
}

/// The button that opens the dialog.
#[component]
pub fn PictureButton(
    /// What has the picture.
    #[prop(into)]
    of: Pictured,
    /// What the dialog changes the picture of.
    editing: RwSignal<Option<Pictured>>,
) -> impl IntoView {
    let label = if of.path.is_some() { text::CHANGE } else { text::ADD };
    view! {
        <button type="button" id="change-picture" class="btn btn-sm" on:click=move |_| editing.set(Some(of.clone()))>
            {label}
        </button>
    }
}

/// The dialog, open while there is something to change the picture of.
#[component]
pub fn PictureDialog(
    /// What has the picture.
    of: RwSignal<Option<Pictured>>,
    /// Where its picture is sent to.
    path: fn(PictureOwner) -> String,
    /// Called when it has another picture, or none.
    changed: Callback<()>,
) -> impl IntoView {
    let close = Callback::new(move |()| of.set(None));
    let changed = Callback::new(move |()| {
        close.try_run(());
        changed.try_run(());
    });
    let content = move || {
        of.get_untracked().map(|of| {
            let form = Form { path: path(of.owner), of, changed };
            let draw = drawing(move || draw(form.clone()));
            view! { <Deferred load=load_form draw /> }.into_any()
        })
    };
    view! {
        <Dialog id="picture" open=Signal::derive(move || of.with(Option::is_some)) close title=text::PICTURE.to_owned() small=true>
            {content()}
        </Dialog>
    }
}
