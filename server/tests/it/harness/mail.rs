//! A mail server in the process of the test (SMTP, RFC 5321), which keeps what it accepts. It refuses some recipients.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use data_encoding::BASE64;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The sender of mails in these tests.
pub const FROM: &str = "join@example.org";
/// The recipient whose mails are to be sent again later.
pub const BUSY: &str = "busy";
/// The recipient who has no mailbox.
pub const GONE: &str = "gone";

/// A mail that was accepted.
#[derive(Clone, Debug, Default)]
pub struct Accepted {
    /// User name and password of the client, if it signed in.
    pub login: Option<(String, String)>,
    pub from: String,
    pub to: String,
    /// Headers and body, with line breaks `\n`.
    pub text: String,
}

impl Accepted {
    /// The value of a header on one line.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\n\n").next().unwrap_or_default();
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// Listens on loopback until the test ends, without encryption.
#[derive(Clone)]
pub struct MailSink {
    address: SocketAddr,
    accepted: Arc<Mutex<Vec<Accepted>>>,
}

impl MailSink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let sink = Self { address: listener.local_addr().expect("an address"), accepted: Arc::default() };
        let accepted = sink.accepted.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, accepted.clone()));
            }
        });
        sink
    }

    /// The settings with which mails are sent to it, as a draft has them.
    pub fn draft(&self) -> Value {
        json!({ "host": "127.0.0.1", "port": self.address.port(), "encryption": "none", "from": FROM })
    }

    /// The same as a URL; `login` is empty, or ends with an `@`.
    pub fn url(&self, login: &str) -> String {
        format!("smtp://{login}{}?encryption=none", self.address)
    }

    /// What was accepted, in order.
    pub fn accepted(&self) -> Vec<Accepted> {
        self.accepted.lock().expect("no panic").clone()
    }
}

/// One connection, until the client closes it.
async fn converse(stream: TcpStream, accepted: Arc<Mutex<Vec<Accepted>>>) -> Option<()> {
    let (mut stream, mut mail) = (BufReader::new(stream), Accepted::default());
    reply(&mut stream, "220 sink.example.org").await?;
    loop {
        let line = read(&mut stream).await?;
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-sink.example.org\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN",
            "AUTH" => {
                mail.login = login(rest);
                "235 2.7.0 Welcome"
            }
            "MAIL" => {
                mail.from = path(rest);
                "250 2.1.0 OK"
            }
            "RCPT" => {
                mail.to = path(rest);
                match mail.to.split('@').next() {
                    Some(BUSY) => "451 4.7.1 Try again later",
                    Some(GONE) => "550 5.1.1 No such mailbox",
                    _ => "250 2.1.5 OK",
                }
            }
            "DATA" => {
                reply(&mut stream, "354 Go ahead").await?;
                mail.text = text(&mut stream).await?;
                accepted.lock().expect("no panic").push(mail.clone());
                "250 2.0.0 Accepted"
            }
            "QUIT" => return reply(&mut stream, "221 2.0.0 Bye").await,
            _ => "250 2.0.0 OK",
        };
        reply(&mut stream, answer).await?;
    }
}

/// The text of a message, up to the line with a dot.
async fn text(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    loop {
        let line = read(stream).await?;
        if line == "." {
            return Some(text);
        }
        // A line that begins with a dot has one more (RFC 5321, section 4.5.2).
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push('\n');
    }
}

/// A line of a client; `None` when the connection has ended.
pub async fn read<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut line = String::new();
    let length = stream.read_line(&mut line).await.ok()?;
    (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Replies to a client; `None` when the connection has ended.
pub async fn reply<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
    stream.flush().await.ok()
}

/// The address of `FROM:<address>` or `TO:<address>`, with or without parameters.
fn path(rest: &str) -> String {
    let address = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    address.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

/// User name and password of `PLAIN` (RFC 4616).
fn login(rest: &str) -> Option<(String, String)> {
    let encoded = rest.strip_prefix("PLAIN ")?;
    let text = String::from_utf8(BASE64.decode(encoded.as_bytes()).ok()?).ok()?;
    let mut parts = text.split('\0').skip(1).map(str::to_owned);
    Some((parts.next()?, parts.next()?))
}
