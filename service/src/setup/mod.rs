//! The first start: whoever holds the one-time link becomes the owner.

use std::time::Duration;

use domain::accounts::{Account, Role};
use domain::ids::AccountId;
use domain::overview::DailyCounts;
use domain::setup::Setup;
use domain::{Code, Failure};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::accounts::store::{self as accounts, NewRow};
use crate::audit::{self, Event, Originator};
use crate::overview::counts;
use crate::platform::keyring::token_hash;
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::sessions::{self, SessionToken};
use crate::setup::entity::{ActiveModel, Column, Entity};
use crate::{Client, Ctx, Error, settings};

pub(crate) mod entity;

/// How long a setup link is good for.
const LIFETIME: Duration = Duration::from_hours(24);

/// Whether the installation has an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not yet: a setup link makes one, and nobody can sign up.
    Open,
    /// It has.
    Done,
}

/// Whether the installation has an owner.
pub async fn state(ctx: &Ctx) -> Result<State, Error> {
    Ok(if ctx.has_owner().await? { State::Done } else { State::Open })
}

/// Makes a fresh one-time link, good for a day; one made before is worth nothing from then on.
///
/// # Errors
/// [`Code::SetupDone`] when there is an owner.
pub async fn link(ctx: &Ctx) -> Result<String, Error> {
    let token = ctx.randomness().token();
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    if accounts::has_owner(&tx).await? {
        return Err(done().into());
    }
    let row = ActiveModel {
        id: Set(1),
        token_hash: Set(token_hash(&token)),
        created_at: Set(now.as_micros()),
        expires_at: Set(now.plus(LIFETIME).as_micros()),
        consumed_at: Set(None),
    };
    let replace = OnConflict::column(Column::Id)
        .update_columns([Column::TokenHash, Column::CreatedAt, Column::ExpiresAt, Column::ConsumedAt])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok(format!("{}/setup?token={token}", ctx.public_url()))
}

/// Whether `token` is the one that is good now. Spends nothing.
///
/// # Errors
/// [`Code::SetupDone`], [`Code::SetupLinkInvalid`], [`Code::RateLimited`].
pub async fn check(ctx: &Ctx, token: &str, client: &Client) -> Result<(), Error> {
    ctx.limits().check(ctx, Limit::Setup, client, "")?;
    if ctx.has_owner().await? {
        return Err(done().into());
    }
    let good = Entity::find_by_id(1)
        .filter(Column::TokenHash.eq(token_hash(token)))
        .filter(Column::ConsumedAt.is_null())
        .filter(Column::ExpiresAt.gt(ctx.now().as_micros()))
        .one(&ctx.db().read)
        .await?;
    if good.is_none() {
        ctx.limits().record_failure(ctx, Limit::Setup, client, "");
        return Err(invalid().into());
    }
    Ok(())
}

/// Spends the link: makes the owner, names the place, signs the owner in.
///
/// # Errors
/// Those of [`check`], and those of a new account.
pub async fn complete(ctx: &Ctx, token: &str, setup: Setup, client: &Client) -> Result<(Account, SessionToken), Error> {
    check(ctx, token, client).await?;
    let mut personal = vec![setup.email.to_string(), setup.username.to_string(), setup.site_name.to_string()];
    personal.extend(setup.name.as_ref().map(ToString::to_string));
    let salt = ctx.randomness().bytes();
    let hash =
        ctx.passwords().hash(client.network(), setup.password, salt, personal, std::future::ready(Ok(()))).await?;

    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // Spending the row first locks it: of two who hold the link, one waits here and then finds it spent.
    let spent = Entity::update_many()
        .set(ActiveModel { consumed_at: Set(Some(now.as_micros())), ..ActiveModel::default() })
        .filter(Column::TokenHash.eq(token_hash(token)))
        .filter(Column::ConsumedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_micros()))
        .exec(&tx)
        .await?;
    if spent.rows_affected == 0 {
        return Err(invalid().into());
    }
    if accounts::has_owner(&tx).await? {
        return Err(done().into());
    }
    let row = NewRow {
        id: ctx.randomness().uuid(now),
        email: setup.email,
        username: setup.username,
        name: setup.name,
        role: Role::Owner,
        password_hash: hash,
        approved: true,
    };
    let account = accounts::insert(&tx, row, now).await?;
    settings::set_site_name(&tx, setup.site_name).await?;
    let session = sessions::store::begin(&tx, ctx, AccountId(account.id), client, now).await?;
    let event = Event {
        originator: Originator::Visitor(client),
        action: "setup.complete",
        subject: ("account", Some(account.id)),
        detail: json!({}),
    };
    audit::record(&tx, ctx, now, event).await?;
    counts::add(&tx, ctx, now, DailyCounts { accounts: 1, redemptions: 0 }).await?;
    tx.commit().await?;
    Ok((accounts::account(&account)?, session))
}

fn done() -> Failure {
    Failure::new(Code::SetupDone, "This place has an owner already. Sign in instead.")
}

fn invalid() -> Failure {
    Failure::new(
        Code::SetupLinkInvalid,
        "This setup link is wrong, used or older than a day. Run \u{201C}latchkey setup-link\u{201D} for a new one.",
    )
}
