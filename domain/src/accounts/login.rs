//! The names that people sign in with, as they change their own.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Account, Email, Username};
use crate::failure::{Check, Failure};

/// A change of the viewer's username and e-mail address, as typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginChange {
    /// The current password.
    pub current: String,
    /// The username.
    pub username: String,
    /// The e-mail address.
    pub email: String,
}

impl fmt::Debug for LoginChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginChange(…)")
    }
}

/// The username and the e-mail address of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The username.
    pub username: Username,
    /// The e-mail address.
    pub email: Email,
}

impl LoginChange {
    /// Parses the change of `account`. What stays is not parsed again. Whether the password is correct, only the service
    /// knows.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn parse(&self, account: &Account) -> Result<Login, Failure> {
        let mut check = Check::default();
        if self.current.is_empty() {
            check.add_error("current", "Enter your current password.");
        }
        let username = if self.username == account.username.as_str() {
            Some(account.username.clone())
        } else {
            check.take("username", Username::chosen(&self.username))
        };
        let email = if self.email == account.email.as_str() {
            Some(account.email.clone())
        } else {
            check.take("email", Email::parse(&self.email))
        };
        check.finish(username.zip(email).map(|(username, email)| Login { username, email }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::Role;
    use crate::ids::AccountId;
    use crate::time::Timestamp;

    fn account() -> Account {
        let at = Timestamp::from_micros(1);
        Account {
            id: AccountId(uuid::Uuid::nil()),
            email: Email::stored("Ada@Example.org"),
            // Reserved, as staff may have given it.
            username: Username::parse("admin").unwrap(),
            name: None,
            picture: None,
            role: Role::User,
            created_at: at,
            updated_at: at,
            last_active_at: None,
            suspended_at: None,
            approved_at: Some(at),
            ends_at: None,
            email_verified_at: None,
            activate_by: None,
            status: crate::accounts::AccountStatus::Active,
        }
    }

    fn change(current: &str, username: &str, email: &str) -> Result<Login, Failure> {
        let [current, username, email] = [current, username, email].map(str::to_owned);
        LoginChange { current, username, email }.parse(&account())
    }

    #[test]
    fn every_wrong_field_is_reported() {
        let wrong = change("", "!", "x").unwrap_err();
        assert_eq!(
            wrong.fields.iter().map(|wrong| wrong.field.as_str()).collect::<Vec<_>>(),
            ["current", "username", "email"]
        );
    }

    #[test]
    fn what_stays_is_not_parsed_again_and_a_reserved_name_is_not_taken() {
        let same = change("secret", "admin", "Ada@Example.org").unwrap();
        assert_eq!((same.username.as_str(), same.email.as_str()), ("admin", "Ada@Example.org"));
        let other = change("secret", "ada", " ada@example.com").unwrap();
        assert_eq!((other.username.as_str(), other.email.as_str()), ("ada", "ada@example.com"));
        assert!(change("secret", "owner", "Ada@Example.org").unwrap_err().field_error("username").is_some());
    }

    #[test]
    fn the_password_is_not_shown() {
        let change = LoginChange { current: "secret".into(), username: "ada".into(), email: "a@b.example".into() };
        assert_eq!(format!("{change:?}"), "LoginChange(…)");
    }
}
