//! The HTML around a public page.

use leptos::prelude::*;

use crate::request::{Assets, Theme};

/// How a page is dressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Where style sheet and icons are.
    pub assets: Assets,
    /// The colours the visitor chose.
    pub theme: Theme,
}

/// What stands in a page's head.
pub(super) struct Head {
    /// The title: of the window, and of the card that messengers show for a link.
    pub title: String,
    /// What search engines and messengers show below the title. Who gives none does not want to be listed: pages behind
    /// a secret link, and pages that say that something is wrong.
    pub about: Option<String>,
}

/// The whole document around `body`.
pub(super) fn render<V: IntoView>(look: &Look, head: Head, body: impl FnOnce() -> V) -> String {
    // What components put into the reactive arena goes with the owner.
    let owner = Owner::new();
    owner.with(|| {
        provide_context(look.assets.clone());
        // Browsers show the comment markers of Leptos inside of a `<title>`, so the title is written as escaped HTML.
        let title = crate::html::escaped(&head.title);
        view! {
            <!DOCTYPE html>
            <html lang="en" data-theme=look.theme.as_str()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                    <meta name="color-scheme" content="light dark" />
                    <title inner_html=title></title>
                    // Messengers show these for a link (ogp.me). `property` is no attribute of HTML that the macro knows.
                    {leptos::html::meta().attr("property", "og:title").content(head.title)}
                    {leptos::html::meta().attr("property", "og:type").content("website")}
                    {match head.about {
                        Some(about) => leptos::either::Either::Left((
                            view! { <meta name="description" content=about.clone() /> },
                            leptos::html::meta().attr("property", "og:description").content(about),
                        )),
                        None => leptos::either::Either::Right(view! { <meta name="robots" content="noindex" /> }),
                    }}
                    <link rel="icon" href=look.assets.url("favicon.svg") type="image/svg+xml" />
                    <link rel="stylesheet" href=look.assets.url("latchkey.css") />
                    <link rel="stylesheet" href=look.assets.url("public.css") />
                </head>
                <body class="public">{body()}</body>
            </html>
        }
        .to_html()
    })
}
