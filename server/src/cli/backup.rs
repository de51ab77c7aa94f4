//! `latchkey backup`.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use domain::Timestamp;
use service::Clock;

use super::{Outcome, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, to: Option<PathBuf>) -> Outcome {
    if !config.database_url.starts_with("sqlite:") {
        return Err(format!(
            "Back up PostgreSQL with pg_dump, also while servers run:\n\n  {}\n\nIt reads the password from \
             PGPASSWORD or ~/.pgpass. {}",
            pg_dump(&config.database_url),
            key_reminder(&config.key_file)
        ));
    }
    let to = destination(config, to, Clock::System.now())?;
    let bytes =
        service::operations::backup::copy(&config.database_url, &to).await.map_err(|error| error.to_string())?;
    eprintln!("Copied {bytes} bytes; the copy passed the integrity check. {}", key_reminder(&config.key_file));
    print::result(to.display())
}

fn key_reminder(file: &Path) -> String {
    format!(
        "The backup does not contain the data key {}. Keep a copy of the key in a different location: without it, the \
         codes in the backup cannot be read.",
        file.display()
    )
}

/// The file to write: `to`, a file in the folder `to`, or a file in `backups` in the data folder.
fn destination(config: &Config, to: Option<PathBuf>, now: Timestamp) -> Result<PathBuf, String> {
    let name = format!("latchkey-{}.db", now.to_string().replace([':', '-'], "").replace('.', "_"));
    match to {
        Some(folder) if folder.is_dir() => Ok(folder.join(name)),
        Some(file) => Ok(file),
        None => {
            let folder = config.data_dir.join("backups");
            if config.data_dir.is_dir() && !folder.exists() {
                DirBuilder::new()
                    .mode(0o700)
                    .create(&folder)
                    .map_err(|error| format!("Cannot create the folder {}: {error}.", folder.display()))?;
            }
            Ok(folder.join(name))
        }
    }
}

/// The `pg_dump` command for this database, without the password.
fn pg_dump(url: &str) -> String {
    let shown = url::Url::parse(url).map_or_else(
        |_| "postgres://USER@HOST/DATABASE".to_owned(),
        |mut url| {
            // Cannot fail for a URL with a host; without a host there is no password.
            let _ = url.set_password(None);
            let kept: Vec<_> = url.query_pairs().filter(|(name, _)| name != "password").map(into_owned).collect();
            url.set_query(None);
            if !kept.is_empty() {
                url.query_pairs_mut().extend_pairs(kept);
            }
            url.to_string()
        },
    );
    format!("pg_dump --format=custom --no-owner --file=latchkey.dump --dbname='{}'", shown.replace('\'', "%27"))
}

fn into_owned((name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)) -> (String, String) {
    (name.into_owned(), value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_for_postgres_contains_everything_except_the_password() {
        let command = pg_dump("postgres://lk:s3cret@db.example:5433/front?sslmode=require&password=s3cret");
        assert!(command.ends_with("--dbname='postgres://lk@db.example:5433/front?sslmode=require'"), "{command}");
        assert!(!command.contains("s3cret"));
        assert!(!pg_dump("nonsense s3cret").contains("s3cret"));
    }
}
