//! Failures: a message for a person and a stable code for a program.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal, $status:literal;)+) => {
        /// A stable error code. Part of the public contract: never renamed. Each code has one HTTP status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as written in a problem document.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The HTTP status of the code (RFC 9110; 421, 422 and 429 as registered by IANA).
            #[must_use]
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or the request cannot be parsed.
    Malformed = "malformed", 400;
    /// The caller is not signed in, or the API key is unknown, expired or revoked.
    Unauthenticated = "unauthenticated", 401;
    /// The e-mail address or the password is wrong. The answer does not say which.
    SignInFailed = "sign_in_failed", 401;
    /// The caller does not have permission to do this.
    Forbidden = "forbidden", 403;
    /// A form was posted from another site, or the browser did not send the origin of the form.
    CrossOrigin = "cross_origin", 403;
    /// The account is suspended.
    AccountSuspended = "account_suspended", 403;
    /// The account waits for its e-mail address to be verified.
    EmailUnverified = "email_unverified", 403;
    /// The account is too new to create invites. The message says from when it may.
    AccountTooNew = "account_too_new", 403;
    /// Registration is closed, with or without an invite code.
    RegistrationClosed = "registration_closed", 403;
    /// The invite does not let this account join its groups. Its author can be asked.
    NotAdmitted = "not_admitted", 403;
    /// A rule of the flow refuses the sign-up. The message has its words.
    SignUpRefused = "sign_up_refused", 403;
    /// The resource does not exist, or the caller may not see it.
    NotFound = "not_found", 404;
    /// The invite code cannot be used, for any reason.
    InviteInvalid = "invite_invalid", 404;
    /// The setup link is unknown, used or expired.
    SetupLinkInvalid = "setup_link_invalid", 404;
    /// The link that resets a password is unknown, used or expired, or can no longer be used.
    ResetLinkInvalid = "reset_link_invalid", 404;
    /// The link that verifies an e-mail address is unknown, used or expired, or can no longer be used.
    ActivationLinkInvalid = "activation_link_invalid", 404;
    /// The path exists, but does not support this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// Another account has the e-mail address.
    EmailTaken = "email_taken", 409;
    /// Another account has the username.
    UsernameTaken = "username_taken", 409;
    /// Another flow has the name.
    FlowNameTaken = "flow_name_taken", 409;
    /// The flow was changed since it was opened.
    FlowChanged = "flow_changed", 409;
    /// Invites use the flow, or it is the default.
    FlowInUse = "flow_in_use", 409;
    /// Flows give the group.
    GroupInUse = "group_in_use", 409;
    /// Other terms have the name.
    TermsNameTaken = "terms_name_taken", 409;
    /// Flows use the terms.
    TermsInUse = "terms_in_use", 409;
    /// Another group has the name.
    GroupNameTaken = "group_name_taken", 409;
    /// Another account or group has the identifier of the directory.
    ExternalIdTaken = "external_id_taken", 409;
    /// Another application has the name.
    ApplicationNameTaken = "application_name_taken", 409;
    /// Another application has the site.
    SiteTaken = "site_taken", 409;
    /// Another invite has this code, or a deleted invite had it.
    CodeTaken = "code_taken", 409;
    /// The new limit is lower than the number of uses so far.
    MaxUsesBelowUsed = "max_uses_below_used", 409;
    /// The invite is deleted. A deleted invite cannot be restored.
    InviteDeleted = "invite_deleted", 409;
    /// The invite has no use left for an account whose use was released.
    InviteUsedUp = "invite_used_up", 409;
    /// Somebody has decided already, which the message says: about an account, which is not pending approval, or about a request.
    AlreadyDecided = "already_decided", 409;
    /// Mail is off: no mail server is set up.
    MailOff = "mail_off", 409;
    /// The installation already has an owner.
    SetupDone = "setup_done", 409;
    /// The change would leave the installation without an owner.
    LastOwner = "last_owner", 409;
    /// The body is larger than 64 KiB.
    PayloadTooLarge = "payload_too_large", 413;
    /// The operation does not support the media type of the body.
    UnsupportedMediaType = "unsupported_media_type", 415;
    /// The request is for another host name.
    Misdirected = "misdirected", 421;
    /// One or more fields are wrong; each is listed.
    Invalid = "invalid", 422;
    /// The idempotency key was already used with a different request.
    IdempotencyKeyReused = "idempotency_key_reused", 422;
    /// Too many failed attempts. The answer says when to try again.
    RateLimited = "rate_limited", 429;
    /// The author has created as many invites as the settings allow. The answer says when the next one is possible.
    QuotaReached = "quota_reached", 429;
    /// An internal error. The request id identifies it in the log.
    Internal = "internal", 500;
    /// The service is busy or the database is not available. The answer says when to try again.
    Unavailable = "unavailable", 503;
}

