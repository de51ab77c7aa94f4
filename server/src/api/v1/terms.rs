//! Operations on terms that people accept. New terms and a change are parsed by [`domain::flows::TermsDraft`].

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::Timestamp;
use domain::flows::{TermsDetails, TermsDraft};
use domain::ids::{AccountId, FlowId, TermsId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::extract::{Bearer, IdPath, Json};
use crate::api::{PREFIX, Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(create, list))
        .routes(routes!(get, update, delete))
        .routes(routes!(versions))
        .routes(routes!(accepted))
}

/// Terms that people accept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Terms {
    /// Their id.
    #[schema(value_type = Uuid)]
    id: TermsId,
    /// Name.
    name: String,
    /// Number of the present version, counted from 1.
    version: u32,
    /// Text of the present version, as Markdown without HTML; null in lists.
    #[schema(required = true)]
    text: Option<String>,
    /// Time the present version was published.
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
    /// Flows that ask for them, by name.
    used_by: Vec<FlowRef>,
    /// Number of accounts that accepted the present version.
    accepted_by: u64,
}

/// A short form of a flow.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowRef {
    /// Id of the flow.
    #[schema(value_type = Uuid)]
    id: FlowId,
    /// Name.
    name: String,
}

impl From<domain::flows::FlowRef> for FlowRef {
    fn from(flow: domain::flows::FlowRef) -> Self {
        Self { id: flow.id, name: flow.name.into() }
    }
}

impl Terms {
    fn of(summary: domain::flows::TermsSummary, text: Option<String>) -> Self {
        Self {
            id: summary.terms.id,
            name: summary.terms.name.into(),
            version: summary.version,
            text,
            published_at: summary.published_at,
            used_by: summary.used_by.into_iter().map(Into::into).collect(),
            accepted_by: summary.accepted_by,
        }
    }
}

impl From<TermsDetails> for Terms {
    fn from(details: TermsDetails) -> Self {
        Self::of(details.summary, Some(details.text.as_str().to_owned()))
    }
}

/// All terms, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermsList {
    /// The terms.
    items: Vec<Terms>,
}

/// New terms.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "name": "Code of conduct", "text": "Be kind." }))]
pub struct NewTerms {
    /// Name.
    #[schema(max_length = 80)]
    name: String,
    /// Text, as Markdown without HTML.
    #[schema(max_length = 20000)]
    text: String,
    /// Which members are asked to accept them at their next sign-in: `nobody` if left out, or `all`.
    #[schema(pattern = "^(nobody|accepted|all)$")]
    ask: Option<String>,
}

/// A change of terms: what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "text": "Be kind to each other." }))]
pub struct TermsChange {
    /// Name.
    #[schema(max_length = 80)]
    name: Option<String>,
    /// Text, as Markdown without HTML. Another text is a new version.
    #[schema(max_length = 20000)]
    text: Option<String>,
    /// Which members the new version asks at their next sign-in: `nobody` if left out, `accepted` (those who accepted an earlier
    /// one), or `all`.
    #[schema(pattern = "^(nobody|accepted|all)$")]
    ask: Option<String>,
}

/// The versions of terms.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermsVersions {
    /// The versions, newest first; at most 200.
    items: Vec<TermsVersion>,
}

/// A version of terms. It never changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct TermsVersion {
    /// Number, counted from 1.
    number: u32,
    /// Text.
    text: String,
    /// Which members it asked: `nobody`, `accepted` or `all`.
    ask: String,
    /// Time it was published.
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
}

impl From<domain::flows::TermsVersion> for TermsVersion {
    fn from(version: domain::flows::TermsVersion) -> Self {
        Self {
            number: version.number,
            text: version.text.as_str().to_owned(),
            ask: version.ask.as_str().to_owned(),
            published_at: version.published_at,
        }
    }
}

/// What an account accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptedTermsList {
    /// The versions of terms, those that were accepted last first.
    items: Vec<AcceptedTerms>,
}

/// A version of terms that an account accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptedTerms {
    /// Id of the terms.
    #[schema(value_type = Uuid)]
    id: TermsId,
    /// Name.
    name: String,
    /// Number of the version.
    version: u32,
    /// Time it was accepted.
    #[schema(value_type = String, format = DateTime)]
    accepted_at: Timestamp,
}

