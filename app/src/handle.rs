//! How server functions call use cases. Their errors leave the server here: logged once, with the status of their code.

use leptos::prelude::{expect_context, use_context};
use service::{Actor, Ctx, Error};

use crate::request::{RequestId, Visitor};
use crate::server_fn_error::ServerFnError;
use crate::text;

/// Runs `use_case` for the caller of a server function.
///
/// # Errors
/// [`domain::Code::Unauthenticated`] if nobody is signed in, and those of the use case.
pub async fn handle<T>(use_case: impl AsyncFnOnce(Ctx, Actor) -> Result<T, Error>) -> Result<T, ServerFnError> {
    let id: RequestId = use_context().unwrap_or_default();
    let outcome = match caller() {
        Ok((ctx, actor)) => use_case(ctx, actor).await,
        Err(error) => Err(error),
    };
    outcome.map_err(|error| ServerFnError::respond(crate::errors::failure(error, id.as_str())))
}

/// The use cases' context and the caller.
fn caller() -> Result<(Ctx, Actor), Error> {
    use domain::{Code, Failure};

    let visitor = use_context::<Visitor>()
        .or_else(|| use_context::<http::request::Parts>().and_then(|parts| parts.extensions.get::<Visitor>().cloned()));
    match visitor.and_then(|visitor| visitor.signed) {
        Some(signed) => Ok((expect_context(), signed.actor)),
        None => Err(Failure::new(Code::Unauthenticated, text::SIGNED_OUT).into()),
    }
}
