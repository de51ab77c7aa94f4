//! What is measured, a group in each file.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::client::Client;
use crate::load::expect;
use crate::report::Figure;
use crate::server::{PASSWORD, Place};

mod creating;
mod lists;
mod reading;
mod signing_up;
mod weight;

/// What the measurements have in common.
#[derive(Debug)]
pub struct Bench {
    /// The release binary.
    pub binary: PathBuf,
    /// Where data folders are made.
    pub folder: PathBuf,
    /// An empty PostgreSQL database.
    pub postgres: Option<String>,
    /// How long one measurement takes.
    pub time: Duration,
    /// How often it is repeated.
    pub runs: usize,
    /// How many rows the large lists have.
    pub rows: u32,
    /// How many processors there are.
    pub cores: usize,
}

impl Bench {
    /// Measures every group whose name contains `only`.
    ///
    /// # Errors
    /// When the server does not do what is asked of it: then no figure is worth anything.
    pub async fn all(&self, only: &str) -> io::Result<Vec<Figure>> {
        let mut figures = Vec::new();
        if "reading".contains(only) {
            figures.extend(reading::measure(self).await?);
        }
        if "creating".contains(only) {
            figures.extend(creating::measure(self).await?);
        }
        if "signing-up".contains(only) {
            figures.extend(signing_up::measure(self).await?);
        }
        if "weight".contains(only) {
            figures.extend(weight::measure(self).await?);
        }
        if "lists".contains(only) {
            figures.extend(lists::measure(self).await?);
        }
        Ok(figures)
    }

    /// A fresh SQLite place called `name`.
    fn sqlite(&self, name: &str) -> io::Result<Place> {
        self.place(name, None)
    }

    fn place(&self, name: &str, database_url: Option<String>) -> io::Result<Place> {
        use std::os::unix::fs::DirBuilderExt;
        let data = self.folder.join(name);
        std::fs::DirBuilder::new().mode(0o700).create(&data)?;
        Ok(Place { binary: self.binary.clone(), data, database_url })
    }

    /// Repeats a measurement as often as is wanted, and says where it is.
    async fn repeat(&self, what: &str, mut once: impl AsyncFnMut() -> io::Result<f64>) -> io::Result<Vec<f64>> {
        let mut runs = Vec::new();
        for _ in 0..self.runs {
            runs.push(once().await?);
        }
        eprintln!("    {what}: {runs:.1?}");
        Ok(runs)
    }
}

/// The header line of an API key.
fn bearer(key: &str) -> String {
    format!("authorization: Bearer {key}\r\n")
}

/// The members of a JSON answer.
fn json(body: &[u8]) -> io::Result<serde_json::Value> {
    serde_json::from_slice(body).map_err(io::Error::other)
}

/// Creates an invite and returns its code.
async fn make_link(client: &mut Client, key: &str, draft: &str) -> io::Result<String> {
    let answer = client.post("/api/v1/admin/invites", &bearer(key), "application/json", draft).await?;
    expect(201, &answer)?;
    let code = json(&answer.body)?["code"].as_str().map(str::to_owned);
    code.ok_or_else(|| io::Error::other("an invite without a code"))
}

/// The media type of what a browser's form sends.
const FORM: &str = "application/x-www-form-urlencoded";

fn sign_in_form(login: &str) -> String {
    format!("login={login}&password={}", PASSWORD.replace(' ', "+"))
}

/// The header line by which our own forms are known.
fn origin(addr: &str) -> String {
    format!("origin: http://{addr}\r\n")
}

/// Signs in, and returns the header line with the cookie.
async fn sign_in(client: &mut Client, addr: &str, login: &str) -> io::Result<String> {
    let answer = client.post("/login", &origin(addr), FORM, &sign_in_form(login)).await?;
    expect(303, &answer)?;
    let cookie = answer.cookie.ok_or_else(|| io::Error::other("no cookie for who signed in"))?;
    Ok(format!("cookie: {cookie}\r\n"))
}
