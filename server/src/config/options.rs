//! The options of the command line, the environment and the configuration file.

use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use super::{MetricsToken, SmtpUrl};

/// Options of every command. Flags come before the environment, the environment before the file.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GlobalOptions {
    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, global = true, env = "LATCHKEY_ADDR", value_name = "HOST:PORT", help_heading = "Configuration")]
    pub addr: Option<String>,

    /// Folder of the database, the data key and the setup link [default: ./data]
    ///
    /// Made on first use, readable by its owner alone.
    #[arg(long, global = true, env = "LATCHKEY_DATA_DIR", value_name = "DIR", help_heading = "Configuration")]
    pub data_dir: Option<PathBuf>,

    /// Database to use [default: SQLite in the data folder]
    ///
    /// `postgres://user:password@host/database` for PostgreSQL 15 or newer; any number of servers can share one.
    #[arg(
        long,
        global = true,
        env = "LATCHKEY_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL",
        help_heading = "Configuration"
    )]
    pub database_url: Option<String>,

    /// Where browsers find Latchkey, such as `https://join.example.org` [default: `http://ADDR` on loopback]
    ///
    /// Links, cookies and the checks against other sites hang on it. Required when listening beyond this machine.
    #[arg(long, global = true, env = "LATCHKEY_PUBLIC_URL", value_name = "URL", help_heading = "Configuration")]
    pub public_url: Option<String>,

    /// File of the data key [default: latchkey.key in the data folder]
    ///
    /// Made on first use. It seals the invite codes in the database: keep a copy apart from the database's backups.
    #[arg(long, global = true, env = "LATCHKEY_KEY_FILE", value_name = "FILE", help_heading = "Configuration")]
    pub key_file: Option<PathBuf>,

    /// TOML file with these options, underscores for dashes; the environment and flags come before it
    #[arg(long, global = true, env = "LATCHKEY_CONFIG", value_name = "FILE", help_heading = "Configuration")]
    #[serde(skip)]
    pub config: Option<PathBuf>,

    /// Who may sign up, whatever the dashboard says: `open`, `invite_only` or `closed`
    #[arg(
        long,
        global = true,
        env = "LATCHKEY_REGISTRATION_MODE",
        value_name = "MODE",
        help_heading = "Configuration"
    )]
    pub registration_mode: Option<String>,

    /// `off` removes the limits on failed attempts, for load tests; on loopback only
    #[arg(long, global = true, env = "LATCHKEY_RATE_LIMITS", value_name = "on|off", help_heading = "Configuration")]
    pub rate_limits: Option<String>,

    /// Proxies whose `X-Forwarded-For` is believed, as networks separated by commas
    #[arg(
        long,
        global = true,
        env = "LATCHKEY_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_name = "CIDR",
        help_heading = "Configuration"
    )]
    pub trusted_proxies: Vec<String>,

    /// Serve a public URL without HTTPS
    #[arg(
        long,
        global = true,
        env = "LATCHKEY_INSECURE_HTTP",
        value_parser = clap::builder::FalseyValueParser::new(),
        help_heading = "Configuration"
    )]
    pub insecure_http: bool,

    /// Send webhooks to private networks and this machine too, and without HTTPS
    ///
    /// Anyone who may manage webhooks can then call services that only this machine and its network reach.
    #[arg(
        long,
        global = true,
        env = "LATCHKEY_WEBHOOKS_TO_PRIVATE_NETWORKS",
        value_parser = clap::builder::FalseyValueParser::new(),
        help_heading = "Configuration"
    )]
    pub webhooks_to_private_networks: bool,

    /// Mail server, whatever the dashboard says: `smtp://user:password@host` (STARTTLS), or `smtps://…` (TLS)
    ///
    /// With `?encryption=none` at the end without encryption. Needs --mail-from. Better in the environment or the file:
    /// other users of a machine see the flags of its processes.
    #[arg(
        long,
        global = true,
        env = "LATCHKEY_SMTP_URL",
        hide_env_values = true,
        value_name = "URL",
        help_heading = "Configuration"
    )]
    pub smtp_url: Option<SmtpUrl>,

    /// Sender of mails, with --smtp-url, such as `Latchkey <noreply@example.org>`
    #[arg(long, global = true, env = "LATCHKEY_MAIL_FROM", value_name = "ADDRESS", help_heading = "Configuration")]
    pub mail_from: Option<String>,

    /// What is logged, such as `info` or `warn,service=debug` [default: info]
    #[arg(long, global = true, env = "LATCHKEY_LOG", value_name = "FILTER", help_heading = "Configuration")]
    pub log: Option<String>,

    /// How it is logged: `text`, `json`, or `auto`: text on a terminal, JSON elsewhere [default: auto]
    #[arg(
        long,
        global = true,
        env = "LATCHKEY_LOG_FORMAT",
        value_name = "auto|text|json",
        help_heading = "Configuration"
    )]
    pub log_format: Option<String>,

    /// Token for `/metrics`, 16 characters or more [default: none; readable from this machine alone]
    ///
    /// Better in the environment or the file: other users of a machine see the flags of its processes.
    #[arg(
        long,
        global = true,
        env = "LATCHKEY_METRICS_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN",
        help_heading = "Configuration"
    )]
    pub metrics_token: Option<MetricsToken>,
}

