//! Reading a page again while something on it still changes by itself.

use std::time::Duration;

use leptos::prelude::*;

/// The time between two looks.
const INTERVAL: Duration = Duration::from_secs(4);

/// Calls `read` again and again while `is_waiting`, and the page is in sight. `is_waiting` tracks what is read.
pub(super) fn watch(is_waiting: impl Fn() -> bool + 'static, read: impl Fn() + Copy + 'static) {
    // In the browser alone. The timer ends with what it was set for.
    Effect::new(move || {
        if is_waiting() {
            let look = move || {
                if !document().hidden() {
                    read();
                }
            };
            if let Ok(timer) = set_interval_with_handle(look, INTERVAL) {
                on_cleanup(move || timer.clear());
            }
        }
    });
}
