//! Queries over applications.

use std::collections::HashMap;

use domain::applications::{
    Application, ApplicationLink, ApplicationTerms, ClientType, ForwardAuthTerms, OidcTerms, RedirectUri, ScimTerms,
    SigningAlgorithm, SubjectType,
};
use domain::ids::{AccountId, ApplicationId, GroupId};
use domain::paging::{Page, Paging};
use domain::pictures::PictureVersion;
use domain::text::{ApplicationDescription, ApplicationName};
use domain::web::{WebOrigin, WebUrl};
use domain::{Code, Failure, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::admitted;
use super::entity::{Column, Entity, Model};
use super::{scim, secrets, site};
use crate::memberships::entity as memberships;
use crate::memberships::store::{self as groups, lasts};
use crate::platform::paging;
use crate::{Ctx, Error};

/// The most applications that the page of a member shows.
const MOST_LINKS: u64 = 200;

/// The row of an application that is created at `now`.
pub(crate) fn new_row(ctx: &Ctx, id: ApplicationId, terms: ApplicationTerms, now: Timestamp) -> Result<Model, Error> {
    let row = Model {
        id: id.0,
        name: String::new(),
        name_folded: String::new(),
        description: None,
        url: None,
        sign_in_url: None,
        is_open: false,
        client_type: None,
        redirect_uris: String::new(),
        post_logout_redirect_uris: String::new(),
        pkce: true,
        consent: false,
        signing: String::new(),
        subject: String::new(),
        require_pushed_requests: false,
        backchannel_logout_uri: None,
        jwks: None,
        device_flow: false,
        claims: None,
        logout_target_id: None,
        subject_salt: ctx.randomness().bytes::<32>().to_vec(),
        forward_auth: None,
        picture: None,
        created_at: now.as_micros(),
        updated_at: now.as_micros(),
    };
    with_terms(row, terms, now)
}

/// The row with other terms, changed at `now`. Reads back as [`terms`].
pub(super) fn with_terms(row: Model, terms: ApplicationTerms, now: Timestamp) -> Result<Model, Error> {
    // The connection by SCIM has a table of its own.
    let ApplicationTerms { name, description, url, sign_in_url, groups, oidc, forward_auth, scim: _ } = terms;
    let client_type = oidc.as_ref().map(|oidc| oidc.client_type.as_str().to_owned());
    let oidc = oidc.unwrap_or_default();
    let jwks = (!oidc.jwks.is_empty()).then(|| serde_json::to_string(&oidc.jwks));
    let claims = (!oidc.claims.is_empty()).then(|| serde_json::to_string(&oidc.claims));
    let forward_auth = forward_auth.map(|terms| serde_json::to_string(&terms)).transpose().map_err(Error::internal)?;
    Ok(Model {
        name_folded: name.as_str().to_lowercase(),
        name: name.into(),
        description: description.map(String::from),
        url: url.map(String::from),
        sign_in_url: sign_in_url.map(String::from),
        is_open: groups.is_none(),
        client_type,
        redirect_uris: joined(&oidc.redirect_uris),
        post_logout_redirect_uris: joined(&oidc.post_logout_redirect_uris),
        pkce: oidc.pkce,
        consent: oidc.consent,
        signing: oidc.signing.as_str().to_owned(),
        subject: oidc.subject.as_str().to_owned(),
        require_pushed_requests: oidc.require_pushed_authorization_requests,
        backchannel_logout_uri: oidc.backchannel_logout_uri.map(String::from),
        jwks: jwks.transpose().map_err(Error::internal)?,
        device_flow: oidc.device_flow,
        claims: claims.transpose().map_err(Error::internal)?,
        forward_auth,
        updated_at: now.as_micros(),
        ..row
    })
}

fn joined(uris: &[RedirectUri]) -> String {
    uris.iter().map(RedirectUri::as_str).collect::<Vec<_>>().join(" ")
}

/// What is chosen about the application of a row, which admits these groups and has this connection by SCIM.
pub(super) fn terms(row: &Model, groups: Vec<GroupId>, scim: Option<ScimTerms>) -> Result<ApplicationTerms, Error> {
    Ok(ApplicationTerms {
        name: name(row),
        description: description(row),
        url: url(row, row.url.as_deref())?,
        sign_in_url: url(row, row.sign_in_url.as_deref())?,
        groups: (!row.is_open).then_some(groups),
        oidc: oidc(row)?,
        forward_auth: forward_auth(row)?,
        scim,
    })
}

/// The name of the application of a row.
pub(crate) fn name(row: &Model) -> ApplicationName {
    ApplicationName::stored(row.name.as_str())
}

fn description(row: &Model) -> Option<ApplicationDescription> {
    row.description.as_deref().map(ApplicationDescription::stored)
}

/// Where the application of a row opens, if it has an address: where signing in to it starts.
pub(super) fn opens_at(row: &Model) -> Result<Option<WebUrl>, Error> {
    let stored = row.url.as_deref().map(|address| row.sign_in_url.as_deref().unwrap_or(address));
    url(row, stored)
}

fn url(row: &Model, stored: Option<&str>) -> Result<Option<WebUrl>, Error> {
    stored.map(WebUrl::parse).transpose().map_err(|_| broken(row))
}

/// The connection of the application of a row by OpenID Connect.
pub(crate) fn oidc(row: &Model) -> Result<Option<OidcTerms>, Error> {
    let Some(client_type) = &row.client_type else { return Ok(None) };
    let uris = |stored: &str| stored.split_ascii_whitespace().map(RedirectUri::parse).collect::<Result<Vec<_>, _>>();
    let terms = || {
        Some(OidcTerms {
            client_type: client_type.parse::<ClientType>().ok()?,
            redirect_uris: uris(&row.redirect_uris).ok()?,
            post_logout_redirect_uris: uris(&row.post_logout_redirect_uris).ok()?,
            pkce: row.pkce,
            consent: row.consent,
            signing: row.signing.parse::<SigningAlgorithm>().ok()?,
            subject: row.subject.parse::<SubjectType>().ok()?,
            require_pushed_authorization_requests: row.require_pushed_requests,
            backchannel_logout_uri: row.backchannel_logout_uri.as_deref().map(WebUrl::parse).transpose().ok()?,
            jwks: row.jwks.as_deref().map(serde_json::from_str).transpose().ok()?.unwrap_or_default(),
            device_flow: row.device_flow,
            claims: row.claims.as_deref().map(serde_json::from_str).transpose().ok()?.unwrap_or_default(),
        })
    };
    terms().map(Some).ok_or_else(|| broken(row))
}

/// The connection of the application of a row by forward-auth.
pub(crate) fn forward_auth(row: &Model) -> Result<Option<ForwardAuthTerms>, Error> {
    row.forward_auth.as_deref().map(serde_json::from_str).transpose().map_err(|_| broken(row))
}

fn broken(row: &Model) -> Error {
    Error::internal(format!("the application {} has broken terms", row.id))
}

/// Inserts an application.
///
/// # Errors
/// [`Code::ApplicationNameTaken`].
pub(crate) async fn insert(db: &impl ConnectionTrait, row: Model) -> Result<(), Error> {
    Entity::insert(row.into_active_model()).exec_without_returning(db).await.map(|_| ()).map_err(name_taken)
}

/// Writes an application back.
///
/// # Errors
/// [`Code::ApplicationNameTaken`].
pub(super) async fn write(db: &impl ConnectionTrait, row: Model) -> Result<(), Error> {
    Entity::update(row.into_active_model().reset_all()).exec(db).await.map(|_| ()).map_err(name_taken)
}

fn name_taken(error: DbErr) -> Error {
    let why = "Another application has this name. Choose another.";
    Error::unless_taken(error, || Failure::field(Code::ApplicationNameTaken, "name", why))
}

/// Replaces the groups whose members may enter an application.
///
/// # Errors
/// [`Code::Invalid`] under `groups` if one does not exist.
pub(crate) async fn set_groups(db: &impl ConnectionTrait, id: ApplicationId, groups: &[GroupId]) -> Result<(), Error> {
    use admitted::{ActiveModel, Column, Entity};
    Entity::delete_many().filter(Column::ApplicationId.eq(id.0)).exec(db).await?;
    if groups.is_empty() {
        return Ok(());
    }
    let rows = groups.iter().map(|group| ActiveModel { application_id: Set(id.0), group_id: Set(group.0) });
    let inserted = Entity::insert_many(rows).exec_without_returning(db).await;
    inserted.map(|_| ()).map_err(|error| Error::unless_missing(error, Failure::group_missing))
}

/// Replaces the sites of an application. Those who were signed in on one that it has no longer are signed out there.
///
/// # Errors
/// [`Code::SiteTaken`].
pub(crate) async fn set_sites(
    db: &impl ConnectionTrait,
    id: ApplicationId,
    terms: Option<&ForwardAuthTerms>,
) -> Result<(), Error> {
    use site::{ActiveModel, Column, Entity};
    let sites: Vec<&str> = terms.iter().flat_map(|terms| &terms.sites).map(WebOrigin::authority).collect();
    let gone = Entity::delete_many().filter(Column::ApplicationId.eq(id.0));
    gone.filter(Column::Authority.is_not_in(sites.iter().copied())).exec(db).await?;
    let kept = Entity::find().filter(Column::ApplicationId.eq(id.0)).all(db).await?;
    let is_new = |site: &&str| !kept.iter().any(|kept| kept.authority == *site);
    let rows: Vec<_> = sites
        .into_iter()
        .filter(is_new)
        .map(|site| ActiveModel { authority: Set(site.to_owned()), application_id: Set(id.0) })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let inserted = Entity::insert_many(rows).exec_without_returning(db).await;
    let why = "Another application has one of these sites. A site belongs to one application.";
    let taken = || Failure::field(Code::SiteTaken, "forward_auth.sites", why);
    inserted.map(|_| ()).map_err(|error| Error::unless_taken(error, taken))
}

/// The application with this site.
pub(crate) async fn of_site(db: &impl ConnectionTrait, authority: &str) -> Result<Option<Model>, DbErr> {
    // PostgreSQL refuses NUL in a query, and no host contains it.
    if authority.contains('\0') {
        return Ok(None);
    }
    let id = site::Entity::find_by_id(authority).select_only().column(site::Column::ApplicationId).into_query();
    Entity::find().filter(Column::Id.in_subquery(id)).one(db).await
}

/// Takes a group out of every application. Whom it alone admitted may enter no longer.
pub(crate) async fn forget_group(db: &impl ConnectionTrait, group: GroupId) -> Result<(), DbErr> {
    let of_group = admitted::Entity::delete_many().filter(admitted::Column::GroupId.eq(group.0));
    of_group.exec(db).await.map(|_| ())
}

/// The application with this id.
pub(crate) async fn find(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).one(db).await
}

