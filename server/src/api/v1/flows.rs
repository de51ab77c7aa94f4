//! Operations on flows of the sign-up page. A flow is parsed by [`domain::flows::FlowDocument`]; [`FlowContents`] describes what
//! it accepts.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::flows::{FlowDetails, FlowDocument, FlowDraft, FlowSummary, ImportOutcome};
use domain::ids::{FlowId, InviteId};
use domain::{Failure, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::paging::PageParams;
use super::views::{AccountRef, GroupRef, page};
use crate::api::extract::{Bearer, IdPath, Json, Query};
use crate::api::{PREFIX, Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(create, list))
        .routes(routes!(get, save, delete))
        .routes(routes!(make_default))
        .routes(routes!(versions))
        .routes(routes!(version))
        .routes(routes!(used_by))
        .routes(routes!(export))
        .routes(routes!(import))
}

/// A flow of the sign-up page.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowItem {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: FlowId,
    /// Name.
    name: String,
    /// Whether it is the default: of invites that name none, and of those who sign up without an invite.
    is_default: bool,
    /// Number of the present version, counted from 1.
    version: u32,
    /// Number of steps.
    steps: u32,
    /// Number of fields.
    fields: u32,
    /// Number of rules.
    rules: u32,
    /// Time the present version was saved.
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    /// Account that saved it; null for the flow of a new installation.
    #[schema(required = true)]
    changed_by: Option<AccountRef>,
}

impl From<FlowSummary> for FlowItem {
    fn from(flow: FlowSummary) -> Self {
        Self {
            id: flow.id,
            name: flow.name.into(),
            is_default: flow.is_default,
            version: flow.version,
            steps: flow.steps,
            fields: flow.fields,
            rules: flow.rules,
            changed_at: flow.changed_at,
            changed_by: flow.changed_by.map(Into::into),
        }
    }
}

/// All flows, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowItems {
    /// The flows.
    items: Vec<FlowItem>,
}

/// A flow with all that it says.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "a request has the contents under the same name")]
pub struct Flow {
    #[serde(flatten)]
    item: FlowItem,
    /// What the present version says.
    #[schema(value_type = FlowContents)]
    flow: FlowDocument,
    /// Groups that its rules name and that the account that saved it may no longer give: they are withheld, and the accounts are
    /// pending approval.
    withheld: Vec<GroupRef>,
}

impl From<FlowDetails> for Flow {
    fn from(details: FlowDetails) -> Self {
        Self {
            item: details.summary.into(),
            flow: details.flow,
            withheld: details.withheld.into_iter().map(Into::into).collect(),
        }
    }
}

/// What a flow says.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({
    "name": "Workshop",
    "steps": [{ "title": "About you", "fields": [
        { "key": "plan", "label": "Plan", "type": "choice", "required": true, "choices": ["solo", "team"] },
    ] }],
    "rules": [{ "when": { "field": "plan", "is": "team" }, "then": { "approval": true } }],
}))]
pub struct FlowContents {
    /// Version of this format: 1.
    #[schema(minimum = 1, maximum = 1)]
    version: Option<u32>,
    /// Name.
    #[schema(max_length = 80)]
    name: String,
    /// Whether accounts have to verify their e-mail address, where e-mail is set up.
    verify_email: Option<bool>,
    /// Whether accounts are pending approval.
    approval: Option<bool>,
    /// What the sign-up page says, as Markdown without HTML, where the invite says nothing.
    #[schema(max_length = 2000)]
    welcome_text: Option<String>,
    /// Where people go after they sign up, where neither the invite nor a rule says so.
    #[schema(max_length = 2048)]
    after: Option<String>,
    /// Terms to accept: each a name or an id, or an object with `name` and `text`.
    #[schema(value_type = Option<Vec<Object>>, max_items = 5)]
    terms: Option<Vec<serde_json::Value>>,
    /// Steps.
    #[schema(max_items = 10)]
    steps: Option<Vec<FlowStep>>,
    /// Rules, all of which are looked at, in their order.
    #[schema(max_items = 50)]
    rules: Option<Vec<FlowRule>>,
}

/// A step of a flow: a page of the form.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "it documents what the domain parses")]
pub struct FlowStep {
    /// Title.
    #[schema(max_length = 80)]
    title: Option<String>,
    /// Fields.
    fields: Option<Vec<FlowField>>,
}

