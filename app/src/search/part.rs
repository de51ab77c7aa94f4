//! The part of the browser's program that has the results.
// On the server a part is always there; in the browser its download can fail.
#![allow(clippy::unnecessary_wraps)]

use leptos::prelude::*;
use wasm_split_helpers::wasm_split;

use super::results::Results;
use crate::ui::{Download, Drawn};

/// Draws the results. Downloads the part unless it is there.
#[wasm_split(search, fallible, preload(preload))]
pub(super) fn draw() -> Drawn {
    Ok(view! { <Results /> }.into_any())
}

/// Downloads the results unless they are there.
pub fn load_results() -> Download {
    Box::pin(preload())
}
