//! Configuration: flags take precedence over the environment, the environment over a TOML file, and the file over the
//! defaults.

mod file;
mod metrics_token;
mod options;
mod origins;
mod smtp_url;

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

use domain::settings::RegistrationMode;
use ipnet::IpNet;
use service::Smtp;

use crate::address::PublicUrl;
pub use crate::telemetry::LogFormat;
pub use metrics_token::MetricsToken;
pub use options::GlobalOptions;
pub use origins::Origins;
pub use smtp_url::SmtpUrl;

/// The default address to listen on.
pub const DEFAULT_ADDR: &str = "127.0.0.1:3000";

/// The checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address to listen on.
    pub addr: SocketAddr,
    /// The folder of the SQLite database, the data key and the setup link.
    pub data_dir: PathBuf,
    /// The URL of the database.
    pub database_url: String,
    /// The file of the data key.
    pub key_file: PathBuf,
    /// The public URL, if one is configured.
    pub public_url: Option<PublicUrl>,
    /// Who may sign up; overrides the dashboard.
    pub registration_mode: Option<RegistrationMode>,
    /// Whether failed attempts are limited.
    pub rate_limits: bool,
    /// Whether webhooks may have addresses in private networks.
    pub webhooks_to_private_networks: bool,
    /// The mail server; overrides the dashboard.
    pub smtp: Option<Smtp>,
    /// The networks whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The filter of the log.
    pub log: String,
    /// The format of the log.
    pub log_format: LogFormat,
    /// The token for `/metrics`; without one it is available only to this machine.
    pub metrics_token: Option<MetricsToken>,
}

impl Config {
    /// Merges the sources and checks the result.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn resolve(options: GlobalOptions) -> Result<Self, String> {
        let options = match &options.config {
            Some(path) => options.clone().or(file::read(path)?),
            None => options,
        };
        let addr = parse_addr(options.addr.as_deref().unwrap_or(DEFAULT_ADDR))?;
        let data_dir = options.data_dir.unwrap_or_else(|| PathBuf::from("data"));
        let public_url = options.public_url.as_deref().map(PublicUrl::parse).transpose()?;
        check_public_url(addr, public_url.as_ref(), options.insecure_http)?;
        let rate_limits = parse_rate_limits(options.rate_limits.as_deref())?;
        // Without a public URL the address is used.
        let on_loopback = addr.ip().is_loopback() && public_url.as_ref().is_none_or(PublicUrl::is_loopback);
        if !rate_limits && !on_loopback {
            return Err("Rate limits can be switched off on loopback only: both --addr and --public-url must be \
                        127.0.0.1, [::1] or localhost."
                .to_owned());
        }
        let registration_mode = options
            .registration_mode
            .map(|mode| mode.parse().map_err(|wrong| format!("LATCHKEY_REGISTRATION_MODE: {wrong}")))
            .transpose()?;
        Ok(Self {
            addr,
            database_url: options.database_url.unwrap_or_else(|| sqlite_url(&data_dir)),
            key_file: options.key_file.unwrap_or_else(|| data_dir.join("latchkey.key")),
            data_dir,
            public_url,
            registration_mode,
            rate_limits,
            webhooks_to_private_networks: options.webhooks_to_private_networks,
            smtp: parse_smtp(options.smtp_url.as_ref(), options.mail_from.as_deref())?,
            trusted_proxies: options.trusted_proxies.iter().map(|net| parse_net(net)).collect::<Result<_, _>>()?,
            log: options.log.unwrap_or_else(|| "info,sea_orm_migration=warn".to_owned()),
            log_format: options.log_format.as_deref().map(str::parse).transpose()?.unwrap_or_default(),
            metrics_token: options.metrics_token.map(MetricsToken::check).transpose()?,
        })
    }

    /// The public URL of a server that listens on `bound`.
    ///
    /// # Errors
    /// A sentence for the operator if it is not configured and cannot be derived.
    pub fn public_url_for(&self, bound: SocketAddr) -> Result<PublicUrl, String> {
        self.public_url.clone().or_else(|| PublicUrl::of_loopback(bound)).ok_or_else(|| missing_public_url(bound))
    }

    /// The options of the service, for a server that listens on `bound`.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn service_options(&self, bound: SocketAddr) -> Result<service::Options, String> {
        Ok(service::Options {
            database_url: self.database_url.clone(),
            key_file: self.key_file.clone(),
            public_url: self.public_url_for(bound)?.origin().to_owned(),
            registration_mode: self.registration_mode,
            rate_limits: self.rate_limits,
            webhooks_to_private_networks: self.webhooks_to_private_networks,
            smtp: self.smtp.clone(),
        })
    }
}

