//! A mail server in the process of the test, with faults.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use data_encoding::BASE64;
use domain::mail::MailDraft;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The sender of mails in these tests.
pub(crate) const FROM: &str = "noreply@bramble.example";

/// What happens at the text of a message, instead of accepting it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DataFault {
    /// The connection is closed in the middle.
    CloseInTheMiddle,
    /// It is accepted, and the connection closed before the reply.
    CloseAfter,
}

/// A message that was accepted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrived {
    /// User name and password of the client.
    pub(crate) login: Option<(String, String)>,
    pub(crate) from: String,
    pub(crate) to: String,
    /// Head and body, with line breaks `\n`.
    pub(crate) text: String,
    /// The number of the connection.
    pub(crate) connection: usize,
}

impl Arrived {
    /// The value of a header that is on one line.
    pub(crate) fn header(&self, name: &str) -> &str {
        let head = self.text.split("\n\n").next().unwrap();
        let found = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        found.unwrap_or_else(|| panic!("{name}: {head}"))
    }

    /// The link of its button, which is below the text.
    pub(crate) fn link(&self) -> String {
        // Long ones are broken (RFC 2045, section 6.7).
        let text = self.text.split("Content-Type: text/html").next().unwrap().replace("=\n", "");
        let found = text.lines().rfind(|line| line.starts_with("https://bramble.example/"));
        found.unwrap_or_else(|| panic!("{}", self.text)).to_owned()
    }
}

#[derive(Default)]
struct Shared {
    arrived: Vec<Arrived>,
    /// Never greets.
    hangs: bool,
    /// Instead of the greeting.
    greeting: Option<&'static str>,
    /// Whom it lets in; everyone if absent.
    login: Option<(String, String)>,
    /// Instead of accepting the sender.
    sender: Option<&'static str>,
    /// Instead of accepting a recipient, once each.
    recipients: HashMap<String, VecDeque<&'static str>>,
    data: VecDeque<DataFault>,
    connections: usize,
    at_once: usize,
    most_at_once: usize,
}

#[derive(Clone)]
pub(crate) struct MailServer {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    listening: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server =
            Self { address: listener.local_addr().unwrap(), shared: Arc::default(), listening: Arc::default() };
        server.listen(listener);
        server
    }

    fn listen(&self, listener: TcpListener) {
        let shared = self.shared.clone();
        let listening = tokio::spawn(async move {
            let mut open = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let connection = {
                    let mut shared = shared.lock().unwrap();
                    shared.connections += 1;
                    shared.connections - 1
                };
                let shared = shared.clone();
                open.spawn(async move { converse(stream, connection, &shared).await });
            }
        });
        *self.listening.lock().unwrap() = Some(listening);
    }

    /// Refuses connections from now on, and closes those that are open.
    pub(crate) async fn stop(&self) {
        let listening = self.listening.lock().unwrap().take().unwrap();
        listening.abort();
        let _ = listening.await;
    }

    /// Listens again, at the same port.
    pub(crate) async fn start_again(&self) {
        self.listen(TcpListener::bind(self.address).await.unwrap());
    }

    /// The settings with which mails are given to it.
    pub(crate) fn draft(&self) -> MailDraft {
        MailDraft {
            host: "127.0.0.1".to_owned(),
            port: Some(self.address.port().into()),
            encryption: "none".to_owned(),
            from: FROM.to_owned(),
            ..MailDraft::default()
        }
    }

    fn set(&self, change: impl FnOnce(&mut Shared)) {
        change(&mut self.shared.lock().unwrap());
    }

    pub(crate) fn hang(&self, hangs: bool) {
        self.set(|shared| shared.hangs = hangs);
    }

    pub(crate) fn greet_with(&self, greeting: Option<&'static str>) {
        self.set(|shared| shared.greeting = greeting);
    }

    pub(crate) fn let_in(&self, username: &str, password: &str) {
        self.set(|shared| shared.login = Some((username.to_owned(), password.to_owned())));
    }

    pub(crate) fn refuse_sender(&self, reply: Option<&'static str>) {
        self.set(|shared| shared.sender = reply);
    }

    /// Replies like this to a recipient, once.
    pub(crate) fn refuse(&self, recipient: &str, reply: &'static str) {
        self.set(|shared| shared.recipients.entry(recipient.to_owned()).or_default().push_back(reply));
    }

    pub(crate) fn fail_at_data(&self, fault: DataFault) {
        self.set(|shared| shared.data.push_back(fault));
    }

    /// What was accepted since the last call.
    pub(crate) fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.shared.lock().unwrap().arrived)
    }

    /// The recipients of what was accepted since the last call, sorted.
    pub(crate) fn take_recipients(&self) -> Vec<String> {
        let mut recipients: Vec<_> = self.take().into_iter().map(|one| one.to).collect();
        recipients.sort();
        recipients
    }

    /// The number of connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.shared.lock().unwrap().connections
    }

    /// The most messages that were sent at the same time.
    pub(crate) fn most_at_once(&self) -> usize {
        self.shared.lock().unwrap().most_at_once
    }
}

