//! Redemptions: the uses of invites.

use axum::extract::State;
use domain::Timestamp;
use domain::failure::{Check, Failure};
use domain::ids::{InviteId, RedemptionId};
use domain::redemptions::RedemptionQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::paging::paging;
use super::views::{AccountRef, page};
use crate::api::extract::{Bearer, Query, id_parameter};
use crate::api::{Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default().routes(routes!(list))
}

/// The record of one use of an invite. It is kept when the invite is deleted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a5-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "invite": {
        "id": "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77",
        "label": "Summer course",
        "code": "7QmX2pVd9KtR",
    },
    "account": { "id": "0199f0a5-0000-7d0e-9d6a-3f0e6c1b2a77", "username": "mateo", "name": "Mateo Quispe" },
    "kind": "new",
    "created_at": "2026-11-21T10:00:00Z",
    "released_at": null,
}))]
pub struct Redemption {
    /// Id of the redemption.
    #[schema(value_type = Uuid)]
    id: RedemptionId,
    /// The invite that was used.
    invite: InviteRef,
    /// The account that used it.
    account: AccountRef,
    /// Whether the redemption created the account, or an account that existed joined groups.
    kind: RedemptionKind,
    /// Time of the redemption.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Time at which the use was given back, because the account was declined; null if it counts.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    released_at: Option<Timestamp>,
}

/// A short form of an invite.
#[derive(Debug, Serialize, ToSchema)]
pub struct InviteRef {
    /// Id of the invite.
    #[schema(value_type = Uuid)]
    id: InviteId,
    /// Name of the invite; null if it has none.
    #[schema(required = true)]
    label: Option<String>,
    /// Invite code; null if the invite is deleted, and for an API key without the permission `invites.view_codes`.
    #[schema(required = true)]
    code: Option<String>,
}

impl From<domain::invites::InviteRef> for InviteRef {
    fn from(invite: domain::invites::InviteRef) -> Self {
        Self { id: invite.id, label: invite.label.map(Into::into), code: invite.code.map(Into::into) }
    }
}

/// Kind of a redemption.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RedemptionKind {
    /// The redemption created the account.
    New,
    /// Somebody who had an account joined the groups of the invite.
    Joined,
}

impl From<domain::redemptions::Redemption> for Redemption {
    fn from(redemption: domain::redemptions::Redemption) -> Self {
        Self {
            id: redemption.id,
            invite: redemption.invite.into(),
            account: redemption.account.into(),
            kind: match redemption.kind {
                domain::redemptions::RedemptionKind::New => RedemptionKind::New,
                domain::redemptions::RedemptionKind::Joined => RedemptionKind::Joined,
            },
            created_at: redemption.created_at,
            released_at: redemption.released_at,
        }
    }
}

page! {
    /// One page of redemptions.
    Redemptions {
        /// The redemptions of this page.
        Redemption from domain::redemptions::Redemption
    }
}

/// Filter and page of a list of redemptions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RedemptionsParams {
    /// Only redemptions whose account (name, username, e-mail) or invite label has these words or their beginnings.
    q: Option<String>,
    /// Only redemptions of the invite with this id.
    #[param(value_type = Option<Uuid>)]
    invite: Option<String>,
    /// Only redemptions of the account with this id.
    #[param(value_type = Option<Uuid>)]
    account: Option<String>,
    /// Maximum number of items; 50 by default.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// `next_cursor` or `previous_cursor` of another page of the same list.
    cursor: Option<String>,
}

impl RedemptionsParams {
    fn parse(self) -> Result<RedemptionQuery, Failure> {
        let mut check = Check::default();
        let query = RedemptionQuery {
            q: self.q,
            invite: id_parameter(&mut check, "invite", self.invite.as_deref()),
            account: id_parameter(&mut check, "account", self.account.as_deref()),
            paging: paging(&mut check, self.limit.as_deref(), self.cursor.as_deref()),
        };
        check.finish(Some(query))
    }
}

/// List redemptions, newest first
#[utoipa::path(
    get,
    path = "/admin/redemptions",
    operation_id = "list_redemptions",
    tag = "redemptions",
    params(RedemptionsParams),
    responses(
        (status = 200, description = "One page of redemptions.", body = Redemptions),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<RedemptionsParams>,
) -> Result<axum::Json<Redemptions>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::redemptions::list(&ctx, &actor, &query).await?.into()))
}
