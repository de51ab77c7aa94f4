//! Requests to be added to the groups of an invite: the author of the invite, or who manages all invites, grants or dismisses
//! them.

use domain::access::Permission;
use domain::accounts::{AccountStatus, Role};
use domain::events::Event;
use domain::ids::{AccountId, InviteId, JoinRequestId};
use domain::joining::{Answer, JoinRequest, MAX_SHOWN_REQUESTS, RequestStatus, memberships_end};
use domain::paging::{Order, Page, Paging};
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Situation;
use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::invites::store as invites;
use crate::join_requests::entity::{Column, Entity, Model};
use crate::join_requests::store::{self as rows, is_open};
use crate::memberships::store as memberships;
use crate::platform::paging::{self, Seek};
use crate::platform::search::Search;
use crate::platform::tx::{self, TxError};
use crate::{Actor, Ctx, Error, settings};

/// Lists the requests for an invite that wait for an answer, newest first.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`] for the invite of somebody else.
pub async fn list(ctx: &Ctx, actor: &Actor, invite: InviteId, paging: Paging) -> Result<Page<JoinRequest>, Error> {
    let db = &ctx.db().read;
    crate::invites::check_manages(db, actor, invite, ctx.now()).await?;
    let (key, id) = (Expr::col((Entity, Column::CreatedAt)), Expr::col((Entity, Column::Id)));
    let seek = Seek { key, id, by_age: true, text: None, order: Order::Descending, paging };
    let open = Entity::find().filter(Column::InviteId.eq(invite.0)).filter(is_open());
    let page = paging::page(seek.rows(db, open, Search::Off).await?, paging, |row| (row.created_at, row.id));
    let items = requests(ctx, db, actor, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// The requests that have waited longest for an answer of the actor: those for their own invites or, if they manage all, for
/// any. At most [`MAX_SHOWN_REQUESTS`].
pub async fn newest(ctx: &Ctx, actor: &Actor) -> Result<Vec<JoinRequest>, Error> {
    let mut open = Entity::find().filter(is_open());
    if !actor.may(Permission::InvitesManageAll) {
        match crate::invites::check_inviter(&ctx.db().read, actor, ctx.now()).await {
            Ok(()) => {}
            Err(Error::Failure(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        }
        open = open.filter(Column::AuthorId.eq(actor.id().0));
    }
    let db = &ctx.db().read;
    let first = open.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(MAX_SHOWN_REQUESTS);
    requests(ctx, db, actor, first.all(db).await?).await
}

/// Answers a request. Granting it adds the account to the groups that the invite gives now, as the invite would if it admitted
/// the account: as far as its author may still grant them, until the end that it sets. The invite is not used. Does nothing to
/// a request that has an answer, so that of two at once one counts. Returns the request afterwards.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`] for the invite of somebody else, if its author may not grant the groups any more or
/// the actor has not what they give, and for an account that is not active; [`Code::InviteDeleted`].
pub async fn decide(ctx: &Ctx, actor: &Actor, id: JoinRequestId, answer: Answer) -> Result<JoinRequest, Error> {
    let request = rows::find(&ctx.db().read, id).await?.ok_or_else(not_found)?;
    // A group that is deleted meanwhile may make the database abort one of the two.
    tx::with_retries(|| decide_once(ctx, actor, &request, answer), || async { Ok(None) }).await
}

async fn decide_once(ctx: &Ctx, actor: &Actor, request: &Model, answer: Answer) -> Result<JoinRequest, TxError> {
    let now = ctx.now();
    let (invite, account) = (InviteId(request.invite_id), AccountId(request.account_id));
    let tx = tx::begin(ctx).await?;
    let row = crate::invites::managed(&tx, actor, invite, now).await?;
    let member = accounts::lock(&tx, account).await?.ok_or_else(not_found)?;
    let which = Condition::all().add(Column::Id.eq(request.id));
    let decided = rows::decide(&tx, which, answer == Answer::Grant, Some(actor.id()), now).await?;
    if decided == 1 {
        let event = match answer {
            Answer::Dismiss => Event::JoinRequestDismissed { invite, account },
            Answer::Grant => {
                if row.deleted_at.is_some() {
                    let why = "The invite of this request is deleted. Add the member on the page of the group.";
                    return Err(Failure::new(Code::InviteDeleted, why).into());
                }
                let status = accounts::account(&member, now)?.status;
                if status != AccountStatus::Active {
                    let why = "The account of this request is not active. Dismiss the request.";
                    return Err(Failure::new(Code::Forbidden, why).into());
                }
                let situation = Situation::read(&tx, &row, account, now).await?;
                if situation.terms.groups.is_empty() {
                    let why = "This invite gives no groups any more. Dismiss the request.";
                    return Err(Failure::new(Code::Forbidden, why).into());
                }
                if situation.terms.grants_admin() {
                    actor.require(Permission::AdminsManage)?;
                }
                let roles = settings::read(ctx, &tx).await?.role_permissions;
                crate::invites::check_author(&tx, &row, roles, now).await?;
                if row.created_by != actor.id().0 {
                    let granted = (Role::User, situation.terms.groups.as_slice());
                    crate::invites::check_gives(&tx, actor, granted, roles).await?;
                }
                let membership = (None, memberships_end(&situation.terms, now));
                memberships::add(&tx, account, &situation.terms.groups, membership, now).await?;
                Event::JoinRequestGranted { invite, account, groups: situation.missing() }
            }
        };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    let row = rows::find(&tx, JoinRequestId(request.id)).await?.ok_or_else(not_found)?;
    let request = requests(ctx, &tx, actor, vec![row]).await?.pop();
    // Its commit is not looked up when it is not confirmed: repeated, it finds what was decided.
    tx.commit().await?;
    request.ok_or_else(|| Error::internal("a request is missing").into())
}

/// The requests of some rows; their invites, groups and accounts are read with one query each.
async fn requests(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<Model>,
) -> Result<Vec<JoinRequest>, Error> {
    let accounts = accounts::references(db, rows.iter().map(|row| row.account_id)).await?;
    let invites = invites::references_with_groups(db, ctx, rows.iter().map(|row| row.invite_id)).await?;
    let groups = memberships::references(db, invites.values().flat_map(|(_, groups)| groups.iter().copied())).await?;
    let missing = || Error::internal("a request refers to a missing account or invite");
    rows.into_iter()
        .map(|row| {
            let (mut invite, of_invite) = invites.get(&row.invite_id).cloned().ok_or_else(missing)?;
            actor.hide_code_of_others(&mut invite, AccountId(row.author_id));
            Ok(JoinRequest {
                id: JoinRequestId(row.id),
                invite,
                groups: of_invite.iter().filter_map(|id| groups.get(id).cloned()).collect(),
                account: accounts.get(&row.account_id).cloned().ok_or_else(missing)?,
                created_at: Timestamp::from_micros(row.created_at),
                status: match (row.granted_at, row.dismissed_at) {
                    (Some(_), _) => RequestStatus::Granted,
                    (None, Some(_)) => RequestStatus::Dismissed,
                    (None, None) => RequestStatus::Open,
                },
            })
        })
        .collect()
}

fn not_found() -> Failure {
    Failure::not_found("request")
}
