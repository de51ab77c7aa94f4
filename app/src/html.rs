//! Text as it stands in HTML that we write ourselves.

/// `text` as the content of an element that may hold no other: nothing in it is markup, and it cannot end the element.
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
