//! How the browser calls server functions: as Leptos does, with an eye on the build that answers.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::{Sink, Stream};
use leptos::server_fn::Bytes;
use leptos::server_fn::client::Client;
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::codec::Post;
use leptos::server_fn::error::FromServerFnError;
use leptos::server_fn::request::browser::BrowserRequest;
use leptos::server_fn::response::browser::BrowserResponse;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::{DeserializeOwned, Error};

/// How server functions take their arguments and give their answers: as JSON in bodies.
pub type Json = Post<JsonText>;

/// JSON, read as text: so is what a page carries along for its hydration, and the browser downloads one reader of every
/// type instead of two.
pub struct JsonText;

impl ContentType for JsonText {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonText {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_string(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonText {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        serde_json::from_str(std::str::from_utf8(&bytes).map_err(serde_json::Error::custom)?)
    }
}

/// The response header by which the server names its build, see [`crate::request::Assets::build`].
const BUILD_HEADER: &str = "x-latchkey-build";

/// Whether a newer server has answered than the one this page came from.
static OUTDATED: AtomicBool = AtomicBool::new(false);

/// Whether the page should be loaded again when nothing is lost by it: when another page is opened.
#[must_use]
pub fn is_outdated() -> bool {
    OUTDATED.load(Ordering::Relaxed)
}

/// Calls server functions from the browser.
pub struct Browser;

impl<E, I, O> Client<E, I, O> for Browser
where
    E: FromServerFnError + Send,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    async fn send(request: Self::Request) -> Result<Self::Response, E> {
        let response = <BrowserClient as Client<E, I, O>>::send(request).await?;
        let theirs = response.generate_headers().remove(BUILD_HEADER);
        if theirs.is_some_and(|theirs| theirs.as_bytes() != crate::browser::assets().build().as_bytes()) {
            OUTDATED.store(true, Ordering::Relaxed);
        }
        Ok(response)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}
