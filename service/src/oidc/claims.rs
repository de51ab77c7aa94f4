//! What an application is told about an account (OpenID Connect Core 1.0, section 5).

use std::time::Duration;

use domain::Timestamp;
use domain::accounts::Account;
use domain::ids::SessionId;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};

use super::client::Client;
use super::request::{Scope, Scopes};
use crate::{Error, applications, memberships};

/// How long an ID token is valid. It says who signed in, and is read once, at the sign-in.
pub(super) const ID_TOKEN_LIFETIME: Duration = Duration::from_hours(1);

/// The identifier of an account for a client.
pub(super) fn subject(client: &Client, account: &Account) -> String {
    applications::subject(&client.row, client.terms.subject, account.id)
}

/// The identifier of a session for a client: by it two clients cannot tell that somebody is the same.
pub(super) fn session(client: &Client, session: SessionId) -> String {
    applications::pseudonym(&client.row, session.0)
}

/// The claims about an account that these scopes include.
pub(super) async fn about(
    db: &impl ConnectionTrait,
    client: &Client,
    account: &Account,
    scopes: &Scopes,
    now: Timestamp,
) -> Result<Map<String, Value>, Error> {
    let mut claims = Map::new();
    claims.insert("sub".into(), subject(client, account).into());
    if scopes.has(Scope::Profile) {
        claims.insert("name".into(), account.display_name().into());
        claims.insert("preferred_username".into(), account.username.as_str().into());
        claims.insert("updated_at".into(), seconds(account.updated_at).into());
    }
    if scopes.has(Scope::Email) {
        claims.insert("email".into(), account.email.as_str().into());
        // Addresses are not verified yet, and an application may take a verified one for that of an account it has already.
        claims.insert("email_verified".into(), false.into());
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
