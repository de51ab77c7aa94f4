//! Content whose program is a part of its own (`wasm_split`): downloaded when the content is first shown.

use std::pin::Pin;

use futures::FutureExt;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::SplitLoaderError;

use super::{Icon, IconName, browser, text};

/// What a split function returns: the view, unless its part could not be downloaded.
pub type Drawn = Result<AnyView, SplitLoaderError>;

/// The download of a part.
pub type Download = Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>;

/// Calls a split function.
pub type Draw = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Drawn>>> + Send + Sync>;

/// [`Draw`] for a call of a split function.
pub fn drawing<F: Future<Output = Drawn> + 'static>(call: impl Fn() -> F + Send + Sync + 'static) -> Draw {
    Box::new(move || Box::pin(call()))
}

/// How far the download of a part is.
#[derive(Clone, Copy)]
enum Part {
    /// It has not begun.
    NotAsked,
    /// It is under way.
    Asked,
    /// The part is there.
    There,
    /// It has failed.
    Missing,
}

/// Content of a dialog or a form, once its part is there. Until then a placeholder; if the part cannot be downloaded, an error
/// and a button that tries again.
#[component]
pub fn Deferred(
    /// Downloads the part; does nothing if it is there.
    load: fn() -> Download,
    /// The content, drawn when the part is there.
    draw: Draw,
    /// What is said if the part cannot be downloaded.
    #[prop(default = text::FORM_NOT_LOADED)]
    failed: &'static str,
    /// The class of what stands there until then.
    #[prop(default = "dialog-body")]
    class: &'static str,
    /// Whether nothing stands there until then, because the content may be nothing.
    #[prop(optional)]
    unseen: bool,
) -> impl IntoView {
    let loaded = RwSignal::new(Part::NotAsked);
    let start = move || {
        if !unseen {
            loaded.set(Part::Asked);
        }
        spawn_local(async move {
            let part = if load().await.is_ok() { Part::There } else { Part::Missing };
            // The dialog may be closed by now.
            if loaded.try_set(part).is_none() {
                // A dialog focuses its content when it opens, which was before the content came. Who is in the form
                // already, as in one that gets further sections, stays where they are.
                request_animation_frame(|| {
                    if !browser::focus("dialog[open] form:not(:focus-within) [autofocus]") {
                        browser::focus("dialog[open] form:not(:focus-within) :is(input, select, textarea)");
                    }
                });
            }
        });
    };
    // In the browser alone: a page whose script does not arrive waits for nothing.
    Effect::new(start);
    move || match loaded.get() {
        Part::NotAsked => ().into_any(),
        Part::Asked => view! { <Placeholder class /> }.into_any(),
        // The part is there, so that the function returns at once, in the reactive owner of this content.
        Part::There => match draw().now_or_never() {
            Some(Ok(content)) => content,
            _ => view! { <NotLoaded class failed again=start /> }.into_any(),
        },
        Part::Missing => view! { <NotLoaded class failed again=start /> }.into_any(),
    }
}

#[component]
fn Placeholder(class: &'static str) -> impl IntoView {
    view! {
        <div class=class role="status" aria-busy="true" aria-label=text::LOADING>
            <span class="skeleton" data-w="s"></span>
            <span class="skeleton" data-w="l"></span>
            <span class="skeleton" data-w="s"></span>
            <span class="skeleton" data-w="m"></span>
        </div>
    }
}

#[component]
fn NotLoaded(class: &'static str, failed: &'static str, again: impl Fn() + 'static) -> impl IntoView {
    view! {
        <div class=class>
            <div class="banner" data-tone="danger" role="alert">
                <Icon name=IconName::Alert />
                <div class="grow">{failed}</div>
                <div class="row">
                    <button type="button" class="btn btn-sm" on:click=move |_| again()>
                        <Icon name=IconName::Refresh />
                        {text::TRY_AGAIN}
                    </button>
                </div>
            </div>
        </div>
    }
}
