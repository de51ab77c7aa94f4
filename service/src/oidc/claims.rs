//! What an application is told about an account (OpenID Connect Core 1.0, section 5).

use std::time::Duration;

use domain::Timestamp;
use domain::accounts::Account;
use domain::attributes::AttributeKey;
use domain::ids::{AccountId, SessionId};
use serde_json::{Map, Value, json};

use super::client::Client;
use super::picture;
use super::request::{Scope, Scopes};
use crate::{Ctx, Error, applications, attributes, memberships};

/// How long an ID token is valid. It says who signed in, and is read once, at the sign-in.
pub(super) const ID_TOKEN_LIFETIME: Duration = Duration::from_hours(1);

/// The identifier of an account for a client.
pub(super) fn subject(client: &Client, account: AccountId) -> String {
    applications::subject(&client.row, client.terms.subject, account)
}

/// The identifier of a session for a client: by it two clients cannot tell that somebody is the same.
pub(super) fn session(client: &Client, session: SessionId) -> String {
    applications::pseudonym(&client.row, session.0)
}

/// The attributes that an application is told with these scopes, of those who have them.
pub(super) fn told(client: &Client, scopes: &Scopes) -> Vec<AttributeKey> {
    let keys = client.terms.claims.iter().map(|(_, key)| AttributeKey::stored(key.to_owned()));
    if scopes.has(Scope::Profile) { keys.collect() } else { Vec::new() }
}

/// The claims about an account that these scopes include.
pub(super) async fn about(
    ctx: &Ctx,
    client: &Client,
    account: &Account,
    scopes: &Scopes,
    now: Timestamp,
) -> Result<Map<String, Value>, Error> {
    let db = &ctx.db().read;
    let mut claims = Map::new();
    if scopes.has(Scope::Profile) && !client.terms.claims.is_empty() {
        let attributes = attributes::store::of_account(db, account.id).await?;
        for (name, key) in client.terms.claims.iter() {
            if let Some(attribute) = attributes.iter().find(|attribute| attribute.key.as_str() == key) {
                claims.insert(name.to_owned(), attribute.value.as_str().into());
            }
        }
    }
    // After those: none of them takes the place of one that follows.
    claims.insert("sub".into(), subject(client, account.id).into());
    if scopes.has(Scope::Profile) {
        claims.insert("name".into(), account.display_name().into());
        claims.insert("preferred_username".into(), account.username.as_str().into());
        claims.insert("updated_at".into(), seconds(account.updated_at).into());
        if let Some(picture) = picture::address(ctx, client, account) {
            claims.insert("picture".into(), picture.into());
        }
    }
    if scopes.has(Scope::Email) {
        claims.insert("email".into(), account.email.as_str().into());
        // An application may take a verified one for that of an account that it has already.
        claims.insert("email_verified".into(), account.email_verified_at.is_some().into());
    }
    if scopes.has(Scope::Groups) {
        let groups = memberships::store::of_account(db, account.id, now).await?;
        let names: Vec<_> = groups.iter().map(|membership| membership.group.name.as_str()).collect();
        claims.insert("groups".into(), json!(names));
    }
    if scopes.has(Scope::Roles) {
        claims.insert("roles".into(), json!([account.role.as_str()]));
    }
    Ok(claims)
}

/// Seconds since 1970, as tokens have them.
pub(super) fn seconds(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(1_000_000)
}
