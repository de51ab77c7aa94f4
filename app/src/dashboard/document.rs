//! The HTML around the application, written by the server alone.

use http::request::Parts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use super::parts::Part;
use super::{App, text};
use crate::request::{Assets, Theme};

/// The whole document of a dashboard page.
///
/// # Panics
/// When the contexts of [`crate::request`] are missing: a mistake in the server's router.
pub fn document() -> impl IntoView {
    let assets = Assets::current();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=Theme::current().as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="assets" content=assets.prefix.clone() />
                <meta name="description" content=text::ABOUT />
                <link rel="icon" href=assets.url("favicon.svg") type="image/svg+xml" />
                <link rel="stylesheet" href=assets.url("latchkey.css") />
                <script nonce=use_nonce()>{include_str!("early.js")}</script>
                <Hydrate />
                <MetaTags />
            </head>
            <body>
                <App />
                // For readers without the script. The style sheet shows it when scripts are off or failed to load.
                <p class="plain-notice" role="note">
                    {text::WITHOUT_SCRIPT_BEFORE} <a href="" rel="external">{text::TRY_AGAIN}</a>
                </p>
            </body>
        </html>
    }
}

/// Loads the application for the browser, and tells `early.js` when it has drawn what it had to. A page whose script or
/// part does not arrive stays readable and says so.
#[component]
fn Hydrate() -> impl IntoView {
    let assets = Assets::current();
    let (script, wasm) = (assets.url("latchkey.js"), assets.url("latchkey_bg.wasm"));
    // The addresses are ours (`/pkg/` and hexadecimal digits), so that quoting them as Rust does is quoting them for
    // JavaScript.
    let code = format!(
        "const say=detail=>dispatchEvent(new CustomEvent('application',{{detail}}));\
         import({script:?}).then(async app=>{{await app.default({{module_or_path:{wasm:?}}});await app.load();app.hydrate()}})\
         .then(()=>requestAnimationFrame(()=>requestAnimationFrame(()=>say(true))))\
         .catch(error=>{{document.documentElement.dataset.plain='';say(false);console.error(error)}})"
    );
    // The page's part is asked for at once, not when the program has come that will ask for it.
    let part = use_context::<Parts>().and_then(|request| Part::at(request.uri.path()));
    let part = part.map(|part| assets.part(part.name())).unwrap_or_default();
    view! {
        <link rel="modulepreload" href=script nonce=use_nonce() />
        {std::iter::once(wasm)
            .chain(part)
            .map(|file| {
                view! { <link rel="preload" href=file r#as="fetch" r#type="application/wasm" crossorigin="anonymous" /> }
            })
            .collect_view()}
        <script type="module" nonce=use_nonce()>
            {code}
        </script>
    }
}
