//! Settings: the site name, who can sign up, what new invites are like, and how members are welcomed.

mod merge;

use serde::{Deserialize, Serialize};

pub use self::merge::SettingsMerge;
use crate::access::{self, Permissions, RolePermissions};
use crate::accounts::Email;
use crate::failure::{Check, Code, Failure};
use crate::invite_ref::DEFAULT_CODE_LENGTH;
use crate::invites::{AgeDays, LifetimeDays, MemberLimits, QuotaPeriod, QuotaSize, UsesLimit};
use crate::patch::Patch;
use crate::string_enum::string_enum;
pub use crate::text::WelcomeText;
use crate::text::{LinkLabel, ParseError, SiteName};
use crate::web;
pub use crate::web::{HttpsOrigin, HttpsUrl};

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

/// What becomes of an account that signs up without an invite code, by no invite that admits its address without one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultRole {
    /// A user after approval by an admin.
    #[default]
    Pending,
    /// A user immediately.
    User,
    /// There is none: anyone who has no code is refused.
    Refused,
}

string_enum!(DefaultRole { Pending = "pending", User = "user", Refused = "refused" });

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

/// What members are shown after they sign up and on their page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The text.
    pub text: Option<WelcomeText>,
    /// Where to go next.
    pub link: Option<WelcomeLink>,
}

/// Where members go next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeLink {
    /// Where it leads.
    pub url: HttpsUrl,
    /// The words on it; without any, the host is named.
    pub label: Option<LinkLabel>,
}

impl WelcomeLink {
    /// The words on the link.
    #[must_use]
    pub fn title(&self) -> String {
        self.label.as_ref().map_or_else(|| format!("Continue to {}", self.url.host()), ToString::to_string)
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
    /// What binds the invites of members.
    pub member_limits: MemberLimits,
    /// What members are shown after they sign up and on their page.
    pub welcome: Welcome,
    /// What members and moderators may do.
    pub role_permissions: RolePermissions,
    /// Other sites that an invite may lead to after sign-up, at most [`web::MAX_ORIGINS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_origins: Vec<HttpsOrigin>,
    /// Whether people are told by e-mail when their account signs in with a new browser, where e-mail is sent.
    pub sign_in_alerts: bool,
    /// Whether every new account has to verify its e-mail address, where e-mail is sent.
    pub verify_email: bool,
}

/// The content of the settings page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    /// The current settings.
    pub settings: Settings,
    /// Address of a reverse proxy that is not among the trusted proxies: all of its visitors share one rate limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undeclared_proxy: Option<String>,
    /// The URL of the site, without a slash at the end.
    pub public_url: String,
    /// The address that e-mail is sent from; `None` while it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail_from: Option<Email>,
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
    /// The welcome text, at most 2,000 characters; empty for none.
    #[serde(default)]
    pub welcome_text: Option<String>,
    /// Where members go next: an `https` URL; empty for nowhere.
    #[serde(default)]
    pub welcome_url: Option<String>,
    /// The words on the link to [`Self::welcome_url`], at most 60 characters; empty for its host.
    #[serde(default)]
    pub welcome_label: Option<String>,
    /// Permissions of every member.
    #[serde(default)]
    pub user_permissions: Option<Permissions>,
    /// Further permissions of moderators.
    #[serde(default)]
    pub moderator_permissions: Option<Permissions>,
    /// Other sites that an invite may lead to after sign-up: `https` origins, at most [`web::MAX_ORIGINS`].
    #[serde(default)]
    pub allowed_origins: Option<Vec<String>>,
    /// [`MemberLimits::quota`], 1 to 1,000; `null` for any number.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_quota: Patch<i64>,
    /// [`MemberLimits::quota_period`].
    #[serde(default)]
    pub member_invite_quota_period: Option<String>,
    /// [`MemberLimits::max_uses`]; `null` for no ceiling but that of every invite.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_max_uses: Patch<i64>,
    /// [`MemberLimits::max_days`], 1 to 3,650; `null` for any time.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_max_days: Patch<i64>,
    /// [`MemberLimits::min_account_age`], 0 to 3,650.
    #[serde(default)]
    pub member_invite_min_account_age: Option<i64>,
    /// [`Settings::sign_in_alerts`].
    #[serde(default)]
    pub sign_in_alerts: Option<bool>,
    /// [`Settings::verify_email`].
    #[serde(default)]
    pub verify_email: Option<bool>,
}

