//! The settings.

use axum::extract::State;
use domain::invites::{LifetimeDays, QuotaSize, UsesLimit};
use domain::settings::{SettingsMerge, WelcomeLink};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::invites::QuotaPeriod;
use super::views::Permission;
use crate::api::extract::{Bearer, Json};
use crate::api::{Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default().routes(routes!(get, update))
}

/// The settings of the site.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "site_name": "Bramble Yard",
    "registration_mode": "invite_only",
    "registration_mode_fixed": false,
    "default_role": "pending",
    "code_length": 12,
    "invite_link_max_redemptions_limit": 5000,
    "welcome_text": "The kiln is on Tuesdays.",
    "welcome_url": "https://forum.example.org/",
    "welcome_label": "To the forum",
    "user_permissions": ["invites.create"],
    "moderator_permissions": ["invites.view", "redemptions.view"],
    "allowed_origins": ["https://forum.example.org"],
    "member_invite_quota": 5,
    "member_invite_quota_period": "week",
    "member_invite_max_uses": 5,
    "member_invite_max_days": 30,
    "member_invite_min_account_age": 0,
    "sign_in_alerts": true,
    "verify_email": false,
}))]
pub struct Settings {
    /// Name of the site.
    site_name: String,
    /// Who can sign up.
    registration_mode: RegistrationMode,
    /// Whether the environment fixes `registration_mode`, which then can't be changed.
    registration_mode_fixed: bool,
    /// Role and status of accounts that sign up without an invite code.
    default_role: DefaultRole,
    /// Length of random invite codes, in characters.
    #[schema(minimum = 12, maximum = 64)]
    code_length: u8,
    /// Highest maximum uses of an invite.
    #[schema(minimum = 1, maximum = 1_000_000)]
    invite_link_max_redemptions_limit: u32,
    /// Text that members are shown after they sign up and on their page; null for none.
    #[schema(required = true)]
    welcome_text: Option<String>,
    /// Where a link on their page leads; null for no link.
    #[schema(required = true, format = "uri")]
    welcome_url: Option<String>,
    /// Label of that link; null for its host.
    #[schema(required = true)]
    welcome_label: Option<String>,
    /// Permissions of every member.
    user_permissions: Vec<Permission>,
    /// Further permissions of moderators.
    moderator_permissions: Vec<Permission>,
    /// Origins of other sites that an invite may lead to after sign-up.
    allowed_origins: Vec<String>,
    /// How many invites a member creates in one period; null for any number.
    #[schema(required = true, minimum = 1, maximum = 1000)]
    member_invite_quota: Option<u32>,
    /// The period.
    member_invite_quota_period: QuotaPeriod,
    /// Highest maximum uses of an invite of a member; null for that of every invite.
    #[schema(required = true, minimum = 1, maximum = 1_000_000)]
    member_invite_max_uses: Option<u32>,
    /// How many days an invite of a member lasts at most; null for any time.
    #[schema(required = true, minimum = 1, maximum = 3650)]
    member_invite_max_days: Option<u32>,
    /// How many days old the account of a member has to be to create invites.
    #[schema(maximum = 3650)]
    member_invite_min_account_age: u32,
    /// Whether people are told by e-mail when their account signs in with a new browser, where e-mail is set up.
    sign_in_alerts: bool,
    /// Whether every new account has to verify its e-mail address, where e-mail is set up. Invites for some addresses only
    /// always ask for it.
    verify_email: bool,
}

impl From<domain::settings::Settings> for Settings {
    fn from(settings: domain::settings::Settings) -> Self {
        let (welcome_url, welcome_label) = match settings.welcome.link {
            Some(WelcomeLink { url, label }) => (Some(url.into()), label.map(Into::into)),
            None => (None, None),
        };
        let limits = settings.member_limits;
        Self {
            site_name: settings.site_name.into(),
            registration_mode: settings.registration_mode.into(),
            registration_mode_fixed: settings.registration_mode_fixed,
            default_role: settings.default_role.into(),
            code_length: settings.code_length.get(),
            invite_link_max_redemptions_limit: settings.invite_link_max_redemptions_limit.get(),
            welcome_text: settings.welcome.text.map(Into::into),
            welcome_url,
            welcome_label,
            user_permissions: settings.role_permissions.user.iter().map(Into::into).collect(),
            moderator_permissions: settings.role_permissions.moderator.iter().map(Into::into).collect(),
            allowed_origins: settings.allowed_origins.iter().map(|origin| origin.as_str().to_owned()).collect(),
            member_invite_quota: limits.quota.map(QuotaSize::get),
            member_invite_quota_period: limits.quota_period.into(),
            member_invite_max_uses: limits.max_uses.map(UsesLimit::get),
            member_invite_max_days: limits.max_days.map(LifetimeDays::get),
            member_invite_min_account_age: limits.min_account_age.get(),
            sign_in_alerts: settings.sign_in_alerts,
            verify_email: settings.verify_email,
        }
    }
}

