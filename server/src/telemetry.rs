//! The log, on standard error: by default text on a terminal and JSON elsewhere. Once the server runs, nothing else is
//! written there. Secrets are never logged.

use std::io::{IsTerminal, stderr};
use std::str::FromStr;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// Text.
    Text,
    /// One JSON object per line.
    Json,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(format!("LATCHKEY_LOG_FORMAT must be auto, text or json, not {other:?}.")),
        }
    }
}

/// Starts the log with a filter such as `info` or `warn,service=debug`.
///
/// # Errors
/// The filter is invalid; the error is a sentence for the operator.
pub fn start(filter: &str, format: LogFormat) -> Result<(), String> {
    let filter =
        EnvFilter::try_new(filter).map_err(|error| format!("The log filter {filter:?} is invalid: {error}."))?;
    let on_terminal = stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(stderr);
    let registry = tracing_subscriber::registry().with(filter);
    // If the log was already started, as in tests, the first subscriber is kept.
    let _ = match format {
        LogFormat::Auto | LogFormat::Text if on_terminal => registry.with(lines.with_target(false)).try_init(),
        // No colours outside of a terminal.
        LogFormat::Text => registry.with(lines.with_target(false).with_ansi(false)).try_init(),
        LogFormat::Auto | LogFormat::Json => {
            registry.with(lines.json().flatten_event(true).with_current_span(true).with_span_list(false)).try_init()
        }
    };
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("(no message)");
        tracing::error!(location, message, "panic");
    }));
    Ok(())
}