/// A field of a flow. The answer becomes an attribute of the account.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "it documents what the domain parses")]
pub struct FlowField {
    /// Key of the attribute.
    #[schema(max_length = 40, pattern = "^[a-z0-9_]+$")]
    key: String,
    /// Label; the key in words if left out.
    #[schema(max_length = 120)]
    label: Option<String>,
    /// What is said below it.
    #[schema(max_length = 300)]
    help: Option<String>,
    /// Type: `text` if left out.
    #[serde(rename = "type")]
    #[schema(pattern = "^(text|long_text|choice|choices|checkbox|number|date|url)$")]
    kind: Option<String>,
    /// Whether it has to be answered.
    required: Option<bool>,
    /// Least number of characters or choices, least number, or first date: a date, `today` or `18 years ago`.
    min: Option<String>,
    /// Most: as `min`.
    max: Option<String>,
    /// Most digits of a number after the point.
    #[schema(value_type = Option<u32>, maximum = 4)]
    decimals: Option<String>,
    /// Choices: each a text, or an object with `value` and `label`.
    #[schema(value_type = Option<Vec<Object>>, max_items = 100)]
    choices: Option<Vec<serde_json::Value>>,
}

/// A rule of a flow.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "it documents what the domain parses")]
pub struct FlowRule {
    /// A condition, or a list of conditions, all of which have to hold. Each has `field` (the key of a field) or `attribute` (the
    /// key of an attribute of the invite), and one of `is`, `is_not`, `at_least`, `at_most` and `answered`.
    #[schema(value_type = Object)]
    when: serde_json::Value,
    /// What counts then: `refuse` with what is said, or any of `approval`, `groups` (names or ids) and `after`.
    #[schema(value_type = Object)]
    then: BTreeMap<String, serde_json::Value>,
}

/// A new flow.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "flow": { "name": "Workshop", "approval": true } }))]
pub struct NewFlow {
    /// What it says. In errors, fields are named from here, such as `steps.0.fields.2.key`.
    flow: FlowContents,
}

/// A new version of a flow.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "flow": { "name": "Evening course", "approval": true }, "start_again": true }))]
pub struct FlowChange {
    /// What it says. In errors, fields are named from here, such as `steps.0.fields.2.key`.
    flow: FlowContents,
    /// Number of the version that was edited: if another was saved meanwhile, the change is refused. Nothing is checked if it is
    /// left out.
    edited_version: Option<u32>,
    /// Whether those who have begun with an earlier version start again; false if left out.
    start_again: Option<bool>,
}

/// The versions of a flow.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowVersions {
    /// The versions, newest first; at most 500.
    items: Vec<FlowVersion>,
}

/// A version of a flow. It never changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowVersion {
    /// Number, counted from 1.
    number: u32,
    /// Time it was saved.
    #[schema(value_type = String, format = DateTime)]
    saved_at: Timestamp,
    /// Account that saved it.
    #[schema(required = true)]
    saved_by: Option<AccountRef>,
}

impl From<domain::flows::FlowVersion> for FlowVersion {
    fn from(version: domain::flows::FlowVersion) -> Self {
        Self { number: version.number, saved_at: version.saved_at, saved_by: version.saved_by.map(Into::into) }
    }
}

/// An invite that names a flow.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowInvite {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: InviteId,
    /// Name of the invite among staff; null if there is none.
    #[schema(required = true)]
    label: Option<String>,
}

impl From<domain::invites::InviteRef> for FlowInvite {
    fn from(invite: domain::invites::InviteRef) -> Self {
        Self { id: invite.id, label: invite.label.map(Into::into) }
    }
}

page! {
    /// One page of the invites that name a flow.
    FlowInvites {
        /// The invites, newest first.
        FlowInvite from domain::invites::InviteRef
    }
}

/// The flow that takes the place of one that is deleted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeleteParams {
    /// Id of the flow that takes its place, in invites and as the default.
    #[param(value_type = Option<Uuid>)]
    replace_with: Option<String>,
}

/// How a flow is imported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportParams {
    /// Whether nothing is changed: `true` or `false`, which it is if left out.
    #[param(value_type = Option<bool>)]
    dry_run: Option<String>,
}

/// The outcome of an import.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowImport {
    /// The flow as it is now, or would be; null if something is wrong.
    #[schema(required = true)]
    flow: Option<Flow>,
    /// Whether it was created; otherwise a version of the flow with its name was saved.
    created: bool,
    /// Names of the terms that were created with it.
    new_terms: Vec<String>,
    /// What is wrong; then nothing was changed.
    errors: Vec<FlowImportError>,
}

