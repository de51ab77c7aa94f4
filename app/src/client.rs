//! How the browser calls server functions: as Leptos does, with an eye on the build that answers.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::stream::Empty;
use futures::{Sink, Stream};
use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE};
use leptos::server_fn::Bytes;
use leptos::server_fn::client::Client;
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::codec::Post;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::request::browser::Request;
use leptos::server_fn::response::ClientRes;
use leptos::server_fn::response::browser::Response;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType};
use send_wrapper::SendWrapper;
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

/// Calls server functions from the browser. Leptos' own client can do more than is needed here, and to read one header of a
/// response it parses all of them: 6 KiB of the browser's program. A call whose caller is gone is not cancelled; its
/// response is dropped.
pub struct Browser;

impl<E, I, O> Client<E, I, O> for Browser
where
    E: FromServerFnError + Send,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = Call;
    type Response = Answer;

    fn send(call: Self::Request) -> impl Future<Output = Result<Self::Response, E>> + Send {
        SendWrapper::new(async move {
            let response = call.0.take().send().await.map_err(|error| not_sent(&error))?;
            let build = response.headers().get(BUILD_HEADER);
            if build.is_some_and(|build| build != crate::browser::assets().build()) {
                OUTDATED.store(true, Ordering::Relaxed);
            }
            Ok(Answer(SendWrapper::new(response)))
        })
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

/// A request with the arguments of a server function.
pub struct Call(SendWrapper<Request>);

impl<E: FromServerFnError> ClientReq<E> for Call {
    type FormData = ();

    fn try_new_req_bytes(
        path: &str,
        content_type: &str,
        accepts: &str,
        body: Bytes,
        _method: Method,
    ) -> Result<Self, E> {
        let body = std::str::from_utf8(&body).map_err(|error| not_sent(&error))?;
        let request = Request::post(path).header(CONTENT_TYPE.as_str(), content_type).header(ACCEPT.as_str(), accepts);
        Ok(Self(SendWrapper::new(request.body(body).map_err(|error| not_sent(&error))?)))
    }

    fn try_new_req_text(
        path: &str,
        content_type: &str,
        accepts: &str,
        body: String,
        method: Method,
    ) -> Result<Self, E> {
        Self::try_new_req_bytes(path, content_type, accepts, body.into(), method)
    }

    fn try_new_req_query(_: &str, _: &str, _: &str, _: &str, _: Method) -> Result<Self, E> {
        Err(not_sent(&JSON_ONLY))
    }

    fn try_new_req_form_data(_: &str, _: &str, _: &str, (): (), _: Method) -> Result<Self, E> {
        Err(not_sent(&JSON_ONLY))
    }

    fn try_new_req_multipart(_: &str, _: &str, (): (), _: Method) -> Result<Self, E> {
        Err(not_sent(&JSON_ONLY))
    }

    fn try_new_req_streaming(
        _: &str,
        _: &str,
        _: &str,
        _: impl Stream<Item = Bytes> + Send + 'static,
        _: Method,
    ) -> Result<Self, E> {
        Err(not_sent(&JSON_ONLY))
    }
}

/// The response of a server function.
pub struct Answer(SendWrapper<Response>);

impl<E: FromServerFnError> ClientRes<E> for Answer {
    fn try_into_string(self) -> impl Future<Output = Result<String, E>> + Send {
        SendWrapper::new(async move { self.0.text().await.map_err(|error| not_read(&error)) })
    }

    fn try_into_bytes(self) -> impl Future<Output = Result<Bytes, E>> + Send {
        SendWrapper::new(async move { self.0.text().await.map(Bytes::from).map_err(|error| not_read(&error)) })
    }

    fn try_into_stream(self) -> Result<impl Stream<Item = Result<Bytes, Bytes>> + Send + Sync + 'static, E> {
        Err::<Empty<_>, E>(not_read(&JSON_ONLY))
    }

    fn status(&self) -> u16 {
        self.0.status()
    }

    fn status_text(&self) -> String {
        self.0.status_text()
    }

    fn location(&self) -> String {
        self.0.url()
    }

    fn has_redirect(&self) -> bool {
        false
    }
}

/// For a call that no server function makes.
const JSON_ONLY: &str = "server functions take and return JSON";

fn not_sent<E: FromServerFnError>(error: &impl ToString) -> E {
    E::from_server_fn_error(ServerFnErrorErr::Request(error.to_string()))
}

fn not_read<E: FromServerFnError>(error: &impl ToString) -> E {
    E::from_server_fn_error(ServerFnErrorErr::Deserialization(error.to_string()))
}
