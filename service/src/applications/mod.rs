//! Applications: creating, connecting and deleting them, and which a member may open.

use domain::access::Permission;
use domain::applications::{
    Application, ApplicationDraft, ApplicationLink, ApplicationQuery, ApplicationTerms, ApplicationWithSecret,
    OidcTerms,
};
use domain::events::Event;
use domain::ids::ApplicationId;
use domain::paging::Page;
use domain::web::WebOrigin;
use domain::{Code, Failure};
use sea_orm::{EntityTrait, QueryFilter};

use self::entity::Entity;
use crate::audit::{self, Originator};
use crate::platform::tx::TxError;
use crate::platform::{http, tx};
use crate::{Actor, Ctx, Error, grants, outbox, picture_files};

mod admitted;
mod client_secret;
pub(crate) mod entity;
mod logout;
pub(crate) mod opening;
pub(crate) mod pictures;
pub(crate) mod resource;
pub(crate) mod scim;
pub(crate) mod secrets;
mod site;
pub(crate) mod store;
mod subject;
#[cfg(test)]
mod tests;

pub use opening::{Opening, choices, name_of, open};
pub(crate) use subject::{pseudonym, subject};

/// Lists applications by name.
pub async fn list(ctx: &Ctx, actor: &Actor, query: &ApplicationQuery) -> Result<Page<Application>, Error> {
    actor.require(Permission::ApplicationsManage)?;
    let db = &ctx.db().read;
    let mut select = Entity::find();
    if let Some(q) = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        select = select.filter(store::name_contains(q));
    }
    let page = store::page(db, select, query.paging).await?;
    let items = store::applications(db, page.items, ctx.now()).await?;
    Ok(Page { items, next_cursor: page.next_cursor, previous_cursor: page.previous_cursor })
}

/// One application.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn get(ctx: &Ctx, actor: &Actor, id: ApplicationId) -> Result<Application, Error> {
    actor.require(Permission::ApplicationsManage)?;
    let db = &ctx.db().read;
    let row = store::find(db, id).await?.ok_or_else(missing)?;
    store::one(db, row, ctx.now()).await
}

/// Creates an application. One that can keep a secret gets its first.
///
/// # Errors
/// [`Code::ApplicationNameTaken`]; [`Code::SiteTaken`]; [`Code::Invalid`] for groups that do not exist, for this site
/// itself, and under `scim.url` for an address that nothing is sent to.
pub async fn create(ctx: &Ctx, actor: &Actor, terms: ApplicationTerms) -> Result<ApplicationWithSecret, Error> {
    actor.require(Permission::ApplicationsManage)?;
    let now = ctx.now();
    let id = ApplicationId(ctx.randomness().uuid(now));
    refuse_own_site(ctx, &terms)?;
    logout::check(ctx, &terms)?;
    check_scim_url(ctx, &terms)?;
    let row = store::new_row(ctx, id, terms.clone(), now)?;
    let tx = tx::begin(ctx).await?;
    let row = logout::with_target(&tx, ctx, row, now).await?;
    store::insert(&tx, row.clone()).await?;
    store::set_groups(&tx, id, terms.groups.as_deref().unwrap_or_default()).await?;
    store::set_sites(&tx, id, terms.forward_auth.as_ref()).await?;
    scim::set(&tx, ctx, id, terms.scim.as_ref(), now).await?;
    let secret = if has_secret(&terms) { Some(secrets::create(&tx, ctx, id, now).await?) } else { None };
    let event = Event::ApplicationCreated { application: id, terms: Box::new(terms) };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    let application = store::one(&tx, row, now).await?;
    tx.commit().await?;
    Ok(ApplicationWithSecret { application, secret })
}

/// Changes an application. One that now can keep a secret, and had none, gets its first; those of one that no longer
/// can are deleted.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::ApplicationNameTaken`]; [`Code::SiteTaken`]; [`Code::Invalid`] under each wrong field.
pub async fn update(
    ctx: &Ctx,
    actor: &Actor,
    id: ApplicationId,
    draft: ApplicationDraft,
) -> Result<ApplicationWithSecret, Error> {
    actor.require(Permission::ApplicationsManage)?;
    tx::with_retries(|| update_once(ctx, actor, id, &draft), || async { Ok(None) }).await
}

