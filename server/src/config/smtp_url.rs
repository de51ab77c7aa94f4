//! The URL of the mail server, which may have a password.

use std::fmt;

use domain::mail::parse_url;
use serde::Deserialize;
use service::Smtp;

/// The URL of the mail server as configured. Never shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SmtpUrl(String);

impl From<String> for SmtpUrl {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl SmtpUrl {
    /// Whether it is empty, as compose files pass on unset variables.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The mail server, and mails from `from`.
    ///
    /// # Errors
    /// A sentence for the operator, without the URL.
    pub fn parse(&self, from: &str) -> Result<Smtp, String> {
        let (terms, password) =
            parse_url(&self.0, from).map_err(|wrong| format!("LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM: {wrong}"))?;
        if terms.username.is_some() && password.is_none() {
            return Err(
                "LATCHKEY_SMTP_URL has a user name, but no password. Add it: smtp://user:password@host.".to_owned()
            );
        }
        Ok(Smtp { terms, password })
    }

    /// The URL without user name and password, for `latchkey doctor`.
    #[must_use]
    pub fn without_login(&self) -> String {
        let host = self.0.trim().rsplit_once('@').map(|(_, host)| host);
        match (self.0.trim().split_once("://"), host) {
            (Some((scheme, _)), Some(host)) => format!("{scheme}://{host}"),
            (Some(_), None) => self.0.trim().to_owned(),
            (None, _) => "(not shown)".to_owned(),
        }
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpUrl(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_user_name_nor_password_is_shown() {
        for (url, shown) in [
            ("smtp://ada:s3cret@mail.example.org:2525", "smtp://mail.example.org:2525"),
            ("smtps://ada:s3@cret@mail.example.org", "smtps://mail.example.org"),
            ("smtp://localhost?encryption=none", "smtp://localhost?encryption=none"),
            ("ada:s3cret@mail.example.org", "(not shown)"),
        ] {
            assert_eq!(SmtpUrl::from(url.to_owned()).without_login(), shown);
        }
    }
}
