//! Server functions of the pages about applications.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::applications::{Application, ApplicationDraft, ApplicationQuery, ApplicationWithSecret};
use domain::ids::ApplicationId;
use domain::paging::Page;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::{guides, proxies};
use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;
#[cfg(feature = "ssr")]
use domain::applications::OidcTerms;

/// An application, and what to enter on its side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connected {
    /// The application.
    pub application: Application,
    /// The issuer, which is the address of this site.
    pub issuer: String,
    /// The name of the application that this is by its template, and what to enter there.
    pub settings: Option<(String, String)>,
    /// The name of each reverse proxy, and what to enter in its configuration; none if it is not connected by forward-auth.
    pub proxies: Vec<(String, String)>,
}

/// One page of the list.
#[server(prefix = "/_fn", endpoint = "applications/list", input = Json, output = Json, client = Browser)]
pub async fn list(query: ApplicationQuery) -> Result<Page<Application>, ServerFnError> {
    handle(async |ctx, actor| service::applications::list(&ctx, &actor, &query).await).await
}

/// One application.
#[server(prefix = "/_fn", endpoint = "applications/get", input = Json, output = Json, client = Browser)]
pub async fn get(id: ApplicationId) -> Result<Connected, ServerFnError> {
    handle(async |ctx, actor| {
        let application = service::applications::get(&ctx, &actor, id).await?;
        let issuer = ctx.public_url().to_owned();
        let of = |oidc: &OidcTerms| guides::settings(&oidc.redirect_uris, &issuer, &id.to_string());
        let settings = application.terms.oidc.as_ref().and_then(of);
        let proxies = application.terms.forward_auth.as_ref().map(proxies::configurations).unwrap_or_default();
        Ok(Connected { application, issuer, settings, proxies })
    })
    .await
}

/// Creates an application.
#[server(prefix = "/_fn", endpoint = "applications/create", input = Json, output = Json, client = Browser)]
pub async fn create(draft: ApplicationDraft) -> Result<ApplicationWithSecret, ServerFnError> {
    handle(async |ctx, actor| service::applications::create(&ctx, &actor, draft.parse()?).await).await
}

/// Changes an application.
#[server(prefix = "/_fn", endpoint = "applications/update", input = Json, output = Json, client = Browser)]
pub async fn update(id: ApplicationId, draft: ApplicationDraft) -> Result<ApplicationWithSecret, ServerFnError> {
    handle(async |ctx, actor| service::applications::update(&ctx, &actor, id, draft).await).await
}

/// Creates another client secret.
#[server(prefix = "/_fn", endpoint = "applications/rotate-secret", input = Json, output = Json, client = Browser)]
pub async fn rotate_secret(id: ApplicationId) -> Result<ApplicationWithSecret, ServerFnError> {
    handle(async |ctx, actor| service::applications::rotate_secret(&ctx, &actor, id).await).await
}

/// Deletes an application.
#[server(prefix = "/_fn", endpoint = "applications/delete", input = Json, output = Json, client = Browser)]
pub async fn delete(id: ApplicationId) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::applications::delete(&ctx, &actor, id).await).await
}
