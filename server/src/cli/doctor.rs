//! `latchkey doctor`: checks the installation and reports problems. It changes nothing.

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

/// Oldest supported major version of PostgreSQL.
const OLDEST_POSTGRES: u32 = 15;
/// Maximum difference of the clocks, in microseconds; the same as for `/readyz`.
const MAX_CLOCK_SKEW: i64 = 2_000_000;

/// Severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    /// No problem.
    Ok,
    /// Worth knowing.
    Note,
    /// A problem: the command exits with status 1.
    Wrong,
}

/// Result of one check.
#[derive(Debug, Serialize)]
struct Finding {
    verdict: Verdict,
    about: &'static str,
    found: String,
    /// What to do; absent if there is nothing to do.
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

/// Runs all checks and prints the findings.
///
/// # Errors
/// The number of problems, if there are any.
pub(super) async fn run(global: GlobalOptions, matches: &ArgMatches, options: &DoctorOptions) -> Outcome {
    let mut findings = vec![ok("version", env!("CARGO_PKG_VERSION"))];
    let origins = Origins::new(&global, matches);
    match Config::resolve(global) {
        Ok(config) => check(&mut findings, &config, &origins).await,
        Err(why) => {
            findings.push(wrong("configuration", why, "Correct it and run doctor again. Nothing else was checked."));
        }
    }
    if options.json {
        let text = serde_json::to_string_pretty(&findings).map_err(|error| format!("Cannot write JSON: {error}."))?;
        print::result(text)?;
    } else {
        print::result(format_text(&findings))?;
    }
    match findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).count() {
        0 => Ok(()),
        1 => Err("Found one problem; see above.".to_owned()),
        count => Err(format!("Found {count} problems; see above.")),
    }
}

