//! Whom an application expects at the browser (`id_token_hint`: OpenID Connect Core 1.0, section 3.1.2.1).

use super::client::Client;
use super::keys;
use crate::{Ctx, Error};

/// The identifier in an ID token that this site issued to the client, whether the token has expired or not. `None` for every
/// other text: what was issued to another client says nothing here.
pub(super) async fn subject(ctx: &Ctx, client: &Client, id_token: Option<&str>) -> Result<Option<String>, Error> {
    let Some(id_token) = id_token else { return Ok(None) };
    let Some(claims) = keys::verify(ctx, id_token).await? else { return Ok(None) };
    let claim = |name: &str| claims.get(name).and_then(|value| value.as_str());
    let is_own = claim("aud") == Some(client.id().to_string().as_str());
    Ok(claim("sub").filter(|_| is_own).map(str::to_owned))
}
