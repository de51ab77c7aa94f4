//! Changing who accounts are, what role they have and when they end.

use domain::access::{Permission, Permissions, is_below};
use domain::accounts::{Account, AccountDraft, AccountTerms, AccountsChanged, Email};
use domain::events::Event;
use domain::ids::AccountId;
use domain::mail::MailKind;
use domain::{Code, Failure, Patch, Timestamp};
use sea_orm::ConnectionTrait;

use super::{managed, renew_link};
use crate::accounts::entity::Model;
use crate::accounts::{activations, email_changes, store};
use crate::audit::{self, Originator};
use crate::mail::{Contents, NewMail};
use crate::platform::tx;
use crate::sessions::end_access;
use crate::{Actor, Ctx, Error, attributes, callers, invites, mail, memberships, reset_links, settings};

/// Changes the e-mail address, the username, the display name, the role, the end or the attributes of an account that
/// is below the actor's. With another role its sessions end; with one that has fewer permissions its invites are
/// paused.
///
/// # Errors
/// [`Code::Invalid`] under each wrong field; [`Code::EmailTaken`], [`Code::UsernameTaken`]; [`Code::Forbidden`].
pub async fn update(ctx: &Ctx, actor: &Actor, id: AccountId, draft: AccountDraft) -> Result<Account, Error> {
    Ok(update_one(ctx, actor, id, draft).await?.0)
}

/// Sets when several accounts end, one after the other: one that cannot be changed leaves the others. `None` is never.
pub async fn set_ends(
    ctx: &Ctx,
    actor: &Actor,
    accounts: Vec<AccountId>,
    ends_at: Option<Timestamp>,
) -> Result<AccountsChanged, Error> {
    actor.require(Permission::AccountsManage)?;
    let ends_at = Patch::from(ends_at.map(Timestamp::to_rfc3339));
    let (ours, actor) = (ctx.clone(), actor.clone());
    // Also if the client disconnects meanwhile.
    ctx.detached(async move {
        let mut outcome = AccountsChanged::default();
        for id in accounts {
            let draft = AccountDraft { ends_at: ends_at.clone(), ..AccountDraft::default() };
            let updated = update_one(&ours, &actor, id, draft).await;
            super::count(&mut outcome, updated.map(|(_, changed)| changed))?;
        }
        Ok(outcome)
    })
    .await
}

/// [`update`], which also returns whether the account was changed.
async fn update_one(ctx: &Ctx, actor: &Actor, id: AccountId, draft: AccountDraft) -> Result<(Account, bool), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let account = managed(ctx, &tx, actor, Permission::AccountsManage, id).await?;
    let updated = update_managed(&tx, ctx, actor, account, draft, now).await?;
    tx.commit().await?;
    Ok(updated)
}

/// The same for an account that is locked, and that the actor may manage, in the transaction of the caller.
pub(crate) async fn update_managed(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    account: Account,
    draft: AccountDraft,
    now: Timestamp,
) -> Result<(Account, bool), Error> {
    let id = account.id;
    let current = AccountTerms::of(&account);
    let (terms, attributes) = draft.apply(current.clone(), now)?;
    let new_role = (terms.role != current.role).then_some(terms.role);
    let mut loses = false;
    if let Some(role) = new_role {
        let roles = settings::read(ctx, db).await?.role_permissions;
        // What its groups grant stays.
        let groups = memberships::store::of_account(db, id, now).await?;
        check_role(actor.effective(), groups.iter().fold(roles.of(role), |all, of| all | of.permissions))?;
        loses = !roles.of(role).is_superset(roles.of(current.role));
    }
    if terms.email != current.email {
        check_address(ctx, db, actor, &account, now).await?;
    }
    let mut changed = current.changed(&terms);
    if let Some(attributes) = attributes
        && attributes != attributes::store::of_account(db, id).await?
    {
        attributes::store::set(db, id, &attributes).await?;
        changed.push("attributes".to_owned());
    }
    if changed.is_empty() && terms == current {
        return Ok((account, false));
    }
    // Before the events: webhooks are told what is then in the database.
    let mut row = store::set_terms(db, id, terms, now).await?;
    if row.email != account.email.as_str() || row.username != account.username.as_str() {
        // The link may have been sent to the wrong person, which is corrected here, or waits to be.
        mail::cancel(db, id, MailKind::PasswordReset).await?;
        reset_links::store::delete_of(db, id).await?;
    }
    if let Some(role) = new_role {
        let invites_paused = if loses { invites::store::pause_all_by(db, id, now).await? } else { 0 };
        let sessions_ended = end_access(db, ctx, id, None, false, now).await?.sessions;
        let activate_by = renew_link(db, ctx, &store::account(&row, now)?, now).await?;
        row.activate_by = activate_by.map(Timestamp::as_micros);
        let event = Event::AccountRoleChanged { account: id, role, invites_paused, sessions_ended };
        audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    }
    if row.email != account.email.as_str() {
        address_changed(db, ctx, &account, &row, now).await?;
    }
    if !changed.is_empty() {
        audit::record(db, ctx, now, Originator::Actor(actor), &Event::AccountUpdated { account: id, changed }).await?;
    }
    Ok((store::account(&row, now)?, true))
}

/// What follows from another address of an account, which was `before`: the old one is told, and what the account wanted
/// itself is forgotten. One that waits for its address to be verified gets a link there instead.
async fn address_changed(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    before: &Account,
    row: &Model,
    now: Timestamp,
) -> Result<(), Error> {
    let (id, email) = (before.id, Email::stored(&row.email));
    let letter = if row.activate_by.is_some() {
        mail::cancel(db, id, MailKind::Activation).await?;
        activations::claim(db, id, &email, now).await?;
        NewMail { to: email, account: Some(id), contents: Contents::Activation }
    } else if email.folded() == before.email.folded() {
        return Ok(());
    } else {
        mail::cancel(db, id, MailKind::EmailChange).await?;
        email_changes::delete_of(db, id).await?;
        NewMail { to: before.email.clone(), account: Some(id), contents: Contents::EmailChanged { at: now } }
    };
    mail::queue(db, ctx, vec![letter], now).await
}

/// Checks that the actor may change the address of an account. Anyone who reads its mail can have a link sent that sets its
/// password, so that this takes what making such a link takes ([`crate::password_resets::make`]).
async fn check_address(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    account: &Account,
    now: Timestamp,
) -> Result<(), Error> {
    if !mail::is_on(ctx, db).await? {
        return Ok(());
    }
    let roles = settings::read(ctx, db).await?.role_permissions;
    let permissions = callers::permissions(db, roles, account, now).await?;
    if actor.may(Permission::PasswordsReset) && is_below(permissions, actor.effective()) {
        return Ok(());
    }
    let why = "You can't change this address: password resets are sent to it, and you may not reset this password.";
    Err(Failure::field(Code::Forbidden, "email", why).into())
}

/// Checks that an account with the permissions `given` is below a caller with `held`, who makes it one.
pub(super) fn check_role(held: Permissions, given: Permissions) -> Result<(), Failure> {
    if is_below(given, held) {
        return Ok(());
    }
    Err(Failure::field(Code::Forbidden, "role", "You can only give roles with fewer permissions than yours."))
}
