//! Terms that people accept: documents whose versions never change, and who accepted which.

use domain::access::Permission;
use domain::events::Event;
use domain::flows::{
    Acceptance, AcceptedTerms, AskedMembers, TermsDetails, TermsDraft, TermsSummary, TermsText, TermsVersion,
};
use domain::ids::{AccountId, TermsId};
use domain::paging::{Page, Paging};
use domain::text::TermsName;
use domain::{Code, Failure, Timestamp};
use sea_orm::ConnectionTrait;

use self::entity::Model;
use crate::accounts::store as accounts;
use crate::audit::{self, Originator};
use crate::flow_versions::store as flows;
use crate::platform::tx;
use crate::{Actor, Ctx, Error};

pub(crate) mod acceptance;
pub(crate) mod entity;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod version;

/// The most versions that [`versions`] lists.
const MAX_VERSIONS: u64 = 200;

/// Lists terms by name.
pub async fn list(ctx: &Ctx, actor: &Actor) -> Result<Vec<TermsSummary>, Error> {
    actor.require(Permission::SettingsView)?;
    let db = &ctx.db().read;
    let rows = store::all(db).await?;
    let mut counts = store::counts(db, &rows).await?;
    let mut list = Vec::new();
    for row in rows {
        let accepted_by = counts.remove(&row.id).unwrap_or_default();
        list.push(summary(db, &row, accepted_by).await?);
    }
    Ok(list)
}

/// One document, with the text of its present version.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn get(ctx: &Ctx, actor: &Actor, id: TermsId) -> Result<TermsDetails, Error> {
    actor.require(Permission::SettingsView)?;
    let db = &ctx.db().read;
    let row = store::find(db, id).await?.ok_or_else(not_found)?;
    details(db, actor, row).await
}

/// The versions of terms, newest first, at most 200.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn versions(ctx: &Ctx, actor: &Actor, id: TermsId) -> Result<Vec<TermsVersion>, Error> {
    actor.require(Permission::SettingsView)?;
    let db = &ctx.db().read;
    store::find(db, id).await?.ok_or_else(not_found)?;
    let rows = store::versions(db, id, MAX_VERSIONS).await?;
    let version = |row: version::Model| {
        let broken = |_| Error::internal("a version of terms asks unknown members");
        Ok(TermsVersion {
            number: store::number(row.number),
            text: TermsText::stored(row.text),
            ask: row.ask.parse::<AskedMembers>().map_err(broken)?,
            published_at: Timestamp::from_micros(row.published_at),
        })
    };
    rows.into_iter().map(version).collect()
}

/// Creates terms.
///
/// # Errors
/// [`Code::Invalid`] with every wrong field; [`Code::TermsNameTaken`].
pub async fn create(ctx: &Ctx, actor: &Actor, draft: TermsDraft) -> Result<TermsDetails, Error> {
    actor.require(Permission::SettingsChange)?;
    let new = draft.parse()?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = insert(&tx, ctx, actor, &new, now).await?;
    let details = details(&tx, actor, row).await?;
    tx.commit().await?;
    Ok(details)
}

/// Inserts terms, in the transaction of the caller, which has checked that the actor may.
///
/// # Errors
/// [`Code::TermsNameTaken`].
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    actor: &Actor,
    new: &domain::flows::NewTerms,
    now: Timestamp,
) -> Result<Model, Error> {
    let row = store::insert(db, ctx, new, actor.id(), now).await?;
    let event = Event::TermsCreated { terms: TermsId(row.id), name: new.name.clone() };
    audit::record(db, ctx, now, Originator::Actor(actor), &event).await?;
    Ok(row)
}

