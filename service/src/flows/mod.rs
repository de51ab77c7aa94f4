//! Flows: what staff do with them. The rows are in [`crate::flow_versions`].

use domain::access::Permission;
use domain::events::Event;
use domain::flows::{
    AccountFlow, CurrentTerms, Flow, FlowChange, FlowDetails, FlowDocument, FlowDraft, FlowRef, FlowSummary,
    FlowVersion, References, ShownAnswer,
};
use domain::groups::GroupRef;
use domain::ids::{AccountId, FlowId, GroupId};
use domain::invites::InviteRef;
use domain::paging::{Page, Paging};
use domain::settings::Settings;
use domain::{Code, Failure, Timestamp};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use crate::accounts::store as accounts;
use crate::applications::opening;
use crate::audit::{self, Originator};
use crate::flow_versions::store::{self, Found};
use crate::memberships::{group, store as memberships};
use crate::platform::tx::{self, TxError};
use crate::{Actor, Ctx, Error, attributes, invites, settings, terms};

pub use self::yaml::{export, import};

#[cfg(test)]
mod tests;
mod yaml;

/// The most versions that [`versions`] lists.
const MAX_VERSIONS: u64 = 500;

/// Lists flows by name.
pub async fn list(ctx: &Ctx, actor: &Actor) -> Result<Vec<FlowSummary>, Error> {
    actor.require(Permission::SettingsView)?;
    let db = &ctx.db().read;
    let rows = store::all(db).await?;
    let found = store::all_present(db, rows).await?;
    let mut list = Vec::new();
    for found in &found {
        list.push(summary(db, found).await?);
    }
    Ok(list)
}

/// The names of the flows that an invite can name, the default flow first.
pub async fn choices(ctx: &Ctx, actor: &Actor) -> Result<Vec<FlowRef>, Error> {
    actor.require(Permission::InvitesView)?;
    let mut rows = store::all(&ctx.db().read).await?;
    rows.sort_by_key(|row| !row.is_default);
    Ok(rows.iter().map(store::reference).collect())
}

/// One flow, in its present version.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn get(ctx: &Ctx, actor: &Actor, id: FlowId) -> Result<FlowDetails, Error> {
    actor.require(Permission::SettingsView)?;
    let db = &ctx.db().read;
    let row = store::find(db, id).await?.ok_or_else(not_found)?;
    details(ctx, db, actor, store::present(db, row).await?, ctx.now()).await
}

/// The versions of a flow, newest first, at most 500.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn versions(ctx: &Ctx, actor: &Actor, id: FlowId) -> Result<Vec<FlowVersion>, Error> {
    actor.require(Permission::SettingsView)?;
    let db = &ctx.db().read;
    store::find(db, id).await?.ok_or_else(not_found)?;
    let rows = store::versions(db, id, MAX_VERSIONS).await?;
    let accounts = accounts::references(db, rows.iter().filter_map(|(_, _, by)| *by)).await?;
    let version = |(number, at, by): (i64, i64, Option<uuid::Uuid>)| FlowVersion {
        number: store::number(number),
        saved_at: Timestamp::from_micros(at),
        saved_by: by.and_then(|by| accounts.get(&by).cloned()),
    };
    Ok(rows.into_iter().map(version).collect())
}

/// What a version of a flow says.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn version(ctx: &Ctx, actor: &Actor, id: FlowId, number: u32) -> Result<FlowDocument, Error> {
    actor.require(Permission::SettingsView)?;
    let db = &ctx.db().read;
    let row = store::find(db, id).await?.ok_or_else(not_found)?;
    let found = store::numbered(db, row, number).await?.ok_or_else(|| Failure::not_found("version"))?;
    Ok(found.flow.document(&known(db).await?))
}

/// A flow that is not saved, to be shown as a sign-up page.
pub struct Draft {
    /// The flow.
    pub flow: Flow,
    /// The present versions of the terms to accept.
    pub terms: Vec<CurrentTerms>,
    /// The groups of its rules.
    pub groups: Vec<GroupRef>,
}

