//! A change of settings as the REST API and the command line accept it.

use serde::{Deserialize, Serialize};

use super::{SettingsDraft, SettingsPatch};
use crate::access::Permissions;
use crate::failure::{Check, Failure};
use crate::patch::Patch;

/// A change of settings as sent (RFC 7396): what is left out stays, `null` clears. The fields are those of [`SettingsDraft`],
/// in which `null` is the same as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsMerge {
    /// [`SettingsDraft::site_name`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub site_name: Patch<String>,
    /// [`SettingsDraft::registration_mode`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub registration_mode: Patch<String>,
    /// [`SettingsDraft::default_role`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub default_role: Patch<String>,
    /// [`SettingsDraft::code_length`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub code_length: Patch<i64>,
    /// [`SettingsDraft::invite_link_max_redemptions_limit`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub invite_link_max_redemptions_limit: Patch<i64>,
    /// [`SettingsDraft::welcome_text`]; `null` is none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub welcome_text: Patch<String>,
    /// [`SettingsDraft::welcome_url`]; `null` is nowhere.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub welcome_url: Patch<String>,
    /// [`SettingsDraft::welcome_label`]; `null` is the host of the link.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub welcome_label: Patch<String>,
    /// [`SettingsDraft::user_permissions`]; `null` is none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub user_permissions: Patch<Permissions>,
    /// [`SettingsDraft::moderator_permissions`]; `null` is none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub moderator_permissions: Patch<Permissions>,
    /// [`SettingsDraft::allowed_origins`]; `null` is none.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub allowed_origins: Patch<Vec<String>>,
    /// [`SettingsDraft::member_invite_quota`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_quota: Patch<i64>,
    /// [`SettingsDraft::member_invite_quota_period`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_quota_period: Patch<String>,
    /// [`SettingsDraft::member_invite_max_uses`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_max_uses: Patch<i64>,
    /// [`SettingsDraft::member_invite_max_days`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_max_days: Patch<i64>,
    /// [`SettingsDraft::member_invite_min_account_age`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub member_invite_min_account_age: Patch<i64>,
    /// [`SettingsDraft::sign_in_alerts`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub sign_in_alerts: Patch<bool>,
    /// [`SettingsDraft::verify_email`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub verify_email: Patch<bool>,
}

impl SettingsMerge {
    /// Parses the change.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field, and every one that is cleared although it always has a value.
    pub fn parse(self) -> Result<SettingsPatch, Failure> {
        let mut check = Check::default();
        let draft = SettingsDraft {
            site_name: always(&mut check, "site_name", self.site_name),
            registration_mode: always(&mut check, "registration_mode", self.registration_mode),
            default_role: always(&mut check, "default_role", self.default_role),
            code_length: always(&mut check, "code_length", self.code_length),
            invite_link_max_redemptions_limit: always(
                &mut check,
                "invite_link_max_redemptions_limit",
                self.invite_link_max_redemptions_limit,
            ),
            welcome_text: or_empty(self.welcome_text),
            welcome_url: or_empty(self.welcome_url),
            welcome_label: or_empty(self.welcome_label),
            user_permissions: or_empty(self.user_permissions),
            moderator_permissions: or_empty(self.moderator_permissions),
            allowed_origins: or_empty(self.allowed_origins),
            member_invite_quota: self.member_invite_quota,
            member_invite_quota_period: always(
                &mut check,
                "member_invite_quota_period",
                self.member_invite_quota_period,
            ),
            member_invite_max_uses: self.member_invite_max_uses,
            member_invite_max_days: self.member_invite_max_days,
            member_invite_min_account_age: always(
                &mut check,
                "member_invite_min_account_age",
                self.member_invite_min_account_age,
            ),
            sign_in_alerts: always(&mut check, "sign_in_alerts", self.sign_in_alerts),
            verify_email: always(&mut check, "verify_email", self.verify_email),
        };
        match (check.finish(Some(())), draft.parse()) {
            (Ok(()), parsed) => parsed,
            (Err(cleared), Ok(_)) => Err(cleared),
            (Err(cleared), Err(wrong)) => Err(cleared.and(wrong)),
        }
    }
}

/// The change of a setting that always has a value.
fn always<T>(check: &mut Check, field: &str, change: Patch<T>) -> Option<T> {
    if matches!(change, Patch::Clear) {
        check.add_error(field, "This setting always has a value; it can't be removed.");
    }
    change.value()
}

/// The change of a setting whose empty value is none.
fn or_empty<T: Default>(change: Patch<T>) -> Option<T> {
    match change {
        Patch::Keep => None,
        Patch::Clear => Some(T::default()),
        Patch::Set(value) => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<SettingsPatch, Failure> {
        serde_json::from_str::<SettingsMerge>(json).unwrap().parse()
    }

    fn wrong(json: &str) -> Vec<String> {
        parse(json).unwrap_err().fields.into_iter().map(|wrong| wrong.field).collect()
    }

    #[test]
    fn null_clears_what_can_be_empty() {
        assert_eq!(parse("{}").unwrap(), SettingsPatch::default());
        let cleared = parse(
            r#"{"welcome_text":null,"welcome_url":null,"welcome_label":null,"user_permissions":null,
            "moderator_permissions":null,"allowed_origins":null,"member_invite_quota":null,
            "member_invite_max_uses":null,"member_invite_max_days":null}"#,
        )
        .unwrap();
        let expected = SettingsPatch {
            welcome_text: Patch::Clear,
            welcome_url: Patch::Clear,
            welcome_label: Patch::Clear,
            user_permissions: Some(Permissions::empty()),
            moderator_permissions: Some(Permissions::empty()),
            allowed_origins: Some(Vec::new()),
            member_invite_quota: Patch::Clear,
            member_invite_max_uses: Patch::Clear,
            member_invite_max_days: Patch::Clear,
            ..SettingsPatch::default()
        };
        assert_eq!(cleared, expected);
    }

    #[test]
    fn what_always_has_a_value_is_not_cleared_and_is_reported_with_what_else_is_wrong() {
        let always = [
            "site_name",
            "registration_mode",
            "default_role",
            "code_length",
            "invite_link_max_redemptions_limit",
            "member_invite_quota_period",
            "member_invite_min_account_age",
            "sign_in_alerts",
            "verify_email",
        ];
        for field in always {
            assert_eq!(wrong(&format!("{{\"{field}\":null}}")), [field]);
        }
        assert_eq!(wrong(r#"{"site_name":null,"code_length":11}"#), ["site_name", "code_length"]);
        assert!(serde_json::from_str::<SettingsMerge>(r#"{"colour":"red"}"#).is_err());
    }
}