async fn update_once(
    ctx: &Ctx,
    actor: &Actor,
    id: ApplicationId,
    draft: &ApplicationDraft,
) -> Result<ApplicationWithSecret, TxError> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    outbox::store::lock(&tx, id.0).await?;
    let mut row = store::lock(&tx, id).await?.ok_or_else(missing)?;
    let current = store::terms_of(&tx, &row).await?;
    let terms = draft.clone().apply(&current)?;
    let mut secret = None;
    if terms != current {
        refuse_own_site(ctx, &terms)?;
        if logout::address(&terms) != logout::address(&current) {
            logout::check(ctx, &terms)?;
        }
        row = logout::with_target(&tx, ctx, store::with_terms(row, terms.clone(), now)?, now).await?;
        store::write(&tx, row.clone()).await?;
        if terms.groups != current.groups {
            store::set_groups(&tx, id, terms.groups.as_deref().unwrap_or_default()).await?;
        }
        if terms.forward_auth != current.forward_auth {
            store::set_sites(&tx, id, terms.forward_auth.as_ref()).await?;
        }
        if terms.scim != current.scim {
            check_scim_url(ctx, &terms)?;
            scim::set(&tx, ctx, id, terms.scim.as_ref(), now).await?;
        }
        match (has_secret(&current), has_secret(&terms)) {
            (false, true) => secret = Some(secrets::create(&tx, ctx, id, now).await?),
            (true, false) => secrets::delete_all(&tx, id).await?,
            (true, true) | (false, false) => {}
        }
        if terms.oidc.is_none() {
            grants::store::forget_application(&tx, id).await?;
        }
        let event = Event::ApplicationUpdated { application: id, terms: Box::new(terms) };
        audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    }
    let application = store::one(&tx, row, now).await?;
    if secret.is_some() {
        // Not repeated when it is not confirmed: the repeat would find a secret that nobody was shown.
        tx.commit().await?;
    } else {
        tx.commit().await.map_err(TxError::Commit)?;
    }
    Ok(ApplicationWithSecret { application, secret })
}

/// Creates another client secret. The one before works for 24 hours more.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Invalid`] for an application that has no secret.
pub async fn rotate_secret(ctx: &Ctx, actor: &Actor, id: ApplicationId) -> Result<ApplicationWithSecret, Error> {
    actor.require(Permission::ApplicationsManage)?;
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let row = store::lock(&tx, id).await?.ok_or_else(missing)?;
    if !store::oidc(&row)?.as_ref().is_some_and(OidcTerms::has_secret) {
        return Err(Failure::new(
            Code::Invalid,
            "Only an application that can keep a secret, and has no keys, has one.",
        )
        .into());
    }
    let secret = secrets::create(&tx, ctx, id, now).await?;
    let event = Event::ClientSecretCreated { application: id };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    let application = store::one(&tx, row, now).await?;
    tx.commit().await?;
    Ok(ApplicationWithSecret { application, secret: Some(secret) })
}

/// Deletes an application, with its secrets and every token that it has. What it was told by SCIM stays there.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn delete(ctx: &Ctx, actor: &Actor, id: ApplicationId) -> Result<(), Error> {
    actor.require(Permission::ApplicationsManage)?;
    let find = || async { Ok(store::find(&ctx.db().write, id).await?.is_none().then_some(())) };
    tx::with_retries(|| delete_once(ctx, actor, id), find).await
}

async fn delete_once(ctx: &Ctx, actor: &Actor, id: ApplicationId) -> Result<(), TxError> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    outbox::store::lock(&tx, id.0).await?;
    let row = store::lock(&tx, id).await?.ok_or_else(missing)?;
    scim::remove(&tx, id).await?;
    Entity::delete_by_id(id.0).exec(&tx).await?;
    picture_files::remove(&tx, id.0).await?;
    logout::remove_target(&tx, &row).await?;
    let event = Event::ApplicationDeleted { application: id };
    audit::record(&tx, ctx, now, Originator::Actor(actor), &event).await?;
    tx.commit().await.map_err(TxError::Commit)?;
    Ok(())
}

/// The applications that the actor may open, by name.
pub async fn own(ctx: &Ctx, actor: &Actor) -> Result<Vec<ApplicationLink>, Error> {
    if !actor.active {
        return Ok(Vec::new());
    }
    store::links(&ctx.db().read, Some(actor.id()), ctx.now()).await
}

fn has_secret(terms: &ApplicationTerms) -> bool {
    terms.oidc.as_ref().is_some_and(OidcTerms::has_secret)
}

/// Refuses the address of this site as that of an application: nobody could sign in any more.
fn refuse_own_site(ctx: &Ctx, terms: &ApplicationTerms) -> Result<(), Failure> {
    let own = WebOrigin::parse(ctx.public_url()).ok();
    let sites = terms.forward_auth.iter().flat_map(|terms| &terms.sites);
    match sites.into_iter().find(|site| own.as_ref().is_some_and(|own| own.authority() == site.authority())) {
        Some(site) => {
            let why = format!("{site} is the address of Latchkey itself. Enter that of the application.");
            Err(Failure::field(Code::Invalid, "forward_auth.sites", why))
        }
        None => Ok(()),
    }
}

fn check_scim_url(ctx: &Ctx, terms: &ApplicationTerms) -> Result<(), Failure> {
    let Some(scim) = &terms.scim else { return Ok(()) };
    let checked = http::check(scim.url.as_str(), ctx.webhooks_to_private_networks());
    checked.map(|_| ()).map_err(|refused| Failure::field(Code::Invalid, "scim.url", refused.to_string()))
}

fn missing() -> Failure {
    Failure::not_found("application")
}
