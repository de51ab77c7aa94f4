//! The mail server, as it is set up.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::accounts::Email;
use crate::failure::{Check, Failure};
use crate::patch::Patch;
use crate::string_enum::string_enum;
use crate::text::{ParseError, SenderName, is_hidden, parsed_text, shown_text, stored_text};

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// The connection begins without, and must change to TLS before anything else is sent (RFC 3207).
    #[default]
    StartTls,
    /// TLS from the beginning (RFC 8314).
    Tls,
    /// None.
    None,
}

string_enum!(Encryption { StartTls = "starttls", Tls = "tls", None = "none" });

impl Encryption {
    /// The name in the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::StartTls => "STARTTLS",
            Self::Tls => "TLS",
            Self::None => "None",
        }
    }

    /// The port of mail servers that are used like this (RFC 6409, RFC 8314).
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// The host of a mail server: a name of at most 253 characters of ASCII, in lower case, or an IP address without
/// brackets.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SmtpHost(String);

impl SmtpHost {
    /// Parses a host as typed. Outer white space, and the brackets of an IPv6 address, are removed.
    ///
    /// # Errors
    /// If it is neither a host name nor an IP address.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError("Enter the host of the mail server.".to_owned()));
        }
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self(address.to_string()));
        }
        if is_host_name(text) {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        Err(ParseError("Enter a host like mail.example.org, without a port, or an IP address.".to_owned()))
    }

    /// The host.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its address, if it is one.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.0.parse().ok()
    }

    /// Whether it is this machine, so that nothing that is sent to it can be read on a network.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.address().map_or_else(|| self.0 == "localhost", |address| address.is_loopback())
    }
}

parsed_text!(SmtpHost);
shown_text!(SmtpHost);

/// Whether `text` is a host name (RFC 1123, section 2.1) that no resolver takes for an address.
fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= 253 && text.split('.').all(is_label) && last.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// The user name that a mail server asks for: 1 to 255 bytes without control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SmtpLogin(String);

impl SmtpLogin {
    /// The maximum number of bytes.
    pub const MAX_BYTES: usize = 255;

    /// Parses a user name as typed. Outer white space is removed.
    ///
    /// # Errors
    /// If it is empty, too long, or has a control character.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError("Enter the user name that the mail server asks for.".to_owned()));
        }
        if text.len() > Self::MAX_BYTES || text.chars().any(is_hidden) {
            return Err(ParseError(
                "A user name has at most 255 characters, without invisible and control characters.".to_owned(),
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The user name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

stored_text!(SmtpLogin);
shown_text!(SmtpLogin);

/// The password that a mail server asks for: 1 to 1,024 bytes without control characters. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpPassword(String);

impl SmtpPassword {
    /// The maximum number of bytes.
    pub const MAX_BYTES: usize = 1_024;

    /// Parses a password as typed. Every character counts, including outer white space.
    ///
    /// # Errors
    /// If it is empty, too long, or has a control character.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() {
            return Err(no_password());
        }
        if text.len() > Self::MAX_BYTES || text.chars().any(char::is_control) {
            return Err(ParseError(
                "A password has at most 1,024 characters, without control characters such as line breaks.".to_owned(),
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The password, for the mail server and for encryption.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SmtpPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpPassword(…)")
    }
}

/// Why a user name alone is refused.
fn no_password() -> ParseError {
    ParseError("Enter the password.".to_owned())
}

/// What is chosen about the mail server, without the password. The same in new settings and in stored ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailTerms {
    /// The host of the mail server.
    pub host: SmtpHost,
    /// Its port, not 0.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// The user name, if the mail server asks for one.
    pub username: Option<SmtpLogin>,
    /// The address that mails come from.
    pub from: Email,
    /// The name that is shown beside it; `None` is the site name.
    pub from_name: Option<SenderName>,
}

impl MailTerms {
    /// Checks that no password is sent where others can read it.
    ///
    /// # Errors
    /// If there is a user name and no encryption, and the host is not this machine.
    pub fn check(&self) -> Result<(), ParseError> {
        if self.username.is_some() && self.encryption == Encryption::None && !self.host.is_loopback() {
            return Err(ParseError(UNENCRYPTED_PASSWORD.to_owned()));
        }
        Ok(())
    }
}

/// Why a user name without encryption is refused, except for this machine.
pub const UNENCRYPTED_PASSWORD: &str = "The password would be sent without encryption. Choose STARTTLS or TLS.";

/// What is typed about the mail server. Empty texts are as if left out.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailDraft {
    /// [`MailTerms::host`].
    #[serde(default)]
    pub host: String,
    /// [`MailTerms::port`], 1 to 65,535; without one that of the encryption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<i64>,
    /// [`MailTerms::encryption`]; without one `starttls`.
    #[serde(default)]
    pub encryption: String,
    /// [`MailTerms::username`].
    #[serde(default)]
    pub username: String,
    /// [`MailTerms::from`].
    #[serde(default)]
    pub from: String,
    /// [`MailTerms::from_name`], at most 60 characters.
    #[serde(default)]
    pub from_name: String,
    /// The password. What is left out keeps the one that is stored.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub password: Patch<String>,
}

impl fmt::Debug for MailDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailDraft")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &self.encryption)
            .field("username", &self.username)
            .field("from", &self.from)
            .field("from_name", &self.from_name)
            .finish_non_exhaustive()
    }
}

