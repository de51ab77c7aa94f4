//! Invites: creating, changing, listing and looking them up.

use domain::access::{Permission, Permissions, RolePermissions};
use domain::accounts::{AccountStatus, Role, Username};
use domain::events::Event;
use domain::ids::{AccountId, GroupId, InviteId};
use domain::invites::{
    CodeKind, Invite, InviteCode, InviteDraft, InviteList, InviteQuery, InviteRef, InviteSort, InviteStatus,
    KnownPerson, NewEnd, OWN_CODE_OF_ADMIN, Terms,
};
use domain::paging::{Counts, Page};
use domain::requests::can_be_asked_for;
use domain::settings::Settings;
use domain::signup::{Invitation, LockedEmail, Lookup};
use domain::text::DisplayName;
use domain::web::{Destination, HttpsOrigin};
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

pub(crate) use self::beyond::pause_beyond;
pub use self::bulk::{change_all, count_changes};
pub use self::create::create;
pub(crate) use self::create::{check_created, create_mailed, create_renewed};
pub(crate) use self::flow::{gives, grantable, selects};
use self::lookup::InvitePreview;
pub use self::own::{allowance, list_own, own};
pub(crate) use self::own::{check_inviter, check_own};
pub use self::pausing::{pause, resume};
use crate::accounts::store as accounts;
use crate::applications::opening;
use crate::audit::{self, Originator};
use crate::invite_requests::store as invite_requests;
use crate::invites::entity::{ActiveModel, Column, Entity, Model};
use crate::join_requests::store as join_requests;
use crate::mailings::store as mailings;
use crate::platform::limits::Limit;
use crate::platform::locks::Locks;
use crate::platform::paging::{self, Seek};
use crate::platform::tx;
use crate::{Actor, Client, Ctx, Error, callers, memberships, settings};

mod beyond;
mod bulk;
pub(crate) mod create;
pub(crate) mod entity;
mod flow;
pub(crate) mod granted;
mod grants;
mod limits;
pub(crate) mod lookup;
mod own;
mod pausing;
pub(crate) mod store;
mod terms;
#[cfg(test)]
mod tests;

/// One lock per invite. On PostgreSQL, sign-ups with one invite wait for it and not in the database, where they could
/// occupy every connection.
pub(crate) type InviteLocks = Locks<InviteId>;

/// Lists invites.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &InviteQuery) -> Result<Page<Invite>, Error> {
    actor.require(Permission::InvitesView)?;
    let db = &ctx.db().read;
    let now = ctx.now();
    let (key, id) = (store::sort_key(query.sort), Expr::col((Entity, Column::Id)));
    let by_age = query.sort == InviteSort::Created;
    let seek = Seek { key, id, by_age, text: None, order: query.order, paging: query.paging };
    let list = Entity::find().filter(store::with_status(query.status, now));
    let search = store::search(db, ctx, query.q.as_deref(), actor.reads_codes()).await?;
    let rows = seek.rows(db, list, search).await?;
    let page = paging::page(rows, query.paging, |row| (store::sort_value(query.sort, row), row.id));
    let mut items = store::invites(db, ctx, page.items, now).await?;
    for invite in &mut items {
        actor.hide_code(invite);
    }
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// Counts invites by status, each up to [`domain::paging::Count::BOUND`].
pub async fn counts(ctx: &Ctx, actor: &Actor) -> Result<Counts<InviteStatus>, Error> {
    actor.require(Permission::InvitesView)?;
    let now = ctx.now();
    let rows = |status| Entity::find().filter(store::with_status(status, now));
    paging::counts(&ctx.db().read, InviteStatus::ALL, rows).await
}

/// The list as its page shows it: one page, and the counts unless it is searched.
pub async fn browse(ctx: &Ctx, actor: &Actor, query: &InviteQuery) -> Result<InviteList, Error> {
    let page = list(ctx, actor, query).await?;
    let counts = if query.q.is_some() { None } else { Some(counts(ctx, actor).await?) };
    Ok(InviteList { page, counts })
}

