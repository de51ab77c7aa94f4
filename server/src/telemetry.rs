//! Logs: lines for people on a terminal, JSON for everyone else unless told otherwise, always on stderr. Nothing else of the process writes
//! there once it serves, and nothing secret is ever logged.

use std::io::{IsTerminal, stderr};
use std::str::FromStr;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// For people, wherever they are read.
    Text,
    /// An object a line.
    Json,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(format!("LATCHKEY_LOG_FORMAT is auto, text or json, not {other:?}.")),
        }
    }
}

/// Starts logging what `filter` lets through, for example `info` or `warn,service=debug`.
///
/// # Errors
/// A sentence for the operator when the filter cannot be read.
pub fn start(filter: &str, format: LogFormat) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("The log filter {filter:?} is wrong: {error}."))?;
    let on_terminal = stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(stderr);
    let registry = tracing_subscriber::registry().with(filter);
    // A second start, as in tests, keeps the first subscriber.
    let _ = match format {
        LogFormat::Auto | LogFormat::Text if on_terminal => registry.with(lines.with_target(false)).try_init(),
        // Colours are for terminals.
        LogFormat::Text => registry.with(lines.with_target(false).with_ansi(false)).try_init(),
        LogFormat::Auto | LogFormat::Json => {
            registry.with(lines.json().flatten_event(true).with_current_span(true).with_span_list(false)).try_init()
        }
    };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("(no message)");
        tracing::error!(place, message, "a bug: something panicked");
    }));
    Ok(())
}
