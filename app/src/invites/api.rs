//! What the pages about invites ask of the server.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::Patch;
use domain::ids::InviteId;
use domain::invites::{Invite, InviteDraft, InvitePatchDraft, InviteQuery};
use domain::paging::Page;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::request::caller;
use crate::server_fn_error::ServerFnError;

/// What the edit dialog does to a moment: it shows one to the minute, so that sending back what was shown could move
/// it. A moment nobody touched is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Moment {
    /// It was not touched.
    Keep,
    /// There is none.
    Never,
    /// RFC 3339.
    At(String),
}

impl From<Moment> for Patch<String> {
    fn from(moment: Moment) -> Self {
        match moment {
            Moment::Keep => Self::Keep,
            Moment::Never => Self::Clear,
            Moment::At(at) => Self::Set(at),
        }
    }
}

/// The edit dialog as it was sent: every field it has, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteEdit {
    /// What staff call it; empty for nothing.
    pub label: String,
    /// How many may come by it; any number if absent.
    pub max_uses: Option<i64>,
    /// What those who come by it become.
    pub role: String,
    /// From when.
    pub starts_at: Moment,
    /// Until when.
    pub expires_at: Moment,
}

impl From<InviteEdit> for InvitePatchDraft {
    fn from(edit: InviteEdit) -> Self {
        Self {
            label: Patch::Set(edit.label),
            max_uses: edit.max_uses.into(),
            expires_in_hours: Patch::Keep,
            expires_at: edit.expires_at.into(),
            starts_at: edit.starts_at.into(),
            role: Patch::Set(edit.role),
        }
    }
}

/// One page of the list.
#[server(prefix = "/_fn", endpoint = "invites/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: InviteQuery) -> Result<Page<Invite>, ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::invites::list(&ctx, &actor, &query).await?)
}

/// One invite.
#[server(prefix = "/_fn", endpoint = "invites/get", input = Json, output = Json, client = Browser)]
pub async fn get(id: InviteId) -> Result<Invite, ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::invites::get(&ctx, &actor, id).await?)
}

/// Makes one.
#[server(prefix = "/_fn", endpoint = "invites/create", input = Json, output = Json, client = Browser)]
pub async fn create(draft: InviteDraft) -> Result<Invite, ServerFnError> {
    let (ctx, actor) = caller()?;
    let new = draft.parse(ctx.now())?;
    Ok(service::invites::create(&ctx, &actor, new).await?)
}

/// Changes one.
#[server(prefix = "/_fn", endpoint = "invites/update", input = Json, output = Json, client = Browser)]
pub async fn update(id: InviteId, edit: InviteEdit) -> Result<Invite, ServerFnError> {
    let (ctx, actor) = caller()?;
    let patch = InvitePatchDraft::from(edit).parse(ctx.now())?;
    Ok(service::invites::update(&ctx, &actor, id, patch).await?)
}

/// Gives one a new end and touches nothing else.
#[server(prefix = "/_fn", endpoint = "invites/extend", input = Json, output = Json, client = Browser)]
pub async fn extend(id: InviteId, expires_at: Moment) -> Result<Invite, ServerFnError> {
    let (ctx, actor) = caller()?;
    let draft = InvitePatchDraft { expires_at: expires_at.into(), ..InvitePatchDraft::default() };
    let patch = draft.parse(ctx.now())?;
    Ok(service::invites::update(&ctx, &actor, id, patch).await?)
}

/// Stops one until someone resumes it.
#[server(prefix = "/_fn", endpoint = "invites/pause", input = Json, output = Json, client = Browser)]
pub async fn pause(id: InviteId) -> Result<Invite, ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::invites::pause(&ctx, &actor, id).await?)
}

/// Lets one work again.
#[server(prefix = "/_fn", endpoint = "invites/resume", input = Json, output = Json, client = Browser)]
pub async fn resume(id: InviteId) -> Result<Invite, ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::invites::resume(&ctx, &actor, id).await?)
}

/// Ends one for good.
#[server(prefix = "/_fn", endpoint = "invites/delete", input = Json, output = Json, client = Browser)]
pub async fn delete(id: InviteId) -> Result<(), ServerFnError> {
    let (ctx, actor) = caller()?;
    Ok(service::invites::delete(&ctx, &actor, id).await?)
}
