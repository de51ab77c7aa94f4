//! Menus by keyboard: one mechanism for every popover of the class `menu`, wherever it stands. One at a time is open.

use leptos::ev::{self, KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use web_sys::Element;

use super::browser;

/// The items of the open menu.
const ITEMS: &str = ".menu:popover-open .menu-item";

/// Moves the focus in menus by the arrow keys, Home and End, and into a menu that is opened by keyboard, for as long as the
/// application runs. Escape is the browser's: it closes a popover and returns the focus.
pub fn use_menu_keys() {
    // Runs in the browser alone.
    Effect::new(|| {
        let _ = window_event_listener(ev::keydown, |event: KeyboardEvent| {
            if !event.default_prevented() && follow(&event.key()) {
                event.prevent_default();
            }
        });
        let _ = window_event_listener(ev::click, |event: MouseEvent| {
            // A click by keyboard has no count. One by mouse leaves the focus where it is.
            if event.detail() == 0 && browser::closest(&event, "[popovertarget]:not(.menu *)").is_some() {
                // After the menu is open, and its items are made.
                request_animation_frame(|| {
                    browser::focus(ITEMS);
                });
            }
        });
    });
}

/// Follows a key; returns whether it had a meaning here.
fn follow(key: &str) -> bool {
    let Some(focused) = document().active_element() else { return false };
    let items: Vec<Element> = browser::elements(ITEMS).collect();
    if items.is_empty() {
        // The arrow that points to a menu opens it.
        let opens = key == "ArrowDown" && focused.has_attribute("popovertarget");
        if opens {
            browser::click(":focus");
        }
        return opens;
    }
    // Radio buttons in a menu have the arrow keys for themselves.
    if focused.tag_name() == "INPUT" {
        return false;
    }
    let at = items.iter().position(|item| item.contains(Some(&focused)));
    next(key, at, items.len()).is_some_and(|next| browser::focus_on(&items[next]))
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
