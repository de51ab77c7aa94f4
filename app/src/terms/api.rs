//! Server functions of the pages about terms.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::flows::{TermsDetails, TermsDraft, TermsSummary, TermsVersion};
use domain::ids::TermsId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// What the page of terms shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The terms.
    pub details: TermsDetails,
    /// The text of the present version as HTML.
    pub html: String,
    /// The versions, newest first.
    pub versions: Vec<TermsVersion>,
}

/// The list, and whether the viewer may change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The terms, by name.
    pub terms: Vec<TermsSummary>,
    /// Whether the viewer may create terms.
    pub can_change: bool,
}

/// All terms.
#[server(prefix = "/_fn", endpoint = "terms/list", input = Json, output = Json, client = Browser)]
pub async fn list() -> Result<Listed, ServerFnError> {
    handle(async |ctx, actor| {
        let terms = service::terms::list(&ctx, &actor).await?;
        Ok(Listed { terms, can_change: actor.permissions.contains(domain::access::Permission::SettingsChange) })
    })
    .await
}

/// Terms with their versions.
#[server(prefix = "/_fn", endpoint = "terms/open", input = Json, output = Json, client = Browser)]
pub async fn open(id: TermsId) -> Result<Opened, ServerFnError> {
    handle(async |ctx, actor| {
        let details = service::terms::get(&ctx, &actor, id).await?;
        let versions = service::terms::versions(&ctx, &actor, id).await?;
        let html = crate::markdown::to_html(details.text.as_str());
        Ok(Opened { details, html, versions })
    })
    .await
}

/// Creates terms.
#[server(prefix = "/_fn", endpoint = "terms/create", input = Json, output = Json, client = Browser)]
pub async fn create(draft: TermsDraft) -> Result<TermsDetails, ServerFnError> {
    handle(async |ctx, actor| service::terms::create(&ctx, &actor, draft).await).await
}

/// Renames terms, or publishes a new version of them.
#[server(prefix = "/_fn", endpoint = "terms/update", input = Json, output = Json, client = Browser)]
pub async fn update(id: TermsId, draft: TermsDraft) -> Result<TermsDetails, ServerFnError> {
    handle(async |ctx, actor| service::terms::update(&ctx, &actor, id, draft).await).await
}

/// Deletes terms that no flow asks for.
#[server(prefix = "/_fn", endpoint = "terms/delete", input = Json, output = Json, client = Browser)]
pub async fn delete(id: TermsId) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::terms::delete(&ctx, &actor, id).await).await
}

/// The text of terms as those read it who accept it: HTML without anything but text, emphasis, lists and links.
#[server(prefix = "/_fn", endpoint = "terms/preview", input = Json, output = Json, client = Browser)]
pub async fn preview(text: String) -> Result<String, ServerFnError> {
    handle(async |_, _| {
        let source = domain::flows::TermsText::parse(&text);
        let source = source.map_err(|why| domain::Failure::field(domain::Code::Invalid, "text", why.to_string()))?;
        Ok(crate::markdown::to_html(source.as_str()))
    })
    .await
}
