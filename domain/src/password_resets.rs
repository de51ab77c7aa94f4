//! Password resets: one-time links with which people who forgot their password set a new one.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::accounts::{AccountStatus, Email, Password, Username};
use crate::failure::{Check, Code, Failure};
use crate::text::ParseError;
use crate::time::Timestamp;

/// The lifetime of a link.
pub const LIFETIME: Duration = Duration::from_hours(1);

/// A link with which the password of one account can be set, once. The only time it can be read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetLink {
    /// The address.
    pub url: String,
    /// Its end, exclusive.
    pub expires_at: Timestamp,
}

impl fmt::Debug for ResetLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResetLink(…)")
    }
}

/// Checks that the password of an account with this status can be reset: a new one must be of use.
///
/// # Errors
/// [`Code::Forbidden`], with what to do first.
pub fn check_status(status: AccountStatus) -> Result<(), Failure> {
    let why = match status {
        AccountStatus::Active => return Ok(()),
        AccountStatus::Pending => "This account is pending approval. Approve it first.",
        AccountStatus::Unverified => {
            "This account is unverified. Send its activation link again, or mark it as verified first."
        }
        AccountStatus::Declined => "This account was declined. Move it to pending approval, and approve it first.",
        AccountStatus::Suspended => "This account is suspended. Restore it first.",
        AccountStatus::Ended => "This account has ended. Move its end first.",
    };
    Err(Failure::new(Code::Forbidden, why))
}

/// The form of those who forgot their password as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ResetRequestDraft {
    /// The e-mail address or the username.
    #[serde(default)]
    pub login: String,
}

impl ResetRequestDraft {
    /// Parses the form. Whether there is such an account is not checked here.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `login`.
    pub fn parse(&self) -> Result<ResetRequest, Failure> {
        let mut check = Check::default();
        let request = check.take("login", ResetRequest::parse(&self.login));
        check.finish(request)
    }
}

/// A request for a link, which is sent to the address of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetRequest {
    login: String,
}

impl ResetRequest {
    /// Parses an e-mail address or a username as typed.
    fn parse(text: &str) -> Result<Self, ParseError> {
        let login = if text.trim().is_empty() {
            return Err(ParseError("Enter your e-mail address or username.".to_owned()));
        } else if text.contains('@') {
            Email::parse(text)?.folded()
        } else {
            Username::parse(text)?.folded()
        };
        Ok(Self { login })
    }

    /// The e-mail address or the username of the account, in the form in which they are compared.
    #[must_use]
    pub fn login(&self) -> &str {
        &self.login
    }
}

/// The form of a link as typed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ResetDraft {
    /// The new password.
    #[serde(default)]
    pub password: String,
}

impl ResetDraft {
    /// Parses the form. The token is not checked here, but when it is used.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `password`.
    pub fn parse(&self) -> Result<Password, Failure> {
        let mut check = Check::default();
        let password = check.take("password", Password::parse(&self.password));
        check.finish(password)
    }
}

impl fmt::Debug for ResetDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResetDraft(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_active_accounts_alone_is_reset_and_the_others_say_what_to_do() {
        assert_eq!(check_status(AccountStatus::Active), Ok(()));
        for (status, advice) in [
            (AccountStatus::Pending, "Approve it first."),
            (AccountStatus::Unverified, "mark it as verified first."),
            (AccountStatus::Declined, "approve it first."),
            (AccountStatus::Suspended, "Restore it first."),
            (AccountStatus::Ended, "Move its end first."),
        ] {
            let refused = check_status(status).unwrap_err();
            assert_eq!((refused.code, refused.message.ends_with(advice)), (Code::Forbidden, true), "{refused}");
        }
    }

    #[test]
    fn a_wrong_password_is_reported_under_its_field() {
        let parse = |password: &str| ResetDraft { password: password.to_owned() }.parse();
        assert!(parse("short").unwrap_err().field_error("password").is_some());
        assert!(parse("").is_err());
        assert_eq!(parse("a bench by the window").unwrap().expose(), "a bench by the window");
    }

    #[test]
    fn a_link_is_asked_for_by_an_address_or_a_username_in_any_case() {
        let parse = |login: &str| ResetRequestDraft { login: login.to_owned() }.parse();
        for (typed, login) in
            [(" Mateo@Bramble.example ", "mateo@bramble.example"), ("mateo", "mateo"), (" MATEO ", "mateo")]
        {
            assert_eq!(parse(typed).unwrap().login(), login);
        }
        for wrong in ["", "  ", "mateo@", "mateo@localhost", "m", "ma teo", "\0"] {
            assert!(parse(wrong).unwrap_err().field_error("login").is_some(), "{wrong:?}");
        }
    }

    #[test]
    fn neither_link_nor_password_is_shown() {
        let link = ResetLink { url: "https://x.example/reset/secret".into(), expires_at: Timestamp::from_micros(1) };
        assert_eq!(format!("{link:?}"), "ResetLink(…)");
        assert_eq!(format!("{:?}", ResetDraft { password: "secret".into() }), "ResetDraft(…)");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(password in ".*") {
            let _ = ResetDraft { password: password.clone() }.parse();
            let _ = ResetRequestDraft { login: password }.parse();
        }
    }
}
