//! Operations on the audit log.

use axum::extract::State;
use axum::response::Response;
use domain::audit::{AuditFilter, AuditQuery};
use domain::events::Action;
use domain::failure::{Check, Failure};
use domain::ids::AuditEntryId;
use domain::text::ParseError;
use domain::{Timestamp, audit};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::paging::paging;
use super::views::{AccountRef, page};
use crate::api::extract::{Bearer, Query, id_parameter, parameter};
use crate::api::{Problem, problem};
use crate::csv;

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default().routes(routes!(list)).routes(routes!(export))
}

/// An entry of the audit log: who did what, when and from where.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a5-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "created_at": "2026-11-21T10:00:00Z",
    "originator": {
        "kind": "session",
        "account": { "id": "0199f0a5-0000-7d0e-9d6a-3f0e6c1b2a77", "username": "ada", "name": "Ada Lovelace" },
    },
    "action": "invite.delete",
    "subject": { "kind": "invite", "id": "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77", "label": "Summer course" },
    "client_ip": "203.0.113.77",
    "detail": { "used": 4 },
}))]
pub struct AuditEntry {
    /// Id of the entry.
    #[schema(value_type = Uuid)]
    id: AuditEntryId,
    /// Time at which it happened.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Who did it.
    originator: Originator,
    /// What was done, as `noun.verb`. Later versions add actions.
    action: String,
    /// What it was done to.
    subject: AuditSubject,
    /// IP address from which it was done; null if it is not known, or was erased with its account.
    #[schema(required = true)]
    client_ip: Option<String>,
    /// How it was done: ids and changed values, never a secret. Null if the API key may not see what the entry is about, and for an
    /// entry of a form that this version does not know.
    #[schema(required = true, value_type = Option<Object>)]
    detail: Option<Map<String, Value>>,
}

/// Who made a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct Originator {
    /// How they came to make it.
    kind: OriginatorKind,
    /// Their account; null for visitors and the system. Of a deleted account only the id is left.
    #[schema(required = true)]
    account: Option<AccountRef>,
}

/// How the originator of a change came to make it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginatorKind {
    /// Signed in with a browser.
    Session,
    /// With an API key.
    ApiKey,
    /// On the command line.
    Operator,
    /// Not signed in.
    Visitor,
    /// The system itself, at a time that was set.
    System,
}

/// What a change is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditSubject {
    /// Its kind: `invite`, `account`, `group`, `application`, `webhook`, `mailing`, `settings`, `api_key`, `session` or `data_key`.
    kind: String,
    /// Its id; null for the settings and the data key.
    #[schema(required = true)]
    id: Option<Uuid>,
    /// Its name; null if it has none or no longer exists, and if the API key may not see it.
    #[schema(required = true)]
    label: Option<String>,
}

impl From<audit::AuditEntry> for AuditEntry {
    fn from(entry: audit::AuditEntry) -> Self {
        let audit::AuditSubject { kind, id, label } = entry.subject;
        let detail = match entry.detail {
            audit::AuditDetail::Fields(fields) => Some(fields),
            audit::AuditDetail::Hidden | audit::AuditDetail::Unreadable => None,
        };
        Self {
            id: entry.id,
            created_at: entry.created_at,
            originator: entry.originator.into(),
            action: entry.action,
            subject: AuditSubject { kind, id, label },
            client_ip: entry.client_ip,
            detail,
        }
    }
}

impl From<audit::Originator> for Originator {
    fn from(originator: audit::Originator) -> Self {
        use audit::OriginatorKind as Is;
        let kind = match originator.kind {
            Is::Session => OriginatorKind::Session,
            Is::ApiKey => OriginatorKind::ApiKey,
            Is::Operator => OriginatorKind::Operator,
            Is::Visitor => OriginatorKind::Visitor,
            Is::System => OriginatorKind::System,
        };
        Self { kind, account: originator.account.map(Into::into) }
    }
}

page! {
    /// One page of the audit log.
    AuditEntries {
        /// The entries of this page.
        AuditEntry from audit::AuditEntry
    }
}

