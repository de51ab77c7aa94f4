//! Gives messages to a mail server (SMTP, RFC 5321), and says what its replies mean.
//!
//! The commands are sent one by one, because the same reply means another thing at another place: "no" to this
//! recipient is about one mail, and "no" to the greeting, the password or the sender about all of them.

use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use data_encoding::BASE64;
use domain::mail::Encryption;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::letter::{self, Outgoing};
use crate::Ctx;
use crate::outbox::{Answer, Outcome};
use crate::platform::Smtp;
use crate::platform::http::readable;

/// The maximum duration of one attempt, from the connection to the last reply. Less than what the outbox gives one.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection is given to show that it can be used for the next message.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);
/// How long nothing is sent after what does not pass by itself, such as a wrong password: who tries again and again is
/// locked out.
const PAUSE: Duration = Duration::from_mins(5);
/// The most characters of a reply that are kept.
const MAX_REPLY: usize = 500;

/// The connection of this process to the mail server, kept for the next mail. The mail server closes it when it wants
/// to.
#[derive(Default)]
pub(crate) struct Connections(Mutex<Option<Open>>);

/// A connection on which nothing has begun.
struct Open {
    server: Smtp,
    connection: AsyncSmtpConnection,
}

/// Where a message stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Before it: connecting, greeting, encryption, authentication, and the sender, which all messages have in common.
    Server,
    /// At its recipient or its text.
    Message,
}

/// Why a message was not accepted.
enum Stopped {
    Smtp(At, lettre::transport::smtp::Error),
    /// This mail server never takes it.
    Unfit(&'static str),
    /// The connection can't be made.
    Unable(String),
}

/// Gives a message to the mail server. What became of it has nothing of the password, nor of what is `secret` in the
/// message.
pub(super) async fn send(ctx: &Ctx, server: &Smtp, message: &Outgoing, secret: Option<&str>) -> Answer {
    let answer = match timeout(TIMEOUT, hand_over(ctx, server, message)).await {
        Ok(Ok(reply)) => {
            let text = format!("{} {}", reply.code(), reply.message().collect::<Vec<_>>().join(" "));
            Answer { outcome: Outcome::Delivered, status: Some(reply.code().into()), text }
        }
        Ok(Err(stopped)) => answer(&stopped),
        Err(_) => failed(format!("No answer within {} seconds.", TIMEOUT.as_secs())),
    };
    Answer { text: shown(server, secret, &answer.text), ..answer }
}

async fn hand_over(ctx: &Ctx, server: &Smtp, message: &Outgoing) -> Result<Response, Stopped> {
    let connections = ctx.state::<Connections>();
    let kept = connections.0.lock().await.take();
    let kept = match kept {
        Some(open) if open.server == *server => still_open(open).await,
        _ => None,
    };
    let mut open = match kept {
        Some(open) => open,
        None => Open { server: server.clone(), connection: connect(ctx, server).await? },
    };
    let outcome = transact(&mut open.connection, message).await;
    let can_go_on = match &outcome {
        Ok(_) => true,
        // The mail server said no, and perhaps waits for more; if it is not there any more, this fails.
        Err(Stopped::Smtp(_, error)) if error.status().is_some() => {
            matches!(timeout(CHECK_TIMEOUT, open.connection.command(Rset)).await, Ok(Ok(_)))
        }
        Err(_) => false,
    };
    if can_go_on {
        *connections.0.lock().await = Some(open);
    }
    outcome
}

/// A connection that was kept, if it still works.
async fn still_open(mut open: Open) -> Option<Open> {
    let works = timeout(CHECK_TIMEOUT, open.connection.test_connected()).await;
    works.unwrap_or(false).then_some(open)
}

/// Connects, encrypts and authenticates as it was chosen, never less.
async fn connect(ctx: &Ctx, server: &Smtp) -> Result<AsyncSmtpConnection, Stopped> {
    let terms = &server.terms;
    let at_server = |error| Stopped::Smtp(At::Server, error);
    let hello = client_id(&letter::host(ctx.public_url()));
    let tls = match terms.encryption {
        Encryption::StartTls | Encryption::Tls => Some(tls(terms.host.as_str()).await?),
        Encryption::None => None,
    };
    let (first, later) = if terms.encryption == Encryption::Tls { (tls, None) } else { (None, tls) };
    let address = (terms.host.as_str(), terms.port);
    let connection = AsyncSmtpConnection::connect_tokio1(address, Some(TIMEOUT), &hello, first, None).await;
    let mut connection = connection.map_err(at_server)?;
    if let Some(tls) = later {
        connection.starttls(tls, &hello).await.map_err(at_server)?;
    }
    if let (Some(username), Some(password)) = (&terms.username, &server.password) {
        let login = Credentials::new(username.as_str().to_owned(), password.expose().to_owned());
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &login).await.map_err(at_server)?;
    }
    Ok(connection)
}

