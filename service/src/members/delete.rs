//! Deleting accounts.

use domain::Timestamp;
use domain::access::Permission;
use domain::accounts::Account;
use domain::events::Event;
use domain::ids::AccountId;
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;

use super::managed;
use crate::accounts::entity::ActiveModel;
use crate::accounts::{activations, directory, store};
use crate::audit::{self, Originator};
use crate::overview::counts;
use crate::platform::tx::{self, TxError};
use crate::redemptions::uses;
use crate::sessions::{browsers, end_access};
use crate::signup::attempts;
use crate::{
    Actor, Ctx, Error, attributes, grants, invitations, invite_requests, invites, join_requests, keys, mail,
    memberships, outbox, picture_files, terms,
};

/// Deletes an account that is below the actor's; its invites are paused. Erased are its names, password, picture, names
/// in the directory, sessions, the browsers it was signed in with, API keys, memberships, attributes, requests to join and
/// for new links, invitations, the links that verify its addresses, sign-up attempts and the tokens of applications; what the invites that were locked to its address say of
/// the person; the addresses it was used from in the audit log; and messages about it or to its address that were sent, or
/// wait. One whose address nobody has verified gives the uses of its invites back instead. Redemptions, invites and the audit
/// log still refer to its id, of which the row is kept.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<(), Error> {
    // Others lock what an account has in another order: the database may have to abort one of the two.
    let find = || async { Ok(store::find(&ctx.db().write, id).await?.is_none().then_some(())) };
    tx::with_retries(|| delete_once(ctx, actor, id), find).await?;
    ctx.db().erase_log().await;
    Ok(())
}

async fn delete_once(ctx: &Ctx, actor: &Actor, id: AccountId) -> Result<(), TxError> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    uses::hold(&tx, id).await?;
    let account = managed(ctx, &tx, actor, Permission::AccountsManage, id).await?;
    if account.activate_by.is_some() {
        // As when it lapses: nobody has shown that the person is the one that its invites are for.
        uses::release(&tx, id, now).await?;
    } else {
        uses::forget_person(&tx, id, now).await?;
    }
    let Erased { groups_left, invites_paused } = erase(&tx, ctx, &account, now).await?;
    let event = Event::AccountDeleted { account: id, groups_left, invites_paused };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    counts::add_deletion(&tx, ctx).await?;
    tx.commit().await.map_err(TxError::Commit)
}

/// What an account left.
pub(crate) struct Erased {
    /// Number of groups that it was in.
    groups_left: u64,
    /// Number of its invites that were paused.
    invites_paused: u64,
}

/// Erases an account that is locked, and whose invites are held, but for what those that it used say of a person. What others
/// have with its address stays if nobody has verified that it is its own.
pub(crate) async fn erase(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    account: &Account,
    now: Timestamp,
) -> Result<Erased, Error> {
    let id = account.id;
    let invites_paused = invites::store::pause_all_by(db, id, now).await?;
    end_access(db, ctx, id, None, false, now).await?;
    browsers::delete_of(db, id).await?;
    keys::delete_all(db, id).await?;
    let groups_left = memberships::store::leave_all(db, id).await?;
    attempts::delete_of(db, id).await?;
    picture_files::remove(db, id.0).await?;
    directory::forget(db, id).await?;
    activations::delete_of(db, id).await?;
    attributes::store::delete_of(db, id).await?;
    join_requests::store::delete_of(db, id).await?;
    terms::store::forget_account(db, id).await?;
    grants::store::forget_account(db, id).await?;
    audit::forget_client(db, id).await?;
    outbox::forget_account(db, id).await?;
    mail::forget_account(db, id).await?;
    if account.activate_by.is_none() {
        invite_requests::store::delete_of_address(db, &account.email.folded()).await?;
        mail::forget_address(db, &account.email).await?;
        invitations::forget(db, &account.email.folded(), id, now).await?;
    }
    // The columns of the names are unique, and no name has the form of an id.
    let no_name = id.to_string();
    let tombstone = ActiveModel {
        email: Set(String::new()),
        email_folded: Set(no_name.clone()),
        username: Set(String::new()),
        username_folded: Set(no_name),
        name: Set(None),
        name_sort: Set(String::new()),
        picture: Set(None),
        words: Set(Some(String::new())),
        password_hash: Set(String::new()),
        last_active_at: Set(None),
        decision_note: Set(None),
        email_verified_at: Set(None),
        activate_by: Set(None),
        flow_version_id: Set(None),
        withheld_groups: Set(None),
        deleted_at: Set(Some(now.as_micros())),
        updated_at: Set(now.as_micros()),
        ..ActiveModel::default()
    };
    store::update(db, id, tombstone).await?;
    Ok(Erased { groups_left, invites_paused })
}
