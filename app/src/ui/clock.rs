//! The present instant, as relative times on the page read it: one timer for all of them.

use std::time::Duration;

use domain::Timestamp;
use leptos::prelude::*;

use super::browser;

/// How often relative times are computed again. The smallest unit they have is a minute.
const TICK: Duration = Duration::from_secs(30);

/// The present instant. What reads it follows it.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Timestamp>);

impl Clock {
    /// Creates it, provides it to everything below, and lets it tick in the browser.
    pub fn provide() {
        // The browser begins with the server's instant, so that it takes the page over with the words that are there.
        let micros = SharedValue::new_str(|| now().as_micros()).into_inner();
        let clock = Self(RwSignal::new(Timestamp::from_micros(micros)));
        provide_context(clock);
        // In the browser alone, and for as long as the application runs. Browsers slow it down in a tab that is hidden.
        Effect::new(move || set_interval(move || clock.0.set(browser::now()), TICK));
    }

    /// The one that was provided.
    pub fn expect() -> Self {
        expect_context()
    }

    /// The present instant.
    pub fn now(self) -> Timestamp {
        self.0.get()
    }
}

/// The present instant by the clock of what draws the page: the server, then the browser.
#[cfg(feature = "ssr")]
fn now() -> Timestamp {
    expect_context::<service::Ctx>().now()
}

/// The present instant by the clock of what draws the page: the server, then the browser.
#[cfg(not(feature = "ssr"))]
fn now() -> Timestamp {
    browser::now()
}
