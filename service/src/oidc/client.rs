//! Applications as clients: how they identify themselves (RFC 6749, section 2.3).

use domain::applications::{ClientType, OidcTerms};
use domain::ids::ApplicationId;
use sea_orm::ConnectionTrait;

use super::assertion;
use super::error::{OauthCode, OauthError};
use crate::applications::entity::Model;
use crate::applications::{secrets, store};
use crate::{Ctx, Error};

/// What an application sends to say which it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The client id.
    pub id: String,
    /// The client secret; `None` from a public client.
    pub secret: Option<String>,
    /// A token that it signed with its key (`private_key_jwt`).
    pub assertion: Option<String>,
}

impl Credentials {
    /// What a token says that an application signed with its key; nothing of it is checked yet. `None` if it names no client.
    #[must_use]
    pub fn by_assertion(assertion: String) -> Option<Self> {
        let id = assertion::named(&assertion)?;
        Some(Self { id, secret: None, assertion: Some(assertion) })
    }
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

    /// The client of the row of an application, if it is connected.
    pub(super) fn of(row: Model) -> Result<Option<Self>, Error> {
        Ok(store::oidc(&row)?.map(|terms| Self { row, terms }))
    }

    /// Whether the answer to its requests may go to this address.
    pub(super) fn is_registered(&self, redirect_uri: &str) -> bool {
        self.terms.redirect_uris.iter().any(|uri| uri.admits(redirect_uri))
    }

    /// Checks the credentials of an application. `endpoints` are the paths that an assertion may be made for, beside this site.
    ///
    /// # Errors
    /// [`OauthCode::InvalidClient`], in the same words whatever is wrong.
    pub async fn authenticate(ctx: &Ctx, credentials: &Credentials, endpoints: &[&str]) -> Result<Self, OauthError> {
        let db = &ctx.db().read;
        let refused = || {
            OauthError::new(OauthCode::InvalidClient, "The client is unknown, or its secret or its assertion is wrong.")
        };
        let client = find(db, &credentials.id).await?.ok_or_else(refused)?;
        let Credentials { secret, assertion, .. } = credentials;
        let is_public = client.terms.client_type == ClientType::Public;
        let proven = match (secret.as_deref(), assertion.as_deref()) {
            (Some(secret), None) if client.terms.has_secret() => {
                secrets::is_of(db, client.id(), secret, ctx.now()).await?
            }
            (None, Some(assertion)) => assertion::proves(ctx, &client, assertion, endpoints).await?,
            (None, None) => is_public,
            (Some(_), _) => false,
        };
        if proven { Ok(client) } else { Err(refused()) }
    }
}

/// The application with this client id, if it is connected.
pub(super) async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Client>, Error> {
    let Ok(id) = id.parse::<ApplicationId>() else { return Ok(None) };
    let Some(row) = store::find(db, id).await? else { return Ok(None) };
    Client::of(row)
}
