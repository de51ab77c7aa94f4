//! Dialogs: the browser's own, modal, so that focus stays inside and returns to what opened them. Closing one by Escape
//! or by its corner asks first when something was typed, and so does leaving the page.

use leptos::html;
use leptos::prelude::*;

use super::{Confirm, Icon, IconName, Unsaved, browser, text};

/// A dialog. Its content exists only while it is open, so that it starts empty every time.
#[component]
pub fn Dialog(
    /// The id, unique on the page.
    id: &'static str,
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Called when it is closed, by a button or by Escape.
    close: Callback<()>,
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is a question rather than a form.
    #[prop(optional)]
    small: bool,
    /// The content: a `dialog-body`, perhaps in a form, and a [`DialogFoot`].
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let confirm = Confirm::expect();
    let unsaved = Unsaved::expect();
    on_cleanup(move || unsaved.clear(id));
    let leave = move || {
        if unsaved.is_marked(id) {
            confirm.ask_about_unsaved(move || close.run(()));
        } else {
            close.run(());
        }
    };
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() {
            // After the content is there: opening focuses the first thing marked `autofocus`.
            request_animation_frame(move || {
                if !dialog.open() {
                    // Fails only for a dialog that is no longer on the page.
                    let _ = dialog.show_modal();
                }
            });
        } else {
            unsaved.clear(id);
            dialog.close();
        }
    });
    view! {
        <dialog
            id=id
            class=if small { "dialog dialog-sm" } else { "dialog" }
            node_ref=node
            aria-labelledby=format!("{id}-title")
            on:input=move |event| {
                if browser::is_in_form(&event) {
                    unsaved.mark(id);
                }
            }
            on:cancel=move |event: leptos::ev::Event| {
                if unsaved.is_marked(id) {
                    event.prevent_default();
                    leave();
                }
            }
            on:close=move |_| {
                if open.get_untracked() {
                    close.run(());
                }
            }
        >
            <Show when=move || open.get()>
                <div class="dialog-head">
                    <h2 id=format!("{id}-title")>{title}</h2>
                    <button
                        type="button"
                        class="btn btn-quiet btn-icon"
                        aria-label=text::CLOSE
                        on:click=move |_| leave()
                    >
                        <Icon name=IconName::Close />
                    </button>
                </div>
                {children()}
            </Show>
        </dialog>
    }
}

/// The buttons below a dialog's form: Cancel, which asks nothing, and the one that sends it.
#[component]
pub fn DialogFoot(
    /// The label of the button that sends the form.
    verb: &'static str,
    /// Its icon.
    icon: IconName,
    /// Whether the form is being sent.
    #[prop(into)]
    busy: Signal<bool>,
    /// Called by Cancel.
    close: Callback<()>,
    /// Whether it takes something away.
    #[prop(optional)]
    danger: bool,
) -> impl IntoView {
    view! {
        <div class="dialog-foot">
            <button type="button" class="btn btn-quiet" on:click=move |_| close.run(())>
                {text::CANCEL}
            </button>
            <button
                class=if danger { "btn btn-danger" } else { "btn btn-primary" }
                aria-busy=move || busy.get().then_some("true")
            >
                <Icon name=icon />
                {verb}
            </button>
        </div>
    }
}
