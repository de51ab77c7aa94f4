//! Joining the groups of an invite with an account that one has, and the requests of those whom an invite does not admit.

use axum::extract::State;
use axum::http::StatusCode;
use domain::Timestamp;
use domain::ids::{InviteId, JoinRequestId};
use domain::joining::Answer;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::paging::PageParams;
use super::redemptions::InviteRef;
use super::views::{AccountRef, GroupRef, page};
use crate::api::extract::{Bearer, CodePath, IdPath, Query};
use crate::api::{Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(join))
        .routes(routes!(ask))
        .routes(routes!(list))
        .routes(routes!(grant))
        .routes(routes!(dismiss))
}

/// The result of joining.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "groups": [{ "id": "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77", "name": "Potters" }],
    "used": true,
}))]
pub struct Joined {
    /// The groups of the invite. The account is in each of them.
    groups: Vec<GroupRef>,
    /// Whether the invite was used for it: not if the account was in all of the groups.
    used: bool,
}

/// A request of an account to be added to the groups of an invite that does not admit it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a7-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "invite": {
        "id": "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77",
        "label": "Summer course",
        "code": "7QmX2pVd9KtR",
    },
    "groups": [{ "id": "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77", "name": "Potters" }],
    "account": { "id": "0199f0a5-0000-7d0e-9d6a-3f0e6c1b2a77", "username": "mateo", "name": "Mateo Quispe" },
    "created_at": "2026-11-21T10:00:00Z",
    "status": "open",
}))]
pub struct JoinRequest {
    /// Id of the request.
    #[schema(value_type = Uuid)]
    id: JoinRequestId,
    /// The invite.
    invite: InviteRef,
    /// The groups that the invite gives now.
    groups: Vec<GroupRef>,
    /// The account that asks.
    account: AccountRef,
    /// Time of the request.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Status of the request.
    status: JoinRequestStatus,
}

/// Status of a request to join.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JoinRequestStatus {
    /// It waits for an answer.
    Open,
    /// The account was added to the groups.
    Granted,
    /// It was dismissed.
    Dismissed,
}

impl From<domain::joining::JoinRequest> for JoinRequest {
    fn from(request: domain::joining::JoinRequest) -> Self {
        use domain::joining::RequestStatus as Is;
        Self {
            id: request.id,
            invite: request.invite.into(),
            groups: request.groups.into_iter().map(Into::into).collect(),
            account: request.account.into(),
            created_at: request.created_at,
            status: match request.status {
                Is::Open => JoinRequestStatus::Open,
                Is::Granted => JoinRequestStatus::Granted,
                Is::Dismissed => JoinRequestStatus::Dismissed,
            },
        }
    }
}

page! {
    /// One page of requests to join.
    JoinRequests {
        /// The requests of this page.
        JoinRequest from domain::joining::JoinRequest
    }
}

/// Join the groups of an invite with the account of the API key
///
/// Uses the invite once. The role of the account stays as it is, and memberships are never shortened. Repeated, it does nothing
/// more and gets the same groups. The API key needs full access.
#[utoipa::path(
    post,
    path = "/invites/{code}/join",
    operation_id = "join_invite",
    tag = "signup",
    params(("code" = String, Path, description = "The invite's code.")),
    responses(
        (status = 200, description = "The account is in the groups.", body = Joined),
        problem::Always, problem::Guarded, problem::Join,
    ),
    security(("bearer" = [])),
)]
async fn join(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    CodePath(code): CodePath,
) -> Result<axum::Json<Joined>, Problem> {
    let joined = service::joining::join(&ctx, &actor, &code).await?;
    let groups = joined.groups.into_iter().map(Into::into).collect();
    Ok(axum::Json(Joined { groups, used: joined.used }))
}

/// Ask the author of an invite that does not admit the account of the API key to add it to its groups
///
/// Asking again while the request waits is no error. After it was dismissed, the account can ask again seven days later. The API
/// key needs full access.
#[utoipa::path(
    post,
    path = "/invites/{code}/ask",
    operation_id = "ask_to_join",
    tag = "signup",
    params(("code" = String, Path, description = "The invite's code.")),
    responses(
        (status = 204, description = "The request waits for an answer."),
        problem::Always, problem::Guarded, problem::Ask,
    ),
    security(("bearer" = [])),
)]
async fn ask(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    CodePath(code): CodePath,
) -> Result<StatusCode, Problem> {
    service::joining::ask(&ctx, &actor, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the requests to join with an invite that wait for an answer, newest first
#[utoipa::path(
    get,
    path = "/admin/invites/{id}/join-requests",
    operation_id = "list_join_requests",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The invite's id."), PageParams),
    responses(
        (status = 200, description = "One page of requests.", body = JoinRequests),
        problem::Always, problem::Guarded, problem::Fields, problem::OneInvite,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InviteId>,
    Query(params): Query<PageParams>,
) -> Result<axum::Json<JoinRequests>, Problem> {
    let paging = params.parse()?;
    Ok(axum::Json(service::joining::list(&ctx, &actor, id, paging).await?.into()))
}

/// Add the account of a request to the groups of its invite, which is not used. A request that has an answer keeps it
#[utoipa::path(
    post,
    path = "/admin/join-requests/{id}/grant",
    operation_id = "grant_join_request",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The request's id.")),
    responses(
        (status = 200, description = "The request as it is now.", body = JoinRequest),
        problem::Always, problem::Guarded, problem::OneRequest, problem::Deleted,
    ),
    security(("bearer" = [])),
)]
async fn grant(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<JoinRequestId>,
) -> Result<axum::Json<JoinRequest>, Problem> {
    Ok(axum::Json(service::joining::decide(&ctx, &actor, id, Answer::Grant).await?.into()))
}

/// Dismiss a request to join. A request that has an answer keeps it
#[utoipa::path(
    post,
    path = "/admin/join-requests/{id}/dismiss",
    operation_id = "dismiss_join_request",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The request's id.")),
    responses(
        (status = 200, description = "The request as it is now.", body = JoinRequest),
        problem::Always, problem::Guarded, problem::OneRequest,
    ),
    security(("bearer" = [])),
)]
async fn dismiss(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<JoinRequestId>,
) -> Result<axum::Json<JoinRequest>, Problem> {
    Ok(axum::Json(service::joining::decide(&ctx, &actor, id, Answer::Dismiss).await?.into()))
}