impl GlobalOptions {
    /// These options, with missing ones taken from `lower`.
    #[must_use]
    pub fn or(self, lower: Self) -> Self {
        Self {
            addr: self.addr.or(lower.addr),
            data_dir: self.data_dir.or(lower.data_dir),
            database_url: self.database_url.or(lower.database_url),
            public_url: self.public_url.or(lower.public_url),
            key_file: self.key_file.or(lower.key_file),
            config: self.config.or(lower.config),
            registration_mode: self.registration_mode.or(lower.registration_mode),
            rate_limits: self.rate_limits.or(lower.rate_limits),
            trusted_proxies: if self.trusted_proxies.is_empty() { lower.trusted_proxies } else { self.trusted_proxies },
            insecure_http: self.insecure_http || lower.insecure_http,
            webhooks_to_private_networks: self.webhooks_to_private_networks || lower.webhooks_to_private_networks,
            smtp_url: self.smtp_url.or(lower.smtp_url),
            mail_from: self.mail_from.or(lower.mail_from),
            log: self.log.or(lower.log),
            log_format: self.log_format.or(lower.log_format),
            metrics_token: self.metrics_token.or(lower.metrics_token),
        }
    }

    /// The same options without empty values, which compose files pass on for unset variables, and with
    /// `REGISTRATION_MODE`, the short name that similar software uses.
    #[must_use]
    pub fn tidied(self) -> Self {
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let filled_path = |path: Option<PathBuf>| path.filter(|path| !path.as_os_str().is_empty());
        Self {
            addr: filled(self.addr),
            data_dir: filled_path(self.data_dir),
            database_url: filled(self.database_url),
            public_url: filled(self.public_url),
            key_file: filled_path(self.key_file),
            config: filled_path(self.config),
            registration_mode: filled(self.registration_mode)
                .or_else(|| filled(std::env::var("REGISTRATION_MODE").ok())),
            rate_limits: filled(self.rate_limits),
            trusted_proxies: self.trusted_proxies.into_iter().filter(|net| !net.trim().is_empty()).collect(),
            insecure_http: self.insecure_http,
            webhooks_to_private_networks: self.webhooks_to_private_networks,
            smtp_url: self.smtp_url.filter(|url| !url.is_empty()),
            mail_from: filled(self.mail_from),
            log: filled(self.log),
            log_format: filled(self.log_format),
            metrics_token: self.metrics_token.filter(|token| !token.is_empty()),
        }
    }
}
