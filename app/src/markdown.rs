//! Markdown without HTML, as staff write it for people outside.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd, html};

use crate::html::escaped;

/// `source` as HTML. HTML in it and images are left out; of links only those to the web and to mail addresses are links.
/// Lines break where they break in the source. Headings are below those of the page.
#[must_use]
pub fn to_html(source: &str) -> String {
    let mut images = 0_usize;
    let mut linked = false;
    let events = Parser::new(source).filter_map(|event| match event {
        Event::Start(Tag::Image { .. }) => {
            images += 1;
            None
        }
        Event::End(TagEnd::Image) => {
            images = images.saturating_sub(1);
            None
        }
        // The description of an image.
        _ if images > 0 => None,
        Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => None,
        Event::SoftBreak => Some(Event::HardBreak),
        Event::Start(Tag::Link { dest_url, .. }) => {
            linked = is_linked(&dest_url);
            linked.then(|| Event::InlineHtml(opening(&dest_url)))
        }
        // A link is in no other.
        Event::End(TagEnd::Link) => linked.then_some(Event::InlineHtml(CowStr::Borrowed("</a>"))),
        Event::Start(Tag::Heading { level, .. }) => {
            Some(Event::Start(Tag::Heading { level: below(level), id: None, classes: Vec::new(), attrs: Vec::new() }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below(level)))),
        other => Some(other),
    });
    let mut rendered = String::with_capacity(source.len() * 2);
    html::push_html(&mut rendered, events);
    rendered
}

fn is_linked(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    ["https://", "http://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
}

fn opening(url: &str) -> CowStr<'static> {
    let url = escaped(url).replace('"', "&quot;").replace('\'', "&#39;");
    CowStr::from(format!("<a href=\"{url}\" rel=\"nofollow noopener\">"))
}

/// One level below: the page has the first.
const fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_marked_up() {
        for (source, html) in [
            ("**Hello** _you_", "<p><strong>Hello</strong> <em>you</em></p>\n"),
            ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
            ("# Big\n\n### Small", "<h2>Big</h2>\n<h4>Small</h4>\n"),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>\n"),
        ] {
            assert_eq!(to_html(source), html);
        }
    }

    #[test]
    fn links_lead_to_the_web_and_to_mail_addresses() {
        assert_eq!(
            to_html("[site](https://example.org/?a=1&b=\"x\")"),
            "<p><a href=\"https://example.org/?a=1&amp;b=&quot;x&quot;\" rel=\"nofollow noopener\">site</a></p>\n"
        );
        assert!(to_html("<mailto:a@b.example> <HTTPS://b.example>").matches("<a href").count() == 2);
        for bad in [
            "[x](javascript:alert(1))",
            "[x](JaVaScript:alert(1))",
            "[x](data:text/html,hi)",
            "[x](//evil.example)",
            "[x](/logout)",
            "[x](&#106;avascript:alert(1))",
            "<javascript:alert(1)>",
        ] {
            assert!(!to_html(bad).contains("<a"), "{bad}: {}", to_html(bad));
        }
    }

    #[test]
    fn html_and_images_are_left_out() {
        for source in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div onclick=\"x\">\n\ntext\n\n</div>",
            "![<b>alt</b> [x](javascript:y)](https://example.org/a.png)",
            "[![i](https://e.example/i.png)](javascript:alert(1))",
            "<!-- a --> <style>*{}</style> <b>bold</b>",
            "[x](https://e.example/\"onmouseover=alert(1)//)",
            "[x](https://e.example/ \"t\\\" onclick=\\\"y\")",
        ] {
            let html = to_html(source);
            for forbidden in
                ["<script", "<img", "<div", "<style", "<b>", "<!--", "onclick=\"", "\"onmouseover", "onerror"]
            {
                assert!(!html.contains(forbidden), "{source}: {html}");
            }
        }
    }
}