/// Gives terms another name, or publishes a new version of them. Of two versions with the same text the second is none.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Invalid`] with every wrong field; [`Code::TermsNameTaken`].
pub async fn update(ctx: &Ctx, actor: &Actor, id: TermsId, draft: TermsDraft) -> Result<TermsDetails, Error> {
    actor.require(Permission::SettingsChange)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = store::lock(&tx, id).await?.ok_or_else(not_found)?;
    let text = text(&tx, &row).await?;
    let change = draft.apply(TermsName::stored(&row.name), &text)?;
    if change.version.is_some() || change.name.as_str() != row.name {
        let saved = store::save(&tx, row.clone(), (&change.name, change.version.as_ref()), actor.id(), now).await?;
        let ask = change.version.map_or(AskedMembers::Nobody, |version| version.ask);
        let event = Event::TermsPublished { terms: id, name: change.name, number: store::number(saved.version), ask };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
        let details = details(&tx, actor, saved).await?;
        tx.commit().await?;
        return Ok(details);
    }
    details(&tx, actor, row).await
}

/// Deletes terms that no flow asks for. That people accepted them is kept.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::TermsInUse`].
pub async fn delete(ctx: &Ctx, actor: &Actor, id: TermsId) -> Result<(), Error> {
    actor.require(Permission::SettingsChange)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = store::lock(&tx, id).await?.ok_or_else(not_found)?;
    let flows = flows::asking(&tx, id).await?;
    if !flows.is_empty() {
        let names = flows.iter().map(|flow| flow.name.as_str()).collect::<Vec<_>>().join(", ");
        let why = format!("These flows ask for the terms: {names}. Take the terms out of them first.");
        return Err(Failure::new(Code::TermsInUse, why).into());
    }
    store::delete(&tx, row, now).await?;
    audit::record(&tx, ctx, now, Originator::Actor(actor), &Event::TermsDeleted { terms: id }).await?;
    tx.commit().await?;
    Ok(())
}

/// Who accepted a version of terms, the newest version first.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn acceptances(ctx: &Ctx, actor: &Actor, id: TermsId, paging: Paging) -> Result<Page<Acceptance>, Error> {
    actor.require(Permission::SettingsView)?;
    actor.require(Permission::AccountsView)?;
    let db = &ctx.db().read;
    store::find(db, id).await?.ok_or_else(not_found)?;
    store::acceptances_of(db, id, paging).await
}

/// What an account accepted, newest first: the actor's own, or that of anyone.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn accepted(ctx: &Ctx, actor: &Actor, account: AccountId) -> Result<Vec<AcceptedTerms>, Error> {
    let db = &ctx.db().read;
    if account != actor.id() {
        actor.require(Permission::AccountsView)?;
        accounts::find(db, account).await?.ok_or_else(|| Failure::not_found("member"))?;
    }
    store::accepted(db, account).await
}

async fn summary(db: &impl ConnectionTrait, row: &Model, accepted_by: u64) -> Result<TermsSummary, Error> {
    let id = TermsId(row.id);
    let present = store::version(db, id, row.version).await?;
    let present = present.ok_or_else(|| Error::internal("terms have no present version"))?;
    Ok(TermsSummary {
        terms: store::reference(row),
        version: store::number(row.version),
        published_at: Timestamp::from_micros(present.published_at),
        used_by: flows::asking(db, id).await?,
        accepted_by,
    })
}

async fn details(db: &impl ConnectionTrait, actor: &Actor, row: Model) -> Result<TermsDetails, Error> {
    let accepted_by = store::counts(db, std::slice::from_ref(&row)).await?.remove(&row.id).unwrap_or_default();
    Ok(TermsDetails {
        summary: summary(db, &row, accepted_by).await?,
        text: text(db, &row).await?,
        can_change: actor.may(Permission::SettingsChange),
    })
}

async fn text(db: &impl ConnectionTrait, row: &Model) -> Result<TermsText, Error> {
    let found = store::version(db, TermsId(row.id), row.version).await?;
    found.map(|row| TermsText::stored(row.text)).ok_or_else(|| Error::internal("terms have no present version"))
}

fn not_found() -> Failure {
    Failure::new(Code::NotFound, "There are no such terms.")
}