fn parse_addr(text: &str) -> Result<SocketAddr, String> {
    let wrong = || format!("The address {text:?} is not like {DEFAULT_ADDR} or [::1]:3000.");
    match text.strip_prefix("localhost:") {
        // Not resolved, because `localhost` is always this machine (RFC 6761, section 6.3).
        Some(port) => port.parse().map(|port| SocketAddr::from(([127, 0, 0, 1], port))).map_err(|_| wrong()),
        None => match text.parse() {
            Ok(addr) => Ok(addr),
            Err(_) => text.to_socket_addrs().ok().and_then(|mut found| found.next()).ok_or_else(wrong),
        },
    }
}

fn missing_public_url(addr: SocketAddr) -> String {
    format!(
        "Latchkey listens on {addr}, where other machines can reach it, but does not know by which name. Set \
         --public-url (LATCHKEY_PUBLIC_URL) to what people type into their browser, such as https://join.example.org: \
         links, cookies and checks hang on it."
    )
}

fn check_public_url(addr: SocketAddr, public_url: Option<&PublicUrl>, insecure_http: bool) -> Result<(), String> {
    match public_url {
        None if !addr.ip().is_loopback() => Err(missing_public_url(addr)),
        Some(url) if !url.is_https() && !url.is_loopback() && !insecure_http => Err(format!(
            "With the public URL {} passwords and cookies would travel unencrypted. Use https:// (a reverse proxy \
             such as Caddy gets a certificate by itself), or add --insecure-http if you know that the network is \
             yours alone.",
            url.origin()
        )),
        _ => Ok(()),
    }
}

fn parse_rate_limits(text: Option<&str>) -> Result<bool, String> {
    match text {
        None | Some("on" | "") => Ok(true),
        Some("off") => Ok(false),
        Some(other) => Err(format!("LATCHKEY_RATE_LIMITS is on or off, not {other:?}.")),
    }
}

fn parse_smtp(url: Option<&SmtpUrl>, from: Option<&str>) -> Result<Option<Smtp>, String> {
    match (url, from) {
        (None, None) => Ok(None),
        (Some(url), Some(from)) => url.parse(from).map(Some),
        (Some(_), None) => Err("With --smtp-url (LATCHKEY_SMTP_URL) mails need a sender: set --mail-from \
                                (LATCHKEY_MAIL_FROM), such as \"Latchkey <noreply@example.org>\"."
            .to_owned()),
        (None, Some(_)) => {
            Err("--mail-from (LATCHKEY_MAIL_FROM) is of use with --smtp-url (LATCHKEY_SMTP_URL) alone.".to_owned())
        }
    }
}

fn parse_net(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("The trusted proxy {text:?} is not like 10.0.0.0/8 or 10.0.0.1."))
}