/// Something that is wrong in a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlowImportError {
    /// Path of the field; null if the text could not be read.
    #[schema(required = true)]
    field: Option<String>,
    /// Line, counted from 1; null if it is not known.
    #[schema(required = true)]
    line: Option<u32>,
    /// What is wrong.
    message: String,
}

/// Create a flow
#[utoipa::path(
    post,
    path = "/admin/flows",
    operation_id = "create_flow",
    tag = "flows",
    request_body = NewFlow,
    responses(
        (status = 201, description = "The flow.", body = Flow,
            headers(("Location" = String, description = "Where the flow is."))),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::FlowName,
    ),
    security(("bearer" = [])),
)]
async fn create(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(draft): Json<FlowDraft>,
) -> Result<impl IntoResponse, Problem> {
    let flow = Flow::from(service::flows::create(&ctx, &actor, draft).await?);
    let location = format!("{PREFIX}/admin/flows/{}", flow.item.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(flow)))
}

/// List flows by name
#[utoipa::path(
    get,
    path = "/admin/flows",
    operation_id = "list_flows",
    tag = "flows",
    responses(
        (status = 200, description = "All flows.", body = FlowItems),
        problem::Always, problem::Guarded,
    ),
    security(("bearer" = [])),
)]
async fn list(State(ctx): State<service::Ctx>, Bearer(actor): Bearer) -> Result<axum::Json<FlowItems>, Problem> {
    let items = service::flows::list(&ctx, &actor).await?;
    Ok(axum::Json(FlowItems { items: items.into_iter().map(Into::into).collect() }))
}

/// Read one flow
#[utoipa::path(
    get,
    path = "/admin/flows/{id}",
    operation_id = "get_flow",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The flow's id.")),
    responses(
        (status = 200, description = "The flow.", body = Flow),
        problem::Always, problem::Guarded, problem::OneFlow,
    ),
    security(("bearer" = [])),
)]
async fn get(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<FlowId>,
) -> Result<axum::Json<Flow>, Problem> {
    Ok(axum::Json(service::flows::get(&ctx, &actor, id).await?.into()))
}

/// Save a new version of a flow. Those who have begun with an earlier one go on with it, unless they are told to start again
#[utoipa::path(
    put,
    path = "/admin/flows/{id}",
    operation_id = "save_flow",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The flow's id.")),
    request_body = FlowChange,
    responses(
        (status = 200, description = "The flow as it is now.", body = Flow),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneFlow, problem::FlowSaved,
    ),
    security(("bearer" = [])),
)]
async fn save(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<FlowId>,
    Json(draft): Json<FlowDraft>,
) -> Result<axum::Json<Flow>, Problem> {
    Ok(axum::Json(service::flows::save(&ctx, &actor, id, draft).await?.into()))
}

/// Delete a flow. One that invites name, or that is the default, needs another that takes its place
#[utoipa::path(
    delete,
    path = "/admin/flows/{id}",
    operation_id = "delete_flow",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The flow's id."), DeleteParams),
    responses(
        (status = 204, description = "It is deleted."),
        problem::Always, problem::Guarded, problem::Fields, problem::OneFlow, problem::FlowUsed,
    ),
    security(("bearer" = [])),
)]
async fn delete(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<FlowId>,
    Query(params): Query<DeleteParams>,
) -> Result<StatusCode, Problem> {
    let wrong = || Failure::field(domain::Code::Invalid, "replace_with", "There is no such flow. Choose another.");
    let replace_with = params.replace_with.map(|id| id.parse().map_err(|_| wrong())).transpose()?;
    service::flows::delete(&ctx, &actor, id, replace_with).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a flow the default: of invites that name none, and of those who sign up without an invite
#[utoipa::path(
    post,
    path = "/admin/flows/{id}/make-default",
    operation_id = "make_flow_default",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The flow's id.")),
    responses(
        (status = 200, description = "The flow as it is now.", body = Flow),
        problem::Always, problem::Guarded, problem::OneFlow,
    ),
    security(("bearer" = [])),
)]
async fn make_default(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<FlowId>,
) -> Result<axum::Json<Flow>, Problem> {
    Ok(axum::Json(service::flows::make_default(&ctx, &actor, id).await?.into()))
}

