//! The same act on several invites.

use axum::extract::State;
use domain::failure::Check;
use domain::ids::InviteId;
use domain::invites::{BulkDraft, InviteQuery};
use domain::{Failure, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire::InviteStatus;
use crate::api::extract::{Bearer, Json, parameter};
use crate::api::{Problem, problem};

/// Pause, resume, extend or delete several invites: those that are named, or all that a list would have
///
/// Each is changed as by the operation for one invite, or counted with the reason why not. Repeating a request is no error.
#[utoipa::path(
    post,
    path = "/admin/invites/bulk",
    operation_id = "change_invites",
    tag = "invites",
    request_body = InvitesChange,
    responses(
        (status = 200, description = "How many were changed.", body = InvitesChanged),
        problem::Always, problem::Guarded, problem::Body, problem::Fields,
    ),
    security(("bearer" = [])),
)]
pub(super) async fn change(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Json(change): Json<InvitesChange>,
) -> Result<axum::Json<InvitesChanged>, Problem> {
    let dry_run = change.dry_run;
    let change = change.draft()?.parse(ctx.now())?;
    let outcome = if dry_run {
        service::invites::count_changes(&ctx, &actor, change).await?
    } else {
        service::invites::change_all(&ctx, &actor, change).await?
    };
    Ok(axum::Json(outcome.into()))
}

/// An act on several invites: either `ids` or `matching`; to extend, either `expires_at` or `days`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "action": "pause", "ids": ["0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77"] }))]
pub struct InvitesChange {
    /// What is done with each.
    action: BulkAction,
    /// Ids of invites.
    #[schema(value_type = Option<Vec<Uuid>>, min_items = 1, max_items = 500)]
    ids: Option<Vec<InviteId>>,
    /// All invites that the list has with this filter.
    matching: Option<InvitesFilter>,
    /// The instant at which you counted them, such as `as_of` of a dry run; now if left out. Invites that were created since
    /// are left out, and those that were changed since are not extended by `days`: a request that is repeated with the same
    /// instant extends nothing twice.
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// To extend: the new end. Invites that end later, or never, stay as they are.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// To extend: days after the present end or, where that has passed, after now.
    #[schema(minimum = 1, maximum = 365)]
    days: Option<i64>,
    /// Whether only to count what would be done, up to 1,000 invites.
    #[serde(default)]
    #[schema(required = false)]
    dry_run: bool,
}

/// What is done with several invites.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// They cannot be used until they are resumed.
    Pause,
    /// They can be used again, if the accounts that created them may still grant what they grant.
    Resume,
    /// They end later.
    Extend,
    /// They cannot be used any more, for good.
    Delete,
}

impl From<BulkAction> for domain::invites::BulkAction {
    fn from(action: BulkAction) -> Self {
        match action {
            BulkAction::Pause => Self::Pause,
            BulkAction::Resume => Self::Resume,
            BulkAction::Extend => Self::Extend,
            BulkAction::Delete => Self::Delete,
        }
    }
}

/// The filter of a list of invites.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitesFilter {
    /// Only invites whose label has these words or their beginnings, in any order and case, or with this code or link.
    q: Option<String>,
    /// Only invites with this status; all except deleted ones if left out.
    #[schema(value_type = Option<InviteStatus>)]
    status: Option<String>,
}

impl InvitesChange {
    fn draft(self) -> Result<BulkDraft, Failure> {
        let mut check = Check::default();
        let matching = self.matching.map(|InvitesFilter { q, status }| InviteQuery {
            q,
            status: parameter(&mut check, "matching.status", status.as_deref()),
            ..InviteQuery::default()
        });
        let Self { ids, as_of, expires_at, days, .. } = self;
        check.finish(Some(BulkDraft { action: self.action.into(), ids, matching, as_of, expires_at, days }))
    }
}

/// What was done with several invites.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "changed": 35,
    "unchanged": 0,
    "refused": [{ "code": "forbidden", "count": 2 }],
    "more": false,
    "as_of": "2026-11-21T10:00:00Z",
}))]
pub struct InvitesChanged {
    /// Invites that were changed.
    changed: u32,
    /// Invites that were so already.
    unchanged: u32,
    /// Invites that could not be changed, by reason.
    refused: Vec<InvitesRefused>,
    /// Whether a dry run stopped counting.
    more: bool,
    /// The instant up to which invites were created that are counted here.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
}

/// Invites that could not be changed for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitesRefused {
    /// The code of the problem that the operation for one invite has. New codes may be added.
    code: &'static str,
    /// How many.
    count: u32,
}

impl From<domain::invites::BulkOutcome> for InvitesChanged {
    fn from(outcome: domain::invites::BulkOutcome) -> Self {
        let refused = |refusal: domain::invites::BulkRefusal| InvitesRefused {
            code: refusal.code.as_str(),
            count: refusal.count,
        };
        Self {
            changed: outcome.changed,
            unchanged: outcome.unchanged,
            refused: outcome.refused.into_iter().map(refused).collect(),
            more: outcome.more,
            as_of: outcome.as_of,
        }
    }
}