/// Who can sign up.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationMode {
    /// Only people with an invite code that can be used.
    InviteOnly,
    /// Anyone. An invite code is optional; a wrong one is still an error.
    Open,
    /// Nobody, with or without an invite code.
    Closed,
}

impl From<domain::settings::RegistrationMode> for RegistrationMode {
    fn from(mode: domain::settings::RegistrationMode) -> Self {
        use domain::settings::RegistrationMode as Is;
        match mode {
            Is::InviteOnly => Self::InviteOnly,
            Is::Open => Self::Open,
            Is::Closed => Self::Closed,
        }
    }
}

/// Role and status of accounts that sign up without an invite code.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DefaultRole {
    /// A user, pending approval.
    Pending,
    /// A user at once.
    User,
    /// Sign-up without an invite code is refused.
    Refused,
}

impl From<domain::settings::DefaultRole> for DefaultRole {
    fn from(role: domain::settings::DefaultRole) -> Self {
        use domain::settings::DefaultRole as Is;
        match role {
            Is::Pending => Self::Pending,
            Is::User => Self::User,
            Is::Refused => Self::Refused,
        }
    }
}

/// A change of the settings (RFC 7396): what is left out stays, null clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "site_name": "Bramble Yard", "welcome_text": null }))]
pub struct SettingsChange {
    /// Name of the site. Can't be cleared.
    #[schema(max_length = 80)]
    site_name: Option<String>,
    /// Who can sign up. Can't be cleared, nor changed where the environment fixes it.
    registration_mode: Option<RegistrationMode>,
    /// What becomes of an account that signs up without an invite code. Can't be cleared.
    default_role: Option<DefaultRole>,
    /// Length of random invite codes, in characters. Can't be cleared.
    #[schema(minimum = 12, maximum = 64)]
    code_length: Option<i64>,
    /// Highest maximum uses of an invite. Can't be cleared.
    #[schema(minimum = 1, maximum = 1_000_000)]
    invite_link_max_redemptions_limit: Option<i64>,
    /// Text that members are shown after they sign up and on their page.
    #[schema(max_length = 2000)]
    welcome_text: Option<String>,
    /// Where a link on their page leads: an `https` address. Null also removes `welcome_label`.
    #[schema(format = "uri")]
    welcome_url: Option<String>,
    /// Label of that link.
    #[schema(max_length = 60)]
    welcome_label: Option<String>,
    /// Permissions of every member. Only permissions that the account of the API key has can be added.
    user_permissions: Option<Vec<Permission>>,
    /// Further permissions of moderators. Only permissions that the account of the API key has can be added.
    moderator_permissions: Option<Vec<Permission>>,
    /// Origins of other sites that an invite may lead to after sign-up, such as `https://forum.example.org`.
    #[schema(max_items = 20)]
    allowed_origins: Option<Vec<String>>,
    /// How many invites a member creates in one period; null for any number.
    #[schema(minimum = 1, maximum = 1000)]
    member_invite_quota: Option<i64>,
    /// The period. Can't be cleared.
    member_invite_quota_period: Option<QuotaPeriod>,
    /// Highest maximum uses of an invite of a member; null for that of every invite.
    #[schema(minimum = 1, maximum = 1_000_000)]
    member_invite_max_uses: Option<i64>,
    /// How many days an invite of a member lasts at most; null for any time.
    #[schema(minimum = 1, maximum = 3650)]
    member_invite_max_days: Option<i64>,
    /// How many days old the account of a member has to be to create invites. Can't be cleared.
    #[schema(minimum = 0, maximum = 3650)]
    member_invite_min_account_age: Option<i64>,
    /// Whether people are told by e-mail when their account signs in with a new browser. Can't be cleared.
    sign_in_alerts: Option<bool>,
    /// Whether every new account has to verify its e-mail address, where e-mail is set up. Can't be cleared.
    verify_email: Option<bool>,
}

/// Read the settings
#[utoipa::path(
    get,
    path = "/admin/settings",
    operation_id = "get_settings",
    tag = "settings",
    responses(
        (status = 200, description = "The settings.", body = Settings),
        problem::Always, problem::Guarded,
    ),
    security(("bearer" = [])),
)]
async fn get(State(ctx): State<service::Ctx>, Bearer(actor): Bearer) -> Result<axum::Json<Settings>, Problem> {
    Ok(axum::Json(service::settings::get(&ctx, &actor).await?.into()))
}

/// Change the settings
#[utoipa::path(
    patch,
    path = "/admin/settings",
    operation_id = "update_settings",
    tag = "settings",
    request_body = SettingsChange,
    responses(
        (status = 200, description = "The settings as they are now.", body = Settings),
        problem::Always, problem::Guarded, problem::Body, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn update(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(change): Json<SettingsMerge>,
) -> Result<axum::Json<Settings>, Problem> {
    Ok(axum::Json(service::settings::update(&ctx, &actor, change.parse()?).await?.into()))
}
