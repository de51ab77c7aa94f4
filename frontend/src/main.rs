//! The entry point in the browser: downloads the part of the open page, then hydrates the dashboard.

use wasm_bindgen::prelude::*;

/// Downloads what the open page needs beside this program.
///
/// # Errors
/// When it did not arrive.
#[wasm_bindgen]
pub async fn load() -> Result<(), JsError> {
    app::load().await.map_err(JsError::from)
}

/// Takes the open page over. [`load`] must have succeeded.
#[wasm_bindgen]
pub fn hydrate() {
    app::hydrate();
}

fn main() {}
