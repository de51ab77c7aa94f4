//! The present instant, as relative times on the page read it: one timer for all of them.

use std::time::Duration;

use domain::Timestamp;
use leptos::prelude::*;

use super::browser;

/// How often relative times are computed again. The smallest unit they have is a minute.
const TICK: Duration = Duration::from_secs(30);

/// The present instant. Whoever reads it follows it.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Option<Timestamp>>);

impl Clock {
    /// Creates it, provides it to everything below, and lets it tick in the browser.
    pub fn provide() {
        // The browser begins with the server's instant, so that it takes the page over with the words that are there.
        let clock = Self(RwSignal::new(SharedValue::new(now).into_inner()));
        provide_context(clock);
        Effect::new(move || clock.tick_while_visible());
    }

    /// The present instant; `None` on a server without a clock, which draws no pages.
    pub fn now(self) -> Option<Timestamp> {
        self.0.get()
    }

    /// Runs in the browser, once: what listens here listens as long as the application runs.
    fn tick_while_visible(self) {
        let timer = StoredValue::new(None::<IntervalHandle>);
        let tick = move || self.0.set(Some(browser::now()));
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
fn now() -> Option<Timestamp> {
    use_context::<service::Ctx>().map(|ctx| ctx.now())
}

/// The present instant by the clock of whoever draws the page: the server, then the browser.
#[cfg(not(feature = "ssr"))]
#[expect(clippy::unnecessary_wraps, reason = "the server may have no clock where no page is drawn")]
fn now() -> Option<Timestamp> {
    Some(browser::now())
}
