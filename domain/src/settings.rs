//! Settings of the installation: its name and who may sign up.

use serde::{Deserialize, Serialize};

use crate::accounts::Role;
use crate::failure::{Check, Failure};
use crate::invites::DEFAULT_CODE_LENGTH;
use crate::string_enum::string_enum;
use crate::text::{ParseError, SiteName};

/// The site name until an admin changes it.
pub const DEFAULT_SITE_NAME: &str = "Latchkey";

/// Who may sign up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationMode {
    /// Anyone. An invite code is optional; a wrong one is still an error.
    Open,
    /// Only people with an invite code that can be used.
    #[default]
    InviteOnly,
    /// No one, with or without an invite code.
    Closed,
}

string_enum!(RegistrationMode { InviteOnly = "invite_only", Open = "open", Closed = "closed" });

/// The role and the status of an account that signs up without an invite code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultRole {
    /// A user after approval by an admin.
    #[default]
    Pending,
    /// A user immediately.
    User,
}

string_enum!(DefaultRole { Pending = "pending", User = "user" });

impl DefaultRole {
    /// The role of the account.
    #[must_use]
    pub const fn role(self) -> Role {
        Role::User
    }
}

/// The length of random invite codes: 12 to 64 characters (C1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct CodeLength(u8);

impl CodeLength {
    /// The number of characters.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Default for CodeLength {
    fn default() -> Self {
        Self(DEFAULT_CODE_LENGTH)
    }
}

impl TryFrom<i64> for CodeLength {
    type Error = ParseError;

    fn try_from(length: i64) -> Result<Self, Self::Error> {
        match u8::try_from(length) {
            Ok(length @ 12..=64) => Ok(Self(length)),
            _ => Err(ParseError("Enter a length from 12 to 64 characters.".to_owned())),
        }
    }
}

impl From<CodeLength> for i64 {
    fn from(length: CodeLength) -> Self {
        length.0.into()
    }
}

/// The highest value of an invite's maximum uses: 1 to 1,000,000, by default 5,000 (L2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct UsesCeiling(u32);

impl UsesCeiling {
    /// The number of uses.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Default for UsesCeiling {
    fn default() -> Self {
        Self(5_000)
    }
}

impl TryFrom<i64> for UsesCeiling {
    type Error = ParseError;

    fn try_from(uses: i64) -> Result<Self, Self::Error> {
        match u32::try_from(uses) {
            Ok(uses @ 1..=1_000_000) => Ok(Self(uses)),
            _ => Err(ParseError("Enter a number from 1 to 1,000,000.".to_owned())),
        }
    }
}

impl From<UsesCeiling> for i64 {
    fn from(uses: UsesCeiling) -> Self {
        uses.0.into()
    }
}

/// The current settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The site name.
    pub site_name: SiteName,
    /// Who may sign up.
    pub registration_mode: RegistrationMode,
    /// Whether `registration_mode` is fixed by the environment and cannot be changed here.
    pub registration_mode_fixed: bool,
    /// The role and the status of an account that signs up without an invite code.
    pub default_role: DefaultRole,
    /// The length of random invite codes, in characters.
    pub code_length: CodeLength,
    /// The highest value of an invite's maximum uses.
    pub invite_link_max_redemptions_limit: UsesCeiling,
}

/// The content of the settings page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    /// The current settings.
    pub settings: Settings,
    /// Address of a reverse proxy that is not among the trusted proxies: all of its visitors share one rate limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared_proxy: Option<String>,
}

/// A change of settings as typed. Absent fields keep their value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsDraft {
    /// The site name, at most 80 characters.
    #[serde(default)]
    pub site_name: Option<String>,
    /// Who may sign up.
    #[serde(default)]
    pub registration_mode: Option<String>,
    /// The role and the status of an account that signs up without an invite code.
    #[serde(default)]
    pub default_role: Option<String>,
    /// The length of random invite codes, in characters.
    #[serde(default)]
    pub code_length: Option<i64>,
    /// The highest value of an invite's maximum uses.
    #[serde(default)]
    pub invite_link_max_redemptions_limit: Option<i64>,
}

/// A change of settings with every field valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsPatch {
    /// The site name.
    pub site_name: Option<SiteName>,
    /// Who may sign up.
    pub registration_mode: Option<RegistrationMode>,
    /// The role and the status of an account that signs up without an invite code.
    pub default_role: Option<DefaultRole>,
    /// The length of random invite codes, in characters.
    pub code_length: Option<CodeLength>,
    /// The highest value of an invite's maximum uses.
    pub invite_link_max_redemptions_limit: Option<UsesCeiling>,
}

impl SettingsDraft {
    /// Parses the change.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn parse(&self) -> Result<SettingsPatch, Failure> {
        let mut check = Check::default();
        let patch = SettingsPatch {
            site_name: self.site_name.as_deref().and_then(|name| check.take("site_name", SiteName::parse(name))),
            registration_mode: self
                .registration_mode
                .as_deref()
                .and_then(|mode| check.take("registration_mode", mode.parse())),
            default_role: self.default_role.as_deref().and_then(|role| check.take("default_role", role.parse())),
            code_length: self.code_length.and_then(|length| check.take("code_length", CodeLength::try_from(length))),
            invite_link_max_redemptions_limit: self
                .invite_link_max_redemptions_limit
                .and_then(|uses| check.take("invite_link_max_redemptions_limit", UsesCeiling::try_from(uses))),
        };
        check.finish(Some(patch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_invite_only_and_pending() {
        assert_eq!(RegistrationMode::default(), RegistrationMode::InviteOnly);
        assert_eq!(DefaultRole::default(), DefaultRole::Pending);
        assert_eq!(CodeLength::default().get(), 12);
        assert_eq!(UsesCeiling::default().get(), 5_000);
    }

    #[test]
    fn values_out_of_bounds_are_reported_under_their_fields() {
        let draft = SettingsDraft {
            site_name: Some(String::new()),
            registration_mode: Some("half_open".into()),
            default_role: Some("owner".into()),
            code_length: Some(11),
            invite_link_max_redemptions_limit: Some(0),
        };
        assert_eq!(draft.parse().unwrap_err().fields.len(), 5);
        assert_eq!(SettingsDraft::default().parse().unwrap(), SettingsPatch::default());
    }
}
