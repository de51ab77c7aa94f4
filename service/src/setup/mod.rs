//! First-time setup: a one-time link with which the first owner is created.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::accounts::{Account, Role};
use domain::events::Event;
use domain::ids::AccountId;
use domain::overview::DailyCounts;
use domain::setup::{Setup, SetupDraft};
use domain::{Code, Failure};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::accounts::store::{self as accounts, NewRow};
use crate::audit::{self, Originator};
use crate::overview::counts;
use crate::platform::keyring::token_hash;
use crate::platform::limits::Limit;
use crate::platform::tx;
use crate::sessions::{self, Browser, NewSession};
use crate::setup::entity::{ActiveModel, Column, Entity};
use crate::{Client, Ctx, Error, settings};

pub(crate) mod entity;

/// The lifetime of a setup link.
const LIFETIME: Duration = Duration::from_hours(24);

/// The state of the setup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is no owner yet. A setup link creates one; nobody can sign up.
    Open,
    /// There is an owner.
    Done,
}

/// Whether an owner was found.
#[derive(Debug, Default)]
pub(crate) struct OwnerSeen(AtomicBool);

/// Whether the installation has an owner. The database is queried until there is one; then the answer is kept, because
/// the last owner cannot be removed.
pub async fn state(ctx: &Ctx) -> Result<State, Error> {
    let OwnerSeen(seen) = ctx.state::<OwnerSeen>();
    if !seen.load(Ordering::Relaxed) {
        if !accounts::has_owner(&ctx.db().read).await? {
            return Ok(State::Open);
        }
        seen.store(true, Ordering::Relaxed);
    }
    Ok(State::Done)
}

/// Creates a one-time link that is valid for a day. An earlier link becomes invalid.
///
/// # Errors
/// [`Code::SetupDone`] if there is an owner.
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

/// Checks that the token of a setup link is valid. Does not use it up.
///
/// # Errors
/// [`Code::SetupDone`], [`Code::SetupLinkInvalid`], [`Code::RateLimited`].
pub async fn check(ctx: &Ctx, token: &str, client: &Client) -> Result<(), Error> {
    if state(ctx).await? == State::Done {
        return Err(done().into());
    }
    let attempt = ctx.limits().reserve(ctx, Limit::Setup, client, "").await?;
    let valid = Entity::find_by_id(1)
        .filter(Column::TokenHash.eq(token_hash(token)))
        .filter(Column::ConsumedAt.is_null())
        .filter(Column::ExpiresAt.gt(ctx.now().as_micros()))
        .one(&ctx.db().read)
        .await?;
    if valid.is_none() {
        attempt.fail();
        return Err(invalid().into());
    }
    Ok(())
}

/// Everything that is wrong with a form that was refused with `failure`: besides that, whether the password is easy to
/// guess. The token was checked.
pub async fn refuse(ctx: &Ctx, draft: &SetupDraft, failure: Failure, client: &Client) -> Failure {
    let personal = [&draft.email, &draft.username, &draft.site_name, &draft.name].map(|text| text.trim().to_owned());
    match ctx.passwords().weakness(client.network(), &draft.password, personal.into()).await {
        Some(weak) => failure.and(weak),
        None => failure,
    }
}

/// Uses the link: creates the owner, sets the site name and starts a session.
///
/// # Errors
/// Those of [`check`] and of a new account.
pub async fn complete(
    ctx: &Ctx,
    token: &str,
    setup: Setup,
    client: &Client,
    browser: &Browser,
) -> Result<(Account, NewSession), Error> {
    check(ctx, token, client).await?;
    let mut personal = vec![setup.email.to_string(), setup.username.to_string(), setup.site_name.to_string()];
    personal.extend(setup.name.as_ref().map(ToString::to_string));
    let salt = ctx.randomness().bytes();
    let hash = ctx.passwords().check_and_hash(client.network(), setup.password, salt, personal).await?;

    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // This locks the row: of two requests with the same link, one waits here and then finds it used.
    let consumed = Entity::update_many()
        .set(ActiveModel { consumed_at: Set(Some(now.as_micros())), ..ActiveModel::default() })
        .filter(Column::TokenHash.eq(token_hash(token)))
        .filter(Column::ConsumedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_micros()))
        .exec(&tx)
        .await?;
    if consumed.rows_affected == 0 {
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
        ends_at: None,
        activate_by: None,
    };
    let account = accounts::insert(&tx, row, now).await?;
    settings::set_site_name(&tx, setup.site_name).await?;
    let token = sessions::store::begin(&tx, ctx, AccountId(account.id), client, now).await?;
    let seen = sessions::browsers::see(&tx, ctx, &account, browser.token.as_ref(), client, now);
    // On the heap: this future would be large.
    let browser = Box::pin(seen).await?;
    let event = Event::SetupCompleted { account: AccountId(account.id) };
    audit::record(&tx, ctx, now, Originator::Visitor(client), &event).await?;
    counts::add(&tx, ctx, now, DailyCounts { accounts: 1, redemptions: 0 }).await?;
    tx.commit().await?;
    Ok((accounts::account(&account, now)?, NewSession { token, browser }))
}

fn done() -> Failure {
    Failure::new(Code::SetupDone, "This site already has an owner. Sign in instead.")
}

fn invalid() -> Failure {
    Failure::new(
        Code::SetupLinkInvalid,
        "This setup link is wrong, used or older than a day. Run \u{201C}latchkey setup-link\u{201D} for a new one.",
    )
}
