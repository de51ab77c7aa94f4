//! How the browser sends and removes a picture: a server function takes JSON, which a file is not.

use domain::Code;
use domain::pictures::refused;
use http::header::CONTENT_TYPE;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::request::browser::Request;
use leptos::server_fn::response::browser::Response;
use web_sys::File;

use crate::server_fn_error::ServerFnError;

/// Sends a file to `path`.
pub(super) async fn send(path: &str, file: &File) -> Result<(), ServerFnError> {
    let request = Request::put(path).header(CONTENT_TYPE.as_str(), &file.type_()).body(file);
    answer(request.map_err(|error| not_sent(&error))?.send().await.map_err(|error| not_sent(&error))?).await
}

/// Removes the picture at `path`.
pub(super) async fn remove(path: &str) -> Result<(), ServerFnError> {
    answer(Request::delete(path).send().await.map_err(|error| not_sent(&error))?).await
}

async fn answer(response: Response) -> Result<(), ServerFnError> {
    match response.status() {
        200..=299 => Ok(()),
        // Perhaps of a reverse proxy, which says so in its own words.
        413 => Err(refused(Code::PayloadTooLarge).into()),
        _ => Err(ServerFnError::de(response.text().await.map_err(|error| not_sent(&error))?.into())),
    }
}

fn not_sent(error: &impl ToString) -> ServerFnError {
    ServerFnError::from_server_fn_error(ServerFnErrorErr::Request(error.to_string()))
}