/// Reads a flow that is edited, and what it refers to. Nothing is stored, and nobody gets a group.
///
/// # Errors
/// [`Code::Invalid`] with every wrong field, by its path.
pub async fn preview(ctx: &Ctx, actor: &Actor, mut document: FlowDocument) -> Result<Draft, Error> {
    actor.require(Permission::SettingsView)?;
    // A new flow is looked at before it has a name.
    if document.name.trim().is_empty() {
        "Preview".clone_into(&mut document.name);
    }
    let db = &ctx.db().read;
    let flow = document.parse(&known(db).await?)?;
    let terms = terms::store::current(db, &flow.terms).await?;
    let groups = memberships::references(db, flow.groups()).await?.into_values().collect();
    Ok(Draft { flow, terms, groups })
}

/// Creates a flow.
///
/// # Errors
/// [`Code::Invalid`] with every wrong field, by its path; [`Code::FlowNameTaken`]; [`Code::Forbidden`] for groups that the actor
/// may not give.
pub async fn create(ctx: &Ctx, actor: &Actor, draft: FlowDraft) -> Result<FlowDetails, Error> {
    actor.require(Permission::SettingsChange)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let change = draft.parse(&known(&tx).await?)?;
    let found = insert(&tx, ctx, actor, &change.flow, now).await?;
    let details = details(ctx, &tx, actor, found, now).await?;
    tx.commit().await?;
    Ok(details)
}

async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    flow: &Flow,
    now: Timestamp,
) -> Result<Found, Error> {
    let settings = settings::read(ctx, db).await?;
    check(db, actor, flow, &settings, now).await?;
    let row = store::insert(db, ctx, flow, actor.id(), now).await?;
    let event = Event::FlowCreated { flow: FlowId(row.id), name: flow.name.clone() };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    store::present(db, row).await
}

/// Saves a new version of a flow, also one that says the same: then the groups of its rules are given by the actor.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::FlowChanged`] if another version was saved since that which was edited; those of [`create`].
pub async fn save(ctx: &Ctx, actor: &Actor, id: FlowId, draft: FlowDraft) -> Result<FlowDetails, Error> {
    actor.require(Permission::SettingsChange)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = store::lock(&tx, id).await?.ok_or_else(not_found)?;
    let change = draft.parse(&known(&tx).await?)?;
    let found = replace(&tx, ctx, actor, row, &change, now).await?;
    let details = details(ctx, &tx, actor, found, now).await?;
    tx.commit().await?;
    Ok(details)
}

async fn replace(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    row: crate::flow_versions::flow::Model,
    FlowChange { flow, edited_version, start_again }: &FlowChange,
    now: Timestamp,
) -> Result<Found, Error> {
    if edited_version.is_some_and(|edited| edited != store::number(row.version)) {
        let why = "Somebody else has saved this flow since you opened it. Open it again to see their version.";
        return Err(Failure::new(Code::FlowChanged, why).into());
    }
    let settings = settings::read(ctx, db).await?;
    check(db, actor, flow, &settings, now).await?;
    let row = store::save(db, ctx, row, (flow, *start_again), actor.id(), now).await?;
    let event = Event::FlowChanged {
        flow: FlowId(row.id),
        name: flow.name.clone(),
        number: store::number(row.version),
        start_again: *start_again,
    };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    store::present(db, row).await
}

/// Deletes a flow. Another takes its place, in invites and as the default, if one is named. Its versions stay.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::FlowInUse`] without one, if invites name it or it is the default; [`Code::Invalid`] under
/// `replace_with`.
pub async fn delete(ctx: &Ctx, actor: &Actor, id: FlowId, replace_with: Option<FlowId>) -> Result<(), Error> {
    actor.require(Permission::SettingsChange)?;
    // Changes of invites lock the invite first, which is changed here after the flow: the database may have to abort one of the
    // two.
    let run = || async {
        let now = ctx.now();
        let tx = tx::begin(ctx).await?;
        delete_once(&tx, ctx, actor, (id, replace_with), now).await?;
        tx.commit().await.map_err(TxError::Commit)
    };
    let find = || async { Ok(store::find(&ctx.db().write, id).await?.is_none().then_some(())) };
    tx::with_retries(run, find).await
}

