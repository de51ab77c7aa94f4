//! Settings: values chosen by admins, and values fixed by the environment.

use domain::access::{self, Permission, Permissions, RolePermissions};
use domain::events::Event;
use domain::invites::{AgeDays, MemberLimits, QuotaPeriod};
use domain::settings::{
    CodeLength, DefaultRole, HttpsOrigin, HttpsUrl, RegistrationMode, Settings, SettingsDraft, SettingsPatch,
    UsesCeiling, Welcome, WelcomeLink, WelcomeText,
};
use domain::text::{LinkLabel, SiteName};
use domain::{Code, Failure, Patch};
use sea_orm::{ActiveValue, ActiveValue::Set, ConnectionTrait, EntityTrait, QuerySelect};

use crate::audit::{self, Originator};
use crate::platform::batcher::Batcher;
use crate::platform::tx;
use crate::settings::entity::{ActiveModel, Entity, Model};
use crate::{Actor, Ctx, Error};

pub(crate) mod entity;
#[cfg(test)]
mod tests;

/// The settings that are public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicSettings {
    /// The site name.
    pub site_name: SiteName,
    /// Who can sign up.
    pub registration_mode: RegistrationMode,
    /// The role and the status of an account that signs up without an invite.
    pub default_role: DefaultRole,
}

/// All settings.
pub async fn get(ctx: &Ctx, actor: &Actor) -> Result<Settings, Error> {
    actor.require(Permission::SettingsView)?;
    current(ctx).await
}

/// The settings that are public.
pub async fn public(ctx: &Ctx) -> Result<PublicSettings, Error> {
    let settings = current(ctx).await?;
    Ok(PublicSettings {
        site_name: settings.site_name,
        registration_mode: settings.registration_mode,
        default_role: settings.default_role,
    })
}

/// Changes settings. Closing registration keeps the mode before, for [`reopen`].
///
/// # Errors
/// [`Code::Invalid`] under `registration_mode` when the environment fixes it to another value; [`Code::Forbidden`] when it
/// would give a role a permission that the actor has not.
pub async fn update(ctx: &Ctx, actor: &Actor, patch: SettingsPatch) -> Result<Settings, Error> {
    actor.require(Permission::SettingsChange)?;
    if let (Some(fixed), Some(mode)) = (ctx.fixed_registration_mode(), patch.registration_mode)
        && fixed != mode
    {
        return Err(mode_is_fixed().into());
    }
    let patch = SettingsPatch {
        // Fixed to the same value, it does not change.
        registration_mode: patch.registration_mode.filter(|_| ctx.fixed_registration_mode().is_none()),
        // A label is nothing without its link.
        welcome_label: match patch.welcome_label {
            Patch::Keep if patch.welcome_url == Patch::Clear => Patch::Clear,
            label => label,
        },
        ..patch
    };
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let before = locked(&tx).await?;
    check_added(actor, &patch, &before)?;
    if patch.welcome_url == Patch::Keep && before.welcome_url.is_none() && matches!(patch.welcome_label, Patch::Set(_))
    {
        return Err(SettingsDraft::label_without_link().into());
    }
    let mut change = ActiveModel { updated_at: Set(now.as_micros()), ..columns(patch.clone()) };
    let was_open = before.registration_mode != RegistrationMode::Closed.as_str();
    if patch.registration_mode == Some(RegistrationMode::Closed) && was_open {
        change.mode_before_closing = Set(Some(before.registration_mode));
    }
    Entity::update(change).exec(&tx).await?;
    let event = Event::SettingsUpdated { changes: Box::new(patch) };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    let settings = read(ctx, &tx).await?;
    tx.commit().await?;
    Ok(settings)
}

