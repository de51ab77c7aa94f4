//! The server functions of API keys.

#![expect(missing_docs, reason = "the macro turns the arguments into structs, whose fields it cannot document")]

use domain::ids::KeyId;
use domain::keys::{ApiKey, KeyScope, NewApiKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::text;
use crate::client::{Browser, Json};
#[cfg(feature = "ssr")]
use crate::handle::handle;
use crate::server_fn_error::ServerFnError;

/// The lifetime of a new key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lifetime {
    /// 30 days.
    Month,
    /// 365 days.
    Year,
    /// Until it is revoked.
    Unlimited,
}

impl Lifetime {
    /// Every choice, shortest first.
    pub const ALL: [Self; 3] = [Self::Month, Self::Year, Self::Unlimited];

    /// The lifetime in the words of the interface.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Month => text::EXPIRES_MONTH,
            Self::Year => text::EXPIRES_YEAR,
            Self::Unlimited => text::EXPIRES_NEVER,
        }
    }

    /// The length; `None` is unlimited.
    #[must_use]
    pub const fn length(self) -> Option<std::time::Duration> {
        const DAY: u64 = 86_400;
        match self {
            Self::Month => Some(std::time::Duration::from_secs(30 * DAY)),
            Self::Year => Some(std::time::Duration::from_secs(365 * DAY)),
            Self::Unlimited => None,
        }
    }
}

/// The viewer's API keys.
#[server(prefix = "/_fn", endpoint = "keys/list", input = Json, output = Json, client = Browser)]
pub async fn list() -> Result<Vec<ApiKey>, ServerFnError> {
    handle(async |ctx, actor| service::keys::list(&ctx, &actor).await).await
}

/// Creates a key. The answer is the only time it can be read.
#[server(prefix = "/_fn", endpoint = "keys/create", input = Json, output = Json, client = Browser)]
pub async fn create(name: String, scope: KeyScope, lifetime: Lifetime) -> Result<NewApiKey, ServerFnError> {
    handle(async |ctx, actor| {
        let mut check = domain::failure::Check::default();
        let name = check.take("name", domain::text::KeyName::parse(&name));
        let name = check.finish(name)?;
        let expires_at = lifetime.length().map(|length| ctx.now().plus(length));
        service::keys::create(&ctx, &actor, name, scope, expires_at).await
    })
    .await
}

/// Revokes a key for good.
#[server(prefix = "/_fn", endpoint = "keys/revoke", input = Json, output = Json, client = Browser)]
pub async fn revoke(id: KeyId) -> Result<(), ServerFnError> {
    handle(async |ctx, actor| service::keys::revoke(&ctx, &actor, id).await).await
}
