//! Signing out at the request of an application (OpenID Connect RP-Initiated Logout 1.0).

use domain::text::ApplicationName;

use super::client::{self, Client};
use super::{claims, keys, with_parameters};
use crate::applications::store as applications;
use crate::sessions::{self, Signed};
use crate::{Ctx, Error, Via};

/// The parameters of a request to sign out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the parameter of its name")]
pub struct Logout {
    pub id_token_hint: Option<String>,
    pub client_id: Option<String>,
    pub post_logout_redirect_uri: Option<String>,
    pub state: Option<String>,
}

/// What became of a request to sign out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterLogout {
    /// The member is to be asked: nothing proves that the application, and not another site, wants them to sign out.
    Ask {
        /// The application that asks, if it is known.
        application: Option<ApplicationName>,
    },
    /// Nobody is signed in any more. The browser goes back to the application if that named one of its own addresses.
    Done(Option<String>),
}

/// Signs a browser out. `confirmed` is whether the member agreed.
pub async fn end_session(
    ctx: &Ctx,
    signed: Option<&Signed>,
    logout: &Logout,
    confirmed: bool,
) -> Result<AfterLogout, Error> {
    let hint = match &logout.id_token_hint {
        Some(hint) => keys::verify(ctx, hint).await?,
        None => None,
    };
    let claim = |name: &str| hint.as_ref().and_then(|hint| hint.get(name)?.as_str()).map(str::to_owned);
    let named = logout.client_id.clone().or_else(|| claim("aud"));
    let client = match &named {
        Some(id) => client::find(&ctx.db().read, id).await?,
        None => None,
    };
    let client = client.filter(|client| claim("aud").is_none_or(|aud| aud == client.row.id.to_string()));
    let Some(signed) = signed else { return Ok(AfterLogout::Done(back(client.as_ref(), logout))) };
    let session = match signed.actor.via {
        Via::Session(session) => Some(session),
        Via::ApiKey(_) | Via::Operator => None,
    };
    let own = client.as_ref().zip(session).filter(|(client, session)| {
        claim("sid").as_deref() == Some(claims::session(client, *session).as_str())
            && claim("sub").as_deref() == Some(claims::subject(client, signed.account.id).as_str())
    });
    if own.is_none() && !confirmed {
        return Ok(AfterLogout::Ask { application: client.map(|client| applications::name(&client.row)) });
    }
    let asks = own.and_then(|(client, _)| client.row.logout_target_id);
    sessions::sign_out_as_asked(ctx, &signed.actor, asks).await?;
    Ok(AfterLogout::Done(back(client.as_ref(), logout)))
}

/// Where the browser goes back to: an address that is registered, character by character.
fn back(client: Option<&Client>, logout: &Logout) -> Option<String> {
    let uri = logout.post_logout_redirect_uri.as_deref()?;
    let registered = client?.terms.post_logout_redirect_uris.iter().any(|own| own.admits(uri));
    registered.then(|| with_parameters(uri, logout.state.as_deref().map(|state| ("state", state))))
}