/// The certificates of authorities that are trusted: those of the system, or of the file that `SSL_CERT_FILE` names.
/// Read for each connection, so that a new one needs no restart.
async fn tls(host: &str) -> Result<TlsParameters, Stopped> {
    let host = host.to_owned();
    let built = tokio::task::spawn_blocking(move || TlsParameters::new(host)).await;
    match built {
        Ok(built) => built.map_err(|error| Stopped::Smtp(At::Server, error)),
        Err(_) => Err(Stopped::Unable("The certificates of authorities could not be read.".to_owned())),
    }
}

/// How this server introduces itself.
fn client_id(host: &str) -> ClientId {
    match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}

async fn transact(connection: &mut AsyncSmtpConnection, message: &Outgoing) -> Result<Response, Stopped> {
    let info = connection.server_info();
    let mut parameters = Vec::new();
    if [&message.from, &message.to].into_iter().any(|address| !address.to_string().is_ascii()) {
        if !info.supports_feature(Extension::SmtpUtfEight) {
            return Err(Stopped::Unfit(
                "The mail server takes no addresses with letters outside of English (SMTPUTF8).",
            ));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.bytes.is_ascii() && info.supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let sender = Mail::new(Some(message.from.clone()), parameters);
    connection.command(sender).await.map_err(|error| Stopped::Smtp(At::Server, error))?;
    let at_message = |error| Stopped::Smtp(At::Message, error);
    connection.command(Rcpt::new(message.to.clone(), Vec::new())).await.map_err(at_message)?;
    connection.command(Data).await.map_err(at_message)?;
    connection.command(Text(&message.bytes)).await.map_err(at_message)
}

/// The text of a message, with its end. In one piece: if the end was sent by itself, it would wait for the mail server to
/// acknowledge what came before, which takes 40 ms where the system delays that (RFC 1122, section 4.2.3.2).
struct Text<'a>(&'a [u8]);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It was made of texts.
        let text = String::from_utf8_lossy(self.0);
        // A line that begins with a dot gets one more (RFC 5321, section 4.5.2).
        for (number, line) in text.split("\r\n").enumerate() {
            let (break_before, dot) =
                (if number > 0 { "\r\n" } else { "" }, if line.starts_with('.') { "." } else { "" });
            write!(f, "{break_before}{dot}{line}")?;
        }
        f.write_str("\r\n.\r\n")
    }
}

/// What it means that a message was not accepted.
fn answer(stopped: &Stopped) -> Answer {
    match stopped {
        Stopped::Unfit(why) => Answer { outcome: Outcome::Refused, status: None, text: (*why).to_owned() },
        Stopped::Unable(why) => failed(why.clone()),
        Stopped::Smtp(at, error) => match error.status() {
            Some(code) => {
                let reply = error.source().map(ToString::to_string).unwrap_or_default();
                let status = u16::from(code);
                Answer { outcome: outcome(*at, status), status: Some(status), text: format!("{status} {reply}") }
            }
            None => failed(reason(error)),
        },
    }
}

/// What the reply code of a refusal means.
fn outcome(at: At, code: u16) -> Outcome {
    match (at, code) {
        // Authentication is refused or required (RFC 4954, section 6), wherever the mail server says so.
        (_, 530 | 534 | 535 | 538) | (At::Server, 500..) => Outcome::Failed { retry_after: Some(PAUSE) },
        (At::Server, _) => Outcome::Failed { retry_after: None },
        (At::Message, 500..) => Outcome::Refused,
        (At::Message, _) => Outcome::Deferred,
    }
}