/// `None` when the connection ends.
async fn converse(stream: TcpStream, connection: usize, shared: &Mutex<Shared>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let (hangs, greeting) = {
        let shared = shared.lock().unwrap();
        (shared.hangs, shared.greeting)
    };
    if hangs {
        std::future::pending::<()>().await;
    }
    reply(&mut stream, greeting.unwrap_or("220 mail.bramble.example ESMTP")).await?;
    let mut message = Arrived { connection, ..Arrived::default() };
    loop {
        let line = read(&mut stream).await?;
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => {
                assert_eq!(line, "EHLO bramble.example");
                reply(&mut stream, "250-mail.bramble.example\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME").await?;
            }
            "AUTH" => {
                let login = authenticate(&mut stream, &line).await?;
                let is_right = shared.lock().unwrap().login.as_ref() == Some(&login);
                message.login = Some(login);
                reply(&mut stream, if is_right { "235 2.7.0 Welcome" } else { "535 5.7.8 Wrong password" }).await?;
            }
            "MAIL" => {
                let (refusal, needs_login) = {
                    let shared = shared.lock().unwrap();
                    (shared.sender, shared.login.is_some() && message.login != shared.login)
                };
                message.from = in_brackets(&line);
                let refusal = refusal.or(needs_login.then_some("530 5.7.0 Authentication required"));
                reply(&mut stream, refusal.unwrap_or("250 2.1.0 Ok")).await?;
            }
            "RCPT" => {
                message.to = in_brackets(&line);
                let refusal = shared.lock().unwrap().recipients.get_mut(&message.to).and_then(VecDeque::pop_front);
                reply(&mut stream, refusal.unwrap_or("250 2.1.5 Ok")).await?;
            }
            "DATA" => {
                reply(&mut stream, "354 Go ahead").await?;
                data(&mut stream, &mut message, shared).await?;
            }
            "NOOP" | "RSET" => reply(&mut stream, "250 2.0.0 Ok").await?,
            "QUIT" => {
                reply(&mut stream, "221 2.0.0 Bye").await?;
                return None;
            }
            other => panic!("{other}"),
        }
    }
}

async fn data(stream: &mut BufReader<TcpStream>, message: &mut Arrived, shared: &Mutex<Shared>) -> Option<()> {
    let fault = {
        let mut shared = shared.lock().unwrap();
        shared.at_once += 1;
        shared.most_at_once = shared.most_at_once.max(shared.at_once);
        shared.data.pop_front()
    };
    let read = text(stream, fault).await;
    // So that a second sender would be seen.
    tokio::time::sleep(Duration::from_millis(2)).await;
    {
        let mut shared = shared.lock().unwrap();
        shared.at_once -= 1;
        message.text = read?;
        shared.arrived.push(message.clone());
    }
    if fault.is_some() {
        return None;
    }
    reply(stream, "250 2.0.0 Ok: queued as 4bX").await
}

async fn text(stream: &mut BufReader<TcpStream>, fault: Option<DataFault>) -> Option<String> {
    let mut text = String::new();
    loop {
        let line = read(stream).await?;
        if line == "." {
            return Some(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push('\n');
        if matches!(fault, Some(DataFault::CloseInTheMiddle)) {
            return None;
        }
    }
}

/// User name and password (RFC 4616, or LOGIN).
async fn authenticate(stream: &mut BufReader<TcpStream>, line: &str) -> Option<(String, String)> {
    let decoded = |text: &str| String::from_utf8(BASE64.decode(text.as_bytes()).unwrap()).unwrap();
    let mut parts = line.split(' ').skip(1);
    let mechanism = parts.next().unwrap();
    if mechanism == "PLAIN" {
        let login = decoded(parts.next().unwrap());
        let mut parts = login.split('\0').skip(1).map(str::to_owned);
        return Some((parts.next().unwrap(), parts.next().unwrap()));
    }
    let mut answers = Vec::new();
    for question in ["Username:", "Password:"] {
        reply(stream, &format!("334 {}", BASE64.encode(question.as_bytes()))).await?;
        answers.push(decoded(&read(stream).await?));
    }
    let [username, password] = answers.try_into().unwrap();
    Some((username, password))
}

fn in_brackets(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap();
    rest.split_once('>').unwrap().0.to_owned()
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let length = stream.read_line(&mut line).await.ok()?;
    (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn reply(stream: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()
}
