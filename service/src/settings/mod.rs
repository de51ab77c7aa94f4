//! Settings: values chosen by admins, and values fixed by the environment.

use domain::accounts::Permission;
use domain::settings::{
    CodeLength, DefaultRole, HttpsUrl, RegistrationMode, Settings, SettingsPatch, UsesCeiling, Welcome, WelcomeLink,
    WelcomeText,
};
use domain::text::{LinkLabel, SiteName};
use domain::{Code, Failure, Patch};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::json;

use crate::audit::{self, Event, Originator};
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
    /// What an account becomes that was made without an invite.
    pub default_role: DefaultRole,
}

/// All settings.
pub async fn get(ctx: &Ctx, actor: &Actor) -> Result<Settings, Error> {
    actor.require(Permission::SeeSettings)?;
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
/// [`Code::Invalid`] under `registration_mode` when the environment fixes it to another value.
pub async fn update(ctx: &Ctx, actor: &Actor, patch: SettingsPatch) -> Result<Settings, Error> {
    actor.require(Permission::ManageSettings)?;
    if let (Some(fixed), Some(mode)) = (ctx.fixed_registration_mode(), patch.registration_mode)
        && fixed != mode
    {
        return Err(mode_is_fixed().into());
    }
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let mut change = ActiveModel { id: Set(1), updated_at: Set(now.as_micros()), ..ActiveModel::default() };
    let mut changed = serde_json::Map::new();
    if let Some(name) = patch.site_name {
        changed.insert("site_name".to_owned(), json!(name));
        change.site_name = Set(name.into());
    }
    if let Some(mode) = patch.registration_mode
        && ctx.fixed_registration_mode().is_none()
    {
        changed.insert("registration_mode".to_owned(), json!(mode));
        change.registration_mode = Set(mode.as_str().to_owned());
        let before = row(&tx).await?.registration_mode;
        if mode == RegistrationMode::Closed && before != mode.as_str() {
            change.mode_before_closing = Set(Some(before));
        }
    }
    if let Some(role) = patch.default_role {
        changed.insert("default_role".to_owned(), json!(role));
        change.default_role = Set(role.as_str().to_owned());
    }
    if let Some(length) = patch.code_length {
        changed.insert("code_length".to_owned(), json!(length));
        change.code_length = Set(length.get().into());
    }
    if let Some(ceiling) = patch.invite_link_max_redemptions_limit {
        changed.insert("invite_link_max_redemptions_limit".to_owned(), json!(ceiling));
        change.max_uses_ceiling = Set(ceiling.get().into());
    }
    if patch.welcome_text != Patch::Keep {
        let text = patch.welcome_text.apply(None);
        changed.insert("welcome_text".to_owned(), json!(text));
        change.welcome_text = Set(text.map(String::from));
    }
    let link_is_removed = patch.welcome_url == Patch::Clear;
    if patch.welcome_url != Patch::Keep {
        let url = patch.welcome_url.apply(None);
        changed.insert("welcome_url".to_owned(), json!(url));
        change.welcome_url = Set(url.map(String::from));
    }
    if link_is_removed || patch.welcome_label != Patch::Keep {
        let label = patch.welcome_label.apply(None);
        changed.insert("welcome_label".to_owned(), json!(label));
        change.welcome_label = Set(label.map(String::from));
    }
    Entity::update(change).exec(&tx).await?;
    let event = Event {
        originator: Originator::Actor(actor),
        action: "settings.update",
        subject: ("settings", None),
        detail: changed.into(),
    };
    audit::record(&tx, ctx, now, event).await?;
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
    actor.require(Permission::ManageSettings)?;
    if ctx.fixed_registration_mode().is_some() {
        return Err(mode_is_fixed().into());
    }
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = row(&tx).await?;
    if row.registration_mode == RegistrationMode::Closed.as_str() {
        let mode = row.mode_before_closing.unwrap_or_else(|| RegistrationMode::InviteOnly.as_str().to_owned());
        let detail = json!({ "registration_mode": mode });
        let change = ActiveModel {
            id: Set(1),
            registration_mode: Set(mode),
            updated_at: Set(now.as_micros()),
            ..ActiveModel::default()
        };
        Entity::update(change).exec(&tx).await?;
        let event = Event {
            originator: Originator::Actor(actor),
            action: "settings.reopen",
            subject: ("settings", None),
            detail,
        };
        audit::record(&tx, ctx, now, event).await?;
    }
    let settings = read(ctx, &tx).await?;
    tx.commit().await?;
    Ok(settings)
}

fn mode_is_fixed() -> Failure {
    Failure::field(
        Code::Invalid,
        "registration_mode",
        "This setting is fixed by the environment variable LATCHKEY_REGISTRATION_MODE.",
    )
}

/// The current settings, without a permission check. Concurrent calls share one query.
pub(crate) async fn current(ctx: &Ctx) -> Result<Settings, Error> {
    ctx.settings().submit(()).await
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
    })
}

/// Sets the site name, in the transaction that creates the first owner.
pub(crate) async fn set_site_name(db: &impl ConnectionTrait, name: SiteName) -> Result<(), Error> {
    Entity::update(ActiveModel { id: Set(1), site_name: Set(name.into()), ..ActiveModel::default() }).exec(db).await?;
    Ok(())
}