/// Filter and page of a list of the audit log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditParams {
    /// Only what the account with this id did.
    #[param(value_type = Option<Uuid>)]
    actor: Option<String>,
    /// Only these actions, separated by commas, such as `invite.pause,invite.resume`.
    #[param(pattern = "^[a-z_]+\\.[a-z_]+(,[a-z_]+\\.[a-z_]+)*$")]
    action: Option<String>,
    /// Only what was done to things of this kind.
    #[param(pattern = "^(invite|account|group|application|webhook|mailing|settings|api_key|session|data_key)$")]
    kind: Option<String>,
    /// Only what was done to the thing with this id.
    #[param(value_type = Option<Uuid>)]
    subject: Option<String>,
    /// Only what happened at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<String>,
    /// Only what happened before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<String>,
    /// Maximum number of entries; 50 by default.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// `next_cursor` or `previous_cursor` of another page of the same list.
    cursor: Option<String>,
}

impl AuditParams {
    fn parse(self) -> Result<AuditQuery, Failure> {
        let mut check = Check::default();
        let filter = AuditFilter {
            actor: id_parameter(&mut check, "actor", self.actor.as_deref()),
            actions: self.action.and_then(|names| check.take("action", actions(&names))).unwrap_or_default(),
            kind: parameter(&mut check, "kind", self.kind.as_deref()),
            subject: id_parameter(&mut check, "subject", self.subject.as_deref()),
            from: parameter(&mut check, "from", self.from.as_deref()),
            until: parameter(&mut check, "until", self.until.as_deref()),
        };
        let paging = paging(&mut check, self.limit.as_deref(), self.cursor.as_deref());
        check.finish(Some(AuditQuery { filter, paging }))
    }
}

/// The actions of a list of names. It has one at least: an empty list would be no filter.
fn actions(names: &str) -> Result<Vec<Action>, ParseError> {
    names.split(',').map(|name| name.trim().parse()).collect()
}

/// Filter of an export of the audit log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditExportParams {
    /// Only what the account with this id did.
    #[param(value_type = Option<Uuid>)]
    actor: Option<String>,
    /// Only these actions, separated by commas, such as `invite.pause,invite.resume`.
    #[param(pattern = "^[a-z_]+\\.[a-z_]+(,[a-z_]+\\.[a-z_]+)*$")]
    action: Option<String>,
    /// Only what was done to things of this kind.
    #[param(pattern = "^(invite|account|group|application|webhook|mailing|settings|api_key|session|data_key)$")]
    kind: Option<String>,
    /// Only what was done to the thing with this id.
    #[param(value_type = Option<Uuid>)]
    subject: Option<String>,
    /// Only what happened at this time or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<String>,
    /// Only what happened before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<String>,
}

impl AuditExportParams {
    /// The query of the list, whose page does not matter.
    fn parse(self) -> Result<AuditQuery, Failure> {
        let Self { actor, action, kind, subject, from, until } = self;
        AuditParams { actor, action, kind, subject, from, until, limit: None, cursor: None }.parse()
    }
}

/// List the audit log, newest first
#[utoipa::path(
    get,
    path = "/admin/audit",
    operation_id = "list_audit_log",
    tag = "audit",
    params(AuditParams),
    responses(
        (status = 200, description = "One page of the audit log.", body = AuditEntries),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<AuditParams>,
) -> Result<axum::Json<AuditEntries>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::audit_log::list(&ctx, &actor, &query).await?.into()))
}

/// Export the audit log as CSV, newest first
///
/// All that the list has, on all of its pages. A cell that a spreadsheet would run as a formula begins with an apostrophe. The
/// response is streamed; it is aborted if the list could not be read completely.
#[utoipa::path(
    get,
    path = "/admin/audit.csv",
    operation_id = "export_audit_log",
    tag = "audit",
    params(AuditExportParams),
    responses(
        (status = 200, description = "The entries: id, created_at, originator, account_id, username, name, action, \
            subject_kind, subject_id, subject, client_ip, detail as JSON (RFC 4180, in UTF-8).",
            content_type = "text/csv", body = String,
            headers(("Content-Disposition" = String, description = "An attachment that is named by the time."))),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn export(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<AuditExportParams>,
) -> Result<Response, Problem> {
    Ok(csv::audit::download(ctx, actor, params.parse()?).await?)
}
