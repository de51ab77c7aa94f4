//! Deleting accounts.

use domain::access::Permission;
use domain::events::Event;
use domain::ids::AccountId;
use sea_orm::ActiveValue::Set;

use super::managed;
use crate::accounts::entity::ActiveModel;
use crate::accounts::{directory, store};
use crate::audit::{self, Originator};
use crate::overview::counts;
use crate::platform::tx::{self, TxError};
use crate::redemptions::uses;
use crate::sessions::{browsers, end_access};
use crate::signup::attempts;
use crate::{
    Actor, Ctx, Error, attributes, grants, invite_requests, invites, join_requests, keys, mail, memberships, outbox,
    picture_files,
};

/// Deletes an account that is below the actor's; its invites are paused. Erased are its names, password, picture, names
/// in the directory, sessions, the browsers it was signed in with, API keys, memberships, attributes, requests to join and
/// for new links, sign-up attempts and the tokens of applications; what the invites that were locked to its address say of
/// the person; the addresses it was used from in the audit log; and messages about it or to its address that were sent, or
/// wait. Redemptions, invites and the audit log still refer to its id, of which the row is kept.
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
    let invites_paused = invites::store::pause_all_by(&tx, id, now).await?;
    end_access(&tx, ctx, id, None, false, now).await?;
    browsers::delete_of(&tx, id).await?;
    keys::delete_all(&tx, id).await?;
    let groups_left = memberships::store::leave_all(&tx, id).await?;
    attempts::delete_of(&tx, id).await?;
    picture_files::remove(&tx, id.0).await?;
    directory::forget(&tx, id).await?;
    attributes::store::delete_of(&tx, id).await?;
    join_requests::store::delete_of(&tx, id).await?;
    invite_requests::store::delete_of_address(&tx, &account.email.folded()).await?;
    grants::store::forget_account(&tx, id).await?;
    uses::forget_person(&tx, id, now).await?;
    audit::forget_client(&tx, id).await?;
    outbox::forget_account(&tx, id).await?;
    mail::forget_account(&tx, id).await?;
    mail::forget_address(&tx, &account.email).await?;
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
        deleted_at: Set(Some(now.as_micros())),
        updated_at: Set(now.as_micros()),
        ..ActiveModel::default()
    };
    store::update(&tx, id, tombstone).await?;
    let event = Event::AccountDeleted { account: id, groups_left, invites_paused };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    counts::add_deletion(&tx, ctx).await?;
    tx.commit().await.map_err(TxError::Commit)
}
