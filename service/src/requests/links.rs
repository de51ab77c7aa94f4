//! Requests for a new link.
//!
//! Anyone who has a link can ask, so that asking says nothing: the answer is the same for every code, address and state
//! (`docs/security.md`). The accounts are not looked at. What is granted is an invite like the old one, for one person with
//! the address, which is made as every other invite is.

use domain::Timestamp;
use domain::access::Permission;
use domain::accounts::Email;
use domain::events::Event;
use domain::ids::{AccountId, InviteId, InviteRequestId};
use domain::invites::{CodeKind, InviteCode, InviteStatus, NewInvite};
use domain::joining::{ASK_AGAIN_AFTER, MAX_SHOWN_REQUESTS, RequestStatus};
use domain::mail::Undelivered;
use domain::paging::{Order, Page, Paging};
use domain::requests::{
    GrantedRequest, InviteRequest, InviteRequestQuery, KEPT_AFTER_ANSWER, MAILED_EVERY, MAX_OPEN_PER_INVITE,
    NewInviteRequest,
};
use domain::settings::RegistrationMode;
use domain::text::RequestNote;
use domain::{Code, Failure};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::invite_requests::entity::{Column, Entity, Model};
use crate::invite_requests::store::{self as rows, is_open};
use crate::invites::{entity::Model as InviteRow, store as invites};
use crate::mail::{self, Contents, GrantedLink, NewMail, RequestedLink};
use crate::platform::limits::Limit;
use crate::platform::paging::{self, Seek};
use crate::platform::search::Search;
use crate::platform::tx::{self, TxError};
use crate::{Actor, Client, Ctx, Error, settings};

/// Asks the author of the invite with this code for a new link. Nothing happens, and nothing is said, where there is nothing
/// to ask for: the code is unknown, custom or of an invite that is deleted or can be used; its author is not active; the
/// invite does not admit the address; the address has asked before and waits for an answer, or was dismissed less than
/// [`ASK_AGAIN_AFTER`] ago; [`MAX_OPEN_PER_INVITE`] requests wait already; registration is closed.
///
/// Neither what this returns nor when says which it is: the invite is looked up afterwards, by a task that [`Ctx::close`]
/// waits for.
///
/// # Errors
/// [`Code::RateLimited`] if the client's network, or anyone for this address, has asked too often, whatever for.
pub async fn ask(ctx: &Ctx, client: &Client, code: &str, new: NewInviteRequest) -> Result<(), Error> {
    admit(ctx, client, &new).await?;
    let (ours, code) = (ctx.clone(), code.to_owned());
    ctx.spawn(async move {
        if let Err(error) = store(&ours, &code, &new).await {
            tracing::warn!(%error, "somebody asked for a new link, which could not be stored");
        }
    });
    Ok(())
}

/// [`ask`], which waits until the request is stored, or is none.
#[cfg(test)]
pub(crate) async fn ask_and_wait(ctx: &Ctx, client: &Client, code: &str, new: NewInviteRequest) -> Result<(), Error> {
    admit(ctx, client, &new).await?;
    store(ctx, code, &new).await
}

/// Counts a request before anything is looked up. Each counts, so that the limits say nothing either.
async fn admit(ctx: &Ctx, client: &Client, new: &NewInviteRequest) -> Result<(), Error> {
    ctx.limits().reserve(ctx, Limit::LinkRequest, client, "").await?.fail();
    ctx.limits().reserve(ctx, Limit::LinkRequestFor, &Client::default(), &new.email.folded()).await?.fail();
    Ok(())
}

async fn store(ctx: &Ctx, code: &str, new: &NewInviteRequest) -> Result<(), Error> {
    if settings::current(ctx).await?.registration_mode == RegistrationMode::Closed {
        return Ok(());
    }
    let Ok(code) = InviteCode::parse(code) else { return Ok(()) };
    let Some(row) = invites::find_by_code(&ctx.db().read, ctx, &code).await? else { return Ok(()) };
    if !is_asked_for(&ctx.db().read, &row, &new.email, ctx.now()).await? {
        return Ok(());
    }
    // Others lock invites and accounts in another order: the database may have to abort one of the two.
    tx::with_retries(|| store_once(ctx, InviteId(row.id), new), || async { Ok(None) }).await
}