impl From<MailTerms> for MailDraft {
    /// The draft that changes nothing.
    fn from(terms: MailTerms) -> Self {
        Self {
            host: terms.host.into(),
            port: Some(terms.port.into()),
            encryption: terms.encryption.to_string(),
            username: terms.username.map(String::from).unwrap_or_default(),
            from: terms.from.into(),
            from_name: terms.from_name.map(String::from).unwrap_or_default(),
            password: Patch::Keep,
        }
    }
}

impl MailDraft {
    /// Parses the settings. Without a user name there is no password; with one, only the service knows whether a
    /// password that is kept is there.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn parse(&self) -> Result<(MailTerms, Patch<SmtpPassword>), Failure> {
        let mut check = Check::default();
        let host = check.take("host", SmtpHost::parse(&self.host));
        let encryption = typed(&self.encryption, str::parse::<Encryption>)
            .map_or(Some(Encryption::default()), |parsed| check.take("encryption", parsed));
        let port = match self.port {
            None => encryption.map(Encryption::default_port),
            Some(port) => check.take("port", parse_port(port)),
        };
        let username = typed(&self.username, SmtpLogin::parse).and_then(|parsed| check.take("username", parsed));
        let from = check.take("from", Email::parse(&self.from));
        let from_name = typed(&self.from_name, SenderName::parse).and_then(|parsed| check.take("from_name", parsed));
        let has_login = !self.username.trim().is_empty();
        let password = match &self.password {
            Patch::Keep if has_login => Patch::Keep,
            Patch::Keep | Patch::Clear if !has_login => Patch::Clear,
            Patch::Set(_) if !has_login => {
                check.add_error("username", "Enter the user name that the password belongs to.");
                Patch::Keep
            }
            Patch::Set(text) => check.take("password", SmtpPassword::parse(text)).map_or(Patch::Keep, Patch::Set),
            Patch::Keep | Patch::Clear => {
                check.add_error("password", no_password().0);
                Patch::Keep
            }
        };
        let terms = host.zip(port).zip(encryption).zip(from).map(|(((host, port), encryption), from)| MailTerms {
            host,
            port,
            encryption,
            username,
            from,
            from_name,
        });
        if let Some(terms) = &terms {
            check.take("encryption", terms.check());
        }
        check.finish(terms.map(|terms| (terms, password)))
    }
}

/// What `parse` makes of a text that may be left empty.
pub(super) fn typed<T>(text: &str, parse: fn(&str) -> Result<T, ParseError>) -> Option<Result<T, ParseError>> {
    let text = text.trim();
    (!text.is_empty()).then(|| parse(text))
}

pub(super) fn parse_port(port: impl TryInto<u16>) -> Result<u16, ParseError> {
    match port.try_into() {
        Ok(port @ 1..) => Ok(port),
        _ => Err(ParseError("Enter a port from 1 to 65,535.".to_owned())),
    }
}

