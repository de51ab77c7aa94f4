//! Invitations by mail: sending them, and what became of each.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::failure::{Check, Failure};
use domain::ids::{InvitationId, InviteId, MailingId};
use domain::invitations::{InvitationQuery, InvitationsDraft, RecipientDraft, SentInvitation};
use domain::invites::InviteDraft;
use domain::{Code, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::invites::NewInvite;
use super::paging::{PageParams, paging};
use super::redemptions::InviteRef;
use super::views::{AccountRef, page};
use crate::api::extract::{Bearer, IdPath, IdempotencyKey, Json, Query, parameter};
use crate::api::{PREFIX, Problem, problem};

pub(super) fn routes() -> OpenApiRouter<service::Ctx> {
    OpenApiRouter::default()
        .routes(routes!(send, list))
        .routes(routes!(resend))
        .routes(routes!(revoke))
        .routes(routes!(mailings))
        .routes(routes!(mailing))
        .routes(routes!(resend_all))
}

/// Invitations to be sent: either `terms`, for an invite of their own to each, or `invite`, for the link of one invite to all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "terms": { "label": "Summer course", "expires_in_hours": 168 },
    "recipients": [{ "email": "mateo@example.org", "name": "Mateo Quispe", "attributes": { "team": "Clay" } }],
    "message": "We meet on Monday.",
    "reminder": true,
}))]
pub struct NewInvitations {
    /// What the invites allow, of which each recipient gets one: for one use and for their e-mail address.
    #[schema(value_type = Option<NewInvite>)]
    terms: Option<InviteDraft>,
    /// Id of the invite whose link all get.
    #[schema(value_type = Option<Uuid>)]
    invite: Option<InviteId>,
    /// Recipients. An address that is there twice gets one invitation. With `terms`, those who have an account are left out.
    #[serde(default)]
    #[schema(required = true, min_items = 1, max_items = 5000)]
    recipients: Vec<NewRecipient>,
    /// Message in the mails: plain text with line breaks.
    #[schema(max_length = 1000)]
    message: Option<String>,
    /// Whether name, username and attributes of the recipients are fixed (true); otherwise they can change them.
    #[serde(default)]
    locked: bool,
    /// Whether people are reminded who have not joined, two days before their invite expires.
    #[serde(default)]
    reminder: bool,
    /// Whether to send to the others if some recipients are invalid (true); otherwise nothing is sent.
    #[serde(default)]
    skip_errors: bool,
}

/// A recipient, and what is known of them. With `invite`, that is a name at the most.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecipient {
    /// E-mail address.
    #[serde(default)]
    #[schema(required = true, format = "email", max_length = 254)]
    email: String,
    /// Display name.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// Username.
    #[schema(min_length = 2, max_length = 32)]
    username: Option<String>,
    /// Attributes by their keys.
    #[serde(default)]
    #[schema(value_type = Option<HashMap<String, String>>, example = json!({ "team": "Clay" }))]
    attributes: BTreeMap<String, String>,
}

impl NewInvitations {
    fn draft(self, id: MailingId) -> Result<InvitationsDraft, Failure> {
        use domain::invitations::MailingMode::{OneLink, OwnLinks};
        let mode = match (&self.terms, self.invite) {
            (Some(_), None) => OwnLinks,
            (None, Some(_)) => OneLink,
            _ => return Err(Failure::field(Code::Invalid, "terms", "Give either terms or invite.")),
        };
        let recipient = |recipient: NewRecipient| RecipientDraft {
            email: recipient.email,
            name: recipient.name.unwrap_or_default(),
            username: recipient.username.unwrap_or_default(),
            attributes: recipient.attributes,
        };
        Ok(InvitationsDraft {
            invite: self.invite,
            terms: self.terms,
            recipients: self.recipients.into_iter().map(recipient).collect(),
            message: self.message.unwrap_or_default(),
            locked: self.locked,
            reminder: self.reminder,
            skip_errors: self.skip_errors,
            ..InvitationsDraft::new(id, mode)
        })
    }
}

/// The failure as the members of the request are called, with why recipients are invalid.
fn named(failure: Failure, draft: &InvitationsDraft) -> Failure {
    let mut failure = failure;
    let errors = draft.recipients().map(|found| found.errors).unwrap_or_default();
    for field in &mut failure.fields {
        if field.field == "text" {
            "recipients".clone_into(&mut field.field);
        }
    }
    let wrong = errors.into_iter().map(|error| domain::FieldError {
        field: format!("recipients.{}", error.line.saturating_sub(1)),
        message: error.message,
    });
    if failure.field_error("recipients").is_some() && !draft.skip_errors {
        failure.fields.extend(wrong);
    }
    failure
}

