//! The URL of a mail server, as operators configure it.

use std::fmt::Write;
use std::net::IpAddr;

use super::settings::{Encryption, MailTerms, SmtpHost, SmtpLogin, SmtpPassword, parse_port, typed};
use crate::accounts::Email;
use crate::text::{ParseError, SenderName};

/// The end of a URL without encryption.
const WITHOUT_ENCRYPTION: &str = "?encryption=none";

impl MailTerms {
    /// The URL of the mail server, as [`parse_url`] reads it, without the password.
    #[must_use]
    pub fn url(&self) -> String {
        let mut url = String::from(if self.encryption == Encryption::Tls { "smtps://" } else { "smtp://" });
        if let Some(username) = &self.username {
            encode(&mut url, username.as_str());
            url.push('@');
        }
        match self.host.address() {
            Some(IpAddr::V6(address)) => {
                let _ = write!(url, "[{address}]");
            }
            _ => url.push_str(self.host.as_str()),
        }
        if self.port != self.encryption.default_port() {
            let _ = write!(url, ":{}", self.port);
        }
        if self.encryption == Encryption::None {
            url.push_str(WITHOUT_ENCRYPTION);
        }
        url
    }
}

/// Parses the URL of a mail server and the sender of mails, as operators configure them.
///
/// `smtp://[user[:password]@]host[:port][?encryption=none]`, where STARTTLS is required unless the encryption is
/// `none`, or `smtps://…` for TLS from the beginning. User name and password are percent-encoded (RFC 3986). `from` is
/// an address, or `Name <address>`.
///
/// # Errors
/// A sentence that has nothing of the URL, because it may have a password.
pub fn parse_url(url: &str, from: &str) -> Result<(MailTerms, Option<SmtpPassword>), ParseError> {
    let url = url.trim();
    let (is_tls, rest) = match (after_scheme(url, "smtps://"), after_scheme(url, "smtp://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return Err(not_a_url()),
    };
    let (rest, encryption) = match (is_tls, rest.split_once('?')) {
        (true, None) => (rest, Encryption::Tls),
        (false, None) => (rest, Encryption::StartTls),
        (false, Some((rest, "encryption=none"))) => (rest, Encryption::None),
        (false, Some((rest, "encryption=starttls"))) => (rest, Encryption::StartTls),
        _ => return Err(not_a_url()),
    };
    let (login, authority) = rest.rsplit_once('@').map_or((None, rest), |(login, host)| (Some(login), host));
    let (host, port) = host_and_port(authority.strip_suffix('/').unwrap_or(authority))?;
    let (username, password) = login.map_or(Ok((None, None)), parse_login)?;
    let (from, from_name) = parse_sender(from)?;
    let port = port.unwrap_or(encryption.default_port());
    let terms = MailTerms { host, port, encryption, username, from, from_name };
    terms.check()?;
    Ok((terms, password))
}

fn not_a_url() -> ParseError {
    ParseError(
        "The URL of a mail server is smtp://user:password@host:port, or smtps://… for TLS from the beginning. Signs in \
         user name and password are percent-encoded."
            .to_owned(),
    )
}

fn after_scheme<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = url.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// The host of a URL, and its port if it has one.
fn host_and_port(authority: &str) -> Result<(SmtpHost, Option<u16>), ParseError> {
    // The colons of an IPv6 address are in brackets.
    let end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let (host, port) = match authority[end..].find(':') {
        None => (authority, None),
        Some(colon) => (&authority[..end + colon], Some(&authority[end + colon + 1..])),
    };
    let port = port.map(|port| parse_port(port.parse::<u16>().unwrap_or_default())).transpose()?;
    Ok((SmtpHost::parse(host)?, port))
}

/// User name and password of a URL.
fn parse_login(login: &str) -> Result<(Option<SmtpLogin>, Option<SmtpPassword>), ParseError> {
    let (username, password) = login.split_once(':').map_or((login, None), |(name, word)| (name, Some(word)));
    let decoded = |text: &str| decode(text).ok_or_else(not_a_url);
    let username = SmtpLogin::parse(&decoded(username)?)?;
    let password = password.map(|password| SmtpPassword::parse(&decoded(password)?)).transpose()?;
    Ok((Some(username), password))
}

/// The address of `name@example.org` or `Name <name@example.org>`, and the name.
fn parse_sender(from: &str) -> Result<(Email, Option<SenderName>), ParseError> {
    let from = from.trim();
    let Some((name, address)) = from.strip_suffix('>').and_then(|from| from.rsplit_once('<')) else {
        return Ok((Email::parse(from)?, None));
    };
    let name = name.trim();
    let name = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(name);
    let name = typed(name, SenderName::parse).transpose()?;
    Ok((Email::parse(address)?, name))
}

/// Appends `text`, percent-encoded except for the unreserved characters (RFC 3986, section 2.3).
fn encode(url: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
}

/// The text that was percent-encoded; `None` if it was not, or is no UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        bytes.push(if byte == b'%' { digit(rest.next())? * 16 + digit(rest.next())? } else { byte });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::UNENCRYPTED_PASSWORD;

    #[test]
    fn urls() {
        let from = "Latchkey <noreply@example.org>";
        let (terms, password) = parse_url("smtp://ada%40example.org:p%3A%2F%40%25@mail.example.org", from).unwrap();
        assert_eq!(terms.username.unwrap().as_str(), "ada@example.org");
        assert_eq!(password.unwrap().expose(), "p:/@%");
        assert_eq!((terms.port, terms.encryption), (587, Encryption::StartTls));
        assert_eq!(terms.from_name.unwrap().as_str(), "Latchkey");
        for (url, port, encryption) in [
            ("smtps://mail.example.org", 465, Encryption::Tls),
            ("SMTPS://mail.example.org:1465/", 1_465, Encryption::Tls),
            ("smtp://[::1]:25?encryption=none", 25, Encryption::None),
            ("smtp://[::1]?encryption=none", 25, Encryption::None),
            ("smtp://ada@mail.example.org:587", 587, Encryption::StartTls),
        ] {
            let (terms, password) = parse_url(url, "noreply@example.org").unwrap();
            assert_eq!((terms.port, terms.encryption, password), (port, encryption, None), "{url}");
        }
        for bad in [
            "",
            "mail.example.org",
            "http://mail.example.org",
            "smtp://",
            "smtp://mail.example.org:0",
            "smtp://mail.example.org:x",
            "smtp://mail.example.org:",
            "smtp://mail.example.org/path",
            "smtp://mail.example.org?encryption=tls",
            "smtps://mail.example.org?encryption=none",
            "smtp://mail.example.org#x",
            "smtp://:secret@mail.example.org",
            "smtp://ada:@mail.example.org",
            "smtp://ada:%zz@mail.example.org",
            "smtp://ada:%2@mail.example.org",
            "smtp://ada:%ff@mail.example.org",
        ] {
            let refused = parse_url(bad, "noreply@example.org").unwrap_err();
            assert!(!refused.0.contains("secret"), "{refused}");
        }
    }

    #[test]
    fn senders() {
        let parse = |from| parse_url("smtp://mail.example.org", from).map(|(terms, _)| (terms.from, terms.from_name));
        let name = |from| parse(from).unwrap().1.map(String::from);
        assert_eq!(name("a@example.org"), None);
        assert_eq!(name("<a@example.org>"), None);
        assert_eq!(name("Ada's yard <a@example.org>").as_deref(), Some("Ada's yard"));
        assert_eq!(name("\"Yard, Inc.\" <a@example.org>").as_deref(), Some("Yard, Inc."));
        for bad in ["", "a", "Ada <a>", "Ada a@example.org", "A\u{202E}da <a@example.org>", "a@example.org\nBcc: b"] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_password_is_sent_with_encryption() {
        let parse = |host| parse_url(&format!("smtp://ada:secret@{host}?encryption=none"), "a@example.org");
        assert_eq!(parse("mail.example.org").unwrap_err().0, UNENCRYPTED_PASSWORD);
        assert!(parse("localhost").is_ok());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in ".*", other in ".*") {
            let _ = parse_url(&text, &other);
            let _ = parse_url(&format!("smtp://{text}"), &format!("{other}>"));
        }

        #[test]
        fn a_url_says_the_same_as_the_terms(
            host in "[a-z][a-z0-9]{0,9}(\\.[a-z]{2,5}){0,3}|127\\.0\\.0\\.[1-9]|\\[fe80::[1-9]\\]",
            port in 1..=u16::MAX,
            encryption in 0..Encryption::ALL.len(),
            login in proptest::option::of("[!-~ü][ -~ü]{0,20}[!-~ü]"),
        ) {
            let encryption = Encryption::ALL[encryption];
            let terms = MailTerms {
                host: SmtpHost::parse(&host).unwrap(),
                port,
                encryption,
                username: login.map(|login| SmtpLogin::parse(&login).unwrap()),
                from: Email::parse("noreply@example.org").unwrap(),
                from_name: None,
            };
            proptest::prop_assume!(terms.check().is_ok());
            let (again, password) = parse_url(&terms.url(), "noreply@example.org").unwrap();
            proptest::prop_assert_eq!((again, password), (terms, None));
        }
    }
}
