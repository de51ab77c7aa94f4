//! Dialogs: the browser's own, modal, so that focus stays inside and returns to what opened them.

use leptos::html;
use leptos::prelude::*;

use super::{Icon, IconName};

/// A dialog. What is inside exists only while it is open, so that every opening starts afresh.
#[component]
pub fn Dialog(
    /// Names the dialog among the page's ids.
    id: &'static str,
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Called when the person closes it, by button or by Escape.
    close: Callback<()>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is a question rather than a form.
    #[prop(optional)]
    small: bool,
    /// What is inside: a `dialog-body`, perhaps in a form, and a [`DialogFoot`].
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
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
            dialog.close();
        }
    });
    view! {
        <dialog
            id=id
            class=if small { "dialog dialog-sm" } else { "dialog" }
            node_ref=node
            aria-labelledby=format!("{id}-title")
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
                        aria-label="Close"
                        on:click=move |_| close.run(())
                    >
                        <Icon name=IconName::Close />
                    </button>
                </div>
                {children()}
            </Show>
        </dialog>
    }
}

/// The buttons below a dialog's form: Cancel, and what it is for.
#[component]
pub fn DialogFoot(
    /// What the button says that sends the form.
    verb: &'static str,
    /// Its icon.
    icon: IconName,
    /// Whether the form is on its way.
    #[prop(into)]
    busy: Signal<bool>,
    /// Called by Cancel.
    close: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="dialog-foot">
            <button type="button" class="btn btn-quiet" on:click=move |_| close.run(())>
                "Cancel"
            </button>
            <button class="btn btn-primary" aria-busy=move || busy.get().then_some("true")>
                <Icon name=icon />
                {verb}
            </button>
        </div>
    }
}