async fn store_once(ctx: &Ctx, id: InviteId, new: &NewInviteRequest) -> Result<(), TxError> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // Locked, so that no two requests are counted at once.
    let Some(row) = invites::lock(&tx, id).await? else { return Ok(()) };
    let author = AccountId(row.created_by);
    let latest = rows::latest(&tx, id, &new.email.folded()).await?;
    let waits = latest.is_some_and(|latest| counts_still(&latest, now));
    let is_full = rows::count_open(&tx, id).await? >= MAX_OPEN_PER_INVITE;
    if waits || is_full || !is_asked_for(&tx, &row, &new.email, now).await? {
        return Ok(tx.rollback().await?);
    }
    // One who may not grant it any more could do nothing; others of the staff find it in the dashboard.
    let roles = settings::read(ctx, &tx).await?.role_permissions;
    let is_told = mail::is_on(ctx, &tx).await?
        && !rows::was_told_after(&tx, id, now.minus(MAILED_EVERY)).await?
        && crate::invites::author_may_grant(&tx, &row, roles, now).await?;
    let request = rows::insert(&tx, ctx, (id, author), new.clone(), is_told, now).await?;
    if let Some(account) = accounts::find(&tx, author).await?.filter(|_| is_told) {
        let (to, contents) = (Email::stored(account.email), Contents::LinkRequested { request });
        mail::queue(&tx, ctx, vec![NewMail { to, account: Some(author), contents }], now).await?;
    }
    let event = Event::LinkRequested { invite: id };
    // Without where they are: there may be no account with which that would be erased.
    audit::record(&tx, ctx, now, Originator::Visitor(&Client::default()), &event).await?;
    tx.commit().await.map_err(TxError::Commit)
}

/// Whether somebody with this address can ask for a new link of the invite.
async fn is_asked_for(
    db: &impl ConnectionTrait,
    row: &InviteRow,
    email: &Email,
    now: Timestamp,
) -> Result<bool, Error> {
    if invites::code_kind(row) != CodeKind::Random || invites::terms(row)?.admits(email).is_err() {
        return Ok(false);
    }
    let status = invites::lifecycle(row).status(now);
    crate::invites::may_ask(db, status, AccountId(row.created_by), now).await
}

/// Whether the latest request of an address keeps it from asking again: it waits, or was dismissed not long ago.
fn counts_still(latest: &Model, now: Timestamp) -> bool {
    match latest.decided_at.map(Timestamp::from_micros) {
        None => true,
        Some(at) => latest.granted_invite_id.is_none() && at.plus(ASK_AGAIN_AFTER) > now,
    }
}

/// Lists the requests for new links, newest first: those for the actor's own invites or, if they manage all, for any.
///
/// # Errors
/// [`Code::Forbidden`] for those who neither create invites nor manage those of others.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &InviteRequestQuery) -> Result<Page<InviteRequest>, Error> {
    let answerable = answerable(ctx, actor).await?;
    page(ctx, actor, if query.open { answerable.filter(is_open()) } else { answerable }, query.paging).await
}

/// The requests for an invite that wait for an answer, newest first.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`] for the invite of somebody else.
pub(super) async fn of_invite(ctx: &Ctx, actor: &Actor, invite: InviteId) -> Result<Page<InviteRequest>, Error> {
    crate::invites::check_manages(&ctx.db().read, actor, invite, ctx.now()).await?;
    page(ctx, actor, rows::open_of(invite), Paging::default()).await
}