/// Invitations that were sent together.
#[derive(Debug, Serialize, ToSchema)]
pub struct Mailing {
    /// Id of the mailing.
    #[schema(value_type = Uuid)]
    id: MailingId,
    /// What its recipients get.
    mode: MailingMode,
    /// Account that sends it.
    created_by: AccountRef,
    /// Time at which it was sent.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Time at which the last mail was queued; null while that goes on.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// Why it was stopped, such as an account that may not invite any more; null if it was not.
    #[schema(required = true)]
    stopped_why: Option<String>,
    /// Invite whose link is sent to all; null where each recipient gets an invite.
    #[schema(required = true)]
    invite: Option<InviteRef>,
    /// Label of the invites; null without one.
    #[schema(required = true)]
    label: Option<String>,
    /// Message in its mails; null without one.
    #[schema(required = true)]
    message: Option<String>,
    /// Whether people are reminded who have not joined.
    reminder: bool,
    /// Number of recipients.
    total: u32,
    /// Number of invitations by status; a status that none has is left out.
    #[schema(value_type = HashMap<String, u32>, example = json!({ "sent": 12, "joined": 3 }))]
    counts: BTreeMap<&'static str, u32>,
}

/// What the recipients of a mailing get.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailingMode {
    /// Each gets an invite of their own.
    OwnLinks,
    /// All get the link of one invite.
    OneLink,
}

impl From<domain::invitations::Mailing> for Mailing {
    fn from(mailing: domain::invitations::Mailing) -> Self {
        Self {
            id: mailing.id,
            mode: match mailing.mode {
                domain::invitations::MailingMode::OwnLinks => MailingMode::OwnLinks,
                domain::invitations::MailingMode::OneLink => MailingMode::OneLink,
            },
            created_by: mailing.created_by.into(),
            created_at: mailing.created_at,
            finished_at: mailing.finished_at,
            stopped_why: mailing.stopped_why,
            invite: mailing.invite.map(Into::into),
            label: mailing.label.map(Into::into),
            message: mailing.message.map(Into::into),
            reminder: mailing.reminder,
            total: mailing.total,
            counts: mailing.counts.into_iter().map(|(status, count)| (status.as_str(), count)).collect(),
        }
    }
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailedInvitation {
    /// Id of the invitation.
    #[schema(value_type = Uuid)]
    id: InvitationId,
    /// Id of the mailing that it belongs to.
    #[schema(value_type = Uuid)]
    mailing: MailingId,
    /// E-mail address of the recipient.
    #[schema(format = "email")]
    email: String,
    /// Name of the recipient; null if it is not known.
    #[schema(required = true)]
    name: Option<String>,
    /// Id of the invite that its link is of; null before there is one.
    #[schema(required = true, value_type = Option<Uuid>)]
    invite: Option<InviteId>,
    /// Status of the invitation.
    status: InvitationStatus,
    /// Last answer of the mail server, or why nothing was sent; null if there is none.
    #[schema(required = true)]
    last_answer: Option<String>,
    /// Time at which the mail server accepted the mail; null before that.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// Time at which the mail was given up; null if it was not.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    failed_at: Option<Timestamp>,
    /// Time at which the page of the link was first opened, perhaps by a program that checks mails; null before that.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    opened_at: Option<Timestamp>,
    /// Time at which the recipient joined; null before that.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    joined_at: Option<Timestamp>,
    /// Account that joined; null before that.
    #[schema(required = true)]
    joined: Option<AccountRef>,
    /// Time of the reminder; null if there was none.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    reminded_at: Option<Timestamp>,
}

/// Status of an invitation.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationStatus {
    /// Its mail is not sent yet.
    Queued,
    /// The mail server accepted its mail.
    Sent,
    /// Its mail could not be delivered, or nothing could be sent.
    Bounced,
    /// The page of its link was opened.
    Opened,
    /// The recipient has joined.
    Joined,
    /// It was revoked.
    Revoked,
    /// Nothing was sent, because the recipient wants no more invitations.
    Stopped,
}

