//! From the words of a mail to the message that is sent (RFC 5322): text and HTML, each in one layout.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::DeliveryId;
use lettre::Address;
use lettre::message::header::{Date, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use minijinja::{AutoEscape, Environment, Value, context, escape_formatter};

use super::text::{LINK_HINT, STOP, Site, Written, plain};
use crate::Error;

/// The most characters of a line of the text part (RFC 3676, section 4.2, asks for at most 78).
const LINE: usize = 72;
const HTML: &str = "layout.html";
const TEXT: &str = "layout.txt";

/// A message as it is sent. May have a secret link.
pub(super) struct Outgoing {
    /// The envelope sender.
    pub(super) from: Address,
    /// Its one recipient.
    pub(super) to: Address,
    /// The headers and the body.
    pub(super) bytes: Vec<u8>,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing").field("from", &self.from).field("to", &self.to).finish_non_exhaustive()
    }
}

/// Where a message comes from and goes to.
pub(super) struct Head<'a> {
    /// The same in every attempt.
    pub(super) id: DeliveryId,
    /// The sender, and the name beside it.
    pub(super) from: (&'a Email, &'a str),
    pub(super) to: &'a Email,
    pub(super) now: Timestamp,
}

/// Lays out a letter.
pub(super) fn message(head: &Head<'_>, site: Site<'_>, written: &Written) -> Result<Outgoing, Error> {
    let (from, to) = (address(head.from.0)?, address(head.to)?);
    let sent = u64::try_from(head.now.as_micros()).unwrap_or_default();
    let auto_submitted = HeaderName::new_from_ascii_str("Auto-Submitted");
    let mut message = Message::builder()
        .from(Mailbox::new(Some(plain(head.from.1)), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(written.letter.subject.as_str())
        .header(Date::new(SystemTime::UNIX_EPOCH + Duration::from_micros(sent)))
        .message_id(Some(format!("<{}@{}>", head.id, host(site.url))))
        // No program answers it (RFC 3834).
        .raw_header(HeaderValue::new(auto_submitted, "auto-generated".to_owned()));
    if let Some(url) = &written.stop_url {
        // With one click (RFC 8058): programs that read mail send a POST there for its reader.
        // On one line, because not all of them unfold headers; a URL of this site is short, and ASCII.
        let header = |name, value: String| {
            HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
        };
        message = message
            .raw_header(header("List-Unsubscribe", format!("<{url}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let message = message
        .multipart(MultiPart::alternative_plain_html(text(site, written)?, html(site, written)?))
        .map_err(Error::internal)?;
    Ok(Outgoing { from, to, bytes: message.formatted() })
}

/// The host of the site, which is the right part of the ids of its messages.
pub(super) fn host(site_url: &str) -> String {
    let url = url::Url::parse(site_url).ok();
    url.as_ref().and_then(url::Url::host_str).unwrap_or("localhost").to_owned()
}

/// An address with its domain in ASCII (RFC 5891), because few mail servers take others.
fn address(email: &Email) -> Result<Address, Error> {
    let (local, domain) = email.as_str().rsplit_once('@').unwrap_or((email.as_str(), ""));
    let domain = match url::Host::parse(domain) {
        Ok(url::Host::Domain(ascii)) => ascii,
        _ => domain.to_owned(),
    };
    Address::new(local, domain).map_err(Error::internal)
}

/// The layouts, which are compiled once.
static LAYOUTS: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut layouts = Environment::new();
    layouts.set_formatter(|out, state, value| {
        let is_html = matches!(state.auto_escape(), AutoEscape::Html);
        match value.as_str() {
            Some(text) if is_html => out.write_str(&escaped(text)).map_err(Into::into),
            _ => escape_formatter(out, state, value),
        }
    });
    for (name, source) in [(HTML, include_str!("layout.html")), (TEXT, include_str!("layout.txt"))] {
        layouts.add_template(name, source).expect("a layout that the tests render");
    }
    layouts
});

/// A text in HTML. Slashes stay what they are: filters of spam distrust links that are written in another way.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn html(site: Site<'_>, written: &Written) -> Result<String, Error> {
    render(HTML, site, written, str::to_owned)
}

fn text(site: Site<'_>, written: &Written) -> Result<String, Error> {
    render(TEXT, site, written, wrapped)
}

/// A letter in a layout, each of its texts changed by `set`.
fn render(layout: &str, site: Site<'_>, written: &Written, set: fn(&str) -> String) -> Result<String, Error> {
    let letter = &written.letter;
    let all = |texts: &[String]| texts.iter().map(|text| set(text)).collect::<Value>();
    let (label, url) = letter.button.as_ref().map(|(label, url)| (label.as_str(), url.as_str())).unzip();
    let values = context! {
        subject => letter.subject.as_str(),
        heading => set(&letter.heading),
        paragraphs => all(&letter.paragraphs),
        quote => &written.quote,
        // As RFC 3676 has it: each line of the text begins with a mark, also those that it is wrapped to.
        quoted => written.quote.iter().flat_map(|line| quoted(line)).collect::<Value>(),
        button_label => label,
        button_url => url,
        link_hint => LINK_HINT,
        small => all(&letter.small),
        stop_label => STOP,
        stop_url => written.stop_url.as_deref(),
        site_name => plain(site.name),
        site_url => site.url,
    };
    LAYOUTS.get_template(layout).and_then(|layout| layout.render(values)).map_err(Error::internal)
}

/// A line of a quote, in lines that begin with `>`.
fn quoted(line: &str) -> Vec<String> {
    let wrapped = wrapped(line);
    let mut lines: Vec<String> = wrapped.lines().map(|line| format!("> {line}")).collect();
    if lines.is_empty() {
        lines.push(">".to_owned());
    }
    lines
}

/// A text in lines of at most [`LINE`] characters. Words are kept whole, whatever their length.
fn wrapped(text: &str) -> String {
    let (mut lines, mut length) = (String::with_capacity(text.len()), 0);
    for word in text.split_whitespace() {
        let chars = word.chars().count();
        if length > 0 {
            let fits = length + 1 + chars <= LINE;
            lines.push(if fits { ' ' } else { '\n' });
            length = if fits { length + 1 } else { 0 };
        }
        lines.push_str(word);
        length += chars;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::text::{self, Letter};

    const SITE: Site<'_> = Site { name: "Brambleyard <Makers> & \"Co\"", url: "https://bramble.example" };
    const LINK: &str = "https://bramble.example/reset/7QmX2pVd9KtR7QmX2pVd9KtR7QmX2pVd9KtR7QmX2pV";

    fn head<'a>(from: &'a Email, to: &'a Email) -> Head<'a> {
        let now = Timestamp::parse("2026-11-03T06:56:36Z").unwrap();
        Head { id: DeliveryId(uuid::Uuid::from_u128(7)), from: (from, "Yard, \"the\" ünïon"), to, now }
    }

    fn requested() -> text::RequestedLink {
        text::RequestedLink {
            invite: domain::ids::InviteId(uuid::Uuid::from_u128(7)),
            label: Some(domain::text::Label::stored("Summer course")),
            email: Email::stored("mateo@example.org"),
            note: Some(domain::text::RequestNote::stored("I was ill that week.")),
        }
    }

    fn granted() -> text::GrantedLink {
        let expires_at = Some(Timestamp::from_micros(0));
        text::GrantedLink { invited_by: "Ada".to_owned(), url: LINK.to_owned(), expires_at }
    }

    const STOP_URL: &str = "https://bramble.example/invitations/stop/7QmX2pVd9KtR7QmX2pVd9KtR7QmX2pVd9KtR7QmX2pV";

    fn invited() -> text::Invited {
        text::Invited {
            by: "Ada".to_owned(),
            name: Some(domain::text::DisplayName::stored("Mateo")),
            message: Some(domain::invitations::PersonalMessage::stored("<b>Hello</b>\n\nCome & see.")),
            url: LINK.to_owned(),
            is_for_one: true,
            expires_at: Some(Timestamp::from_micros(0)),
            stop_url: STOP_URL.to_owned(),
        }
    }

    #[test]
    fn an_invitation_quotes_the_message_and_can_be_stopped() {
        let (from, to) = (Email::stored("noreply@example.org"), Email::stored("ada@example.org"));
        let site = Site { name: "Brambleyard", ..SITE };
        let written = text::invitation(site, invited(), false);
        let (html, plain) = (html(site, &written).unwrap(), super::text(site, &written).unwrap());
        assert!(html.contains("&lt;b&gt;Hello&lt;/b&gt;<br>") && html.contains("Come &amp; see."), "{html}");
        assert!(html.contains(&format!("href=\"{STOP_URL}\"")), "{html}");
        for line in ["> <b>Hello</b>", ">", "> Come & see.", STOP_URL, LINK] {
            assert!(plain.lines().any(|found| found == line), "{line}: {plain}");
        }
        let message = message(&head(&from, &to), site, &written).unwrap();
        let (head, _) = std::str::from_utf8(&message.bytes).unwrap().split_once("\r\n\r\n").unwrap();
        for line in [
            "Subject: Ada invites you to Brambleyard",
            &format!("List-Unsubscribe: <{STOP_URL}>"),
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}: {head}");
        }
    }

    #[test]
    fn every_letter_is_laid_out_without_a_placeholder() {
        let at = Timestamp::from_micros(0);
        for letter in [
            text::test(SITE),
            text::password_reset(SITE, "ada", LINK.to_owned()),
            text::password_changed(SITE, "ada", at),
            text::new_sign_in(SITE, "ada", at, "Firefox on Linux", Some("192.0.2.1")),
            text::link_requested(SITE, &requested()),
            text::link_granted(SITE, granted()),
        ]
        .map(Written::from)
        .into_iter()
        .chain([false, true].map(|is_reminder| text::invitation(SITE, invited(), is_reminder)))
        {
            for laid_out in [html(SITE, &letter).unwrap(), super::text(SITE, &letter).unwrap()] {
                assert!(laid_out.contains(&letter.letter.heading), "{laid_out}");
                for mark in ["{{", "{%", "}}", "undefined"] {
                    assert!(!laid_out.contains(mark), "{mark}: {laid_out}");
                }
            }
        }
    }

    #[test]
    fn html_is_escaped_and_has_the_link_twice() {
        let letter = text::password_reset(SITE, "ada", format!("{LINK}?a=1&b='2'"));
        let html = html(SITE, &letter.into()).unwrap();
        assert!(
            html.contains("Brambleyard &lt;Makers&gt; &amp; &quot;Co&quot;") && !html.contains("<Makers>"),
            "{html}"
        );
        assert_eq!(html.matches(&format!("href=\"{LINK}?a=1&amp;b=&#39;2&#39;\"")).count(), 2, "{html}");
        assert!(html.contains(&format!(">{LINK}?a=1&amp;b=&#39;2&#39;</a>")), "{html}");
        assert!(!html.contains("<img") && html.contains("prefers-color-scheme: dark"));
        assert!(html.lines().all(|line| line.len() < 998), "longer lines would be encoded");
    }

    #[test]
    fn text_is_wrapped_and_the_link_has_a_line_of_its_own() {
        let letter = text::password_reset(SITE, "ada", LINK.to_owned());
        let text = super::text(SITE, &letter.into()).unwrap();
        assert!(text.lines().any(|line| line == LINK), "{text}");
        assert!(text.lines().filter(|line| *line != LINK).all(|line| line.chars().count() <= LINE), "{text}");
        assert!(text.contains("Brambleyard <Makers> & \"Co\"") && !text.contains("\n\n\n"), "{text}");
        assert_eq!(wrapped(&"word ".repeat(40)).lines().count(), 3);
        assert_eq!(wrapped(&"x".repeat(100)).lines().count(), 1);
    }

    #[test]
    fn a_message_has_its_headers_and_both_parts() {
        let (from, to) = (Email::stored("noreply@bücher.example"), Email::stored("ada@example.org"));
        let letter = text::test(Site { name: "Brambleyard", ..SITE });
        let message = message(&head(&from, &to), SITE, &letter.into()).unwrap();
        let (head, body) = std::str::from_utf8(&message.bytes).unwrap().split_once("\r\n\r\n").unwrap();
        for line in [
            "To: ada@example.org",
            "Subject: Brambleyard: test message",
            "Date: Tue, 03 Nov 2026 06:56:36 +0000",
            "Message-ID: <00000000-0000-0000-0000-000000000007@bramble.example>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}: {head}");
        }
        assert!(head.contains("<noreply@xn--bcher-kva.example>") && head.contains("multipart/alternative"), "{head}");
        assert!(body.contains("Content-Type: text/plain") && body.contains("Content-Type: text/html"), "{body}");
        assert_eq!(message.from.to_string(), "noreply@xn--bcher-kva.example");
        assert!(!format!("{message:?}").contains("bramble"), "no part of it is shown");
        assert!(message.bytes.is_ascii());
    }

    #[test]
    fn a_name_can_add_no_header() {
        let (from, to) = (Email::stored("noreply@example.org"), Email::stored("ada@example.org"));
        let letter = Letter { subject: "a\r\nBcc: eve@example.org".to_owned(), ..text::test(SITE) };
        let head = Head { from: (&from, "x\r\nBcc: eve@example.org"), ..head(&from, &to) };
        let message = String::from_utf8(message(&head, SITE, &letter.into()).unwrap().bytes).unwrap();
        let (head, _) = message.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{message}");
    }
}