fn failed(text: String) -> Answer {
    Answer { outcome: Outcome::Failed { retry_after: None }, status: None, text }
}

/// Why there was no reply, in words.
fn reason(error: &lettre::transport::smtp::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    match cause.to_string().as_str() {
        "incomplete response" => "The mail server closed the connection.".to_owned(),
        // The mail server does not offer what was chosen.
        cause if error.is_client() => format!("Not sent: {cause}."),
        cause => format!("No answer: {cause}"),
    }
}

/// A text for staff: readable, not too long, and without the password and what is secret in the message, should a mail
/// server repeat it.
fn shown(server: &Smtp, secret: Option<&str>, text: &str) -> String {
    let mut text = readable(text.as_bytes());
    if let Some(secret) = secret {
        text = text.replace(secret, "(…)");
    }
    if let (Some(username), Some(password)) = (&server.terms.username, &server.password) {
        let plain = password.expose();
        let of_plain = BASE64.encode(format!("\0{username}\0{plain}").as_bytes());
        for secret in [of_plain.as_str(), &BASE64.encode(plain.as_bytes()), plain] {
            text = text.replace(secret, "(…)");
        }
    }
    text.chars().take(MAX_REPLY).collect()
}

#[cfg(test)]
mod tests {
    use domain::mail::parse_url;

    use super::*;

    #[test]
    fn a_text_ends_with_a_dot_and_no_line_before_is_one() {
        for (text, sent) in [
            ("a\r\nb", "a\r\nb\r\n.\r\n"),
            ("a\r\n.\r\n..b\r\n", "a\r\n..\r\n...b\r\n\r\n.\r\n"),
            (".é", "..é\r\n.\r\n"),
        ] {
            assert_eq!(Text(text.as_bytes()).to_string(), sent);
        }
    }

    #[test]
    fn what_a_reply_means_depends_on_where_it_is_given() {
        let paused = Outcome::Failed { retry_after: Some(PAUSE) };
        for (at, code, expected) in [
            (At::Server, 421, Outcome::Failed { retry_after: None }),
            (At::Server, 454, Outcome::Failed { retry_after: None }),
            (At::Server, 554, paused),
            (At::Server, 535, paused),
            (At::Message, 530, paused),
            (At::Message, 450, Outcome::Deferred),
            (At::Message, 421, Outcome::Deferred),
            (At::Message, 452, Outcome::Deferred),
            (At::Message, 550, Outcome::Refused),
            (At::Message, 554, Outcome::Refused),
        ] {
            assert_eq!(outcome(at, code), expected, "{at:?} {code}");
        }
    }

    #[test]
    fn a_mail_server_that_repeats_the_password_does_not_show_it() {
        let (terms, password) = parse_url("smtp://ada:s3cret@mail.example.org", "a@example.org").unwrap();
        let server = Smtp { terms, password };
        for said in ["535 s3cret is wrong".to_owned(), format!("535 {}", BASE64.encode(b"\0ada\0s3cret"))] {
            assert_eq!(shown(&server, None, &said).replace(" is wrong", ""), "535 (…)");
        }
        assert_eq!(shown(&server, None, &"x".repeat(2_000)).len(), MAX_REPLY);
        assert!(!format!("{server:?}").contains("s3cret"));
    }

    #[test]
    fn a_mail_server_that_repeats_the_link_does_not_show_it() {
        let (terms, password) = parse_url("smtp://mail.example.org", "a@example.org").unwrap();
        let server = Smtp { terms, password };
        let said = format!("554 {} hxxps://x.example/reset/7QmX2pVd9KtR is on a list", "y".repeat(MAX_REPLY - 40));
        let seen = shown(&server, Some("7QmX2pVd9KtR"), &said);
        assert!(seen.contains("/reset/(…)") && !seen.contains("7QmX"), "{seen}");
    }

    #[test]
    fn this_server_introduces_itself_by_its_name_or_address() {
        for (host, shown) in
            [("join.example.org", "join.example.org"), ("192.0.2.1", "[192.0.2.1]"), ("[::1]", "[IPv6:::1]")]
        {
            assert_eq!(client_id(host).to_string(), shown);
        }
    }
}