impl From<domain::invitations::InvitationStatus> for InvitationStatus {
    fn from(status: domain::invitations::InvitationStatus) -> Self {
        use domain::invitations::InvitationStatus as Is;
        match status {
            Is::Queued => Self::Queued,
            Is::Sent => Self::Sent,
            Is::Bounced => Self::Bounced,
            Is::Opened => Self::Opened,
            Is::Joined => Self::Joined,
            Is::Revoked => Self::Revoked,
            Is::Stopped => Self::Stopped,
        }
    }
}

impl From<SentInvitation> for MailedInvitation {
    fn from(sent: SentInvitation) -> Self {
        Self {
            id: sent.id,
            mailing: sent.mailing,
            email: sent.email.to_string(),
            name: sent.name.map(Into::into),
            invite: sent.invite,
            status: sent.status.into(),
            last_answer: sent.last_answer,
            sent_at: sent.sent_at,
            failed_at: sent.failed_at,
            opened_at: sent.opened_at,
            joined_at: sent.joined_at,
            joined: sent.joined.map(Into::into),
            reminded_at: sent.reminded_at,
        }
    }
}

page! {
    /// One page of mailings.
    Mailings {
        /// The mailings of this page.
        Mailing from domain::invitations::Mailing
    }
}

page! {
    /// One page of invitations.
    Invitations {
        /// The invitations of this page.
        MailedInvitation from SentInvitation
    }
}

/// Filter and page of a list of invitations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InvitationsParams {
    /// Only those of this mailing, in the order of its recipients.
    #[param(value_type = Option<Uuid>)]
    mailing: Option<String>,
    /// Only those with this status. Needs a mailing.
    #[param(value_type = Option<InvitationStatus>)]
    status: Option<String>,
    /// Maximum number of items; 50 by default.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// `next_cursor` or `previous_cursor` of another page of the same list.
    cursor: Option<String>,
}

impl InvitationsParams {
    fn parse(self) -> Result<InvitationQuery, Failure> {
        let mut check = Check::default();
        let mailing = self.mailing.as_deref().and_then(|id| {
            let id = id.parse::<MailingId>().ok();
            if id.is_none() {
                check.add_error("mailing", "Send the id of a mailing; ids are UUIDs.");
            }
            id
        });
        let status = parameter(&mut check, "status", self.status.as_deref());
        let paging = paging(&mut check, self.limit.as_deref(), self.cursor.as_deref());
        check.finish(Some(InvitationQuery { mailing, status, paging }))
    }
}

/// Whether a fresh link is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "fresh": false }))]
pub struct ResendInvitation {
    /// Whether with a fresh link (true), which takes the place of the one that was sent; otherwise with the same link.
    #[serde(default)]
    fresh: bool,
}

/// How many invitations are sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResentInvitations {
    /// Number of recipients.
    recipients: u64,
}

/// Send invitations by mail
///
/// They are queued, and sent one after the other: see the mailing for what became of them. A request that is sent again with
/// the same `Idempotency-Key` sends nothing again, and gets the mailing as it is.
#[utoipa::path(
    post,
    path = "/admin/invitations",
    operation_id = "send_invitations",
    tag = "invites",
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of your choice, 1 to 255 visible ASCII characters.")),
    request_body = NewInvitations,
    responses(
        (status = 201, description = "The mailing.", body = Mailing,
            headers(("Location" = String, description = "Where the mailing is."))),
        problem::Always, problem::Guarded, problem::Body, problem::Fields, problem::OneInvite, problem::Limits,
        problem::SendInvitations,
    ),
    security(("bearer" = [])),
)]
async fn send(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdempotencyKey(key): IdempotencyKey,
    Json(new): Json<NewInvitations>,
) -> Result<impl IntoResponse, Problem> {
    let id = match &key {
        Some(key) => service::invitations::mailing_id(&ctx, &actor, key),
        None => service::invitations::new_mailing_id(&ctx),
    };
    let draft = new.draft(id)?;
    let sent = match service::invitations::send(&ctx, &actor, draft.clone()).await {
        Err(service::Error::Failure(failure)) => return Err(named(failure, &draft).into()),
        sent => sent?,
    };
    let location = format!("{PREFIX}/admin/mailings/{}", sent.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], axum::Json(Mailing::from(sent))))
}

