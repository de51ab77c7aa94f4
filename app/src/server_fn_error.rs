//! How server functions fail: a [`Failure`] of the domain, with its HTTP status.

use std::fmt;

use domain::{Code, Failure};
use leptos::server_fn::error::{FromServerFnError, IntoAppError, ServerFnErrorErr};
use leptos::server_fn::{Bytes, Decodes};
use serde::{Deserialize, Serialize};

use crate::client::JsonText;
use crate::text;

/// Why a server function did not do what it was asked. Fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerFnError(pub Failure);

impl ServerFnError {
    /// What a program matches on.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.0.code
    }

    /// The error that a server function or a page answers with. On the server the response gets the status of its code,
    /// also that of a page that is being rendered.
    #[must_use]
    pub fn respond(failure: Failure) -> Self {
        #[cfg(feature = "ssr")]
        set_status(failure.code);
        Self(failure)
    }

    /// Whether what is wrong as a whole is what is wrong with one field: said there, it need not be said again.
    #[must_use]
    pub fn is_said_by_a_field(&self) -> bool {
        self.0.fields.iter().any(|field| field.message == self.0.message)
    }

    /// What is wrong with `field`, if anything.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<String> {
        self.0.field_error(field).map(str::to_owned)
    }
}

impl fmt::Display for ServerFnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ServerFnError {}

impl From<Failure> for ServerFnError {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

/// Gives the response the status of `code`.
#[cfg(feature = "ssr")]
fn set_status(code: Code) {
    if let (Some(response), Ok(status)) =
        (leptos::prelude::use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(code.http_status()))
    {
        response.set_status(status);
    }
}

impl FromServerFnError for ServerFnError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Failure::new(Code::Unavailable, text::UNREACHABLE),
            // The browser's and the server's idea of the arguments differ: a page of an older build, or no browser.
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Failure::new(Code::Invalid, text::UNREADABLE_REQUEST)
            }
            // On the server it is the arguments that are read; in the browser, below, the answer.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(_) => Failure::new(Code::Invalid, text::UNREADABLE_REQUEST),
            _ => Failure::new(Code::Internal, text::UNREADABLE_RESPONSE),
        }
        .into()
    }

    /// In the browser: the failure a server function answered with. When the session has ended, goes to the sign-in page,
    /// which leads back. A page with something that is not saved stays, and shows the failure.
    fn de(data: Bytes) -> Self {
        let fault = JsonText::decode(data).unwrap_or_else(|error: serde_json::Error| {
            ServerFnErrorErr::Deserialization(error.to_string()).into_app_error()
        });
        #[cfg(feature = "hydrate")]
        if Self::code(&fault) == Code::Unauthenticated {
            crate::browser::sign_in_again();
        }
        fault
    }
}
