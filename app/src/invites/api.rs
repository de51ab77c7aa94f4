//! Server functions of the pages about invites.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::Timestamp;
use domain::applications::ApplicationRef;
use domain::ids::InviteId;
use domain::invites::{Allowance, BulkDraft, BulkOutcome, Invite, InviteDraft, InviteList, InviteQuery, OwnInvites};
use domain::paging::{Page, Paging};
use domain::redemptions::Guest;
use leptos::prelude::*;

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// One page of the list.
#[server(prefix = "/_fn", endpoint = "invites/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: InviteQuery) -> Result<Page<Invite>, ServerFnError> {
    handle(async |ctx, actor| service::invites::list(&ctx, &actor, &query).await).await
}

/// The list as its page shows it. One call, because each that a page makes adds kibibytes to what the browser downloads.
#[server(prefix = "/_fn", endpoint = "invites/browse", input = Json, output = Json, client = Browser)]
pub async fn browse(query: InviteQuery) -> Result<InviteList, ServerFnError> {
    handle(async |ctx, actor| service::invites::browse(&ctx, &actor, &query).await).await
}

/// One invite.
#[server(prefix = "/_fn", endpoint = "invites/get", input = Json, output = Json, client = Browser)]
pub async fn get(id: InviteId) -> Result<Invite, ServerFnError> {
    handle(async |ctx, actor| service::invites::get(&ctx, &actor, id).await).await
}

/// The viewer's own invites, and what the viewer may create.
#[server(prefix = "/_fn", endpoint = "invites/own", input = Json, output = Json, client = Browser)]
pub async fn own(paging: Paging) -> Result<OwnInvites, ServerFnError> {
    handle(async |ctx, actor| service::invites::own(&ctx, &actor, paging).await).await
}

/// What the viewer may create.
#[server(prefix = "/_fn", endpoint = "invites/allowance", input = Json, output = Json, client = Browser)]
pub async fn own_allowance() -> Result<Allowance, ServerFnError> {
    handle(async |ctx, actor| service::invites::allowance(&ctx, &actor).await).await
}

/// Who used an invite of the viewer's own.
#[server(prefix = "/_fn", endpoint = "invites/guests", input = Json, output = Json, client = Browser)]
pub async fn guests(id: InviteId, paging: Paging) -> Result<Page<Guest>, ServerFnError> {
    handle(async |ctx, actor| service::redemptions::guests(&ctx, &actor, id, paging).await).await
}

/// Creates one.
#[server(prefix = "/_fn", endpoint = "invites/create", input = Json, output = Json, client = Browser)]
pub async fn create(draft: InviteDraft) -> Result<Invite, ServerFnError> {
    handle(async |ctx, actor| service::invites::create(&ctx, &actor, draft.parse(ctx.now())?).await).await
}

/// Changes one.
#[server(prefix = "/_fn", endpoint = "invites/update", input = Json, output = Json, client = Browser)]
pub async fn update(id: InviteId, draft: InviteDraft) -> Result<Invite, ServerFnError> {
    handle(async |ctx, actor| service::invites::update(&ctx, &actor, id, draft).await).await
}

/// The welcome of an invite as its sign-up page shows it: HTML without anything but text, emphasis, lists and links.
#[server(prefix = "/_fn", endpoint = "invites/preview", input = Json, output = Json, client = Browser)]
pub async fn preview(welcome_text: String) -> Result<String, ServerFnError> {
    handle(async |_, _| {
        let source = domain::text::WelcomeText::parse(&welcome_text);
        let source =
            source.map_err(|why| domain::Failure::field(domain::Code::Invalid, "welcome_text", why.to_string()))?;
        Ok(crate::markdown::to_html(source.as_str()))
    })
    .await
}

/// The applications to which an invite of the viewer can lead.
#[server(prefix = "/_fn", endpoint = "invites/applications", input = Json, output = Json, client = Browser)]
pub async fn applications() -> Result<Vec<ApplicationRef>, ServerFnError> {
    handle(async |ctx, actor| service::applications::choices(&ctx, &actor).await).await
}

/// Moves the end of one to a later instant; `None` is never.
#[server(prefix = "/_fn", endpoint = "invites/extend", input = Json, output = Json, client = Browser)]
pub async fn extend(id: InviteId, expires_at: Option<Timestamp>) -> Result<Invite, ServerFnError> {
    handle(async |ctx, actor| service::invites::extend(&ctx, &actor, id, expires_at).await).await
}

/// Pauses one.
#[server(prefix = "/_fn", endpoint = "invites/pause", input = Json, output = Json, client = Browser)]
pub async fn pause(id: InviteId) -> Result<Invite, ServerFnError> {
    handle(async |ctx, actor| service::invites::pause(&ctx, &actor, id).await).await
}

/// Resumes one.
#[server(prefix = "/_fn", endpoint = "invites/resume", input = Json, output = Json, client = Browser)]
pub async fn resume(id: InviteId) -> Result<Invite, ServerFnError> {
    handle(async |ctx, actor| service::invites::resume(&ctx, &actor, id).await).await
}

/// Deletes one for good.
#[server(prefix = "/_fn", endpoint = "invites/delete", input = Json, output = Json, client = Browser)]
pub async fn delete(id: InviteId) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::invites::delete(&ctx, &actor, id).await).await
}

/// Does the same with several.
#[server(prefix = "/_fn", endpoint = "invites/change-all", input = Json, output = Json, client = Browser)]
pub async fn change_all(draft: BulkDraft) -> Result<BulkOutcome, ServerFnError> {
    handle(async |ctx, actor| service::invites::change_all(&ctx, &actor, draft.parse(ctx.now())?).await).await
}

/// What that would do, counted up to a bound.
#[server(prefix = "/_fn", endpoint = "invites/count-changes", input = Json, output = Json, client = Browser)]
pub async fn count_changes(draft: BulkDraft) -> Result<BulkOutcome, ServerFnError> {
    handle(async |ctx, actor| service::invites::count_changes(&ctx, &actor, draft.parse(ctx.now())?).await).await
}
