//! Keyboard shortcuts: single letters that work outside fields and can be switched off (WCAG 2.1.4), and the dialog that
//! lists them.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::nav::{NEW_INVITE, creates_invites, is_staff};
use super::text;
use crate::pages;
use crate::search::QuickSearch;
use crate::ui::{Dialog, Unsaved, browser};
use crate::viewer::CurrentViewer;

/// Whether the dialog that lists the shortcuts is open.
#[derive(Clone, Copy)]
pub struct Help(pub RwSignal<bool>);

/// Where the browser remembers that shortcuts are switched off.
const SWITCH: &str = "latchkey-keys";
/// How long `g` waits for its letter, in milliseconds.
const TIMEOUT: f64 = 1_500.0;

const LIST: &[(&str, &str)] = &[
    ("/", text::SEARCH_OR_JUMP),
    ("Ctrl K", text::SEARCH_WHILE_TYPING),
    ("c", text::CREATE_INVITE),
    ("g o", text::OVERVIEW),
    ("g i", text::INVITES),
    ("g r", text::REDEMPTIONS),
    ("g m", text::MEMBERS),
    ("g g", text::GROUPS),
    ("g s", text::SETTINGS),
    ("j", text::NEXT_ROW),
    ("k", text::PREVIOUS_ROW),
    ("Enter", text::OPEN_ROW),
    ("y", text::COPY_INVITE_LINK),
    ("e", text::EDIT_INVITE),
    ("[", text::PREVIOUS_PAGE),
    ("]", text::NEXT_PAGE),
    ("Esc", text::CLOSE_DIALOG),
    ("?", text::SHOW_SHORTCUTS),
];

/// The pages that `g` and a letter lead to.
const PLACES: [(&str, pages::Page); 6] = [
    ("o", pages::OVERVIEW),
    ("i", pages::INVITES),
    ("r", pages::REDEMPTIONS),
    ("m", pages::MEMBERS),
    ("g", pages::GROUPS),
    ("s", pages::SETTINGS),
];

/// Listens for shortcuts, and lists them.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let Help(help) = expect_context();
    let CurrentViewer(viewer) = expect_context();
    let on = RwSignal::new(true);
    let staff = RwSignal::new(false);
    let creates = RwSignal::new(false);
    let signed_in = RwSignal::new(false);
    let search = QuickSearch::expect();
    let waiting_since = StoredValue::new(None::<f64>);
    let navigate = use_navigate();
    let unsaved = Unsaved::expect();

    Effect::new(move || {
        let viewer = viewer.get().and_then(Result::ok);
        signed_in.set(viewer.is_some());
        staff.set(viewer.as_ref().is_some_and(is_staff));
        creates.set(viewer.as_ref().is_some_and(creates_invites));
    });
    Effect::new(move || on.set(browser::remembered(SWITCH).as_deref() != Some("off")));
    Effect::new(move || {
        let navigate = navigate.clone();
        let listener = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
            if !signed_in.get_untracked() {
                return;
            }
            if search.keep_typed(&event) {
                event.prevent_default();
                return;
            }
            if opens_search(&event, on.get_untracked()) {
                event.prevent_default();
                search.toggle();
                return;
            }
            if !on.get_untracked() || !is_for_us(&event) {
                return;
            }
            // Members have their own pages only, and no lists.
            if !staff.get_untracked() {
                return;
            }
            let go = |href: &'static str| {
                let navigate = navigate.clone();
                unsaved.leave(move || navigate(href, NavigateOptions::default()));
            };
            let after_g = waiting_since
                .try_update_value(Option::take)
                .flatten()
                .is_some_and(|since| js_sys::Date::now() - since < TIMEOUT);
            let key = event.key();
            let place = PLACES.iter().find(|(letter, _)| after_g && *letter == key);
            match (place, key.as_str()) {
                (Some((_, page)), _) => go(page.path),
                (_, "g") => waiting_since.set_value(Some(js_sys::Date::now())),
                (_, "c") if creates.get_untracked() => go(NEW_INVITE),
                (_, "j") => browser::go_to_row(true),
                (_, "k") => browser::go_to_row(false),
                (_, key @ ("y" | "e" | "[" | "]")) => browser::press(key),
                (_, "?") => help.set(true),
                _ => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    });

    let toggle = move |event| {
        let checked = event_target_checked(&event);
        on.set(checked);
        browser::remember(SWITCH, if checked { "on" } else { "off" });
    };
    view! {
        <Dialog
            id="keys-help"
            open=help
            close=Callback::new(move |()| help.set(false))
            title=text::SHORTCUTS.to_owned()
            small=true
        >
            <div class="dialog-body">
                <dl class="facts">
                    {LIST
                        .iter()
                        .map(|&(keys, words)| {
                            view! {
                                <dt>
                                    <span class="row">
                                        {keys.split(' ').map(|key| view! { <kbd class="kbd">{named(key)}</kbd> }.into_any()).collect_view()}
                                    </span>
                                </dt>
                                <dd>{words}</dd>
                            }.into_any()
                        })
                        .collect_view()}
                </dl>
                <label class="check">
                    <input type="checkbox" prop:checked=move || on.get() on:change=toggle />
                    <span>{text::USE_SHORTCUTS}</span>
                </label>
            </div>
        </Dialog>
    }
}

/// Whether a key may be a shortcut: without modifiers, outside of fields, with no dialog open.
fn is_for_us(event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() || event.default_prevented() {
        return false;
    }
    let typing = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()).is_some_and(|target| {
        matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || target.is_content_editable()
    });
    !typing && !is_dialog_open()
}

fn is_dialog_open() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

/// Whether a key press opens the search, or closes it. `letters` says whether single letters are shortcuts.
fn opens_search(event: &KeyboardEvent, letters: bool) -> bool {
    let closes = || document().query_selector("#search-dialog[open]").ok().flatten().is_some();
    (letters && event.key() == "/" && is_for_us(event)) || (is_command_k(event) && (closes() || !is_dialog_open()))
}

/// Whether a key press is Ctrl+K, or ⌘K where that key takes its place. It is no single letter, so that it works in fields,
/// too, and cannot be switched off.
fn is_command_k(event: &KeyboardEvent) -> bool {
    let held = if browser::has_command_key() { event.meta_key() } else { event.ctrl_key() };
    held && !event.shift_key() && !event.alt_key() && event.key().eq_ignore_ascii_case("k")
}

/// The name of a key on this computer.
fn named(key: &'static str) -> &'static str {
    if key == "Ctrl" && browser::has_command_key() { "⌘" } else { key }
}