/// The requests that have waited longest for an answer of the actor; none for those who answer none.
pub(super) async fn newest(ctx: &Ctx, actor: &Actor) -> Result<Vec<InviteRequest>, Error> {
    let answerable = match answerable(ctx, actor).await {
        Ok(answerable) => answerable.filter(is_open()),
        Err(Error::Failure(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let db = &ctx.db().read;
    let first = answerable.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(MAX_SHOWN_REQUESTS);
    requests(ctx, db, actor, first.all(db).await?).await
}

/// Selects the requests that the actor may answer.
async fn answerable(ctx: &Ctx, actor: &Actor) -> Result<Select<Entity>, Error> {
    if actor.may(Permission::InvitesManageAll) {
        return Ok(Entity::find());
    }
    crate::invites::check_inviter(&ctx.db().read, actor, ctx.now()).await?;
    Ok(Entity::find().filter(Column::AuthorId.eq(actor.id().0)))
}

async fn page(ctx: &Ctx, actor: &Actor, rows: Select<Entity>, paging: Paging) -> Result<Page<InviteRequest>, Error> {
    let db = &ctx.db().read;
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, text: None, order: Order::Descending, paging };
    let page = paging::page(seek.rows(db, rows, Search::Off).await?, paging, |row| (row.created_at, row.id));
    let items = requests(ctx, db, actor, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// Grants a request: creates an invite with the terms of the old one as they are now, for one use, for the address of the
/// request, and for seven days or as many as the actor may. The actor is its author, and it is created by the rules of
/// [`crate::invites::create`]. Repeated by the same actor, it returns the same invite.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`] for the invite of somebody else, and if the invite does not admit the address any
/// more, or the access that it gives has ended; [`Code::AlreadyDecided`]; those of [`crate::invites::create`].
pub async fn grant(ctx: &Ctx, actor: &Actor, id: InviteRequestId) -> Result<GrantedRequest, Error> {
    let request = rows::find(&ctx.db().read, id).await?.ok_or_else(not_found)?;
    // A group that is deleted meanwhile may make the database abort one of the two. After a commit that is not confirmed it
    // is run again, and finds what was written.
    tx::with_retries(|| grant_once(ctx, actor, &request), || async { Ok(None) }).await
}

async fn grant_once(ctx: &Ctx, actor: &Actor, request: &Model) -> Result<GrantedRequest, TxError> {
    let (now, id) = (ctx.now(), InviteRequestId(request.id));
    let tx = tx::begin(ctx).await?;
    // Of two answers at once, the second waits here, and reads what the first has written.
    let old = crate::invites::managed(&tx, actor, InviteId(request.invite_id), now).await?;
    let request = rows::find(&tx, id).await?.ok_or_else(not_found)?;
    if let Some(invite) = granted_by(&request, actor) {
        let row = invites::find(&tx, invite).await?.ok_or_else(|| Error::internal("a granted invite is missing"))?;
        let mut invite = invites::one(&tx, ctx, row, now).await?;
        actor.hide_code(&mut invite);
        let granted = GrantedRequest { request: one(ctx, &tx, actor, request).await?, invite };
        tx.rollback().await?;
        return Ok(granted);
    }
    check_open(&request)?;
    let terms = invites::terms(&old)?.renewed(Email::stored(&request.email), now)?;
    let new = NewInvite { code: None, terms };
    let invite = Box::pin(crate::invites::create_renewed(ctx, &tx, actor, new, now)).await?;
    if !rows::decide(&tx, id, Some(invite.id), actor.id(), now).await? {
        return Err(already_decided(true).into());
    }
    let event = Event::LinkRequestGranted { invite: InviteId(request.invite_id), new_invite: invite.id };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    let row = rows::find(&tx, id).await?.ok_or_else(not_found)?;
    let request = one(ctx, &tx, actor, row).await?;
    let (to, contents) = (request.email.clone(), Contents::LinkGranted { invite: invite.id, by: Some(actor.id()) });
    mail::queue(&tx, ctx, vec![NewMail { to, account: None, contents }], now).await?;
    tx.commit().await.map_err(TxError::Commit)?;
    Ok(GrantedRequest { request, invite })
}

/// Dismisses a request. Does nothing to one that was dismissed. Returns the request afterwards.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`] for the invite of somebody else; [`Code::AlreadyDecided`] for one that was granted.
pub async fn dismiss(ctx: &Ctx, actor: &Actor, id: InviteRequestId) -> Result<InviteRequest, Error> {
    let request = rows::find(&ctx.db().read, id).await?.ok_or_else(not_found)?;
    let (now, invite) = (ctx.now(), InviteId(request.invite_id));
    let tx = tx::begin(ctx).await?;
    crate::invites::managed(&tx, actor, invite, now).await?;
    if rows::decide(&tx, id, None, actor.id(), now).await? {
        let event = Event::LinkRequestDismissed { invite };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    let row = rows::find(&tx, id).await?.ok_or_else(not_found)?;
    if row.granted_invite_id.is_some() {
        return Err(already_decided(true).into());
    }
    let request = one(ctx, &tx, actor, row).await?;
    tx.commit().await?;
    Ok(request)
}

/// Deletes the requests that were answered [`KEPT_AFTER_ANSWER`] ago: they have addresses.
pub(crate) async fn purge(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    rows::delete_decided(&tx, ctx.now().minus(KEPT_AFTER_ANSWER)).await?;
    tx.commit().await?;
    Ok(())
}

/// What the author of an invite is told of a request by mail; `None` once it has an answer, or is gone.
pub(crate) async fn requested_link(ctx: &Ctx, id: InviteRequestId) -> Result<Option<RequestedLink>, Error> {
    let db = &ctx.db().read;
    let Some(row) = rows::find(db, id).await?.filter(|row| row.decided_at.is_none()) else { return Ok(None) };
    let invite = InviteId(row.invite_id);
    let Some(invite_row) = invites::find(db, invite).await? else { return Ok(None) };
    let (label, note) = (invites::terms(&invite_row)?.label, row.note.map(RequestNote::stored));
    Ok(Some(RequestedLink { invite, label, email: Email::stored(row.email), note }))
}

/// The link that somebody gets by mail who asked for it; `None` if the invite can't be used any more, or is not for this address.
pub(crate) async fn granted_link(ctx: &Ctx, id: InviteId, to: &Email) -> Result<Option<GrantedLink>, Error> {
    let db = &ctx.db().read;
    let Some(row) = invites::find(db, id).await? else { return Ok(None) };
    let invite = invites::one(db, ctx, row, ctx.now()).await?;
    let is_theirs = invite.terms.email.as_ref().is_some_and(|email| email.folded() == to.folded());
    let is_active = invite.status == InviteStatus::Active;
    let (invited_by, expires_at) = (invite.created_by.display_name().to_owned(), invite.terms.expires_at);
    Ok(invite.url.filter(|_| is_theirs && is_active).map(|url| GrantedLink { invited_by, url, expires_at }))
}

/// The mail with the link of an invite that was made for somebody who asked, if it was given up; `None` for an invite that
/// can't be used any more. The actor is one who may see the invite.
pub(super) async fn undelivered(ctx: &Ctx, invite: InviteId) -> Result<Option<Undelivered>, Error> {
    let Some(failed) = mail::undelivered(&ctx.db().read, invite).await? else { return Ok(None) };
    let is_wanted = granted_link(ctx, invite, &failed.recipient).await?.is_some();
    Ok(is_wanted.then_some(failed))
}

/// The invite that this actor made for a request.
fn granted_by(request: &Model, actor: &Actor) -> Option<InviteId> {
    request.granted_invite_id.filter(|_| request.decided_by == Some(actor.id().0)).map(InviteId)
}

fn check_open(request: &Model) -> Result<(), Failure> {
    match request.decided_at {
        None => Ok(()),
        Some(_) => Err(already_decided(request.granted_invite_id.is_some())),
    }
}

fn already_decided(granted: bool) -> Failure {
    let why = if granted {
        "Somebody has granted this request already, and has the new link. Nothing was changed."
    } else {
        "Somebody has dismissed this request already. Create an invite to invite the person."
    };
    Failure::new(Code::AlreadyDecided, why)
}

/// The requests of some rows; their invites are read with one query.
async fn requests(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<Model>,
) -> Result<Vec<InviteRequest>, Error> {
    let invites = invites::references(db, ctx, rows.iter().map(|row| row.invite_id)).await?;
    rows.into_iter()
        .map(|row| {
            let invite = invites.get(&row.invite_id).cloned();
            let mut invite = invite.ok_or_else(|| Error::internal("a request refers to a missing invite"))?;
            actor.hide_code_of_others(&mut invite, AccountId(row.author_id));
            Ok(InviteRequest {
                id: InviteRequestId(row.id),
                invite,
                email: Email::stored(row.email),
                note: row.note.map(RequestNote::stored),
                created_at: Timestamp::from_micros(row.created_at),
                status: match (row.decided_at, row.granted_invite_id) {
                    (None, _) => RequestStatus::Open,
                    (Some(_), Some(_)) => RequestStatus::Granted,
                    (Some(_), None) => RequestStatus::Dismissed,
                },
                decided_at: row.decided_at.map(Timestamp::from_micros),
                granted_invite: row.granted_invite_id.map(InviteId),
            })
        })
        .collect()
}

async fn one(ctx: &Ctx, db: &impl ConnectionTrait, actor: &Actor, row: Model) -> Result<InviteRequest, Error> {
    let mut one = requests(ctx, db, actor, vec![row]).await?;
    one.pop().ok_or_else(|| Error::internal("a request is missing"))
}

fn not_found() -> Failure {
    Failure::not_found("request")
}