async fn delete_once(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    (id, replace_with): (FlowId, Option<FlowId>),
    now: Timestamp,
) -> Result<(), Error> {
    // Both in the order of their ids, so that two deletions do not wait for each other.
    let (mut row, mut other) = (None, None);
    let mut ids: Vec<FlowId> = std::iter::once(id).chain(replace_with).collect();
    ids.sort_unstable_by_key(|id| id.0);
    for locked in ids {
        let found = store::lock(db, locked).await?;
        if locked == id { row = found } else { other = found }
    }
    let row = row.ok_or_else(not_found)?;
    if replace_with.is_some() && other.is_none() {
        let why = "There is no such flow. Choose another.";
        return Err(Failure::field(Code::Invalid, "replace_with", why).into());
    }
    let mut changed = 0;
    match &other {
        Some(other) => {
            changed = invites::store::replace_flow(db, id, FlowId(other.id), now).await?;
            if row.is_default {
                store::make_default(db, other.id, row.id).await?;
            }
        }
        None if row.is_default => {
            let why = "This is the default flow. Make another one the default, or choose one that takes its place.";
            return Err(Failure::new(Code::FlowInUse, why).into());
        }
        None if invites::store::names_flow(db, id).await? => {
            let why = "Invites use this flow. Choose another flow that takes its place.";
            return Err(Failure::new(Code::FlowInUse, why).into());
        }
        None => {}
    }
    let was_default = row.is_default;
    store::delete(db, row, now).await?;
    if let Some(other) = other.as_ref().filter(|_| was_default) {
        let event = Event::FlowMadeDefault { flow: FlowId(other.id) };
        audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    }
    let event = Event::FlowDeleted { flow: id, replaced_with: replace_with, invites: changed };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await
}

/// Makes a flow the default: the one of invites that name none, and of those who sign up without an invite. Does nothing to the
/// one that is.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn make_default(ctx: &Ctx, actor: &Actor, id: FlowId) -> Result<FlowDetails, Error> {
    actor.require(Permission::SettingsChange)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let before = store::lock_default(&tx).await?;
    let row = store::lock(&tx, id).await?.ok_or_else(not_found)?;
    if before.id != row.id {
        store::make_default(&tx, row.id, before.id).await?;
        audit::record(&tx, ctx, now, Originator::Actor(actor), &Event::FlowMadeDefault { flow: id }).await?;
    }
    let row = store::find(&tx, id).await?.ok_or_else(not_found)?;
    let found = store::present(&tx, row).await?;
    let details = details(ctx, &tx, actor, found, now).await?;
    tx.commit().await?;
    Ok(details)
}

/// The invites that name a flow and are not deleted, newest first.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn used_by(ctx: &Ctx, actor: &Actor, id: FlowId, paging: Paging) -> Result<Page<InviteRef>, Error> {
    actor.require(Permission::SettingsView)?;
    actor.require(Permission::InvitesView)?;
    let db = &ctx.db().read;
    store::find(db, id).await?.ok_or_else(not_found)?;
    let mut page = invites::store::naming_flow(db, ctx, id, paging).await?;
    for invite in &mut page.items {
        actor.hide_code_of(invite);
    }
    Ok(page)
}

/// What an account answered to the flow that it signed up with, and what was withheld from it; `None` for an account that did not
/// sign up, or did before there were flows. The caller has checked that the actor may see the account.
pub(crate) async fn of_account(db: &impl ConnectionTrait, account: AccountId) -> Result<Option<AccountFlow>, Error> {
    let Some(row) = accounts::find(db, account).await? else { return Ok(None) };
    let Some(version) = row.flow_version_id else { return Ok(None) };
    let Some(found) = store::of_account(db, version).await? else { return Ok(None) };
    let attributes = attributes::store::of_account(db, account).await?;
    let answers = found.flow.fields().filter_map(|field| {
        let attribute = attributes.iter().find(|attribute| attribute.key == field.key)?;
        let (label, value) = found.flow.labelled(attribute);
        Some(ShownAnswer { key: field.key.clone(), label, value })
    });
    let answers = answers.collect();
    let withheld = row.withheld_groups.as_deref().unwrap_or_default();
    let ids: Vec<GroupId> = withheld.split(' ').filter_map(|id| id.parse().ok()).collect();
    let mut groups = memberships::references(db, ids.iter().copied()).await?;
    let withheld = ids.iter().filter_map(|id| groups.remove(id)).collect();
    Ok(Some(AccountFlow { flow: found.reference(), version: found.number, answers, withheld }))
}

