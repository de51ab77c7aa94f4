//! The flow that an invite names: who may name it, and which of its groups the author of the invite may grant.

use domain::access::{Permission, Permissions, RolePermissions};
use domain::accounts::Role;
use domain::flows::Flow;
use domain::ids::{AccountId, GroupId};
use domain::invites::Terms;
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use super::{author, grants};
use crate::flow_versions::store as flows;
use crate::{Actor, Error};

/// Checks the flow of a new invite, and that its attributes can be answers of the fields.
///
/// # Errors
/// [`Code::Invalid`] under `flow_id` or `attributes`; [`Code::Forbidden`].
pub(super) async fn check_new(
    db: &impl ConnectionTrait,
    actor: &Actor,
    terms: &Terms,
    roles: RolePermissions,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(flow) = named(db, terms, None).await? else { return Ok(()) };
    flow.check_attributes(&terms.attributes, now)?;
    if terms.flow.is_some() {
        actor.require(Permission::InvitesView)?;
        check_grants(db, (actor.id(), actor.effective()), terms, &flow, roles, now).await?;
    }
    Ok(())
}

/// Checks the flow of an invite that is changed, whose author this is.
///
/// # Errors
/// Those of [`check_new`].
pub(super) async fn check_changed(
    db: &impl ConnectionTrait,
    actor: &Actor,
    author_id: AccountId,
    (before, terms): (&Terms, &Terms),
    roles: RolePermissions,
    now: Timestamp,
) -> Result<(), Error> {
    let is_other = terms.flow != before.flow;
    let grants_other = terms.granted() != before.granted();
    if !is_other && !grants_other && terms.attributes == before.attributes {
        return Ok(());
    }
    let Some(flow) = named(db, terms, Some(before)).await? else { return Ok(()) };
    flow.check_attributes(&terms.attributes, now)?;
    if terms.flow.is_some() && (is_other || grants_other) {
        actor.require(Permission::InvitesView)?;
        check_grants(db, (actor.id(), actor.effective()), terms, &flow, roles, now).await?;
        if author_id != actor.id() {
            check_grants(db, author(db, author_id, roles, now).await?, terms, &flow, roles, now).await?;
        }
    }
    hold(db, terms).await
}

/// Checks that the author of an invite that is resumed may still grant the groups of its flow.
///
/// # Errors
/// [`Code::Forbidden`].
pub(super) async fn check_resumed(
    db: &impl ConnectionTrait,
    author_id: AccountId,
    terms: &Terms,
    roles: RolePermissions,
    now: Timestamp,
) -> Result<(), Error> {
    if terms.flow.is_none() {
        return Ok(());
    }
    let found = flows::of_invite(db, terms.flow).await?;
    check_grants(db, author(db, author_id, roles, now).await?, terms, &found.flow, roles, now).await
}

/// Keeps the flow that an invite names from being deleted until the transaction ends.
///
/// # Errors
/// [`Code::Invalid`] under `flow_id` if it is deleted.
pub(super) async fn hold(db: &impl ConnectionTrait, terms: &Terms) -> Result<(), Error> {
    match terms.flow {
        Some(id) => Ok(flows::hold(db, id).await?.ok_or_else(no_flow)?),
        None => Ok(()),
    }
}

/// Whether somebody decides about some of those who sign up by an invite with these terms.
pub(crate) async fn selects(db: &impl ConnectionTrait, terms: &Terms) -> Result<bool, Error> {
    Ok(flows::of_invite(db, terms.flow).await?.flow.is_selective())
}

/// Those of `groups` that an account may grant besides a role and other groups; none if it is not active.
pub(crate) async fn grantable(
    db: &impl ConnectionTrait,
    account: AccountId,
    (role, granted): (Role, &[GroupId]),
    groups: &[GroupId],
    roles: RolePermissions,
    now: Timestamp,
) -> Result<Vec<GroupId>, Error> {
    let of = match author(db, account, roles, now).await {
        Ok(of) => of,
        Err(Error::Failure(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    each(db, of, (role, granted), groups, roles, now).await
}

/// Those of `groups` that the actor may give by the rules of a flow.
pub(crate) async fn gives(
    db: &impl ConnectionTrait,
    actor: &Actor,
    groups: &[GroupId],
    roles: RolePermissions,
    now: Timestamp,
) -> Result<Vec<GroupId>, Error> {
    each(db, (actor.id(), actor.effective()), (Role::User, &[]), groups, roles, now).await
}

async fn each(
    db: &impl ConnectionTrait,
    of: (AccountId, Permissions),
    (role, granted): (Role, &[GroupId]),
    groups: &[GroupId],
    roles: RolePermissions,
    now: Timestamp,
) -> Result<Vec<GroupId>, Error> {
    let mut grantable = Vec::new();
    for group in groups {
        match grants::check(db, of, (role, &with(granted, &[*group])), roles, now).await {
            Ok(_) => grantable.push(*group),
            Err(Error::Failure(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(grantable)
}

/// The flow of an invite with these terms, if it is to be read: it names one, or has attributes, which may be fields. One that is
/// named since before may have been deleted only with a replacement.
async fn named(db: &impl ConnectionTrait, terms: &Terms, before: Option<&Terms>) -> Result<Option<Flow>, Error> {
    if terms.flow.is_none() && terms.attributes.is_empty() {
        return Ok(None);
    }
    if let Some(id) = terms.flow
        && before.is_none_or(|before| before.flow != Some(id))
        && flows::find(db, id).await?.is_none()
    {
        return Err(no_flow().into());
    }
    Ok(Some(flows::of_invite(db, terms.flow).await?.flow))
}

/// Checks that somebody may grant the groups of a flow together with what an invite grants.
async fn check_grants(
    db: &impl ConnectionTrait,
    of: (AccountId, Permissions),
    terms: &Terms,
    flow: &Flow,
    roles: RolePermissions,
    now: Timestamp,
) -> Result<(), Error> {
    let groups = flow.groups();
    if groups.is_empty() {
        return Ok(());
    }
    match grants::check(db, of, (terms.role, &with(&terms.groups, &groups)), roles, now).await {
        Ok(_) => Ok(()),
        Err(Error::Failure(_)) => {
            let why =
                "Rules of this flow give groups that the account of the invite may not give. Choose another flow.";
            Err(Failure::field(Code::Forbidden, "flow_id", why).into())
        }
        Err(error) => Err(error),
    }
}

/// Groups, and others that are not among them.
fn with(groups: &[GroupId], more: &[GroupId]) -> Vec<GroupId> {
    let more = more.iter().filter(|group| !groups.contains(group));
    groups.iter().chain(more).copied().collect()
}

fn no_flow() -> Failure {
    Failure::field(Code::Invalid, "flow_id", "There is no such flow. Choose another.")
}