/// One wrong field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The name of the field in the request.
    pub field: String,
    /// What is wrong and how to correct it.
    pub message: String,
}

/// The reason a request was refused. Can be shown to the caller: it contains no secrets and no internal details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The code, for programs.
    pub code: Code,
    /// The message, for people.
    pub message: String,
    /// The fields that are wrong, if any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Seconds to wait before trying again, for [`Code::RateLimited`], [`Code::QuotaReached`] and
    /// [`Code::Unavailable`].
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

    /// The single answer for every invite code that cannot be used, so that codes cannot be probed (C6).
    #[must_use]
    pub fn invite_invalid() -> Self {
        Self::field(Code::InviteInvalid, "code", "Invalid, expired, or fully used invite code.")
    }

    /// The answer for an e-mail address that belongs to an account.
    #[must_use]
    pub fn email_taken() -> Self {
        let message = "This e-mail address has an account already. Sign in with it instead.";
        Self::field(Code::EmailTaken, "email", message)
    }

    /// The answer for an account that waits for its e-mail address to be verified.
    #[must_use]
    pub fn email_unverified() -> Self {
        Self::new(Code::EmailUnverified, "Verify your e-mail address first.")
    }

    /// The answer for a choice of groups, one of which was deleted meanwhile.
    #[must_use]
    pub fn group_missing() -> Self {
        Self::field(Code::Invalid, "groups", "One of these groups no longer exists. Choose again.")
    }

    /// A [`Code::NotFound`] for a resource of the kind `what`.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}."))
    }

    /// An internal error, told with the request id only. The log has the cause.
    #[must_use]
    pub fn internal(request_id: &str) -> Self {
        Self::new(Code::Internal, format!("Something went wrong on our side (request {request_id})."))
    }

    /// A [`Code::Unavailable`] with a time to wait of two seconds.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(Code::Unavailable, "The service is busy at the moment. Try again in a few seconds.").retry_after(2)
    }

    /// The same failure with a time to wait, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The failure of everything that is wrong with one form: the fields of both. [`Code::Invalid`] if one of them is.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if other.code == Code::Invalid {
            self.code = Code::Invalid;
        }
        self.fields.extend(other.fields);
        self.message = summary(&self.fields);
        self
    }

    /// The message for `field`, if that field is wrong.
    #[must_use]
    pub fn field_error(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Collects the field errors of a draft, so that all of them are reported together.
#[derive(Debug, Default)]
pub struct Check {
    fields: Vec<FieldError>,
}

impl Check {
    /// The parsed value, or `None` after recording the error under `field`.
    pub fn take<T, E: fmt::Display>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(reason) => {
                self.add_error(field, reason.to_string());
                None
            }
        }
    }

    /// Records an error for `field`.
    pub fn add_error(&mut self, field: &str, message: impl Into<String>) {
        self.fields.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// The value, or a failure with every recorded error.
    ///
    /// # Errors
    /// [`Code::Invalid`] if an error was recorded or `value` is `None`.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Failure> {
        match value {
            Some(value) if self.fields.is_empty() => Ok(value),
            _ => {
                let message = summary(&self.fields);
                Err(Failure { code: Code::Invalid, message, fields: self.fields, retry_after: None })
            }
        }
    }
}

/// The message of a failure of these fields.
fn summary(fields: &[FieldError]) -> String {
    match fields {
        [one] => one.message.clone(),
        several => format!("{} fields are invalid.", several.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_as_str_equals_the_json_value() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert_eq!(Code::ALL.iter().filter(|other| other.as_str() == code.as_str()).count(), 1);
        }
    }

    #[test]
    fn a_check_reports_every_field_error() {
        let mut check = Check::default();
        check.add_error("email", "no");
        check.add_error("username", "no");
        let failure = check.finish(Some(())).unwrap_err();
        assert_eq!(failure.code, Code::Invalid);
        assert_eq!(failure.field_error("username"), Some("no"));
        assert_eq!(failure.fields.len(), 2);
    }

    #[test]
    fn two_failures_of_a_form_are_one_with_all_fields() {
        let both = Failure::email_taken().and(Failure::field(Code::Invalid, "password", "Too short."));
        assert_eq!(both.code, Code::Invalid);
        assert_eq!(both.message, "2 fields are invalid.");
        assert_eq!(both.field_error("password"), Some("Too short."));
        assert_eq!(both.field_error("email"), Failure::email_taken().field_error("email"));
        let taken = Failure::email_taken().and(Failure::field(Code::UsernameTaken, "username", "Taken."));
        assert_eq!(taken.code, Code::EmailTaken);
    }
}
