//! The origin of each configured value, for `latchkey doctor`.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::{GlobalOptions, SmtpUrl, file};

/// The configured values with their origins.
#[derive(Debug)]
pub struct Origins(Vec<(&'static str, String, &'static str)>);

impl Origins {
    /// The values of `options` and of the configuration file. `matches` are those of the command, which has the global
    /// options.
    #[must_use]
    pub fn new(options: &GlobalOptions, matches: &ArgMatches) -> Self {
        let lower = options.config.as_deref().and_then(|path| file::read(path).ok()).unwrap_or_default();
        let (mine, file) = (given(options), given(&lower));
        let values = mine.into_iter().zip(file).map(|((name, mine), (_, file))| match (mine, file) {
            (Some(value), _) => (name, value, source(matches, name)),
            (None, Some(value)) => (name, value, "file"),
            (None, None) => (name, default(name), "default"),
        });
        Self(values.collect())
    }

    /// Name, value and origin. Values have no passwords.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, &str, &'static str)> {
        self.0.iter().map(|(name, value, origin)| (*name, value.as_str(), *origin)).collect()
    }
}

fn source(matches: &ArgMatches, name: &str) -> &'static str {
    match matches.value_source(name) {
        Some(ValueSource::CommandLine) => "flag",
        // Every other value is from a variable, including REGISTRATION_MODE, which clap does not know.
        _ => "environment",
    }
}

fn default(name: &str) -> String {
    match name {
        "addr" => super::DEFAULT_ADDR,
        "data_dir" => "data",
        "database_url" => "SQLite in the data folder",
        "public_url" => "the address, on loopback",
        "key_file" => "latchkey.key in the data folder",
        "rate_limits" => "on",
        "registration_mode" | "smtp_url" => "the dashboard's",
        "log" => "info",
        "log_format" => "auto",
        _ => "none",
    }
    .to_owned()
}

fn given(options: &GlobalOptions) -> Vec<(&'static str, Option<String>)> {
    let path = |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
    vec![
        ("addr", options.addr.clone()),
        ("data_dir", path(&options.data_dir)),
        ("database_url", options.database_url.as_deref().map(without_password)),
        ("public_url", options.public_url.clone()),
        ("key_file", path(&options.key_file)),
        ("config", path(&options.config)),
        ("registration_mode", options.registration_mode.clone()),
        ("rate_limits", options.rate_limits.clone()),
        ("trusted_proxies", (!options.trusted_proxies.is_empty()).then(|| options.trusted_proxies.join(","))),
        ("insecure_http", options.insecure_http.then(|| "true".to_owned())),
        ("smtp_url", options.smtp_url.as_ref().map(SmtpUrl::without_login)),
        ("mail_from", options.mail_from.clone()),
        ("log", options.log.clone()),
        ("log_format", options.log_format.clone()),
        ("metrics_token", options.metrics_token.is_some().then(|| "(not shown)".to_owned())),
    ]
}

/// Scheme, host and path of a database URL. Passwords are before the host or in the query.
fn without_password(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(url) if url.scheme() == "sqlite" => format!("sqlite:{}{}", url.host_str().unwrap_or_default(), url.path()),
        Ok(url) => format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path()),
        Err(_) => "(not shown)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        let shown = without_password("postgres://lk:s3cret@db.example:5433/front?password=s3cret");
        assert_eq!(shown, "postgres://db.example/front");
        assert!(!without_password("s3cret").contains("s3cret"));
    }
}
