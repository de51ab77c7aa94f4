//! Sending and removing a picture.

use domain::pictures::{MEDIA_TYPES, PictureOwner, check};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use super::dialogs::Form;
use super::send::{remove, send};
use super::text;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Avatar, FormError, Toasts, Wrong, browser};

/// The content of the dialog.
#[component]
pub(super) fn PictureForm(form: Form) -> impl IntoView {
    let Form { of, path, changed } = form;
    let toasts = Toasts::expect();
    let wrong: Wrong = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let has_picture = of.path.is_some();
    let path = StoredValue::new(path);
    // Without its fields: there is none that would show them.
    let refuse = move |mut fault: ServerFnError| {
        fault.0.fields.clear();
        wrong.try_set(Some(fault));
    };
    let finish = move |outcome: Result<(), ServerFnError>, done: &'static str| match outcome {
        Ok(()) => {
            busy.try_set(false);
            toasts.done(done);
            // The page may be another one by now.
            let _ = changed.try_run(());
        }
        Err(fault) => {
            busy.try_set(false);
            refuse(fault);
        }
    };
    let input = NodeRef::<leptos::html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked().filter(|_| !busy.get_untracked()) {
            input.click();
        }
    };
    let chosen = move |event| {
        let input: HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // The same file can be chosen once more.
        input.set_value("");
        // A file has a whole number of bytes, far fewer than a float can count.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
        let bytes = file.size() as usize;
        if let Err(failure) = check(&file.type_(), bytes) {
            return refuse(failure.into());
        }
        wrong.set(None);
        busy.set(true);
        let path = path.get_value();
        spawn_local(async move { finish(send(&path, &file).await, text::UPLOADED) });
    };
    let take_away = move |_| {
        if !busy.get_untracked() {
            busy.set(true);
            let path = path.get_value();
            spawn_local(async move { finish(remove(&path).await, text::REMOVED) });
        }
    };
    let class = match of.owner {
        PictureOwner::Account(_) => "avatar avatar-xl",
        PictureOwner::Application(_) => "avatar avatar-app avatar-xl",
    };
    // A dialog focuses its first button when it opens, which was before its content came.
    request_animation_frame(|| {
        browser::focus("#upload-picture");
    });
    view! {
        <div class="dialog-body">
            <div class="picture">
                <Avatar of class />
                <p class="help" id="picture-help">
                    {text::HELP}
                </p>
            </div>
            <FormError wrong />
        </div>
        <div class="dialog-foot">
            {has_picture
                .then(|| {
                    view! {
                        <button type="button" class="btn btn-quiet" on:click=take_away>
                            {text::REMOVE}
                        </button>
                    }.into_any()
                })}
            <input type="file" hidden node_ref=input accept=MEDIA_TYPES.join(",") on:change=chosen />
            <button
                type="button"
                id="upload-picture"
                class="btn btn-primary"
                aria-describedby="picture-help"
                aria-busy=move || busy.get().then_some("true")
                on:click=choose
            >
                {move || if busy.get() { text::UPLOADING } else { text::UPLOAD }}
            </button>
        </div>
    }
}
