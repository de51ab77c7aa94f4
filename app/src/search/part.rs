//! The part of the browser's program that has the results.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::results::Results;

/// Draws the results. Downloads the part unless it is there.
#[wasm_split(search, fallible, preload(load))]
pub(super) fn draw() -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <Results /> }.into_any())
}

/// Downloads the part before it is needed. What does not arrive is asked for again when the search is opened.
pub(super) fn prefetch() {
    spawn_local(async {
        let _ = load().await;
    });
}
