//! `latchkey doctor`: what is there, what is wrong with it, what to do. It looks and changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use clap::ArgMatches;
use serde::Serialize;
use service::Clock;
use service::operations::doctor::{DatabaseFacts, DatabaseKind, DatabaseState, KeyState};

use super::args::DoctorOptions;
use super::{Outcome, print};
use crate::config::{Config, GlobalOptions, Origins};
use crate::undeclared_proxy::{self, Sighting};

/// The oldest PostgreSQL that is tried in the tests.
const OLDEST_POSTGRES: u32 = 15;
/// How far the clocks may be apart, in microseconds; the server's readiness has the same bound.
const SKEW: i64 = 2_000_000;

/// How a finding is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    /// As it should be.
    Ok,
    /// Worth knowing.
    Note,
    /// Wrong: the command ends with status 1.
    Wrong,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    verdict: Verdict,
    about: &'static str,
    found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    todo: Option<String>,
}

fn ok(about: &'static str, found: impl Into<String>) -> Finding {
    Finding { verdict: Verdict::Ok, about, found: found.into(), todo: None }
}

fn note(about: &'static str, found: impl Into<String>, todo: impl Into<String>) -> Finding {
    Finding { verdict: Verdict::Note, about, found: found.into(), todo: Some(todo.into()) }
}

fn wrong(about: &'static str, found: impl Into<String>, todo: impl Into<String>) -> Finding {
    Finding { verdict: Verdict::Wrong, about, found: found.into(), todo: Some(todo.into()) }
}

/// Looks, says, and fails when something is wrong.
pub(super) async fn run(global: GlobalOptions, matches: &ArgMatches, options: &DoctorOptions) -> Outcome {
    let mut findings = vec![ok("version", env!("CARGO_PKG_VERSION"))];
    let origins = Origins::new(&global, matches);
    match Config::resolve(global) {
        Ok(config) => examine(&mut findings, &config, &origins).await,
        Err(why) => findings.push(wrong("configuration", why, "Change it as said; the rest was not looked at.")),
    }
    if options.json {
        let text = serde_json::to_string_pretty(&findings).map_err(|error| format!("No JSON: {error}."))?;
        print::result(text)?;
    } else {
        print::result(written(&findings))?;
    }
    match findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).count() {
        0 => Ok(()),
        1 => Err("One thing is wrong; see above.".to_owned()),
        count => Err(format!("{count} things are wrong; see above.")),
    }
}

fn written(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let mark = match finding.verdict {
            Verdict::Ok => "ok   ",
            Verdict::Note => "note ",
            Verdict::Wrong => "WRONG",
        };
        let todo = finding.todo.as_ref().map(|todo| format!("\n      → {todo}")).unwrap_or_default();
        format!("{mark} {}: {}{todo}", finding.about, finding.found)
    });
    lines.collect::<Vec<_>>().join("\n")
}

async fn examine(findings: &mut Vec<Finding>, config: &Config, origins: &Origins) {
    findings.extend(
        origins.all().into_iter().map(|(name, value, origin)| ok("set", format!("{name} = {value} ({origin})"))),
    );
    findings.push(public_url(config));
    if let Some(mode) = config.registration_mode {
        findings.push(note(
            "settings",
            format!("The registration mode is fixed to {mode} from outside; the dashboard can't change it."),
            "Unset LATCHKEY_REGISTRATION_MODE (or REGISTRATION_MODE) to decide it in the dashboard.",
        ));
    }
    if !config.rate_limits {
        findings.push(note(
            "settings",
            "Limits on failed tries are off.",
            "Switch them on for anything but a load test.",
        ));
    }
    findings.push(data_dir(&config.data_dir));
    findings.extend(undeclared_proxy(config));
    let Ok(options) = config.service_options(config.addr) else { return };
    let looked = service::operations::doctor::look(&options).await;
    match looked.database {
        DatabaseState::Missing(file) => {
            findings.push(note("database", format!("{} is not there.", file.display()), "The first start makes it."));
        }
        DatabaseState::Unreadable(why) => findings.push(wrong(
            "database",
            format!("It can't be read: {why}"),
            "Check --database-url, that the server is up and lets this user in, or the file's rights.",
        )),
        DatabaseState::Read(facts) => database(findings, &facts),
    }
    findings.push(key(&config.key_file, looked.key));
}

fn public_url(config: &Config) -> Finding {
    match config.public_url_for(config.addr) {
        Ok(url) if url.is_https() => ok("public URL", url.origin()),
        Ok(url) if url.is_loopback() && config.addr.ip().is_loopback() => {
            ok("public URL", format!("{}, on this machine alone", url.origin()))
        }
        Ok(url) if url.is_loopback() => wrong(
            "public URL",
            format!("{} is this machine, but {} listens to others: no link works for them.", url.origin(), config.addr),
            "Set --public-url to what people type into their browser.",
        ),
        Ok(url) => wrong(
            "public URL",
            format!("Over {} passwords and cookies travel unencrypted.", url.origin()),
            "Put a reverse proxy with TLS in front and use https:// (docs/deployment.md).",
        ),
        Err(why) => wrong("public URL", why, "Set --public-url."),
    }
}

