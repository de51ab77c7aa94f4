//! Menus by keyboard: one mechanism for every popover of the class `menu`, wherever it stands.

use leptos::ev::{self, KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement};

use super::browser;

/// Moves the focus in menus by the arrow keys, Home and End, and into a menu that is opened by keyboard, for as long as the
/// application runs. Escape is the browser's: it closes a popover and returns the focus.
pub fn use_menu_keys() {
    // Runs in the browser alone.
    Effect::new(|| {
        let _ = window_event_listener(ev::keydown, |event: KeyboardEvent| {
            if !event.default_prevented() && (open_by_arrow(&event) || move_focus(&event)) {
                event.prevent_default();
            }
        });
        let _ = window_event_listener(ev::click, |event: MouseEvent| {
            // A click by keyboard has no count. One by mouse leaves the focus where it is.
            if event.detail() == 0
                && let Some((_, menu)) = opener(event.target())
            {
                // After the menu is open, and its items are made.
                request_animation_frame(move || {
                    focus_first(&menu);
                });
            }
        });
    });
}

/// The button outside of menus that an event happened in, and the id of the menu that it opens.
fn opener(target: Option<EventTarget>) -> Option<(HtmlElement, String)> {
    let opener = element(target)?.closest("[popovertarget]:not(.menu *)").ok().flatten()?;
    let menu = opener.get_attribute("popovertarget")?;
    let is_menu = document().get_element_by_id(&menu)?.matches(".menu").ok()?;
    Some((opener.dyn_into().ok()?, menu)).filter(|_| is_menu)
}

/// Focuses the first item of a menu that is open.
fn focus_first(menu: &str) -> bool {
    browser::focus(&format!("[id='{menu}']:popover-open .menu-item"))
}

/// Opens the menu whose button has the focus by the arrow that points to it; if it is open, enters it.
fn open_by_arrow(event: &KeyboardEvent) -> bool {
    if event.key() != "ArrowDown" {
        return false;
    }
    let Some((opener, menu)) = opener(event.target()) else { return false };
    if !focus_first(&menu) {
        opener.click();
    }
    true
}

/// Moves the focus within the open menu that has it.
fn move_focus(event: &KeyboardEvent) -> bool {
    let Some(target) = element(event.target()) else { return false };
    // Radio buttons in a menu have the arrow keys for themselves.
    if target.tag_name() == "INPUT" {
        return false;
    }
    let Some(menu) = target.closest(".menu:popover-open").ok().flatten() else { return false };
    let items: Vec<_> = browser::elements_in(&menu, ".menu-item").collect();
    let at = items.iter().position(|item| *item == target);
    let Some(next) = next(&event.key(), at, items.len()) else { return false };
    if let Some(item) = items.get(next).and_then(|item| item.dyn_ref::<HtmlElement>()) {
        // Fails only for an element that is no longer there.
        let _ = item.focus();
    }
    true
}

/// The item that a key leads to from the item `at`, of `count`. Behind the last one comes the first.
fn next(key: &str, at: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowDown" => Some(at.filter(|at| *at < last).map_or(0, |at| at + 1)),
        "ArrowUp" => Some(at.filter(|at| *at > 0).map_or(last, |at| at - 1)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

fn element(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn arrows_go_round_and_home_and_end_lead_to_the_ends() {
        for (key, at, then) in [
            ("ArrowDown", Some(0), Some(1)),
            ("ArrowDown", Some(2), Some(0)),
            ("ArrowDown", None, Some(0)),
            ("ArrowUp", Some(0), Some(2)),
            ("ArrowUp", Some(2), Some(1)),
            ("ArrowUp", None, Some(2)),
            ("Home", Some(2), Some(0)),
            ("End", Some(0), Some(2)),
            ("a", Some(0), None),
        ] {
            assert_eq!(next(key, at, 3), then, "{key} {at:?}");
        }
        assert_eq!(next("End", None, 0), None);
    }
}
