//! Reading a page again while something on it still changes by itself.

use std::time::Duration;

use leptos::prelude::*;

/// The time between two looks.
const INTERVAL: Duration = Duration::from_secs(4);

/// Calls `read` again and again while `is_waiting`, unless the page is out of sight or somebody uses a menu of it. `is_waiting` tracks what is read.
pub(super) fn watch(is_waiting: impl Fn() -> bool + 'static, read: impl Fn() + Copy + 'static) {
    // In the browser alone. The timer ends with what it was set for.
    Effect::new(move || {
        if is_waiting() {
            let look = move || {
                // What is drawn again closes what is open in it.
                let is_used = document()
                    .query_selector("main :popover-open, main details[open]")
                    .is_ok_and(|open| open.is_some());
                if !document().hidden() && !is_used {
                    read();
                }
            };
            if let Ok(timer) = set_interval_with_handle(look, INTERVAL) {
                on_cleanup(move || timer.clear());
            }
        }
    });
}