/// List invitations: those of a mailing in the order of its recipients, others newest first
///
/// Those of all mailings or, for an API key that may not manage all invites, those that its account sent.
#[utoipa::path(
    get,
    path = "/admin/invitations",
    operation_id = "list_invitations",
    tag = "invites",
    params(InvitationsParams),
    responses(
        (status = 200, description = "One page of invitations.", body = Invitations),
        problem::Always, problem::Guarded, problem::Fields, problem::OneMailing,
    ),
    security(("bearer" = [])),
)]
async fn list(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<InvitationsParams>,
) -> Result<axum::Json<Invitations>, Problem> {
    let query = params.parse()?;
    Ok(axum::Json(service::invitations::list(&ctx, &actor, &query).await?.into()))
}

/// Send an invitation again
///
/// After ten minutes once more, and three times within 24 hours; before that it is answered with 429 `rate_limited`.
#[utoipa::path(
    post,
    path = "/admin/invitations/{id}/resend",
    operation_id = "resend_invitation",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The invitation's id.")),
    request_body = ResendInvitation,
    responses(
        (status = 200, description = "The invitation as it is now.", body = MailedInvitation),
        problem::Always, problem::Guarded, problem::Body, problem::OneInvitation,
    ),
    security(("bearer" = [])),
)]
async fn resend(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InvitationId>,
    Json(ResendInvitation { fresh }): Json<ResendInvitation>,
) -> Result<axum::Json<MailedInvitation>, Problem> {
    Ok(axum::Json(service::invitations::resend(&ctx, &actor, id, fresh).await?.into()))
}

/// Revoke an invitation: its link can't be used any more. Revoking it again is no error
#[utoipa::path(
    post,
    path = "/admin/invitations/{id}/revoke",
    operation_id = "revoke_invitation",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The invitation's id.")),
    responses(
        (status = 200, description = "The invitation as it is now.", body = MailedInvitation),
        problem::Always, problem::Guarded, problem::OneInvitation,
    ),
    security(("bearer" = [])),
)]
async fn revoke(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<InvitationId>,
) -> Result<axum::Json<MailedInvitation>, Problem> {
    Ok(axum::Json(service::invitations::revoke(&ctx, &actor, id).await?.into()))
}

/// List mailings, newest first
///
/// All or, for an API key that may not manage all invites, those that its account sent.
#[utoipa::path(
    get,
    path = "/admin/mailings",
    operation_id = "list_mailings",
    tag = "invites",
    params(PageParams),
    responses(
        (status = 200, description = "One page of mailings.", body = Mailings),
        problem::Always, problem::Guarded, problem::Fields,
    ),
    security(("bearer" = [])),
)]
async fn mailings(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    Query(params): Query<PageParams>,
) -> Result<axum::Json<Mailings>, Problem> {
    Ok(axum::Json(service::invitations::mailings(&ctx, &actor, params.parse()?).await?.into()))
}

/// Get a mailing
#[utoipa::path(
    get,
    path = "/admin/mailings/{id}",
    operation_id = "get_mailing",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The mailing's id.")),
    responses(
        (status = 200, description = "The mailing.", body = Mailing),
        problem::Always, problem::Guarded, problem::OneMailing,
    ),
    security(("bearer" = [])),
)]
async fn mailing(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<MailingId>,
) -> Result<axum::Json<Mailing>, Problem> {
    Ok(axum::Json(service::invitations::mailing(&ctx, &actor, id).await?.into()))
}

/// Send the invitations of a mailing again to all who have not joined
///
/// Left out are those to whom theirs was sent again in the last ten minutes, or three times within 24 hours.
#[utoipa::path(
    post,
    path = "/admin/mailings/{id}/resend",
    operation_id = "resend_mailing",
    tag = "invites",
    params(("id" = Uuid, Path, description = "The mailing's id.")),
    responses(
        (status = 200, description = "How many are sent again.", body = ResentInvitations),
        problem::Always, problem::Guarded, problem::OneMailing, problem::MailOff,
    ),
    security(("bearer" = [])),
)]
async fn resend_all(
    State(ctx): State<service::Ctx>,
    Bearer(actor): Bearer,
    IdPath(id): IdPath<MailingId>,
) -> Result<axum::Json<ResentInvitations>, Problem> {
    let recipients = service::invitations::resend_all(&ctx, &actor, id).await?;
    Ok(axum::Json(ResentInvitations { recipients }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statuses_are_those_of_the_domain() {
        for status in domain::invitations::InvitationStatus::ALL {
            assert_eq!(serde_json::to_value(InvitationStatus::from(status)).unwrap(), status.as_str());
        }
    }
}
