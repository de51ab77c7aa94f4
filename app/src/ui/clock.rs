//! The present instant, as relative times on the page read it: one timer for all of them.

use std::time::Duration;

use domain::Timestamp;
use leptos::prelude::*;

use super::browser;

/// How often relative times are computed again. The smallest unit they have is a minute.
const TICK: Duration = Duration::from_secs(30);

/// The present instant. Whoever reads it follows it.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Timestamp>);

impl Clock {
    /// Creates it, provides it to everything below, and lets it tick in the browser.
    pub fn provide() {
        // The browser begins with the server's instant, so that it takes the page over with the words that are there.
        let micros = SharedValue::new_str(|| now().as_micros()).into_inner();
        let clock = Self(RwSignal::new(Timestamp::from_micros(micros)));
        provide_context(clock);
        Effect::new(move || clock.tick_while_visible());
    }

    /// The one that was provided.
    pub fn expect() -> Self {
        expect_context()
    }

    /// The present instant.
    pub fn now(self) -> Timestamp {
        self.0.get()
    }

    /// Runs in the browser, once: what listens here listens as long as the application runs.
    fn tick_while_visible(self) {
        let timer = StoredValue::new(None::<IntervalHandle>);
        let tick = move || self.0.set(browser::now());
        let restart = move || {
            if let Some(timer) = timer.try_update_value(Option::take).flatten() {
                timer.clear();
            }
            if !document().hidden() {
                tick();
                // Fails only for a duration that is too long.
                timer.set_value(set_interval_with_handle(tick, TICK).ok());
            }
        };
        restart();
        // It bubbles from the document.
        let _ = window_event_listener(leptos::ev::visibilitychange, move |_| restart());
    }
}

/// The present instant by the clock of whoever draws the page: the server, then the browser.
#[cfg(feature = "ssr")]
fn now() -> Timestamp {
    expect_context::<service::Ctx>().now()
}

/// The present instant by the clock of whoever draws the page: the server, then the browser.
#[cfg(not(feature = "ssr"))]
fn now() -> Timestamp {
    browser::now()
}
