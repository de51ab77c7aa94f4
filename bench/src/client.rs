//! A small HTTP/1.1 client that uses little CPU, so that the server is measured: one persistent connection, one request
//! at a time, and only those parts of RFC 9112 that Latchkey's answers need.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The maximum number of headers of an answer.
const MAX_HEADERS: usize = 64;

/// An HTTP answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body as sent, without decompression.
    pub body: Vec<u8>,
    /// The values of `Set-Cookie` up to their first `;`.
    pub cookies: Vec<String>,
    /// The value of `Location`, if any.
    pub location: Option<String>,
}

/// A connection to the server under test.
#[derive(Debug)]
pub struct Client {
    addr: String,
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects to `addr`, such as `127.0.0.1:3000`.
    pub async fn connect(addr: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        Ok(Self { addr: addr.to_owned(), stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends `GET path` with further header lines, each ended by CRLF.
    pub async fn get(&mut self, path: &str, headers: &str) -> io::Result<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n{headers}\r\n", self.addr);
        self.send(request.as_bytes()).await
    }

    /// Sends `POST path` with a body of the media type `kind` and further header lines.
    pub async fn post(&mut self, path: &str, headers: &str, kind: &str, body: &str) -> io::Result<Answer> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n{headers}\r\n{body}",
            self.addr,
            body.len()
        );
        self.send(request.as_bytes()).await
    }

    /// Sends `DELETE path` with an API key. The answer must be `204`.
    pub async fn delete(&mut self, path: &str, key: &str) -> io::Result<()> {
        let bearer = crate::measures::bearer(key);
        let request = format!("DELETE {path} HTTP/1.1\r\nhost: {}\r\n{bearer}\r\n", self.addr);
        crate::load::expect(204, &self.send(request.as_bytes()).await?)
    }

    /// Sends a complete request and reads the complete answer.
    pub async fn send(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if let Some(head) = Head::parse(&self.buffer)? {
                return self.read_body(head).await;
            }
            self.read_more().await?;
        }
    }

    async fn read_body(&mut self, head: Head) -> io::Result<Answer> {
        let body = if let Some(length) = head.length {
            while self.buffer.len() < head.bytes + length {
                self.read_more().await?;
            }
            self.buffer[head.bytes..head.bytes + length].to_vec()
        } else {
            self.read_chunks(head.bytes).await?
        };
        Ok(Answer { status: head.status, body, cookies: head.cookies, location: head.location })
    }

    async fn read_chunks(&mut self, mut at: usize) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            match httparse::parse_chunk_size(&self.buffer[at..]).map_err(|_| broken("a chunk without a size"))? {
                httparse::Status::Partial => self.read_more().await?,
                httparse::Status::Complete((line, size)) => {
                    let size = usize::try_from(size).map_err(|_| broken("a chunk too large"))?;
                    let end = at + line + size + 2;
                    while self.buffer.len() < end {
                        self.read_more().await?;
                    }
                    body.extend_from_slice(&self.buffer[at + line..end - 2]);
                    at = end;
                    if size == 0 {
                        return Ok(body);
                    }
                }
            }
        }
    }

    async fn read_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

struct Head {
    bytes: usize,
    status: u16,
    /// The length of the body in bytes; `None` for a chunked body.
    length: Option<usize>,
    cookies: Vec<String>,
    location: Option<String>,
}

impl Head {
    /// The head at the start of `bytes`; `None` if it is incomplete.
    fn parse(bytes: &[u8]) -> io::Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(head_length) =
            response.parse(bytes).map_err(|_| broken("an answer that is not HTTP"))?
        else {
            return Ok(None);
        };
        let texts = |name: &'static str| {
            let named = response.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name));
            named.filter_map(|header| std::str::from_utf8(header.value).ok())
        };
        let text = |name| texts(name).next();
        let chunked = text("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
        let length = text("content-length").and_then(|length| length.parse().ok());
        Ok(Some(Self {
            bytes: head_length,
            status: response.code.unwrap_or_default(),
            length: if chunked { None } else { Some(length.unwrap_or_default()) },
            cookies: texts("set-cookie").filter_map(|cookie| cookie.split(';').next()).map(str::to_owned).collect(),
            location: text("location").map(str::to_owned),
        }))
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
