//! Forms and dialogs that hold something that was typed and not saved: leaving the page asks first.

use leptos::ev::{self, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement};

use super::{Confirm, browser};

/// The forms and dialogs of the page with unsaved changes, by id. The page has one list of them (`browser::unsaved`).
#[derive(Clone, Copy)]
pub struct Unsaved {
    confirm: Confirm,
    /// The address of the page where something was typed.
    page: StoredValue<String>,
}

impl Unsaved {
    /// Creates it, provides it to everything below, and watches the ways off a page: links, Back and Forward, and leaving
    /// the dashboard by the browser's own means. Called before there is a router: browsers call the listeners of a window
    /// in the order in which they were added.
    pub fn provide() {
        let unsaved = Self { confirm: Confirm::expect(), page: StoredValue::default() };
        provide_context(unsaved);
        if cfg!(feature = "hydrate") {
            unsaved.watch();
        }
    }

    /// The one that was provided.
    #[must_use]
    pub fn expect() -> Self {
        expect_context()
    }

    /// Whether something was typed into a form and not saved.
    pub fn is_marked(self, form: &'static str) -> bool {
        browser::unsaved(|forms| forms.contains(&form))
    }

    /// Records that something was typed into a form.
    pub fn mark(self, form: &'static str) {
        if is_empty() {
            self.page.set_value(window().location().href().unwrap_or_default());
        }
        browser::unsaved(|forms| {
            if !forms.contains(&form) {
                forms.push(form);
            }
        });
    }

    /// Records that a form was saved, or is gone.
    pub fn clear(self, form: &'static str) {
        browser::unsaved(|forms| forms.retain(|marked| *marked != form));
    }

    /// Leaves by `go`; asks first when something is not saved.
    pub fn leave(self, go: impl Fn() + Send + Sync + 'static) {
        if is_empty() {
            go();
        } else {
            self.confirm.ask_about_unsaved(move || {
                browser::unsaved(Vec::clear);
                go();
            });
        }
    }

    /// Runs in the browser, once: what listens here listens as long as the application runs.
    fn watch(self) {
        let _ = window_event_listener(ev::beforeunload, move |event| {
            if !is_empty() {
                event.prevent_default();
            }
        });
        let link = StoredValue::new_local(None::<HtmlElement>);
        before_router("click", move |event: MouseEvent| {
            if is_empty() {
                return;
            }
            if let Some(followed) = link_to_another_page(&event) {
                event.prevent_default();
                link.set_value(Some(followed));
                self.leave(move || {
                    if let Some(link) = link.try_update_value(Option::take).flatten() {
                        link.click();
                    }
                });
            }
        });
        before_router("popstate", move |event: Event| {
            if is_empty() {
                return;
            }
            event.stop_immediate_propagation();
            // The browser has gone to the other entry of its history already. This page becomes the entry after it, so that
            // one step back leads there, whether it was the previous or the next one.
            let here = self.page.get_value();
            // None of this fails for an address of this site.
            let history = window().history();
            let _ = history.and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&here)));
            self.leave(|| {
                let _ = window().history().and_then(|history| history.back());
            });
        });
    }
}

fn is_empty() -> bool {
    browser::unsaved(|forms| forms.is_empty())
}

/// Listens to an event of the window on its way down, before the router does, for as long as the application runs.
fn before_router<E: FromWasmAbi + 'static>(event: &str, listener: impl Fn(E) + 'static) {
    let listener = Closure::<dyn Fn(E)>::new(listener);
    // Fails only for arguments that are none of these.
    let _ = window().add_event_listener_with_callback_and_bool(event, listener.as_ref().unchecked_ref(), true);
    listener.forget();
}

/// The link of a click that leaves this page in this window.
fn link_to_another_page(event: &MouseEvent) -> Option<HtmlElement> {
    if event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
        return None;
    }
    let link = browser::closest(event, "a[href]")?;
    let stays = link.get_attribute("href").is_some_and(|href| href.starts_with('#'))
        || link.has_attribute("download")
        || link.get_attribute("target").is_some_and(|target| target == "_blank");
    if stays { None } else { link.dyn_into().ok() }
}