/// The URL of the embedded database in `data_dir`, whatever characters the path has.
fn sqlite_url(data_dir: &std::path::Path) -> String {
    let path = data_dir.join("latchkey.db");
    let escaped = path.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{escaped}?mode=rwc")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> GlobalOptions {
        GlobalOptions::default()
    }

    #[expect(clippy::unnecessary_wraps, reason = "every option is one")]
    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn nothing_set_works() {
        let config = Config::resolve(options()).unwrap();
        assert_eq!(config.addr.to_string(), DEFAULT_ADDR);
        assert_eq!(config.database_url, "sqlite://data/latchkey.db?mode=rwc");
        assert_eq!(config.public_url_for(config.addr).unwrap().origin(), "http://127.0.0.1:3000");
        assert!(config.rate_limits && config.registration_mode.is_none());
    }

    #[test]
    fn a_free_port_is_known_only_once_it_is_bound() {
        let config = Config::resolve(GlobalOptions { addr: some("localhost:0"), ..options() }).unwrap();
        let bound = "127.0.0.1:4711".parse().unwrap();
        assert_eq!(config.service_options(bound).unwrap().public_url, "http://127.0.0.1:4711");
    }

    #[test]
    fn an_open_address_needs_a_public_url_and_that_needs_https() {
        let open = || GlobalOptions { addr: some("0.0.0.0:80"), ..options() };
        assert!(Config::resolve(open()).unwrap_err().contains("--public-url"));
        assert!(Config::resolve(GlobalOptions { public_url: some("https://a.example"), ..open() }).is_ok());
        let plain = || GlobalOptions { public_url: some("http://a.example"), ..open() };
        assert!(Config::resolve(plain()).unwrap_err().contains("--insecure-http"));
        assert!(Config::resolve(GlobalOptions { insecure_http: true, ..plain() }).is_ok());
    }

    #[test]
    fn limits_are_lifted_on_loopback_only() {
        let off = || GlobalOptions { rate_limits: some("off"), ..options() };
        assert!(!Config::resolve(off()).unwrap().rate_limits);
        let behind_a_proxy = GlobalOptions { public_url: some("https://a.example"), ..off() };
        assert!(Config::resolve(behind_a_proxy).unwrap_err().contains("loopback"));
        let open = GlobalOptions { addr: some("0.0.0.0:80"), public_url: some("http://localhost"), ..off() };
        assert!(Config::resolve(open).unwrap_err().contains("loopback"));
        assert!(Config::resolve(GlobalOptions { rate_limits: some("maybe"), ..options() }).is_err());
    }

    #[test]
    fn proxies_are_networks_or_addresses() {
        let trusting = |nets: &[&str]| {
            let trusted_proxies = nets.iter().map(ToString::to_string).collect();
            Config::resolve(GlobalOptions { trusted_proxies, ..options() }).map(|config| config.trusted_proxies.len())
        };
        assert_eq!(trusting(&["10.0.0.0/8", "::1", "192.0.2.1"]), Ok(3));
        assert!(trusting(&["everyone"]).unwrap_err().contains("everyone"));
    }

    #[test]
    fn a_log_format_is_one_of_three() {
        let format = |text: &str| {
            Config::resolve(GlobalOptions { log_format: some(text), ..options() }).map(|config| config.log_format)
        };
        assert_eq!(Config::resolve(options()).unwrap().log_format, LogFormat::Auto);
        assert_eq!(format("auto"), Ok(LogFormat::Auto));
        assert_eq!(format("text"), Ok(LogFormat::Text));
        assert_eq!(format("json"), Ok(LogFormat::Json));
        assert!(format("xml").unwrap_err().contains("auto, text or json"));
    }

    #[test]
    fn a_mail_server_needs_a_sender_and_its_password_is_never_shown() {
        let configured = |url: Option<&str>, from: Option<&str>| {
            Config::resolve(GlobalOptions {
                smtp_url: url.map(|url| SmtpUrl::from(url.to_owned())),
                mail_from: from.map(str::to_owned),
                ..options()
            })
        };
        let (url, from) = ("smtp://ada:s3cret@mail.example.org", "Yard <noreply@example.org>");
        assert_eq!(configured(None, None).unwrap().smtp, None);
        assert!(configured(Some(url), None).unwrap_err().contains("--mail-from"));
        assert!(configured(None, Some(from)).unwrap_err().contains("--smtp-url"));
        let config = configured(Some(url), Some(from)).unwrap();
        let smtp = config.smtp.clone().unwrap();
        assert_eq!((smtp.terms.host.as_str(), smtp.terms.port), ("mail.example.org", 587));
        assert_eq!(smtp.password.unwrap().expose(), "s3cret");
        let given = GlobalOptions { smtp_url: Some(SmtpUrl::from(url.to_owned())), ..options() };
        let service = config.service_options(config.addr).unwrap();
        for shown in [format!("{config:?}"), format!("{given:?}"), format!("{service:?}")] {
            assert!(!shown.contains("s3cret"), "{shown}");
        }
        for wrong in [
            "mail.example.org",
            "http://ada:s3cret@mail.example.org",
            "smtp://ada:s3cret@mail.example.org?encryption=none",
            "smtp://ada@mail.example.org",
        ] {
            let why = configured(Some(wrong), Some(from)).unwrap_err();
            assert!(why.contains("LATCHKEY_SMTP_URL") && !why.contains("s3cret"), "{why}");
        }
        assert!(configured(Some(url), Some("nobody")).is_err());
    }

    #[test]
    fn a_path_with_odd_characters_stays_one_path() {
        assert_eq!(sqlite_url("/a?b#c%d".as_ref()), "sqlite:///a%3Fb%23c%25d/latchkey.db?mode=rwc");
    }

    #[test]
    fn the_file_comes_last() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("latchkey.toml");
        std::fs::write(&path, "addr = '127.0.0.1:4000'\nregistration_mode = 'closed'\n").unwrap();
        let from_file = GlobalOptions { config: Some(path.clone()), ..options() };
        let config = Config::resolve(from_file.clone()).unwrap();
        assert_eq!(config.addr.port(), 4000);
        assert_eq!(config.registration_mode, Some(RegistrationMode::Closed));
        let flagged = GlobalOptions { addr: some("127.0.0.1:5000"), ..from_file };
        assert_eq!(Config::resolve(flagged).unwrap().addr.port(), 5000);
        std::fs::write(&path, "adr = 'x'").unwrap();
        let misspelt = GlobalOptions { config: Some(path), ..options() };
        assert!(Config::resolve(misspelt).unwrap_err().contains("adr"));
    }
}