/// Opens registration again after it was closed, in the mode it had before: by invite only, if it never had another. Does
/// nothing while it is open.
///
/// # Errors
/// [`Code::Invalid`] under `registration_mode` when the environment sets it.
pub async fn reopen(ctx: &Ctx, actor: &Actor) -> Result<Settings, Error> {
    actor.require(Permission::SettingsChange)?;
    if ctx.fixed_registration_mode().is_some() {
        return Err(mode_is_fixed().into());
    }
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = locked(&tx).await?;
    if row.registration_mode == RegistrationMode::Closed.as_str() {
        let before = row.mode_before_closing.and_then(|mode| mode.parse().ok());
        let mode = before.unwrap_or(RegistrationMode::InviteOnly);
        let change = ActiveModel {
            id: Set(1),
            registration_mode: Set(mode.as_str().to_owned()),
            updated_at: Set(now.as_micros()),
            ..ActiveModel::default()
        };
        Entity::update(change).exec(&tx).await?;
        let event = Event::RegistrationReopened { registration_mode: mode };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    let settings = read(ctx, &tx).await?;
    tx.commit().await?;
    Ok(settings)
}

/// Refuses to give a role a permission that the actor does not have: it might be the actor's own role.
fn check_added(actor: &Actor, patch: &SettingsPatch, row: &Model) -> Result<(), Failure> {
    let added = |after: Option<Permissions>, before: &str| after.unwrap_or_default() - access::from_names(before);
    let to_users = added(patch.user_permissions, &row.user_permissions);
    let to_moderators = added(patch.moderator_permissions, &row.moderator_permissions);
    actor.require_all(to_users | to_moderators)
}

/// The columns of the settings that `patch` changes.
fn columns(patch: SettingsPatch) -> ActiveModel {
    fn set<T, C: Into<sea_orm::Value>>(value: Option<T>, column: impl FnOnce(T) -> C) -> ActiveValue<C> {
        value.map_or(ActiveValue::NotSet, |value| Set(column(value)))
    }
    fn optional<C, T: Into<C>>(change: Patch<T>) -> ActiveValue<Option<C>>
    where
        Option<C>: Into<sea_orm::Value>,
    {
        if change.is_keep() { ActiveValue::NotSet } else { Set(change.apply(None).map(T::into)) }
    }
    ActiveModel {
        id: Set(1),
        site_name: set(patch.site_name, String::from),
        registration_mode: set(patch.registration_mode, |mode| mode.as_str().to_owned()),
        default_role: set(patch.default_role, |role| role.as_str().to_owned()),
        code_length: set(patch.code_length, i64::from),
        max_uses_ceiling: set(patch.invite_link_max_redemptions_limit, i64::from),
        welcome_text: optional(patch.welcome_text),
        welcome_url: optional(patch.welcome_url),
        welcome_label: optional(patch.welcome_label),
        user_permissions: set(patch.user_permissions, access::to_names),
        moderator_permissions: set(patch.moderator_permissions, access::to_names),
        allowed_origins: set(patch.allowed_origins, |origins: Vec<HttpsOrigin>| {
            origins.iter().map(HttpsOrigin::as_str).collect::<Vec<_>>().join(" ")
        }),
        member_invite_quota: optional(patch.member_invite_quota),
        member_invite_quota_period: set(patch.member_invite_quota_period, |period| period.as_str().to_owned()),
        member_invite_max_uses: optional(patch.member_invite_max_uses),
        member_invite_max_days: optional(patch.member_invite_max_days),
        member_invite_min_account_age: set(patch.member_invite_min_account_age, i64::from),
        sign_in_alerts: set(patch.sign_in_alerts, |on| on),
        verify_email: set(patch.verify_email, |on| on),
        ..ActiveModel::default()
    }
}

fn mode_is_fixed() -> Failure {
    Failure::field(
        Code::Invalid,
        "registration_mode",
        "This setting is fixed by the environment variable LATCHKEY_REGISTRATION_MODE.",
    )
}

/// The queue of [`current`].
pub(crate) type Reads = Batcher<(), Settings>;

/// The current settings, without a permission check. Concurrent calls share one query.
pub(crate) async fn current(ctx: &Ctx) -> Result<Settings, Error> {
    ctx.state::<Reads>().submit(()).await
}

/// Reads the settings once for a batch of requests.
pub(crate) async fn read_batch(ctx: Ctx, requests: Vec<()>) -> Vec<Result<Settings, Error>> {
    let settings = read(&ctx, &ctx.db().read).await;
    requests.iter().map(|()| settings.clone()).collect()
}

/// The current settings, read with `db`, which may be a transaction.
pub(crate) async fn read(ctx: &Ctx, db: &impl ConnectionTrait) -> Result<Settings, Error> {
    let settings = parse(&row(db).await?).ok_or_else(|| Error::internal("the settings row has an invalid value"))?;
    Ok(match ctx.fixed_registration_mode() {
        None => settings,
        Some(mode) => Settings { registration_mode: mode, registration_mode_fixed: true, ..settings },
    })
}

/// The row, locked until the transaction ends: what is checked against it stays true.
async fn locked(db: &impl ConnectionTrait) -> Result<Model, Error> {
    let row = Entity::find_by_id(1).lock_exclusive().one(db).await?;
    row.ok_or_else(|| Error::internal("the settings row is missing"))
}

async fn row(db: &impl ConnectionTrait) -> Result<Model, Error> {
    Entity::find_by_id(1).one(db).await?.ok_or_else(|| Error::internal("the settings row is missing"))
}

fn parse(row: &Model) -> Option<Settings> {
    let text = row.welcome_text.as_deref().map(WelcomeText::parse).transpose().ok()?;
    let url = row.welcome_url.as_deref().map(HttpsUrl::parse).transpose().ok()?;
    let label = row.welcome_label.as_deref().map(LinkLabel::parse).transpose().ok()?;
    Some(Settings {
        welcome: Welcome { text, link: url.map(|url| WelcomeLink { url, label }) },
        site_name: SiteName::stored(&row.site_name),
        registration_mode: row.registration_mode.parse::<RegistrationMode>().ok()?,
        registration_mode_fixed: false,
        default_role: row.default_role.parse::<DefaultRole>().ok()?,
        code_length: CodeLength::try_from(row.code_length).ok()?,
        invite_link_max_redemptions_limit: UsesCeiling::try_from(row.max_uses_ceiling).ok()?,
        member_limits: member_limits(row)?,
        role_permissions: RolePermissions {
            user: access::from_names(&row.user_permissions),
            moderator: access::from_names(&row.moderator_permissions),
        },
        allowed_origins: row
            .allowed_origins
            .split_whitespace()
            .map(HttpsOrigin::parse)
            .collect::<Result<_, _>>()
            .ok()?,
        sign_in_alerts: row.sign_in_alerts,
        verify_email: row.verify_email,
    })
}

fn member_limits(row: &Model) -> Option<MemberLimits> {
    Some(MemberLimits {
        quota: row.member_invite_quota.map(TryFrom::try_from).transpose().ok()?,
        quota_period: row.member_invite_quota_period.parse::<QuotaPeriod>().ok()?,
        max_uses: row.member_invite_max_uses.map(TryFrom::try_from).transpose().ok()?,
        max_days: row.member_invite_max_days.map(TryFrom::try_from).transpose().ok()?,
        min_account_age: AgeDays::try_from(row.member_invite_min_account_age).ok()?,
    })
}

/// Sets the site name, in the transaction that creates the first owner.
pub(crate) async fn set_site_name(db: &impl ConnectionTrait, name: SiteName) -> Result<(), Error> {
    Entity::update(ActiveModel { id: Set(1), site_name: Set(name.into()), ..ActiveModel::default() }).exec(db).await?;
    Ok(())
}
