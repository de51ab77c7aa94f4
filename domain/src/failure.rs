//! What went wrong, in words a person can act on and a code a program can match.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $status:literal;)+) => {
        /// A stable code: part of the public contract, never renamed. Each belongs to one HTTP status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as it stands in a problem document.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The HTTP status this code is answered with (RFC 9110; 421, 422 and 429 as IANA registers them).
            #[must_use]
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or the request cannot be read at all.
    Malformed = "malformed", 400;
    /// No one is signed in, or the key is unknown, expired or revoked.
    Unauthenticated = "unauthenticated", 401;
    /// The e-mail address or the password is wrong; which one is not said.
    SignInFailed = "sign_in_failed", 401;
    /// The caller is known and may not do this.
    Forbidden = "forbidden", 403;
    /// A form was posted from another site, or the browser did not say from where.
    CrossOrigin = "cross_origin", 403;
    /// The account is suspended.
    AccountSuspended = "account_suspended", 403;
    /// Sign-up is closed, with or without a code.
    RegistrationClosed = "registration_closed", 403;
    /// There is no such thing, or none the caller may see.
    NotFound = "not_found", 404;
    /// The code lets no one in, whatever the reason.
    InviteInvalid = "invite_invalid", 404;
    /// The one-time setup link is wrong, used or expired.
    SetupLinkInvalid = "setup_link_invalid", 404;
    /// The path exists, not with this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// Another account has the e-mail address.
    EmailTaken = "email_taken", 409;
    /// Another account has the username.
    UsernameTaken = "username_taken", 409;
    /// Another invite has, or had, the code.
    CodeTaken = "code_taken", 409;
    /// The invite was used more often than the new limit allows.
    MaxUsesBelowUsed = "max_uses_below_used", 409;
    /// The invite is deleted and stays so.
    InviteDeleted = "invite_deleted", 409;
    /// The installation has an owner already.
    SetupDone = "setup_done", 409;
    /// The act would leave the installation without an owner.
    LastOwner = "last_owner", 409;
    /// The body is larger than 64 KiB.
    PayloadTooLarge = "payload_too_large", 413;
    /// The body is not in a format the operation reads.
    UnsupportedMediaType = "unsupported_media_type", 415;
    /// The request was meant for another host name.
    Misdirected = "misdirected", 421;
    /// One or more fields are wrong; each is named.
    Invalid = "invalid", 422;
    /// The idempotency key was used before, with another request.
    IdempotencyKeyReused = "idempotency_key_reused", 422;
    /// Too many failed tries; the answer says when to come back.
    RateLimited = "rate_limited", 429;
    /// Something broke on our side. The request id leads to the log.
    Internal = "internal", 500;
    /// Busy or not reachable at the moment; the answer says when to come back.
    Unavailable = "unavailable", 503;
}

/// One wrong field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name as the caller wrote it.
    pub field: String,
    /// What is wrong and how it gets right.
    pub message: String,
}

/// Why a request was refused. Fit to be shown to whoever made it: it holds no secret and no internals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What a program matches on.
    pub code: Code,
    /// What a person reads.
    pub message: String,
    /// The wrong fields, if fields are what is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Seconds to wait before trying again, for [`Code::RateLimited`] and [`Code::Unavailable`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl Failure {
    /// A failure without fields.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fields: Vec::new(), retry_after: None }
    }

    /// A failure of one field.
    pub fn field(code: Code, field: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        let field = FieldError { field: field.into(), message: message.clone() };
        Self { code, message, fields: vec![field], retry_after: None }
    }

    /// The one sentence every code that lets no one in is answered with, so that nobody can probe (C6).
    #[must_use]
    pub fn invite_invalid() -> Self {
        Self::field(Code::InviteInvalid, "code", "Invalid, expired, or fully used invite code.")
    }

    /// Nothing is here, or nothing the caller may see.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}."))
    }

    /// Something broke on our side while the request of this id was answered. What it was is in the log alone.
    #[must_use]
    pub fn internal(request_id: &str) -> Self {
        Self::new(Code::Internal, format!("Something went wrong on our side (request {request_id})."))
    }

    /// Come back in `seconds`.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What is wrong with `field`, if anything.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.message.as_str())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Collects the wrong fields of a draft, so that a person learns of all of them at once.
#[derive(Debug, Default)]
pub struct Check {
    fields: Vec<FieldError>,
}

impl Check {
    /// The value, or `None` with the reason noted under `field`.
    pub fn take<T, E: fmt::Display>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(reason) => {
                self.wrong(field, reason.to_string());
                None
            }
        }
    }

    /// Notes that `field` is wrong.
    pub fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.fields.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// The value, or a failure with everything noted so far.
    ///
    /// # Errors
    /// [`Code::Invalid`] if a field was wrong or `value` is `None`.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Failure> {
        match value {
            Some(value) if self.fields.is_empty() => Ok(value),
            _ => {
                let message = match self.fields.as_slice() {
                    [one] => one.message.clone(),
                    several => format!("{} fields need another look.", several.len()),
                };
                Err(Failure { code: Code::Invalid, message, fields: self.fields, retry_after: None })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_written_the_same_on_the_wire() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert_eq!(Code::ALL.iter().filter(|other| other.as_str() == code.as_str()).count(), 1);
        }
    }

    #[test]
    fn a_check_reports_every_field_at_once() {
        let mut check = Check::default();
        check.wrong("email", "no");
        check.wrong("username", "no");
        let failure = check.finish(Some(())).unwrap_err();
        assert_eq!(failure.code, Code::Invalid);
        assert_eq!(failure.of("username"), Some("no"));
        assert_eq!(failure.fields.len(), 2);
    }
}
