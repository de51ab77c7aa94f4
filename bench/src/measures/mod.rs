//! The benchmarks, one group per file.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::client::{Answer, Client};
use crate::load::expect;
use crate::report::Measurement;
use crate::server::{self, Installation, PASSWORD};

mod bulk;
mod creating;
mod lists;
mod mails;
mod outbox;
mod reading;
mod signing_up;
mod tokens;
mod weight;

/// The configuration of all benchmarks.
#[derive(Debug)]
pub struct Bench {
    /// The release binary.
    pub binary: PathBuf,
    /// The folder in which data folders are created.
    pub folder: PathBuf,
    /// The URL of an empty PostgreSQL database; `None` skips PostgreSQL.
    pub postgres: Option<String>,
    /// The duration of one measurement.
    pub time: Duration,
    /// The number of runs of each measurement.
    pub runs: usize,
    /// The number of rows of the large lists.
    pub rows: u32,
    /// The number of processors.
    pub cores: usize,
}

impl Bench {
    /// Runs every group whose name contains `only`.
    ///
    /// # Errors
    /// When the server does not start or an answer is not the expected one. Then no result is valid.
    pub async fn all(&self, only: &str) -> io::Result<Vec<Measurement>> {
        let mut results = Vec::new();
        if "reading".contains(only) {
            results.extend(reading::measure(self).await?);
        }
        if "tokens".contains(only) {
            results.extend(tokens::measure(self).await?);
        }
        if "creating".contains(only) {
            results.extend(creating::measure(self).await?);
        }
        if "bulk".contains(only) {
            results.extend(bulk::measure(self).await?);
        }
        if "signing-up".contains(only) {
            results.extend(signing_up::measure(self).await?);
        }
        if "outbox".contains(only) {
            results.extend(outbox::measure(self).await?);
        }
        if "mails".contains(only) {
            results.extend(mails::measure(self).await?);
        }
        if "weight".contains(only) {
            results.extend(weight::measure(self).await?);
        }
        if "lists".contains(only) {
            results.extend(lists::measure(self).await?);
        }
        Ok(results)
    }

    /// A new installation on SQLite with the data folder `name`.
    fn sqlite(&self, name: &str) -> io::Result<Installation> {
        self.installation(name, None)
    }

    /// A new installation on PostgreSQL, with the data folder `name` and a database of this name; `None` without PostgreSQL.
    async fn own_postgres(&self, name: &str) -> io::Result<Option<Installation>> {
        let Some((server, _)) = self.postgres.as_deref().and_then(|url| url.rsplit_once('/')) else { return Ok(None) };
        let installation = self.installation(name, Some(format!("{server}/{name}")))?;
        server::execute(&format!("{server}/postgres"), format!("CREATE DATABASE {name}")).await?;
        Ok(Some(installation))
    }

    /// A new installation with the data folder `name`.
    fn installation(&self, name: &str, database_url: Option<String>) -> io::Result<Installation> {
        use std::os::unix::fs::DirBuilderExt;
        let data = self.folder.join(name);
        // Groups that use PostgreSQL share its folder, and the owner, as they share the database.
        std::fs::DirBuilder::new().mode(0o700).recursive(true).create(&data)?;
        Ok(Installation { binary: self.binary.clone(), data, database_url })
    }

    /// Takes some measurements in turn, [`Bench::runs`] times, and prints the values of each. `once` is called with the index
    /// of the measurement and the number of the turn. In turn, so that whatever else happens on the machine meets all of them.
    async fn in_turn(
        &self,
        what: &[&str],
        mut once: impl AsyncFnMut(usize, usize) -> io::Result<f64>,
    ) -> io::Result<std::vec::IntoIter<Vec<f64>>> {
        let mut runs = vec![Vec::new(); what.len()];
        for turn in 0..self.runs {
            for (index, runs) in runs.iter_mut().enumerate() {
                runs.push(once(index, turn).await?);
            }
        }
        for (what, runs) in what.iter().zip(&runs) {
            eprintln!("    {what}: {runs:.1?}");
        }
        Ok(runs.into_iter())
    }
}

/// The header line of an API key.
pub(crate) fn bearer(key: &str) -> String {
    format!("authorization: Bearer {key}\r\n")
}

/// Parses a JSON answer.
fn json(body: &[u8]) -> io::Result<Value> {
    serde_json::from_slice(body).map_err(io::Error::other)
}

/// Creates an invite and returns its code.
async fn create_invite(client: &mut Client, key: &str, draft: &str) -> io::Result<String> {
    let invite = create(client, key, "/api/v1/admin/invites", draft).await?;
    Ok(text(&invite, "code")?.to_owned())
}

/// The media type of HTML forms.
const FORM: &str = "application/x-www-form-urlencoded";

fn sign_in_form(login: &str) -> String {
    format!("login={login}&password={}", PASSWORD.replace(' ', "+"))
}

/// The `Origin` header line of the server's own forms.
fn origin(addr: &str) -> String {
    format!("origin: http://{addr}\r\n")
}

/// The `Cookie` header line for the last cookie that an answer sets.
fn cookie(answer: &Answer) -> io::Result<String> {
    let cookie = answer.cookies.last().ok_or_else(|| io::Error::other("an answer without a cookie"))?;
    Ok(format!("cookie: {cookie}\r\n"))
}

/// The address to which an answer redirects.
fn location(answer: &Answer) -> io::Result<&str> {
    answer.location.as_deref().ok_or_else(|| io::Error::other("an answer that leads nowhere"))
}

/// Creates something by REST. Returns it.
async fn create(client: &mut Client, key: &str, path: &str, draft: &str) -> io::Result<Value> {
    let answer = client.post(path, &bearer(key), "application/json", draft).await?;
    expect(201, &answer)?;
    json(&answer.body)
}

/// The text of a field.
fn text<'a>(value: &'a Value, field: &str) -> io::Result<&'a str> {
    value[field].as_str().ok_or_else(|| io::Error::other(format!("an answer without {field}")))
}

/// Signs in and returns the `Cookie` header line.
async fn sign_in(client: &mut Client, addr: &str, login: &str) -> io::Result<String> {
    let answer = client.post("/login", &origin(addr), FORM, &sign_in_form(login)).await?;
    expect(303, &answer)?;
    cookie(&answer)
}
