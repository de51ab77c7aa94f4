//! Setting and removing the picture of an account.

use domain::accounts::AccountRef;
use domain::pictures::{MEDIA_TYPES, PictureVersion, check};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use super::send::{remove, send};
use super::text;
use crate::server_fn_error::ServerFnError;
use crate::ui::{Avatar, FormError, Toasts, Wrong, browser};

/// The ids of the buttons.
const UPLOAD: &str = "upload-picture";
const REMOVE: &str = "remove-picture";

/// The picture of an account, with what changes it.
#[component]
pub fn PictureEditor(
    /// The account.
    of: AccountRef,
    /// Where its picture is sent to.
    path: String,
    /// Called when it has another picture, or none.
    changed: Callback<()>,
) -> impl IntoView {
    let toasts = Toasts::expect();
    let picture = RwSignal::new(of.picture);
    let wrong: Wrong = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let path = StoredValue::new(path);
    // The page may be another one by the time that an answer comes.
    let finish = move |outcome: Result<Option<PictureVersion>, ServerFnError>, done: &'static str| {
        busy.try_set(false);
        match outcome {
            Ok(version) => {
                wrong.try_set(None);
                picture.try_set(version);
                toasts.done(done);
                // The button that was pressed may be gone.
                request_animation_frame(|| {
                    browser::focus("#upload-picture");
                });
                changed.run(());
            }
            Err(fault) => {
                wrong.try_set(Some(fault));
            }
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
        if busy.get_untracked() {
            return;
        }
        // A file has a whole number of bytes, far fewer than a float can count.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
        let bytes = file.size() as usize;
        if let Err(failure) = check(&file.type_(), bytes) {
            wrong.set(Some(failure.into()));
            return;
        }
        wrong.set(None);
        busy.set(true);
        spawn_local(async move { finish(send(&path.get_value(), &file).await.map(Some), text::UPLOADED) });
    };
    let take_away = move |_| {
        if !busy.get_untracked() {
            busy.set(true);
            spawn_local(async move { finish(remove(&path.get_value()).await.map(|()| None), text::REMOVED) });
        }
    };
    view! {
        <div class="picture">
            {move || view! { <Avatar of=AccountRef { picture: picture.get(), ..of.clone() } class="avatar avatar-xl" /> }}
            <div class="picture-acts">
                <div class="row">
                    <input type="file" hidden node_ref=input accept=MEDIA_TYPES.join(",") on:change=chosen />
                    <button
                        type="button"
                        id=UPLOAD
                        class="btn btn-sm"
                        aria-describedby="picture-help"
                        aria-busy=move || busy.get().then_some("true")
                        on:click=choose
                    >
                        {move || match (busy.get(), picture.get()) {
                            (true, _) => text::UPLOADING,
                            (false, None) => text::UPLOAD,
                            (false, Some(_)) => text::REPLACE,
                        }}
                    </button>
                    {move || {
                        picture
                            .get()
                            .map(|_| {
                                view! {
                                    <button type="button" id=REMOVE class="btn btn-sm btn-quiet" on:click=take_away>
                                        {text::REMOVE}
                                    </button>
                                }.into_any()
                            })
                    }}
                </div>
                <p class="help" id="picture-help">
                    {text::HELP}
                </p>
                <FormError wrong />
            </div>
        </div>
    }
}