/// List the versions of a flow, newest first
#[utoipa::path(
    get,
    path = "/admin/flows/{id}/versions",
    operation_id = "list_flow_versions",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The flow's id.")),
    responses(
        (status = 200, description = "The versions.", body = FlowVersions),
        problem::Always, problem::Guarded, problem::OneFlow,
    ),
    security(("bearer" = [])),
)]
async fn versions(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<FlowId>,
) -> Result<axum::Json<FlowVersions>, Problem> {
    let items = service::flows::versions(&ctx, &actor, id).await?;
    Ok(axum::Json(FlowVersions { items: items.into_iter().map(Into::into).collect() }))
}

/// Read what a version of a flow says
#[utoipa::path(
    get,
    path = "/admin/flows/{id}/versions/{number}",
    operation_id = "get_flow_version",
    tag = "flows",
    params(
        ("id" = Uuid, Path, description = "The flow's id."),
        ("number" = u32, Path, description = "The number of the version."),
    ),
    responses(
        (status = 200, description = "What the version says.", body = FlowContents),
        problem::Always, problem::Guarded, problem::OneFlowVersion,
    ),
    security(("bearer" = [])),
)]
async fn version(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    axum::extract::Path((id, number)): axum::extract::Path<(String, String)>,
) -> Result<axum::Json<FlowDocument>, Problem> {
    let unknown = || Failure::not_found("version");
    let id = id.parse().map_err(|_| unknown())?;
    let number = number.parse().map_err(|_| unknown())?;
    Ok(axum::Json(service::flows::version(&ctx, &actor, id, number).await?))
}

/// List the invites that name a flow, newest first
#[utoipa::path(
    get,
    path = "/admin/flows/{id}/used-by",
    operation_id = "list_flow_invites",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The flow's id."), PageParams),
    responses(
        (status = 200, description = "One page of invites.", body = FlowInvites),
        problem::Always, problem::Guarded, problem::Fields, problem::OneFlow,
    ),
    security(("bearer" = [])),
)]
async fn used_by(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<FlowId>,
    Query(params): Query<PageParams>,
) -> Result<axum::Json<FlowInvites>, Problem> {
    let paging = params.parse()?;
    Ok(axum::Json(service::flows::used_by(&ctx, &actor, id, paging).await?.into()))
}

/// Export a flow as YAML, with the texts of its terms
#[utoipa::path(
    get,
    path = "/admin/flows/{id}/export",
    operation_id = "export_flow",
    tag = "flows",
    params(("id" = Uuid, Path, description = "The flow's id.")),
    responses(
        (status = 200, description = "The flow.", content_type = "application/yaml", body = FlowContents),
        problem::Always, problem::Guarded, problem::OneFlow,
    ),
    security(("bearer" = [])),
)]
async fn export(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<FlowId>,
) -> Result<Response, Problem> {
    let yaml = service::flows::export(&ctx, &actor, id).await?;
    Ok(([(header::CONTENT_TYPE, "application/yaml")], yaml).into_response())
}

/// Import a flow from YAML: it is created, or a version is saved of the flow with its name
#[utoipa::path(
    post,
    path = "/admin/flows/import",
    operation_id = "import_flow",
    tag = "flows",
    params(ImportParams),
    request_body(content = FlowContents, content_type = "application/yaml"),
    responses(
        (status = 200, description = "What was done, or what is wrong in the text.", body = FlowImport),
        problem::Always, problem::Guarded, problem::Yaml, problem::FlowName,
    ),
    security(("bearer" = [])),
)]
async fn import(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<ImportParams>,
    headers: HeaderMap,
    text: String,
) -> Result<axum::Json<FlowImport>, Problem> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    if !["application/yaml", "application/x-yaml", "text/yaml", "text/plain"].contains(&media_type.as_str()) {
        let why = "Send the flow as `application/yaml`.";
        return Err(Failure::new(domain::Code::UnsupportedMediaType, why).into());
    }
    let dry_run = match params.dry_run.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Failure::field(domain::Code::Invalid, "dry_run", "Enter true or false.").into()),
    };
    let nothing = FlowImport { flow: None, created: false, new_terms: Vec::new(), errors: Vec::new() };
    Ok(axum::Json(match service::flows::import(&ctx, &actor, &text, dry_run).await? {
        ImportOutcome::Imported(imported) => FlowImport {
            flow: Some(imported.flow.into()),
            created: imported.is_new,
            new_terms: imported.new_terms.into_iter().map(Into::into).collect(),
            ..nothing
        },
        ImportOutcome::Wrong(wrong) => {
            let errors = wrong.into_iter();
            let errors =
                errors.map(|error| FlowImportError { field: error.field, line: error.line, message: error.message });
            FlowImport { errors: errors.collect(), ..nothing }
        }
    }))
}