impl From<domain::flows::AcceptedTerms> for AcceptedTerms {
    fn from(accepted: domain::flows::AcceptedTerms) -> Self {
        Self {
            id: accepted.terms.id,
            name: accepted.terms.name.into(),
            version: accepted.version,
            accepted_at: accepted.accepted_at,
        }
    }
}

/// Create terms
#[utoipa::path(
    post,
    path = "/admin/terms",
    operation_id = "create_terms",
    tag = "flows",
    request_body = NewTerms,
    responses(
        (status = 201, description = "The terms.", body = Terms,
            headers(("Location" = String, description = "Where the terms are."))),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::TermsName,
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(draft): Json<TermsDraft>,
) -> Result<impl IntoResponse, Problem> {
    let terms = Terms::from(service::terms::create(&ctx, &actor, draft).await?);
    let location = format!("{PREFIX}/admin/terms/{}", terms.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(terms)))
}

/// List terms by name
#[utoipa::path(
    get,
    path = "/admin/terms",
    operation_id = "list_terms",
    tag = "flows",
    responses(
        (status = 200, description = "All terms.", body = TermsList),
        problem::Always, problem::Guarded,
    ),
    security(("bearer" = [])),
)]
async fn list(State(ctx): State<service::Ctx>, Bearer(actor): Bearer) -> Result<axum::Json<TermsList>, Problem> {
    let items = service::terms::list(&ctx, &actor).await?;
    Ok(axum::Json(TermsList { items: items.into_iter().map(|terms| Terms::of(terms, None)).collect() }))
}

/// Read terms
#[utoipa::path(
    get,
    path = "/admin/terms/{id}",
    operation_id = "get_terms",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The id of the terms.")),
    responses(
        (status = 200, description = "The terms.", body = Terms),
        problem::Always, problem::Guarded, problem::OneTerms,
    ),
    security(("bearer" = [])),
)]
async fn get(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<TermsId>,
) -> Result<axum::Json<Terms>, Problem> {
    Ok(axum::Json(service::terms::get(&ctx, &actor, id).await?.into()))
}

/// Rename terms, or publish a new version of them
#[utoipa::path(
    patch,
    path = "/admin/terms/{id}",
    operation_id = "update_terms",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The id of the terms.")),
    request_body = TermsChange,
    responses(
        (status = 200, description = "The terms as they are now.", body = Terms),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneTerms, problem::TermsName,
    ),
    security(("bearer" = [])),
)]
async fn update(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<TermsId>,
    Json(draft): Json<TermsDraft>,
) -> Result<axum::Json<Terms>, Problem> {
    Ok(axum::Json(service::terms::update(&ctx, &actor, id, draft).await?.into()))
}

/// Delete terms that no flow asks for. That people accepted them is kept
#[utoipa::path(
    delete,
    path = "/admin/terms/{id}",
    operation_id = "delete_terms",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The id of the terms.")),
    responses(
        (status = 204, description = "They are deleted."),
        problem::Always, problem::Guarded, problem::OneTerms, problem::TermsUsed,
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<TermsId>,
) -> Result<StatusCode, Problem> {
    service::terms::delete(&ctx, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the versions of terms, newest first
#[utoipa::path(
    get,
    path = "/admin/terms/{id}/versions",
    operation_id = "list_terms_versions",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The id of the terms.")),
    responses(
        (status = 200, description = "The versions.", body = TermsVersions),
        problem::Always, problem::Guarded, problem::OneTerms,
    ),
    security(("bearer" = [])),
)]
async fn versions(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<TermsId>,
) -> Result<axum::Json<TermsVersions>, Problem> {
    let items = service::terms::versions(&ctx, &actor, id).await?;
    Ok(axum::Json(TermsVersions { items: items.into_iter().map(Into::into).collect() }))
}

/// List the versions of terms that an account accepted
#[utoipa::path(
    get,
    path = "/admin/accounts/{id}/accepted-terms",
    operation_id = "list_accepted_terms",
    tag = "accounts",
    params(("id" = Uuid, Path, description = "The account's id.")),
    responses(
        (status = 200, description = "What the account accepted.", body = AcceptedTermsList),
        problem::Always, problem::Guarded, problem::OneAccount,
    ),
    security(("bearer" = [])),
)]
async fn accepted(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<AccountId>,
) -> Result<axum::Json<AcceptedTermsList>, Problem> {
    let items = service::terms::accepted(&ctx, &actor, id).await?;
    Ok(axum::Json(AcceptedTermsList { items: items.into_iter().map(Into::into).collect() }))
}
