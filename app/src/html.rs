//! Escaping of text in HTML that is not written by Leptos.

/// `text` as HTML content, with `&`, `<` and `>` escaped.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_references_become_text() {
        assert_eq!(escaped("</title><meta x='1'>"), "&lt;/title&gt;&lt;meta x='1'&gt;");
        assert_eq!(escaped("Q&A &lt; ü"), "Q&amp;A &amp;lt; ü");
    }
}
