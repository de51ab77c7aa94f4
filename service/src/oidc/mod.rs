//! The OpenID Connect provider (OpenID Connect Core 1.0, OAuth 2.0 of RFC 6749 with the practice of RFC 9700): signing
//! in to applications with an account of this site. There is one flow, the authorization code with PKCE (RFC 7636).
//!
//! [`authorize()`] decides where a browser goes next; [`exchange()`] gives an application tokens for a code. Access
//! tokens, refresh tokens and codes are random, and only their hash is stored, so that whatever ends an account or a
//! grant takes effect at once. What arrives as parameters is read in `server`; nothing here knows HTTP.

mod assertion;
mod assertions;
mod authorize;
mod backchannel;
mod claims;
mod client;
mod device;
mod error;
mod hint;
mod jose;
mod keys;
mod logout;
mod picture;
mod proof;
mod pushed;
mod pushed_requests;
mod request;
pub(crate) mod signing_keys;
#[cfg(test)]
mod tests;
mod tokens;

pub use assertion::ASSERTION_TYPE;
pub use authorize::{AuthorizeError, Next, authorize, decide};
pub(crate) use backchannel::{LogoutSender, tell_of_lost_access};
pub use client::{Client, Credentials};
pub use device::{
    DEVICE, DEVICE_CODE, DeviceAuthorization, DeviceDecision, DevicePage, begin_device, decide_device, look_up_device,
};
pub use error::{OauthCode, OauthError};
pub(crate) use keys::OpenKeys;
pub use keys::key_set;
pub use logout::{AfterLogout, Logout, end_session};
pub use picture::{PICTURES, picture};
pub use pushed::{Pushed, push};
pub use request::{AuthorizationRequest, Scope, Scopes};
pub use tokens::{Introspection, TokenRequest, Tokens, exchange, introspect, revoke, user_info};

use domain::applications::ClientType;
use domain::text::ApplicationName;
use domain::{Code, Failure};
use url::form_urlencoded::Serializer;

use crate::platform::limits::{Attempt, Limit};
use crate::{Ctx, Error, applications, grants};

/// The name of the application with this client id, if it is connected.
pub async fn application_name(ctx: &Ctx, client_id: &str) -> Result<Option<ApplicationName>, Error> {
    let client = client::find(&ctx.db().read, client_id).await?;
    Ok(client.map(|client| applications::store::name(&client.row)))
}

/// An address of an application, with these parameters added to the query that it may have.
fn with_parameters<'a>(uri: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let added = Serializer::new(String::new()).extend_pairs(parameters).finish();
    if added.is_empty() {
        return uri.to_owned();
    }
    let separator = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{separator}{added}")
}

/// Refuses a request of an application of which many wait already.
fn too_many_waiting() -> Failure {
    Failure::new(Code::RateLimited, "This application has too many pending requests. Try again in some minutes.")
}

/// Takes a unit of the limit on requests that anyone can make: in the name of a client that has no secret. It counts
/// unless it is released.
///
/// # Errors
/// [`Code::RateLimited`].
async fn reserve(ctx: &Ctx, client: &Client, visitor: &crate::Client) -> Result<Option<Attempt>, Error> {
    match client.terms.client_type {
        ClientType::Public => ctx.limits().reserve(ctx, Limit::Push, visitor, "").await.map(Some),
        ClientType::Confidential => Ok(None),
    }
}

/// Replaces old signing keys, and deletes what has expired.
pub(crate) async fn maintain(ctx: &Ctx) -> Result<(), Error> {
    keys::rotate(ctx).await?;
    pushed::purge_expired(ctx).await?;
    assertion::purge_expired(ctx).await?;
    grants::store::purge_expired(ctx).await
}
