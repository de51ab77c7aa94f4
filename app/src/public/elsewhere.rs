//! Pages that a reverse proxy shows in the name of an application. They are complete in themselves: style sheets and pictures
//! of this site are not reachable there.

use domain::text::isolated;
use leptos::prelude::*;

use super::text;
use crate::html::escaped;

/// A page, and what it needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// The member may not enter.
    NotAdmitted {
        /// The name of the application.
        application: String,
        /// Where they can use another account.
        url: String,
    },
    /// The browser brought a code that is not its own, or too late.
    Lost {
        /// Where it can try again.
        again: String,
    },
}

/// The style of the pages: system colours and fonts, so that it is quiet on any site, in light and dark. The
/// `Content-Security-Policy` of the response allows it by its hash.
pub const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif}\
main{max-width:26rem;padding:2rem 1.5rem;text-align:center}\
h1{font-size:1.375rem;line-height:1.3;margin:0 0 .5rem}\
p{margin:0 0 1.5rem;opacity:.75}\
a{display:inline-block;padding:.625rem 1.25rem;border:1px solid;border-radius:.5rem;color:inherit;text-decoration:none}";

/// The page.
#[must_use]
pub fn render(page: Page) -> String {
    let (heading, sentence, url, verb) = match page {
        Page::NotAdmitted { application, url } => {
            let heading = text::not_admitted_heading(&isolated(&application));
            (heading, text::NOT_ADMITTED_ELSEWHERE, url, text::USE_ANOTHER_ACCOUNT)
        }
        Page::Lost { again } => (text::LOST_HEADING.to_owned(), text::LOST_TEXT, again, text::TRY_AGAIN),
    };
    // Browsers show the comment markers of Leptos inside of a `<title>`, so the title is written as escaped HTML.
    let title = escaped(&heading);
    Owner::new().with(|| {
        view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="robots" content="noindex" />
                    <title inner_html=title></title>
                    <style inner_html=STYLE></style>
                </head>
                <body>
                    <main>
                        <h1>{heading}</h1>
                        <p>{sentence}</p>
                        <a href=url rel="noreferrer">
                            {verb}
                        </a>
                    </main>
                </body>
            </html>
        }
        .to_html()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_escaped() {
        let page = Page::NotAdmitted { application: "<b>&\"".to_owned(), url: "https://x.example/?a&\"b".to_owned() };
        let html = render(page);
        assert!(!html.contains("<b>") && !html.contains("&\"b"), "{html}");
    }
}
