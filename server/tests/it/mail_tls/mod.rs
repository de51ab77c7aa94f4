//! Mail servers with TLS, by the certificate of a private authority: real processes, which trust what `SSL_CERT_FILE`
//! names.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::harness::mail::{read, reply};
use crate::harness::process::{Server, latchkey, owner_key};
use crate::harness::{Database, Kind, until};

/// When the mail server changes to TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tls {
    FromTheBeginning,
    WhenAsked,
    Never,
}

/// A mail server that keeps which commands came to it, and whether they were encrypted.
struct MailServer {
    address: SocketAddr,
    commands: Arc<Mutex<Vec<(String, bool)>>>,
}

impl MailServer {
    async fn start(tls: Tls) -> Self {
        // Also at addresses that its certificate does not name.
        let listener = TcpListener::bind("0.0.0.0:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let commands = Arc::<Mutex<Vec<(String, bool)>>>::default();
        let seen = commands.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let seen = seen.clone();
                tokio::spawn(async move { serve(stream, tls, &seen).await });
            }
        });
        Self { address, commands }
    }

    /// Whether a command came, encrypted or not.
    fn has(&self, command: &str, encrypted: bool) -> bool {
        self.commands.lock().expect("no panic").iter().any(|(name, was)| name == command && *was == encrypted)
    }
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("localhost.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("localhost.key.pem")).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("versions").with_no_client_auth().with_single_cert(vec![certificate], key);
    TlsAcceptor::from(Arc::new(config.expect("a certificate with its key")))
}

async fn serve(stream: TcpStream, tls: Tls, seen: &Mutex<Vec<(String, bool)>>) -> Option<()> {
    if tls == Tls::FromTheBeginning {
        let mut stream = BufReader::new(acceptor().accept(stream).await.ok()?);
        reply(&mut stream, "220 mail").await?;
        return converse(&mut stream, seen, true, false).await;
    }
    let mut stream = BufReader::new(stream);
    reply(&mut stream, "220 mail").await?;
    converse(&mut stream, seen, false, tls == Tls::WhenAsked).await?;
    let mut stream = BufReader::new(acceptor().accept(stream.into_inner()).await.ok()?);
    converse(&mut stream, seen, true, false).await
}

/// `Some` when TLS was asked for, `None` when the connection has ended.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    seen: &Mutex<Vec<(String, bool)>>,
    encrypted: bool,
    offers_tls: bool,
) -> Option<()> {
    loop {
        let line = read(stream).await?;
        let command = line.split([' ', ':']).next().unwrap_or_default().to_owned();
        seen.lock().expect("no panic").push((command.clone(), encrypted));
        match command.as_str() {
            "EHLO" if offers_tls => reply(stream, "250-mail\r\n250-AUTH PLAIN\r\n250 STARTTLS").await?,
            "EHLO" => reply(stream, "250-mail\r\n250 AUTH PLAIN").await?,
            "STARTTLS" => {
                reply(stream, "220 Go ahead").await?;
                return Some(());
            }
            "AUTH" => reply(stream, "235 Ok").await?,
            "DATA" => {
                reply(stream, "354 Go ahead").await?;
                while read(stream).await? != "." {}
                reply(stream, "250 Ok").await?;
            }
            _ => reply(stream, "250 Ok").await?,
        }
    }
}

/// A file beside this one.
fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mail_tls");
    folder.join(name).to_str().expect("text").to_owned()
}

/// Sends one mail with a server that trusts `authority`, and returns what came of it.
async fn send(mail: &MailServer, scheme: &str, host: &str, authority: &str) -> String {
    let database = Database::fresh(Kind::Sqlite).await;
    owner_key(&database);
    let url = format!("{scheme}://ada:s3cret@{host}:{}", mail.address.port());
    let mut command = latchkey(&database);
    command.env("SSL_CERT_FILE", file(authority)).env_remove("SSL_CERT_DIR");
    command.env("LATCHKEY_SMTP_URL", url).env("LATCHKEY_MAIL_FROM", "noreply@example.org");
    let mut server = Server::launch_by(command, &database);
    server.wait_until_it_serves().await;
    database
        .execute(
            "INSERT INTO outbox (id, target_id, account_id, event, payload, created_at)
             SELECT randomblob(16), t.id, a.id, 'test', '{\"kind\":\"test\",\"to\":\"ada@example.org\"}',
                 CAST(strftime('%s', 'now') AS INTEGER) * 1000000
             FROM outbox_targets t, accounts a WHERE t.kind = 'mail'",
        )
        .await;
    let tried = "SELECT count(*) FROM outbox WHERE attempts > 0";
    until("it was tried", async || database.number(tried).await > 0).await;
    let log = server.log_after_stopping();
    assert!(!log.contains("s3cret"), "{log}");
    database.texts("SELECT last_answer FROM outbox").await.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_sent_with_tls_by_a_certificate_of_a_private_authority() {
    for (tls, scheme) in [(Tls::FromTheBeginning, "smtps"), (Tls::WhenAsked, "smtp")] {
        let mail = MailServer::start(tls).await;
        assert_eq!(send(&mail, scheme, "localhost", "authority.pem").await, "250 Ok", "{tls:?}");
        for command in ["AUTH", "MAIL", "RCPT", "DATA"] {
            assert!(mail.has(command, true) && !mail.has(command, false), "{tls:?}: {command}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_trusted_or_of_another_host_gets_nothing() {
    for (tls, scheme) in [(Tls::FromTheBeginning, "smtps"), (Tls::WhenAsked, "smtp")] {
        for (host, authority) in [("localhost", "other-authority.pem"), ("127.0.0.2", "authority.pem")] {
            let mail = MailServer::start(tls).await;
            let answer = send(&mail, scheme, host, authority).await;
            assert!(answer.starts_with("No answer: "), "{tls:?}: {answer}");
            for command in ["AUTH", "MAIL"] {
                assert!(!mail.has(command, true) && !mail.has(command, false), "{tls:?}: {command}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_does_not_offer_tls_gets_nothing() {
    let mail = MailServer::start(Tls::Never).await;
    let answer = send(&mail, "smtp", "localhost", "authority.pem").await;
    assert!(answer.contains("STARTTLS"), "{answer}");
    assert!(mail.has("EHLO", false));
    for command in ["AUTH", "MAIL"] {
        assert!(!mail.has(command, false), "{command}");
    }
}