/// The application that is told of logout as this target.
pub(crate) async fn of_logout_target(db: &impl ConnectionTrait, target: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::LogoutTargetId.eq(target)).one(db).await
}

/// The application with this id, locked until the transaction ends.
pub(super) async fn lock(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.0).lock_exclusive().one(db).await
}

/// The condition that the name contains `q`, without regard to case.
pub(super) fn name_contains(q: &str) -> sea_orm::sea_query::SimpleExpr {
    Expr::col((Entity, Column::NameFolded)).like(paging::containing(q))
}

/// A page of applications, by name.
///
/// # Errors
/// [`Code::Invalid`] under `cursor` if its application was deleted meanwhile.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    select: Select<Entity>,
    paging: Paging,
) -> Result<Page<Model>, Error> {
    paging::by_name(db, select, paging, (Column::NameFolded, Column::Id), |row| row.id).await
}

/// The groups that some applications admit, read with one query.
async fn admitted_by(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<GroupId>>, DbErr> {
    use admitted::{Column, Entity};
    let mut admitted: HashMap<Uuid, Vec<GroupId>> = HashMap::new();
    let rows = Entity::find().filter(Column::ApplicationId.is_in(ids)).order_by_asc(Column::GroupId).all(db).await?;
    for row in rows {
        admitted.entry(row.application_id).or_default().push(GroupId(row.group_id));
    }
    Ok(admitted)
}

/// The groups that an application admits.
pub(crate) async fn groups_of(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Vec<GroupId>, DbErr> {
    Ok(admitted_by(db, [id.0]).await?.remove(&id.0).unwrap_or_default())
}

/// What is chosen about the application of a row.
pub(super) async fn terms_of(db: &impl ConnectionTrait, row: &Model) -> Result<ApplicationTerms, Error> {
    let scim = scim::of_applications(db, [row.id]).await?.remove(&row.id);
    terms(row, groups_of(db, ApplicationId(row.id)).await?, scim)
}

/// The applications of some rows; groups, secrets and connections are each read with one query.
pub(super) async fn applications(
    db: &impl ConnectionTrait,
    rows: Vec<Model>,
    now: Timestamp,
) -> Result<Vec<Application>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut admitted = admitted_by(db, ids.iter().copied()).await?;
    let names = groups::references(db, admitted.values().flatten().copied()).await?;
    let mut connections = scim::of_applications(db, ids.iter().copied()).await?;
    let mut secrets = secrets::of_applications(db, ids, now).await?;
    rows.into_iter()
        .map(|row| {
            let terms = terms(&row, admitted.remove(&row.id).unwrap_or_default(), connections.remove(&row.id))?;
            let group_refs = terms.groups.iter().flatten().filter_map(|id| names.get(id).cloned()).collect();
            Ok(Application {
                id: ApplicationId(row.id),
                terms,
                group_refs,
                secrets: secrets.remove(&row.id).unwrap_or_default(),
                picture: row.picture.map(PictureVersion::stored),
                created_at: Timestamp::from_micros(row.created_at),
            })
        })
        .collect()
}

/// The application of a row.
pub(super) async fn one(db: &impl ConnectionTrait, row: Model, now: Timestamp) -> Result<Application, Error> {
    let mut one = applications(db, vec![row], now).await?;
    one.pop().ok_or_else(|| Error::internal("an application is missing"))
}

/// The names of those of some applications that have an address.
pub(super) async fn names(
    db: &impl ConnectionTrait,
    ids: Vec<ApplicationId>,
) -> Result<HashMap<ApplicationId, ApplicationName>, DbErr> {
    let named = Entity::find().select_only().columns([Column::Id, Column::Name]).filter(Column::Url.is_not_null());
    let named = named.filter(Column::Id.is_in(ids.into_iter().map(|id| id.0)));
    let rows = named.into_tuple::<(Uuid, String)>().all(db).await?;
    Ok(rows.into_iter().map(|(id, name)| (ApplicationId(id), ApplicationName::stored(name.as_str()))).collect())
}

/// The condition that an application admits an account that is active.
fn admits(account: AccountId, now: Timestamp) -> Condition {
    let groups = memberships::Entity::find()
        .select_only()
        .column(memberships::Column::GroupId)
        .filter(memberships::Column::AccountId.eq(account.0))
        .filter(lasts(now))
        .into_query();
    let through_group = admitted::Entity::find()
        .select_only()
        .column(admitted::Column::ApplicationId)
        .filter(admitted::Column::GroupId.in_subquery(groups))
        .into_query();
    Condition::any().add(Column::IsOpen.eq(true)).add(Column::Id.in_subquery(through_group))
}

/// Whether an application admits an account that is active.
pub(crate) async fn is_admitted(
    db: &impl ConnectionTrait,
    id: ApplicationId,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let admitting = Entity::find_by_id(id.0).select_only().column(Column::Id).filter(admits(account, now));
    Ok(admitting.into_tuple::<Uuid>().one(db).await?.is_some())
}

/// The applications that have an address and admit an active account, or all that have one, by name; at most
/// [`MOST_LINKS`].
pub(super) async fn links(
    db: &impl ConnectionTrait,
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<Vec<ApplicationLink>, Error> {
    let rows = Entity::find()
        .filter(Condition::all().add_option(account.map(|account| admits(account, now))))
        .filter(Column::Url.is_not_null())
        .order_by_asc(Column::NameFolded)
        .limit(MOST_LINKS)
        .all(db)
        .await?;
    let link = |row: Model| {
        let url = opens_at(&row).transpose()?;
        Some(url.map(|url| ApplicationLink {
            id: ApplicationId(row.id),
            name: name(&row),
            description: description(&row),
            url,
            picture: row.picture.map(PictureVersion::stored),
        }))
    };
    rows.into_iter().filter_map(link).collect()
}
