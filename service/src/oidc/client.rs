//! Applications as clients: how they identify themselves (RFC 6749, section 2.3).

use domain::applications::{ClientType, OidcTerms};
use domain::ids::ApplicationId;
use sea_orm::ConnectionTrait;

use super::error::{OauthCode, OauthError};
use crate::applications::entity::Model;
use crate::applications::{secrets, store};
use crate::{Ctx, Error};

/// What an application sends to say which it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The client id.
    pub id: String,
    /// The client secret; `None` from a public client.
    pub secret: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("id", &self.id).finish_non_exhaustive()
    }
}

/// An application that has identified itself.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) row: Model,
    pub(super) terms: OidcTerms,
}

impl Client {
    /// Its id.
    pub(super) fn id(&self) -> ApplicationId {
        ApplicationId(self.row.id)
    }

    /// Whether the answer to its requests may go to this address.
    pub(super) fn is_registered(&self, redirect_uri: &str) -> bool {
        self.terms.redirect_uris.iter().any(|uri| uri.admits(redirect_uri))
    }

    /// Checks the credentials of an application.
    ///
    /// # Errors
    /// [`OauthCode::InvalidClient`], in the same words whatever is wrong.
    pub async fn authenticate(ctx: &Ctx, credentials: &Credentials) -> Result<Self, OauthError> {
        let db = &ctx.db().read;
        let refused = || OauthError::new(OauthCode::InvalidClient, "The client is unknown, or its secret is wrong.");
        let client = find(db, &credentials.id).await?.ok_or_else(refused)?;
        let proven = match (client.terms.client_type, credentials.secret.as_deref()) {
            (ClientType::Confidential, Some(secret)) => secrets::is_of(db, client.id(), secret, ctx.now()).await?,
            (ClientType::Public, None) => true,
            (ClientType::Confidential, None) | (ClientType::Public, Some(_)) => false,
        };
        if proven { Ok(client) } else { Err(refused()) }
    }
}

/// The application with this client id, if it is connected.
pub(super) async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Client>, Error> {
    let Ok(id) = id.parse::<ApplicationId>() else { return Ok(None) };
    let Some(row) = store::find(db, id).await? else { return Ok(None) };
    Ok(store::oidc(&row)?.map(|terms| Client { row, terms }))
}