/// What staff see of the mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailView {
    /// What is chosen; `None` while mail is off.
    pub terms: Option<MailTerms>,
    /// Whether there is a password.
    pub has_password: bool,
    /// Whether it is fixed by the configuration of the server (`--smtp-url`), and cannot be changed here.
    pub fixed: bool,
    /// The number of attempts in a row that failed on the mail server, so that nothing is sent.
    pub failures: u32,
    /// What the mail server answered last, or why it did not, while attempts fail.
    pub last_answer: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> MailDraft {
        MailDraft {
            host: " Mail.Example.ORG ".into(),
            username: "latchkey".into(),
            from: "noreply@example.org".into(),
            password: Patch::Set("correct horse".into()),
            ..MailDraft::default()
        }
    }

    #[test]
    fn a_draft_has_the_defaults_of_its_encryption() {
        let (terms, password) = draft().parse().unwrap();
        assert_eq!(
            (terms.host.as_str(), terms.port, terms.encryption),
            ("mail.example.org", 587, Encryption::StartTls)
        );
        assert_eq!((terms.from.as_str(), terms.from_name), ("noreply@example.org", None));
        assert_eq!(password.value().unwrap().expose(), "correct horse");
        for (encryption, port) in [("tls", 465), ("starttls", 587)] {
            let (terms, _) = MailDraft { encryption: encryption.into(), ..draft() }.parse().unwrap();
            assert_eq!((terms.encryption.as_str(), terms.port), (encryption, port));
        }
        let (terms, _) = MailDraft { port: Some(2_525), ..draft() }.parse().unwrap();
        assert_eq!(terms.port, 2_525);
    }

    #[test]
    fn everything_wrong_is_reported_at_once() {
        let wrong = MailDraft {
            host: "mail.example.org:25".into(),
            port: Some(0),
            encryption: "ssl".into(),
            username: "a\nb".into(),
            from: "nobody".into(),
            from_name: "x".repeat(61),
            password: Patch::Set("a\nb".into()),
        };
        let failure = wrong.parse().unwrap_err();
        for field in ["host", "port", "encryption", "username", "password", "from", "from_name"] {
            assert!(failure.field_error(field).is_some(), "{field}: {failure:?}");
        }
        assert_eq!(failure.fields.len(), 7);
    }

    #[test]
    fn a_password_belongs_to_a_user_name() {
        let without = |password| MailDraft { username: " ".into(), password, ..draft() };
        assert!(without(Patch::Set("secret".into())).parse().unwrap_err().field_error("username").is_some());
        for none in [Patch::Keep, Patch::Clear] {
            assert_eq!(without(none).parse().unwrap().1, Patch::Clear);
        }
        let with = |password| MailDraft { password, ..draft() };
        assert_eq!(with(Patch::Keep).parse().unwrap().1, Patch::Keep);
        for none in [Patch::Clear, Patch::Set(String::new())] {
            assert!(with(none).parse().unwrap_err().field_error("password").is_some());
        }
    }

    #[test]
    fn a_password_is_sent_without_encryption_to_this_machine_alone() {
        for (host, username, fits) in [
            ("mail.example.org", "latchkey", false),
            ("192.0.2.1", "latchkey", false),
            ("mail.example.org", "", true),
            ("localhost", "latchkey", true),
            ("127.0.0.1", "latchkey", true),
            ("[::1]", "latchkey", true),
            ("localhost.example.org", "latchkey", false),
        ] {
            let password = if username.is_empty() { Patch::Keep } else { Patch::Set("secret".into()) };
            let typed = MailDraft {
                host: host.into(),
                encryption: "none".into(),
                username: username.into(),
                password,
                ..draft()
            };
            let parsed = typed.parse();
            assert_eq!(parsed.is_ok(), fits, "{host} {username}");
            if let Err(failure) = parsed {
                assert_eq!(failure.field_error("encryption"), Some(UNENCRYPTED_PASSWORD));
            }
        }
    }

    #[test]
    fn hosts_are_names_or_addresses() {
        for (typed, host) in [
            ("mail.example.org", "mail.example.org"),
            ("LOCALHOST", "localhost"),
            ("mx-1.example.org", "mx-1.example.org"),
            ("192.0.2.1", "192.0.2.1"),
            ("[2001:DB8::1]", "2001:db8::1"),
            ("::1", "::1"),
        ] {
            assert_eq!(SmtpHost::parse(typed).unwrap().as_str(), host);
        }
        for bad in [
            "",
            "-a.example",
            "a..b",
            "a b",
            "a/b",
            "mail.example.org:25",
            "127.1",
            "0x7f.1",
            "1",
            "exämple.org",
            "[a]",
        ] {
            assert!(SmtpHost::parse(bad).is_err(), "{bad}");
        }
        assert!(SmtpHost::parse(&format!("{}.example", "a".repeat(64))).is_err());
    }

    #[test]
    fn no_password_is_shown() {
        let (_, password) = draft().parse().unwrap();
        for shown in [format!("{:?}", draft()), format!("{password:?}")] {
            assert!(!shown.contains("horse"), "{shown}");
        }
    }

    #[test]
    fn a_draft_of_terms_changes_nothing() {
        let (terms, _) = MailDraft { port: Some(2_525), from_name: "Yard".into(), ..draft() }.parse().unwrap();
        assert_eq!(MailDraft::from(terms.clone()).parse().unwrap(), (terms, Patch::Keep));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in ".*", other in ".*", port: i64) {
            let draft = MailDraft {
                host: text.clone(),
                port: Some(port),
                encryption: other.clone(),
                username: text.clone(),
                from: other.clone(),
                from_name: text.clone(),
                password: Patch::Set(other.clone()),
            };
            let _ = draft.parse();
        }

    }
}