/// A change of settings with every field valid. In JSON only what changes is present, and `null` removes a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsPatch {
    /// The site name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_name: Option<SiteName>,
    /// Who may sign up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_mode: Option<RegistrationMode>,
    /// The role and the status of an account that signs up without an invite code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_role: Option<DefaultRole>,
    /// The length of random invite codes, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_length: Option<CodeLength>,
    /// The highest value of an invite's maximum uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_link_max_redemptions_limit: Option<UsesCeiling>,
    /// The welcome text.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub welcome_text: Patch<WelcomeText>,
    /// The URL of the link for members.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub welcome_url: Patch<HttpsUrl>,
    /// The label of that link.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub welcome_label: Patch<LinkLabel>,
    /// Permissions of every member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_permissions: Option<Permissions>,
    /// Further permissions of moderators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moderator_permissions: Option<Permissions>,
    /// Other sites that an invite may lead to after sign-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_origins: Option<Vec<HttpsOrigin>>,
    /// How many invites a member creates in one period.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_quota: Patch<QuotaSize>,
    /// The period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_invite_quota_period: Option<QuotaPeriod>,
    /// The most uses of an invite of a member.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_max_uses: Patch<UsesLimit>,
    /// How many days an invite of a member lasts at most.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_max_days: Patch<LifetimeDays>,
    /// How many days old the account of a member has to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_invite_min_account_age: Option<AgeDays>,
    /// Whether people are told when their account signs in with a new browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in_alerts: Option<bool>,
    /// Whether every new account has to verify its e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify_email: Option<bool>,
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
            welcome_text: optional(&mut check, "welcome_text", self.welcome_text.as_deref(), WelcomeText::parse),
            welcome_url: optional(&mut check, "welcome_url", self.welcome_url.as_deref(), HttpsUrl::parse),
            welcome_label: optional(&mut check, "welcome_label", self.welcome_label.as_deref(), LinkLabel::parse),
            user_permissions: self.user_permissions.and_then(|set| check.take("user_permissions", of_role(set))),
            moderator_permissions: self
                .moderator_permissions
                .and_then(|set| check.take("moderator_permissions", of_role(set))),
            allowed_origins: self
                .allowed_origins
                .as_deref()
                .and_then(|origins| check.take("allowed_origins", web::parse_origins(origins))),
            member_invite_quota: number(&mut check, "member_invite_quota", self.member_invite_quota),
            member_invite_quota_period: self
                .member_invite_quota_period
                .as_deref()
                .and_then(|period| check.take("member_invite_quota_period", period.parse())),
            member_invite_max_uses: number(&mut check, "member_invite_max_uses", self.member_invite_max_uses),
            member_invite_max_days: number(&mut check, "member_invite_max_days", self.member_invite_max_days),
            member_invite_min_account_age: self
                .member_invite_min_account_age
                .and_then(|days| check.take("member_invite_min_account_age", AgeDays::try_from(days))),
            sign_in_alerts: self.sign_in_alerts,
            verify_email: self.verify_email,
        };
        if patch.welcome_url == Patch::Clear && matches!(patch.welcome_label, Patch::Set(_)) {
            check.add_error("welcome_url", NO_LINK);
        }
        check.finish(Some(patch))
    }
}

const NO_LINK: &str = "Enter the address the button opens, or remove its label.";

impl SettingsDraft {
    /// Why the label of a link is refused that has no address.
    #[must_use]
    pub fn label_without_link() -> Failure {
        Failure::field(Code::Invalid, "welcome_url", NO_LINK)
    }
}

/// Permissions that a role can be given.
fn of_role(permissions: Permissions) -> Result<Permissions, ParseError> {
    if permissions.is_subset(access::grantable()) {
        Ok(permissions)
    } else {
        Err(ParseError("Only owners can manage admins. Leave out admins.manage.".to_owned()))
    }
}

/// A number that may be left empty.
fn number<T: TryFrom<i64, Error = ParseError>>(check: &mut Check, field: &str, typed: Patch<i64>) -> Patch<T> {
    typed.and_then(|number| check.take(field, T::try_from(number)))
}

/// A setting that may be left empty.
fn optional<T>(
    check: &mut Check,
    field: &str,
    typed: Option<&str>,
    parse: fn(&str) -> Result<T, ParseError>,
) -> Patch<T> {
    match typed {
        None => Patch::Keep,
        Some(text) if text.trim().is_empty() => Patch::Clear,
        Some(text) => check.take(field, parse(text)).map_or(Patch::Keep, Patch::Set),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Permission;

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
            welcome_text: Some("x".repeat(2_001)),
            welcome_url: Some("http://example.org".into()),
            welcome_label: Some("x".repeat(61)),
            user_permissions: Some(Permissions::all()),
            moderator_permissions: Some(Permission::AdminsManage.into()),
            allowed_origins: Some(vec!["http://example.org".into()]),
            member_invite_quota: Patch::Set(0),
            member_invite_quota_period: Some("year".into()),
            member_invite_max_uses: Patch::Set(1_000_001),
            member_invite_max_days: Patch::Set(3_651),
            member_invite_min_account_age: Some(-1),
            sign_in_alerts: Some(true),
            verify_email: Some(true),
        };
        assert_eq!(draft.parse().unwrap_err().fields.len(), 16);
        assert_eq!(SettingsDraft::default().parse().unwrap(), SettingsPatch::default());
    }

    #[test]
    fn a_label_needs_an_address() {
        let draft = |url: &str, label: &str| SettingsDraft {
            welcome_url: Some(url.into()),
            welcome_label: Some(label.into()),
            ..SettingsDraft::default()
        };
        assert!(draft(" ", "To the forum").parse().unwrap_err().field_error("welcome_url").is_some());
        assert_eq!(draft("", "").parse().unwrap().welcome_url, Patch::Clear);
        assert!(draft("https://example.org", "").parse().is_ok());
    }
}