fn format_text(findings: &[Finding]) -> String {
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

async fn check(findings: &mut Vec<Finding>, config: &Config, origins: &Origins) {
    findings.extend(
        origins.all().into_iter().map(|(name, value, origin)| ok("option", format!("{name} = {value} ({origin})"))),
    );
    findings.push(public_url(config));
    if let Some(mode) = config.registration_mode {
        findings.push(note(
            "settings",
            format!("The registration mode is set to {mode} by an option; the dashboard cannot change it."),
            "Unset LATCHKEY_REGISTRATION_MODE (or REGISTRATION_MODE) to set it in the dashboard.",
        ));
    }
    if !config.rate_limits {
        findings.push(note("settings", "Rate limits are off.", "Turn them on, except for a load test."));
    }
    findings.push(data_dir(&config.data_dir));
    findings.extend(undeclared_proxy(config));
    let Ok(options) = config.service_options(config.addr) else { return };
    let findings_of_data = service::operations::doctor::inspect(&options).await;
    match findings_of_data.database {
        DatabaseState::Missing(file) => {
            findings.push(note(
                "database",
                format!("{} does not exist.", file.display()),
                "The first start creates it.",
            ));
        }
        DatabaseState::Unreadable(why) => findings.push(wrong(
            "database",
            format!("Cannot read the database: {why}"),
            "Check --database-url, whether PostgreSQL runs and accepts this user, or the permissions of the file.",
        )),
        DatabaseState::Read(facts) => database(findings, &facts),
    }
    findings.push(key(&config.key_file, findings_of_data.key));
}

fn public_url(config: &Config) -> Finding {
    match config.public_url_for(config.addr) {
        Ok(url) if url.is_https() => ok("public URL", url.origin()),
        Ok(url) if url.is_loopback() && config.addr.ip().is_loopback() => {
            ok("public URL", format!("{}, only on this machine", url.origin()))
        }
        Ok(url) if url.is_loopback() => wrong(
            "public URL",
            format!("{} only works on this machine, but the server listens on {}.", url.origin(), config.addr),
            "Set --public-url to the URL that people open in their browser.",
        ),
        Ok(url) => wrong(
            "public URL",
            format!("{} does not encrypt passwords and cookies.", url.origin()),
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
        Ok(_) => return wrong(ABOUT, format!("{shown} is not a folder."), "Choose another with --data-dir."),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return note(ABOUT, format!("{shown} does not exist."), "The first start creates it.");
        }
        Err(error) => return wrong(ABOUT, format!("{shown}: {error}."), "Give this user access to it."),
    };
    let mode = found.permissions().mode() & 0o777;
    if let Err(error) = fs::read_dir(folder) {
        return wrong(ABOUT, format!("Cannot read {shown}: {error}."), "Give this user access to it.");
    }
    if mode & 0o200 == 0 {
        return wrong(ABOUT, format!("{shown} is read-only (mode {mode:03o})."), format!("chmod 700 {shown}"));
    }
    if mode & 0o077 != 0 {
        return wrong(
            ABOUT,
            format!("Other users of this machine can read {shown} (mode {mode:03o})."),
            format!("chmod 700 {shown} (the next start does it if this user owns the folder)"),
        );
    }
    ok(ABOUT, format!("{shown} (mode {mode:03o})"))
}

/// The undeclared proxy that the server has recorded, if any.
fn undeclared_proxy(config: &Config) -> Option<Finding> {
    let file = undeclared_proxy::file(&config.data_dir);
    let seen = Sighting::read(&file, &config.trusted_proxies, Clock::System.now())?;
    Some(note(
        "proxies",
        format!(
            "Requests from {} have X-Forwarded-For or Forwarded headers (last seen {}), but it is not a trusted proxy. All \
             visitors behind it share one limit on failed attempts.",
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
            format!("PostgreSQL {} is not supported.", facts.version),
            format!("Use PostgreSQL {OLDEST_POSTGRES} or newer."),
        ),
        DatabaseKind::Postgres { .. } => ok(ABOUT, format!("PostgreSQL {}", facts.version)),
    });
    if let Some(unknown) = facts.unknown.first() {
        findings.push(wrong(
            "schema",
            format!("The database was migrated by a newer version of Latchkey (it has {unknown})."),
            "Start that version, or restore a backup.",
        ));
    } else if facts.pending.is_empty() {
        findings.push(ok("schema", format!("{}, the newest", facts.schema.as_deref().unwrap_or("none"))));
    } else {
        findings.push(note(
            "schema",
            format!("{} migrations are pending, starting with {}.", facts.pending.len(), facts.pending[0]),
            "Back up the database. The next start applies them, or `latchkey migrate`.",
        ));
    }
    match facts.clock_ahead {
        Some(ahead) if ahead.abs() > MAX_CLOCK_SKEW => findings.push(wrong(
            "clock",
            format!("The clock of the database differs from this machine's by {:.1} s.", seconds(ahead)),
            "Run NTP on both. `/readyz` fails if they differ by more than two seconds.",
        )),
        Some(ahead) => findings.push(ok("clock", format!("differs from the database's by {:.3} s", seconds(ahead)))),
        None => {}
    }
    match facts.search_mismatches {
        Some(0) => findings.push(ok("search", "the index agrees with invites and accounts")),
        Some(wrong_entries) => findings.push(wrong(
            "search",
            format!("The search index has {wrong_entries} wrong or missing entries."),
            "Run `latchkey migrate --reindex`, which rebuilds it.",
        )),
        None => {}
    }
    match facts.has_owner {
        Some(true) => findings.push(ok("setup", "complete: there is an owner")),
        _ => findings.push(note(
            "setup",
            "There is no owner yet, and nobody can sign up.",
            "Run `latchkey setup-link` and open the link that it prints.",
        )),
    }
}

#[expect(clippy::cast_precision_loss, reason = "displayed with milliseconds")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1_000_000.0
}

fn key(file: &Path, state: KeyState) -> Finding {
    const ABOUT: &str = "data key";
    let shown = file.display();
    let readable_by_others = fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o077 != 0);
    match state {
        KeyState::NotCreated => note(ABOUT, format!("{shown} does not exist."), "The first start creates it."),
        KeyState::Missing => wrong(
            ABOUT,
            format!("{shown} does not exist, but the database needs its data key."),
            "Restore the key file from your copy.",
        ),
        KeyState::Mismatch => wrong(
            ABOUT,
            format!("{shown} is not the data key of this database."),
            "Replace it with the right key file.",
        ),
        KeyState::RotationInterrupted => note(
            ABOUT,
            format!("A rotation was interrupted: the data key of this database is {shown}.new."),
            "The next start renames it.",
        ),
        KeyState::Unreadable(why) => wrong(ABOUT, why, "Replace it with the right key file."),
        KeyState::Present | KeyState::Matches if readable_by_others => {
            wrong(ABOUT, format!("Other users can read {shown}."), format!("chmod 600 {shown}"))
        }
        KeyState::Present => ok(ABOUT, format!("{shown}; the database has no key yet to compare it with")),
        KeyState::Matches => ok(ABOUT, format!("{shown} belongs to this database; keep a copy apart from the backups")),
    }
}
