//! The caller's own account: what the dashboard shows of it, its names and its password. Its picture is in
//! [`crate::pictures`].

use domain::access::Permission;
use domain::accounts::{Account, AccountStatus, Email, PasswordChange};
use domain::approvals::DecisionNote;
use domain::events::Event;
use domain::ids::SessionId;
use domain::text::DisplayName;
use domain::viewer::{MemberHome, OwnAnswers, Viewer};
use domain::{Code, Failure};
use sea_orm::{EntityTrait, QueryFilter};

use crate::accounts::email_changes;
use crate::accounts::entity::{Entity, Model};
use crate::accounts::store::{self, Verified};
use crate::audit::{self, Originator};
use crate::platform::paging;
use crate::platform::tx;
use crate::sessions::{self, Subject, set_password};
use crate::terms::store as terms;
use crate::{Actor, Ctx, Error, Via, applications, callers, flows, memberships, redemptions, requests, settings};

mod login;
mod near_ends;
#[cfg(test)]
mod tests;

pub use login::change_login;

/// The actor's account, and what every page of the dashboard needs to know for it.
pub async fn viewer(ctx: &Ctx, actor: &Actor) -> Result<Viewer, Error> {
    let account = store::account(&own_row(ctx, actor).await?, ctx.now())?;
    let settings = settings::current(ctx).await?;
    let pending = Entity::find().filter(store::with_status(Some(AccountStatus::Pending), ctx.now()));
    let pending = match actor.require(Permission::AccountsView) {
        Ok(()) => Some(paging::count_few(&ctx.db().read, pending).await?),
        Err(_) => None,
    };
    Ok(Viewer {
        account,
        permissions: actor.permissions,
        manages_groups: actor.active && memberships::store::manages_any(&ctx.db().read, actor.id(), ctx.now()).await?,
        site_name: settings.site_name,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        registration_mode: settings.registration_mode,
        registration_mode_fixed: settings.registration_mode_fixed,
        pending,
        pending_email: email_changes::of(&ctx.db().read, actor.id(), ctx.now())
            .await?
            .map(|row| Email::stored(row.email)),
    })
}

/// What the actor sees on its start page. While it is pending approval, who invited it and nothing else.
pub async fn home(ctx: &Ctx, actor: &Actor) -> Result<MemberHome, Error> {
    let db = &ctx.db().read;
    if !actor.active {
        let inviter = redemptions::store::inviter_of(db, actor.id()).await?;
        let invited_by = inviter.map(|inviter| inviter.display_name().to_owned());
        return Ok(MemberHome { invited_by, ..MemberHome::default() });
    }
    let row = own_row(ctx, actor).await?;
    let groups = memberships::store::of_account(db, actor.id(), ctx.now()).await?;
    Ok(MemberHome {
        welcome: settings::current(ctx).await?.welcome,
        applications: applications::own(ctx, actor).await?,
        ends_soon: near_ends::of(db, &row, &groups, ctx.now()).await?,
        groups,
        requests: if actor.may(Permission::RedemptionsView) {
            Vec::new()
        } else {
            requests::newest(ctx, actor).await?.items
        },
        invited_by: None,
        note: row.decision_note.and_then(|note| DecisionNote::parse(&note).ok()),
    })
}

/// What the actor answered at sign-up, and accepted.
pub async fn answers(ctx: &Ctx, actor: &Actor) -> Result<OwnAnswers, Error> {
    let db = &ctx.db().read;
    let of_flow = flows::of_account(db, actor.id()).await?;
    let answers = of_flow.map(|of_flow| of_flow.answers).unwrap_or_default();
    Ok(OwnAnswers { answers, terms: terms::accepted(db, actor.id()).await? })
}

/// Changes the display name of the actor's account; `None` removes it.
pub async fn rename(ctx: &Ctx, actor: &Actor, name: Option<DisplayName>) -> Result<Account, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    callers::lock_own(&tx, actor, now).await?;
    let account = store::rename(&tx, actor.id(), name, now).await?.ok_or_else(|| Failure::not_found("account"))?;
    let event = Event::AccountRenamed { account: actor.id() };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    store::account(&account, now)
}

/// Changes the actor's password, given the current one. Ends the actor's other sessions and, if the change says so,
/// revokes its API keys. Tells the address of the account.
///
/// # Errors
/// [`Code::Invalid`] under `current`, `new` or both; [`Code::RateLimited`] by the same limit as [`sessions::sign_in`].
pub async fn change_password(ctx: &Ctx, actor: &Actor, change: &PasswordChange) -> Result<(), Error> {
    let new = change.parse()?;
    let account = own_row(ctx, actor).await?;
    callers::refuse_unverified(&store::account(&account, ctx.now())?)?;
    let verified = Verified::by_password(&account);
    let (client, subject) = (&actor.client, Subject::Account(actor.id()));
    let hash = Some(account.password_hash.clone());
    let correct = sessions::verify_password(ctx, client, &subject, change.current.clone(), hash).await?;
    let (network, personal) = (client.network(), store::personal_words(&account));
    let new = ctx.passwords().check(network, new, personal).await.map_err(rename_password_field);
    let new = match (correct, new) {
        (true, new) => new?,
        (false, Err(Error::Failure(weak))) if weak.code == Code::Invalid => return Err(not_current().and(weak).into()),
        (false, _) => return Err(not_current().into()),
    };
    let hash = ctx.passwords().hash(network, new, ctx.randomness().bytes(), std::future::ready(Ok(()))).await?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // While the passwords were verified and hashed, the account may have got another password or been suspended.
    let row = verified.lock(&tx).await?.filter(|row| store::lifecycle(row).status(now).may_sign_in());
    let row = row.ok_or_else(not_current)?;
    let ended = set_password(&tx, ctx, &row, hash, session_of(actor), change.revoke_keys, now).await?;
    let event =
        Event::PasswordChanged { account: actor.id(), sessions_ended: ended.sessions, keys_revoked: ended.keys };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await?;
    Ok(())
}

/// The session of the actor, which stays when its others end.
fn session_of(actor: &Actor) -> Option<SessionId> {
    match actor.via {
        Via::Session(session) => Some(session),
        Via::ApiKey(_) | Via::Operator => None,
    }
}

fn not_current() -> Failure {
    Failure::field(Code::Invalid, "current", "This is not your current password.")
}

/// Reports an error of the field `password` under `new`, its name in a change of password.
fn rename_password_field(error: Error) -> Error {
    match error {
        Error::Failure(mut failure) => {
            for wrong in &mut failure.fields {
                "new".clone_into(&mut wrong.field);
            }
            failure.into()
        }
        other => other,
    }
}

async fn own_row(ctx: &Ctx, actor: &Actor) -> Result<Model, Error> {
    let account = store::find(&ctx.db().read, actor.id()).await?;
    Ok(account.ok_or_else(|| Failure::not_found("account"))?)
}