fn data_dir(folder: &Path) -> Finding {
    const ABOUT: &str = "data folder";
    let shown = folder.display();
    let found = match fs::metadata(folder) {
        Ok(found) if found.is_dir() => found,
        Ok(_) => return wrong(ABOUT, format!("{shown} is no folder."), "Choose another with --data-dir."),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return note(ABOUT, format!("{shown} is not there."), "The first start makes it.");
        }
        Err(error) => return wrong(ABOUT, format!("{shown}: {error}."), "Give this user the right to it."),
    };
    let mode = found.permissions().mode() & 0o777;
    if let Err(error) = fs::read_dir(folder) {
        return wrong(ABOUT, format!("{shown} can't be read: {error}."), "Give this user the right to it.");
    }
    if mode & 0o200 == 0 {
        return wrong(ABOUT, format!("{shown} is read-only (mode {mode:03o})."), format!("chmod 700 {shown}"));
    }
    if mode & 0o077 != 0 {
        return wrong(
            ABOUT,
            format!("Other users of this machine can look into {shown} (mode {mode:03o})."),
            format!("chmod 700 {shown}; the next start does it if the folder belongs to its user"),
        );
    }
    ok(ABOUT, format!("{shown} (mode {mode:03o})"))
}

/// A proxy whose visitors share one address, as the server saw it.
fn undeclared_proxy(config: &Config) -> Option<Finding> {
    let file = undeclared_proxy::file(&config.data_dir);
    let seen = Sighting::read(&file, &config.trusted_proxies, Clock::System.now())?;
    Some(note(
        "proxies",
        format!(
            "Requests from {} carry X-Forwarded-For or Forwarded (last seen {}), and it is not a trusted proxy: all who \
             come through it share one limit on failed tries.",
            seen.address, seen.seen_at
        ),
        format!("If it is your reverse proxy, add --trusted-proxies {} (LATCHKEY_TRUSTED_PROXIES).", seen.address),
    ))
}

fn database(findings: &mut Vec<Finding>, facts: &DatabaseFacts) {
    const ABOUT: &str = "database";
    findings.push(match facts.kind {
        DatabaseKind::Sqlite => ok(ABOUT, format!("SQLite {}", facts.version)),
        DatabaseKind::Postgres { major } if major < OLDEST_POSTGRES => wrong(
            ABOUT,
            format!("PostgreSQL {} is older than Latchkey was tried with.", facts.version),
            format!("Use PostgreSQL {OLDEST_POSTGRES} or newer."),
        ),
        DatabaseKind::Postgres { .. } => ok(ABOUT, format!("PostgreSQL {}", facts.version)),
    });
    if let Some(unknown) = facts.unknown.first() {
        findings.push(wrong(
            "schema",
            format!("The database is from a newer version of Latchkey (it has {unknown})."),
            "Start that version, or restore a backup.",
        ));
    } else if facts.pending.is_empty() {
        findings.push(ok("schema", format!("{}, the newest", facts.schema.as_deref().unwrap_or("none"))));
    } else {
        findings.push(note(
            "schema",
            format!("{} changes are pending, from {} on.", facts.pending.len(), facts.pending[0]),
            "The next start makes them, or `latchkey migrate`. Back up first.",
        ));
    }
    match facts.clock_ahead {
        Some(ahead) if ahead.abs() > SKEW => findings.push(wrong(
            "clock",
            format!("The database's clock is {:.1} s from this machine's.", seconds(ahead)),
            "Run NTP on both; servers are not ready beyond two seconds.",
        )),
        Some(ahead) => findings.push(ok("clock", format!("{:.3} s from the database's", seconds(ahead)))),
        None => {}
    }
    match facts.has_owner {
        Some(true) => findings.push(ok("setup", "done: there is an owner")),
        _ => findings.push(note(
            "setup",
            "There is no owner yet, and nobody can sign up.",
            "Run `latchkey setup-link` and open what it prints.",
        )),
    }
}

#[expect(clippy::cast_precision_loss, reason = "for reading, to a millisecond")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1_000_000.0
}

fn key(file: &Path, state: KeyState) -> Finding {
    const ABOUT: &str = "data key";
    let shown = file.display();
    let others_read = fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o077 != 0);
    match state {
        KeyState::NotYet => note(ABOUT, format!("{shown} is not there."), "The first start makes it."),
        KeyState::Missing => wrong(
            ABOUT,
            format!("The database was written with a key, and {shown} is not there."),
            "Put the key file back from where you keep it.",
        ),
        KeyState::Wrong => wrong(
            ABOUT,
            format!("{shown} is not the key this database was written with."),
            "Put the right key file in its place.",
        ),
        KeyState::Unfinished => note(
            ABOUT,
            format!("A rotation was stopped before its end: this database's key is {shown}.new."),
            "The next start puts it in its place.",
        ),
        KeyState::Broken(why) => wrong(ABOUT, why, "Put the right key file in its place."),
        KeyState::Present | KeyState::Right if others_read => {
            wrong(ABOUT, format!("Others can read {shown}."), format!("chmod 600 {shown}"))
        }
        KeyState::Present => ok(ABOUT, format!("{shown}; the database has none yet to compare")),
        KeyState::Right => ok(ABOUT, format!("{shown} is this database's; keep a copy of it apart from backups")),
    }
}