/// One invite, deleted or not: the caller's own, or that of anyone.
pub async fn get(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<Invite, Error> {
    let (db, now) = (&ctx.db().read, ctx.now());
    let row = store::find(db, id).await?;
    if !manages_own(db, actor, row.as_ref(), now).await? {
        actor.require(Permission::InvitesView)?;
    }
    let row = row.ok_or_else(|| Failure::not_found("invite"))?;
    let mut invite = store::one(db, ctx, row, now).await?;
    actor.hide_code(&mut invite);
    Ok(invite)
}

/// References to the newest invites and to the `chosen` one, which comes first if it is not among them. For a filter.
pub async fn newest(ctx: &Ctx, actor: &Actor, chosen: Option<InviteId>) -> Result<Vec<InviteRef>, Error> {
    let page = list(ctx, actor, &InviteQuery::default()).await?;
    let mut newest: Vec<_> = page.items.iter().map(Invite::reference).collect();
    if let Some(id) = chosen
        && newest.iter().all(|invite| invite.id != id)
    {
        match get(ctx, actor, id).await {
            Ok(invite) => newest.insert(0, invite.reference()),
            Err(error) if error.code() == Code::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(newest)
}

/// Changes an invite.
///
/// # Errors
/// [`Code::InviteDeleted`]; [`Code::MaxUsesBelowUsed`]; [`Code::Invalid`] under each wrong field; [`Code::Forbidden`] when
/// the actor, or the invite's author, may not grant the role.
pub async fn update(ctx: &Ctx, actor: &Actor, id: InviteId, draft: InviteDraft) -> Result<Invite, Error> {
    let now = ctx.now();
    // On the heap, because it holds the invite several times, as it was and as it will be.
    Box::pin(change(ctx, actor, id, now, |terms| draft.apply(terms, now))).await
}

/// Moves the end of an invite to a later instant; `None` is never.
///
/// # Errors
/// [`Code::InviteDeleted`]; [`Code::Invalid`] under `expires_at` when the invite expires later already, or never.
pub async fn extend(ctx: &Ctx, actor: &Actor, id: InviteId, expires_at: Option<Timestamp>) -> Result<Invite, Error> {
    let now = ctx.now();
    change(ctx, actor, id, now, |terms| terms.extended(expires_at, now)).await
}

/// Moves the end of an invite so many days later, 1 to [`domain::invites::MAX_EXTENSION_DAYS`]: after the present end or, where
/// that has passed, after now.
///
/// # Errors
/// Those of [`extend`].
pub async fn extend_by_days(ctx: &Ctx, actor: &Actor, id: InviteId, days: u16) -> Result<Invite, Error> {
    let now = ctx.now();
    change(ctx, actor, id, now, |terms| {
        let end = NewEnd::ByDays(days).after(terms.expires_at.unwrap_or(now), now);
        terms.extended(Some(end), now)
    })
    .await
}

/// Changes the terms of an invite to what `apply` makes of them.
async fn change(
    ctx: &Ctx,
    actor: &Actor,
    id: InviteId,
    now: Timestamp,
    apply: impl FnOnce(Terms) -> Result<Terms, Failure>,
) -> Result<Invite, Error> {
    let tx = tx::begin(ctx).await?;
    let mut row = managed(&tx, actor, id, now).await?;
    refuse_deleted(&row)?;
    let current = store::terms(&row)?;
    let mut terms = apply(current.clone())?;
    let settings = settings::read(ctx, &tx).await?;
    let manages_all = manages_all(&tx, actor, &terms, now).await?;
    let is_own = is_own(actor, &row);
    // Without the groups for which many uses were allowed it is held to one as well.
    let differs = terms.max_uses != current.max_uses || terms.groups != current.groups;
    let may_only_one = is_own && !manages_all && differs;
    if may_only_one {
        terms = limits::for_one_use(actor, terms);
    }
    // Who may change the invites of others is trusted with those.
    if is_own && limits::bind(actor, manages_all) {
        let created_at = Timestamp::from_micros(row.created_at);
        terms = limits::changed(&settings, &current, terms, created_at, now)?;
        // Taking groups out of it makes another invite of it, which is one of the quota.
        if terms.groups != current.groups && row.counted_at.is_none() {
            limits::take(&tx, actor, settings.member_limits, now).await?;
            row.counted_at = Some(now.as_micros());
        }
    }
    if terms.max_uses != current.max_uses {
        check_ceiling(&terms, settings.invite_link_max_redemptions_limit.get())?;
        check_used(&terms, row.used)?;
    }
    if may_only_one {
        check_multi(actor, &terms)?;
    }
    if terms.after != current.after {
        check_after(&terms, &settings)?;
        opening::check_leads(&tx, actor, terms.after.as_ref(), now).await?;
    }
    if terms != current {
        check_without_code(actor, &terms)?;
        if !is_own {
            // Who may not give what it gives does not make it easier to get either.
            check_gives(&tx, actor, current.granted(), settings.role_permissions).await?;
        }
    }
    if current.grants_admin() {
        actor.require(Permission::AdminsManage)?;
    }
    if terms.grants_admin() && store::code_kind(&row) == CodeKind::Own {
        return Err(Failure::field(Code::Invalid, "role", OWN_CODE_OF_ADMIN).into());
    }
    if (terms.role, &terms.groups) != (current.role, &current.groups) {
        let roles = settings.role_permissions;
        grants::check(&tx, (actor.id(), actor.effective()), terms.granted(), roles, now).await?;
        if !is_own {
            let author = author(&tx, AccountId(row.created_by), roles, now).await?;
            grants::check(&tx, author, terms.granted(), roles, now).await?;
        }
        store::set_groups(&tx, id, &terms.groups).await?;
    }
    flow::check_changed(&tx, actor, AccountId(row.created_by), (&current, &terms), settings.role_permissions, now)
        .await?;
    let row = Model { updated_at: now.as_micros(), ..store::with_terms(row, terms)? };
    write(&tx, &row).await?;
    let event = Event::InviteUpdated { invite: id, terms: store::terms(&row)?.into() };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    let mut invite = store::one(&tx, ctx, row, now).await?;
    tx.commit().await?;
    actor.hide_code(&mut invite);
    Ok(invite)
}

/// Deletes an invite: it cannot be used any more, its code stays taken, and no copy of the code is kept. Its redemptions
/// stay and still name it. Does nothing to one that is deleted.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: InviteId) -> Result<(), Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    delete_in(ctx, &tx, actor, id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// [`delete`], in the transaction of the caller.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Forbidden`].
pub(crate) async fn delete_in(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: InviteId,
    now: Timestamp,
) -> Result<(), Error> {
    let mut row = managed(db, actor, id, now).await?;
    if row.deleted_at.is_none() {
        row.deleted_at = Some(now.as_micros());
        row.updated_at = now.as_micros();
        row.code_sealed = None;
        write(db, &row).await?;
        invite_requests::delete_all_of(db, [id.0]).await?;
        join_requests::dismiss_all_of(db, [id.0], actor.id(), now).await?;
        let event = Event::InviteDeleted { invite: id, used: row.used.try_into().map_err(Error::internal)? };
        audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    }
    Ok(())
}

/// Looks up what a code allows. Uses nothing.
///
/// # Errors
/// [`Code::RateLimited`] if the client's network has looked up too many codes that do not exist.
pub async fn lookup(ctx: &Ctx, code: &str, client: &Client) -> Result<Lookup, Error> {
    let attempt = ctx.limits().reserve(ctx, Limit::Code, client, "").await?;
    let found = match InviteCode::parse(code) {
        Ok(code) => lookup::find(ctx, &code).await?,
        Err(_) => None,
    };
    let Some(preview) = found else {
        attempt.fail();
        return Ok(Lookup::Unknown);
    };
    let InvitePreview { kind, lifecycle, author, invited_by, email, .. } = preview;
    let status = lifecycle.status(ctx.now());
    if status == InviteStatus::Active && preview.is_mailed && email.is_some() {
        note_opened(ctx, preview.id);
    }
    let person = free_person(ctx, preview.person).await?;
    if status != InviteStatus::Active && kind == CodeKind::Own {
        // Counted like an unknown code: otherwise a client that asks often could tell the two apart.
        attempt.fail();
        return Ok(Lookup::Unknown);
    }
    Ok(match status {
        InviteStatus::Active => Lookup::Open(Box::new(Invitation {
            invited_by,
            role: preview.role,
            groups: preview.groups,
            expires_at: lifecycle.expires_at,
            uses_left: lifecycle
                .max_uses
                .filter(|_| preview.show_uses_left)
                .map(|max_uses| max_uses.saturating_sub(lifecycle.used)),
            email: email.map(|email| match kind {
                CodeKind::Random => LockedEmail::Shown(email),
                CodeKind::Own => LockedEmail::Masked(email.masked()),
            }),
            email_domains: preview.email_domains,
            needs_approval: preview.approval,
            attributes: preview.attributes,
            person,
            welcome_text: preview.welcome_text,
            ends: preview.ends,
            existing_members: preview.existing_members,
            application: preview.application,
            flow: preview.flow,
        })),
        status => {
            let email = email.map(|email| email.masked());
            let is_active = author.is_some_and(|author| author.status(ctx.now()) == AccountStatus::Active);
            let may_ask = can_be_asked_for(status) && is_active;
            Lookup::Unavailable { status, invited_by, starts_at: lifecycle.starts_at, email, may_ask }
        }
    })
}

/// Records that somebody opened the page of an invite that was sent to them, afterwards: a time at which something was seen,
/// of which no one who opens a page waits for the writing.
fn note_opened(ctx: &Ctx, id: InviteId) {
    let ours = ctx.clone();
    ctx.spawn(async move {
        let db = ours.db();
        if let Err(error) = mailings::open((&db.read, &db.write), id, ours.now()).await {
            tracing::warn!(%error, "it could not be recorded that an invitation was opened");
        }
    });
}

/// What is known of the person that an invite is for, without a username that an account has by now.
async fn free_person(ctx: &Ctx, person: Option<KnownPerson>) -> Result<Option<KnownPerson>, Error> {
    let Some(person) = person else { return Ok(None) };
    let is_taken = match &person.username {
        Some(username) => accounts::taken(&ctx.db().read, None, Some(username)).await?.is_some(),
        None => false,
    };
    let username = person.username.filter(|_| !is_taken);
    Ok(Some(KnownPerson { username, ..person }).filter(|person| !person.is_empty()))
}

/// Checks the names that somebody signs up with against what is fixed of the person that the invite is for.
///
/// # Errors
/// [`Code::Invalid`] under `name`, `username` or both.
pub(crate) async fn check_person(
    db: &impl ConnectionTrait,
    terms: &Terms,
    name: Option<&DisplayName>,
    username: &Username,
) -> Result<(), Error> {
    let fixed = terms.person.as_ref().and_then(KnownPerson::fixed_username).filter(|fixed| *fixed != username);
    let is_free = match fixed {
        Some(fixed) => accounts::taken(db, None, Some(fixed)).await?.is_none(),
        None => true,
    };
    Ok(terms.fits_person(name, Some(username), is_free)?)
}

/// Whether anyone who has the link of an invite with this status may ask its author for a new one: that helps, and the author is
/// there to answer.
pub(crate) async fn may_ask(
    db: &impl ConnectionTrait,
    status: InviteStatus,
    author: AccountId,
    now: Timestamp,
) -> Result<bool, Error> {
    if !can_be_asked_for(status) {
        return Ok(false);
    }
    let author = accounts::find(db, author).await?;
    Ok(author.is_some_and(|author| accounts::lifecycle(&author).status(now) == AccountStatus::Active))
}

/// Checks that the author of an invite may still grant what it grants.
///
/// # Errors
/// [`Code::Forbidden`].
pub(crate) async fn check_author(
    db: &impl ConnectionTrait,
    row: &Model,
    roles: RolePermissions,
    now: Timestamp,
) -> Result<(), Error> {
    let author = author(db, AccountId(row.created_by), roles, now).await?;
    grants::check(db, author, store::terms(row)?.granted(), roles, now).await.map(|_| ())
}

/// Whether the author of an invite may still grant what it grants.
pub(crate) async fn author_may_grant(
    db: &impl ConnectionTrait,
    row: &Model,
    roles: RolePermissions,
    now: Timestamp,
) -> Result<bool, Error> {
    match check_author(db, row, roles, now).await {
        Ok(()) => Ok(true),
        Err(Error::Failure(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The author of an invite, and what it may do today: nothing while it is suspended or pending approval.
async fn author(
    db: &impl ConnectionTrait,
    id: AccountId,
    roles: RolePermissions,
    now: Timestamp,
) -> Result<(AccountId, Permissions), Error> {
    let author = accounts::find(db, id).await?;
    // A deleted author is none.
    let author = author.map(|author| accounts::account(&author, now)).transpose()?;
    match author.filter(|author| author.status == AccountStatus::Active) {
        Some(author) => Ok((author.id, callers::permissions(db, roles, &author, now).await?)),
        None => Err(grants::author_inactive().into()),
    }
}

/// Whether the actor created the invite.
fn is_own(actor: &Actor, row: &Model) -> bool {
    row.created_by == actor.id().0
}

/// Whether the actor manages each of the groups of these terms, of which there are some.
async fn manages_all(db: &impl ConnectionTrait, actor: &Actor, terms: &Terms, now: Timestamp) -> Result<bool, Error> {
    let groups = terms.groups.iter().copied();
    let managed = memberships::store::managed(db, actor.id(), groups, now).await?;
    Ok(actor.active && !terms.groups.is_empty() && managed.len() == terms.groups.len())
}

/// Whether the invite is the actor's own, and the actor may still create one like it.
async fn manages_own(
    db: &impl ConnectionTrait,
    actor: &Actor,
    row: Option<&Model>,
    now: Timestamp,
) -> Result<bool, Error> {
    match row.filter(|row| is_own(actor, row) && actor.is_in_scope(Permission::InvitesCreate)) {
        Some(row) => {
            Ok(actor.may(Permission::InvitesCreate) || manages_all(db, actor, &store::terms(row)?, now).await?)
        }
        None => Ok(false),
    }
}

/// The invite `id`, locked until the transaction ends, if the actor may change it: its own, or that of anyone.
pub(crate) async fn managed(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: InviteId,
    now: Timestamp,
) -> Result<Model, Error> {
    let row = store::lock(db, id).await?;
    if !manages_own(db, actor, row.as_ref(), now).await? {
        actor.require(Permission::InvitesManageAll)?;
    }
    Ok(row.ok_or_else(|| Failure::not_found("invite"))?)
}

/// Checks that the actor may change the invite `id`: their own, or that of anyone.
pub(crate) async fn check_manages(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: InviteId,
    now: Timestamp,
) -> Result<(), Error> {
    let row = store::find(db, id).await?;
    if !manages_own(db, actor, row.as_ref(), now).await? {
        actor.require(Permission::InvitesManageAll)?;
    }
    row.map(|_| ()).ok_or_else(|| Failure::not_found("invite").into())
}

/// Refuses more than one use to those who may only invite one person at a time.
fn check_multi(actor: &Actor, terms: &Terms) -> Result<(), Failure> {
    if terms.max_uses == Some(1) || actor.may(Permission::InvitesCreateMulti) {
        Ok(())
    } else {
        Err(Failure::field(Code::Forbidden, "max_uses", "You can create invites for one use. Enter 1."))
    }
}

/// Whether the account of someone who signs up with these terms without the code needs approval, whatever they say. Anyone can
/// type an address of a domain: what every member has is given for that, and nothing beyond it.
pub(crate) async fn needs_approval_without_code(
    db: &impl ConnectionTrait,
    terms: &Terms,
    roles: RolePermissions,
) -> Result<bool, Error> {
    Ok(!grants::beyond_members(db, terms.granted(), roles).await?.is_empty())
}

/// Checks that the actor has what a role and groups give: nobody gives others permissions that they do not have.
///
/// # Errors
/// [`Code::Forbidden`].
pub(crate) async fn check_gives(
    db: &impl ConnectionTrait,
    actor: &Actor,
    granted: (Role, &[GroupId]),
    roles: RolePermissions,
) -> Result<(), Error> {
    Ok(actor.require_all(grants::beyond_members(db, granted, roles).await?)?)
}

/// Checks that the actor may say who signs up without a code, if these terms do: that is a matter of the settings.
fn check_without_code(actor: &Actor, terms: &Terms) -> Result<(), Failure> {
    if terms.without_code && !actor.may(Permission::SettingsChange) {
        let why =
            "Only people who can change settings let addresses sign up without the code, or change such an invite.";
        return Err(Failure::new(Code::Forbidden, why));
    }
    Ok(())
}

/// Refuses to lead people to a site that the settings do not list.
fn check_after(terms: &Terms, settings: &Settings) -> Result<(), Failure> {
    if terms.after.as_ref().is_none_or(|after| after.is_allowed(&settings.allowed_origins)) {
        return Ok(());
    }
    let allowed = settings.allowed_origins.iter().map(HttpsOrigin::as_str).collect::<Vec<_>>().join(", ");
    let why = if allowed.is_empty() {
        "The settings allow no other site. Enter a path on this site such as /me, or ask an admin to allow the site."
            .to_owned()
    } else {
        format!("Enter an address of a site that the settings allow ({allowed}), or a path on this site such as /me.")
    };
    Err(Failure::field(Code::Invalid, "after", why))
}

/// Where someone goes who has signed up with an invite: nowhere, if the settings do not allow the site any more.
pub(crate) async fn after(ctx: &Ctx, id: InviteId) -> Result<Option<Destination>, Error> {
    let Some(row) = store::find(&ctx.db().read, id).await? else { return Ok(None) };
    let allowed = settings::current(ctx).await?.allowed_origins;
    Ok(store::terms(&row)?.after.filter(|after| after.is_allowed(&allowed)))
}

fn check_ceiling(terms: &Terms, ceiling: u32) -> Result<(), Failure> {
    match terms.max_uses {
        Some(uses) if uses > ceiling => Err(Failure::field(
            Code::Invalid,
            "max_uses",
            format!("Enter a number from 1 to {}, or choose no limit.", domain::text::thousands(ceiling)),
        )),
        _ => Ok(()),
    }
}

fn check_used(terms: &Terms, used: i64) -> Result<(), Failure> {
    match terms.max_uses {
        Some(limit) if i64::from(limit) < used => Err(Failure::field(
            Code::MaxUsesBelowUsed,
            "max_uses",
            format!("This invite has been used {used} times. Enter at least {used}, or pause it."),
        )),
        _ => Ok(()),
    }
}

pub(crate) fn random_code(ctx: &Ctx, length: u8) -> Result<InviteCode, Error> {
    let code = ctx.randomness().code(length);
    InviteCode::parse(&code).map_err(|_| Error::internal("a random code is not valid"))
}

fn code_taken() -> Failure {
    Failure::field(Code::CodeTaken, "code", "Another invite has, or had, this code. Choose another.")
}

fn refuse_deleted(row: &Model) -> Result<(), Failure> {
    if row.deleted_at.is_some() {
        return Err(Failure::new(Code::InviteDeleted, "This invite is deleted. Create a new one."));
    }
    Ok(())
}

/// Writes a row back, except the columns that only a redemption changes.
async fn write(db: &impl ConnectionTrait, row: &Model) -> Result<(), Error> {
    let mut change: ActiveModel = row.clone().into_active_model().reset_all();
    change.not_set(Column::Used);
    change.not_set(Column::LastUsedAt);
    Entity::update(change).exec(db).await?;
    Ok(())
}
