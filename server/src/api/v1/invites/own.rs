//! Operations on the invites of the caller's own account, within the limits of members.

use axum::extract::State;
use domain::Timestamp;
use domain::ids::{InviteId, RedemptionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::Invites;
use crate::api::extract::{Bearer, IdPath, Query};
use crate::api::v1::paging::PageParams;
use crate::api::v1::views::page;
use crate::api::{Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default().routes(routes!(list)).routes(routes!(limits)).routes(routes!(redemptions))
}

/// What the account may create. Staff have no limits but the ceiling of every invite.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "may_create": true,
    "max_uses": 5,
    "max_days": 30,
    "quota": { "size": 5, "period": "week", "left": 0, "next_at": "2026-11-28T10:00:00Z" },
    "old_enough_at": null,
}))]
pub struct InviteLimits {
    /// Whether it may create invites besides those for groups that it manages, which have no limits.
    may_create: bool,
    /// The most uses of one invite, which is also the value if none is given; null for no limit.
    #[schema(required = true)]
    max_uses: Option<u32>,
    /// How many days after its creation an invite ends at the latest; null for never.
    #[schema(required = true)]
    max_days: Option<u32>,
    /// How many invites it may create; null for any number.
    #[schema(required = true)]
    quota: Option<InviteQuota>,
    /// From when the account is old enough to create invites; null if it is.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    old_enough_at: Option<Timestamp>,
}

/// How many invites an account may create in one period.
#[derive(Debug, Serialize, ToSchema)]
pub struct InviteQuota {
    /// The number.
    size: u32,
    /// The period, which slides.
    period: QuotaPeriod,
    /// How many may still be created. Deleted invites count.
    left: u32,
    /// When the next one may be created; null if one may be created now.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
}

/// Period of a quota.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuotaPeriod {
    /// The last 24 hours.
    Day,
    /// The last 7 days.
    Week,
    /// The last 30 days.
    Month,
}

impl From<domain::invites::QuotaPeriod> for QuotaPeriod {
    fn from(period: domain::invites::QuotaPeriod) -> Self {
        match period {
            domain::invites::QuotaPeriod::Day => Self::Day,
            domain::invites::QuotaPeriod::Week => Self::Week,
            domain::invites::QuotaPeriod::Month => Self::Month,
        }
    }
}

impl From<domain::invites::Allowance> for InviteLimits {
    fn from(allowance: domain::invites::Allowance) -> Self {
        let quota = allowance.quota.map(|quota| InviteQuota {
            size: quota.size,
            period: quota.period.into(),
            left: quota.left,
            next_at: quota.next_at,
        });
        Self {
            may_create: allowance.may_create,
            max_uses: allowance.max_uses,
            max_days: allowance.max_days,
            quota,
            old_enough_at: allowance.old_enough_at,
        }
    }
}

/// Someone who signed up with an invite.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a5-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "name": "Mateo Quispe",
    "created_at": "2026-11-21T10:00:00Z",
}))]
pub struct Guest {
    /// Id of the redemption.
    #[schema(value_type = Uuid)]
    id: RedemptionId,
    /// Display name of the account, or its username if it has none.
    name: String,
    /// Time of the sign-up.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<domain::redemptions::Guest> for Guest {
    fn from(guest: domain::redemptions::Guest) -> Self {
        Self { id: guest.id, name: guest.name, created_at: guest.created_at }
    }
}

page! {
    /// One page of the people who signed up with an invite.
    Guests {
        /// The people.
        Guest from domain::redemptions::Guest
    }
}

/// List the invites that the account of the API key created, newest first, without deleted ones
#[utoipa::path(
    get,
    path = "/me/invites",
    operation_id = "list_own_invites",
    tag = "invites",
    params(PageParams),
    responses(
        (status = 200, description = "One page of invites.", body = Invites),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<PageParams>,
) -> Result<axum::Json<Invites>, Problem> {
    Ok(axum::Json(service::invites::list_own(&ctx, &actor, params.parse()?).await?.into()))
}

/// Read how many invites the account of the API key may create, and of what kind
#[utoipa::path(
    get,
    path = "/me/invites/limits",
    operation_id = "get_own_invite_limits",
    tag = "invites",
    responses(
        (status = 200, description = "The limits, and what is left.", body = InviteLimits),
        problem::Always, problem::Guarded,
    ),
    security(("bearer" = [])),
)]
async fn limits(State(ctx): State<service::Ctx>, Bearer(actor): Bearer) -> Result<axum::Json<InviteLimits>, Problem> {
    Ok(axum::Json(service::invites::allowance(&ctx, &actor).await?.into()))
}

/// List the people who signed up with an invite that the account of the API key created, the latest first
#[utoipa::path(
    get,
    path = "/me/invites/{id}/redemptions",
    operation_id = "list_own_invite_redemptions",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The invite's id."), PageParams),
    responses(
        (status = 200, description = "One page of names.", body = Guests),
        problem::Always, problem::Guarded, problem::Fields, problem::OwnInvite,
    ),
    security(("bearer" = [])),
)]
async fn redemptions(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InviteId>,
    Query(params): Query<PageParams>,
) -> Result<axum::Json<Guests>, Problem> {
    Ok(axum::Json(service::redemptions::guests(&ctx, &actor, id, params.parse()?).await?.into()))
}
