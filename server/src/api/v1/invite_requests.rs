//! Requests for a new link of an invite, made on the public page of one that lets no one in any more.

use axum::extract::State;
use domain::Timestamp;
use domain::failure::{Check, Failure};
use domain::ids::{InviteId, InviteRequestId};
use domain::joining::RequestStatus;
use domain::requests::InviteRequestQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::invites::Invite;
use super::paging::paging;
use super::redemptions::InviteRef;
use super::views::page;
use crate::api::extract::{Bearer, IdPath, Query};
use crate::api::{Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default().routes(routes!(list)).routes(routes!(grant)).routes(routes!(dismiss))
}

/// A request for a new link of an invite that lets no one in any more. It is deleted with the invite, and 30 days after its
/// answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a7-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "invite": {
        "id": "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77",
        "label": "Summer course",
        "code": "7QmX2pVd9KtR",
    },
    "email": "mateo@example.org",
    "note": "I was ill that week.",
    "created_at": "2026-11-21T10:00:00Z",
    "status": "open",
    "decided_at": null,
    "granted_invite": null,
}))]
pub struct InviteRequest {
    /// Id of the request.
    #[schema(value_type = Uuid)]
    id: InviteRequestId,
    /// The invite that lets no one in any more.
    invite: InviteRef,
    /// E-mail address of the person who asks, who may be somebody else: nobody has verified it.
    email: String,
    /// What they say; null if nothing.
    #[schema(required = true)]
    note: Option<String>,
    /// Time of the request.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Status of the request.
    status: InviteRequestStatus,
    /// Time of the answer; null if it waits for one.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    /// Id of the invite that was created for it; null if there is none.
    #[schema(required = true, value_type = Option<Uuid>)]
    granted_invite: Option<InviteId>,
}

/// Status of a request for a new link.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InviteRequestStatus {
    /// It waits for an answer.
    Open,
    /// An invite was created for it.
    Granted,
    /// It was dismissed.
    Dismissed,
}

impl From<domain::requests::InviteRequest> for InviteRequest {
    fn from(request: domain::requests::InviteRequest) -> Self {
        Self {
            id: request.id,
            invite: request.invite.into(),
            email: request.email.to_string(),
            note: request.note.map(Into::into),
            created_at: request.created_at,
            status: match request.status {
                RequestStatus::Open => InviteRequestStatus::Open,
                RequestStatus::Granted => InviteRequestStatus::Granted,
                RequestStatus::Dismissed => InviteRequestStatus::Dismissed,
            },
            decided_at: request.decided_at,
            granted_invite: request.granted_invite,
        }
    }
}

page! {
    /// One page of requests for new links.
    InviteRequests {
        /// The requests of this page.
        InviteRequest from domain::requests::InviteRequest
    }
}

/// A request that was granted, and the invite that was created for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantedInviteRequest {
    /// The request as it is now.
    request: InviteRequest,
    /// The new invite: for one use, for the e-mail address of the request, and for seven days or fewer.
    invite: Invite,
}

/// Filter and page of a list of requests for new links.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InviteRequestsParams {
    /// Only requests that wait for an answer (true); all by default.
    #[param(value_type = Option<bool>)]
    open: Option<String>,
    /// Maximum number of items; 50 by default.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// `next_cursor` or `previous_cursor` of another page of the same list.
    cursor: Option<String>,
}

impl InviteRequestsParams {
    fn parse(self) -> Result<InviteRequestQuery, Failure> {
        let mut check = Check::default();
        let open = match self.open.as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                check.add_error("open", "Send true or false.");
                false
            }
        };
        let paging = paging(&mut check, self.limit.as_deref(), self.cursor.as_deref());
        check.finish(Some(InviteRequestQuery { open, paging }))
    }
}

/// List requests for new links, newest first
///
/// Those for all invites or, for an API key that may not manage these, for the invites of its account.
#[utoipa::path(
    get,
    path = "/admin/invite-requests",
    operation_id = "list_invite_requests",
    tag = "invites",
    params(InviteRequestsParams),
    responses(
        (status = 200, description = "One page of requests.", body = InviteRequests),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<InviteRequestsParams>,
) -> Result<axum::Json<InviteRequests>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::requests::list(&ctx, &actor, &query).await?.into()))
}

/// Create an invite like that of a request, for one use and for the e-mail address of the request
///
/// The account of the API key is its author, and it counts toward the limits of that account. Granting the request again with
/// the same account gets the same invite.
#[utoipa::path(
    post,
    path = "/admin/invite-requests/{id}/grant",
    operation_id = "grant_invite_request",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The request's id.")),
    responses(
        (status = 200, description = "The request as it is now, and the new invite.", body = GrantedInviteRequest),
        problem::Always, problem::Guarded, problem::Fields, problem::OneLinkRequest, problem::Limits,
    ),
    security(("bearer" = [])),
)]
async fn grant(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InviteRequestId>,
) -> Result<axum::Json<GrantedInviteRequest>, Problem> {
    let granted = service::requests::grant(&ctx, &actor, id).await?;
    Ok(axum::Json(GrantedInviteRequest { request: granted.request.into(), invite: granted.invite.into() }))
}

/// Dismiss a request for a new link. Dismissing it again is no error
#[utoipa::path(
    post,
    path = "/admin/invite-requests/{id}/dismiss",
    operation_id = "dismiss_invite_request",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The request's id.")),
    responses(
        (status = 200, description = "The request as it is now.", body = InviteRequest),
        problem::Always, problem::Guarded, problem::OneLinkRequest,
    ),
    security(("bearer" = [])),
)]
async fn dismiss(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InviteRequestId>,
) -> Result<axum::Json<InviteRequest>, Problem> {
    Ok(axum::Json(service::requests::dismiss(&ctx, &actor, id).await?.into()))
}
