//! Takes the place of the crate `wasm-streams` in the browser's program (`[patch.crates-io]`), with what `server_fn` needs of
//! it to compile. Its types are exported to scripts, so that no linker can leave them out, and no request or answer of the
//! dashboard is a stream: they were a fiftieth of what its first page downloads.

use futures::Stream;
use futures::stream::{Empty, empty};
use wasm_bindgen::JsValue;

/// A stream of the browser, from which nothing can be read.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// The stream of a response.
    #[must_use]
    pub const fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// A stream for a request.
    ///
    /// # Panics
    /// Always.
    #[must_use]
    pub fn from_stream<S: Stream<Item = Result<JsValue, JsValue>> + 'static>(_: S) -> Self {
        panic!("requests are no streams");
    }

    /// The stream for a request.
    #[must_use]
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// What is read of a response: nothing.
    pub fn into_stream(self) -> Empty<Result<JsValue, JsValue>> {
        empty()
    }
}