/// Checks what a flow says against what the actor may give and what the settings allow.
///
/// # Errors
/// [`Code::Invalid`] and [`Code::Forbidden`], by the paths of what is wrong.
async fn check(
    db: &impl ConnectionTrait,
    actor: &Actor,
    flow: &Flow,
    settings: &Settings,
    now: Timestamp,
) -> Result<(), Error> {
    let groups = flow.groups();
    let given = invites::gives(db, actor, &groups, settings.role_permissions, now).await?;
    for (at, rule) in flow.rules.iter().enumerate() {
        if rule.outcome.groups().iter().any(|group| !given.contains(group)) {
            let why = "You may not give one of these groups. Choose others, or ask somebody who manages them.";
            return Err(Failure::field(Code::Forbidden, format!("rules.{at}.then.groups"), why).into());
        }
    }
    let of_rules = flow.rules.iter().enumerate();
    let of_rules = of_rules.filter_map(|(at, rule)| Some((format!("rules.{at}.then.after"), rule.outcome.after()?)));
    for (path, after) in of_rules.chain(flow.after.as_ref().map(|after| ("after".to_owned(), after))) {
        let is_allowed = after.is_allowed(&settings.allowed_origins);
        let leads = if is_allowed { opening::check_leads(db, actor, Some(after), now).await } else { Ok(()) };
        match leads {
            Ok(()) if is_allowed => {}
            Ok(()) => {
                let why =
                    "The settings do not allow this site. Enter a path on this site such as /me, or allow the site.";
                return Err(Failure::field(Code::Invalid, &path, why).into());
            }
            Err(Error::Failure(failure)) => {
                let why = failure.field_error("after").unwrap_or(&failure.message).to_owned();
                return Err(Failure::field(failure.code, &path, why).into());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// What flows may refer to: all groups and all terms.
async fn known(db: &impl ConnectionTrait) -> Result<References, Error> {
    let groups = group::Entity::find().order_by_asc(group::Column::NameFolded).all(db).await?;
    let terms = terms::store::all(db).await?;
    Ok(References {
        groups: groups.into_iter().map(memberships::reference).collect(),
        terms: terms.iter().map(terms::store::reference).collect(),
    })
}

async fn summary(db: &impl ConnectionTrait, found: &Found) -> Result<FlowSummary, Error> {
    let changed_by = accounts::references(db, found.saved_by.map(|by| by.0)).await?.into_values().next();
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(FlowSummary {
        id: found.id(),
        name: found.flow.name.clone(),
        is_default: found.row.is_default,
        version: found.number,
        steps: count(found.flow.steps.len()),
        fields: count(found.flow.fields().count()),
        rules: count(found.flow.rules.len()),
        used_by: invites::store::count_naming_flow(db, found.id()).await?,
        changed_at: found.saved_at,
        changed_by,
    })
}

async fn details(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    actor: &Actor,
    found: Found,
    now: Timestamp,
) -> Result<FlowDetails, Error> {
    let groups = found.flow.groups();
    let roles = settings::read(ctx, db).await?.role_permissions;
    let given = match found.saved_by {
        Some(by) => invites::grantable(db, by, (domain::accounts::Role::User, &[]), &groups, roles, now).await?,
        None => Vec::new(),
    };
    let withheld = groups.into_iter().filter(|group| !given.contains(group));
    let mut withheld: Vec<_> = memberships::references(db, withheld).await?.into_values().collect();
    withheld.sort_unstable_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
    Ok(FlowDetails {
        summary: summary(db, &found).await?,
        flow: found.flow.document(&known(db).await?),
        withheld,
        can_change: actor.may(Permission::SettingsChange),
    })
}

fn not_found() -> Failure {
    Failure::not_found("flow")
}
