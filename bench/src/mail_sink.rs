//! The other end of mail.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long mails are waited for.
const PATIENCE: Duration = Duration::from_mins(10);

/// A mail server that accepts everything as fast as it can, and keeps nothing (SMTP, RFC 5321). Ends when this value is
/// dropped.
#[derive(Debug)]
pub struct MailSink {
    /// Its port on 127.0.0.1.
    pub port: u16,
    accepted: watch::Receiver<usize>,
    serving: JoinHandle<()>,
}

impl MailSink {
    /// Starts one.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn start() -> io::Result<Self> {
        let (count, accepted) = watch::channel(0);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let count = count.clone();
                // A client that goes away ends its conversation.
                tokio::spawn(async move { converse(stream, &count).await });
            }
        });
        Ok(Self { port, accepted, serving })
    }

    /// Mails each second, from the first that is accepted from now on to the last of `mails`.
    ///
    /// # Errors
    /// When they do not come in ten minutes.
    pub async fn rate(&self, mails: usize) -> io::Result<f64> {
        let mut accepted = self.accepted.clone();
        let before = *accepted.borrow();
        until(&mut accepted, before + 1).await?;
        let began = Instant::now();
        // What was accepted with the first one, before this task ran, is not counted.
        let first = *accepted.borrow();
        until(&mut accepted, before + mails).await?;
        #[expect(clippy::cast_precision_loss, reason = "some thousand")]
        let counted = (before + mails).saturating_sub(first) as f64;
        Ok(counted / began.elapsed().as_secs_f64())
    }
}

impl Drop for MailSink {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn until(accepted: &mut watch::Receiver<usize>, enough: usize) -> io::Result<()> {
    let came = matches!(tokio::time::timeout(PATIENCE, accepted.wait_for(|count| *count >= enough)).await, Ok(Ok(_)));
    let count = *accepted.borrow();
    if came { Ok(()) } else { Err(io::Error::other(format!("{count} mails instead of {enough}"))) }
}

async fn converse(stream: TcpStream, count: &watch::Sender<usize>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut stream, mut line) = (BufReader::with_capacity(16 * 1024, stream), Vec::new());
    stream.write_all(b"220 sink\r\n").await?;
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let reply: &[u8] = match line.get(..4) {
            Some(b"DATA") => {
                stream.write_all(b"354 Go ahead\r\n").await?;
                while line != b".\r\n" {
                    line.clear();
                    if stream.read_until(b'\n', &mut line).await? == 0 {
                        return Ok(());
                    }
                }
                count.send_modify(|count| *count += 1);
                b"250 OK\r\n"
            }
            Some(b"QUIT") => return stream.write_all(b"221 Bye\r\n").await,
            _ => b"250 OK\r\n",
        };
        stream.write_all(reply).await?;
    }
}
