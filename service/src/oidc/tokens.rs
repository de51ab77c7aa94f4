//! The token endpoint (RFC 6749, sections 4.1.3 and 6), and what tokens are good for: user info, introspection (RFC 7662) and
//! revocation (RFC 7009).

use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use domain::accounts::{Account, AccountStatus};
use domain::applications::ClientType;
use domain::events::Event;
use domain::ids::{AccountId, ApplicationId, SessionId};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::claims::{self, ID_TOKEN_LIFETIME, seconds};
use super::client::Client;
use super::device::{DEVICE_CODE, refuse_others};
use super::error::{OauthCode, OauthError};
use super::keys;
use super::request::{Scope, Scopes, narrowed, stored};
use crate::applications::store as applications;
use crate::audit::{self, Originator};
use crate::grants::store::{self, ACCESS_LIFETIME, Kind};
use crate::grants::{codes, device_store, devices, entity as grants, tokens};
use crate::platform::tx;
use crate::{Ctx, Error, accounts};

/// The parameters of a token request.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the parameter of its name")]
pub struct TokenRequest {
    pub grant_type: String,
    pub code: Option<String>,
    pub redirect_uri: Option<String>,
    pub code_verifier: Option<String>,
    pub refresh_token: Option<String>,
    pub scope: Option<String>,
    pub device_code: Option<String>,
}

/// The tokens that an application gets.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The access token.
    pub access_token: String,
    /// The refresh token, if `offline_access` was granted.
    pub refresh_token: Option<String>,
    /// The ID token.
    pub id_token: String,
    /// The lifetime of the access token, in seconds.
    pub expires_in: u64,
    /// What was granted.
    pub scopes: Scopes,
}

/// Gives an application tokens, for a code, for a refresh token, or for what a member allowed a device.
///
/// # Errors
/// [`OauthCode::InvalidGrant`], [`OauthCode::InvalidRequest`], [`OauthCode::InvalidScope`],
/// [`OauthCode::UnsupportedGrantType`]; of devices those of RFC 8628, section 3.5.
pub async fn exchange(ctx: &Ctx, client: &Client, request: &TokenRequest) -> Result<Tokens, OauthError> {
    match request.grant_type.as_str() {
        "authorization_code" => by_code(ctx, client, request).await,
        "refresh_token" => by_refresh_token(ctx, client, request).await,
        DEVICE_CODE => by_device_code(ctx, client, request).await,
        "" => Err(OauthError::new(OauthCode::InvalidRequest, "grant_type is missing.")),
        _ => {
            let why = "Only the grant types authorization_code, refresh_token and device_code are supported.";
            Err(OauthError::new(OauthCode::UnsupportedGrantType, why))
        }
    }
}

async fn by_code(ctx: &Ctx, client: &Client, request: &TokenRequest) -> Result<Tokens, OauthError> {
    let missing = |name: &str| OauthError::new(OauthCode::InvalidRequest, format!("{name} is missing."));
    let sent = request.code.as_deref().ok_or_else(|| missing("code"))?;
    let redirect_uri = request.redirect_uri.as_deref().ok_or_else(|| missing("redirect_uri"))?;
    let now = ctx.now();
    let (code, grant) = store::find_code(&ctx.db().read, sent).await?.ok_or_else(OauthError::invalid_grant)?;
    if grant.application_id != client.row.id {
        return Err(OauthError::invalid_grant());
    }
    if code.used_at.is_some() {
        return Err(revoke_reused(ctx, &grant).await?);
    }
    if code.redirect_uri != redirect_uri || !is_proven(&code, request.code_verifier.as_deref()) {
        return Err(OauthError::invalid_grant());
    }
    let account = member(ctx, client, &grant).await?;
    let scopes = stored(&grant.scope);
    // Before the code is used up: what fails afterwards would make the next attempt look like a theft.
    let id_token = id_token(ctx, client, &grant, &account, &scopes, grant.nonce.as_deref()).await?;

    let tx = tx::begin(ctx).await?;
    let live = is_live(&tx, client, &grant, now).await?;
    if !live || !store::claim_code(&tx, &code, now).await? {
        tx.rollback().await?;
        // Of two requests with one code the second is as suspicious as a later one.
        let used = store::find_code(&ctx.db().write, sent).await?.is_some_and(|(code, _)| code.used_at.is_some());
        return Err(if used { revoke_reused(ctx, &grant).await? } else { OauthError::invalid_grant() });
    }
    let tokens = first_tokens(&tx, ctx, &grant, scopes, id_token, now).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// The first tokens of a grant.
async fn first_tokens(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    grant: &grants::Model,
    scopes: Scopes,
    id_token: String,
    now: Timestamp,
) -> Result<Tokens, Error> {
    let access_token = store::issue(db, ctx, grant, Kind::Access, &grant.scope, now).await?;
    let refresh_token = if scopes.has(Scope::OfflineAccess) {
        Some(store::issue(db, ctx, grant, Kind::Refresh, &grant.scope, now).await?)
    } else {
        None
    };
    Ok(Tokens { access_token, refresh_token, id_token, expires_in: ACCESS_LIFETIME.as_secs(), scopes })
}

/// The answer to a device that asks (RFC 8628, section 3.5).
async fn by_device_code(ctx: &Ctx, client: &Client, request: &TokenRequest) -> Result<Tokens, OauthError> {
    let missing = || OauthError::new(OauthCode::InvalidRequest, "device_code is missing.");
    let sent = request.device_code.as_deref().ok_or_else(missing)?;
    refuse_others(client)?;
    let now = ctx.now();
    let row = device_store::find(&ctx.db().read, sent).await?.filter(|row| row.application_id == client.row.id);
    let row = row.ok_or_else(OauthError::invalid_grant)?;
    if row.used_at.is_some() {
        return Err(revoke_device(ctx, &row).await?);
    }
    if row.expires_at <= now.as_micros() {
        return Err(OauthError::new(OauthCode::ExpiredToken, "The device code has expired. Ask for another."));
    }
    if row.decided_at.is_none() {
        let tx = tx::begin(ctx).await?;
        let in_time = device_store::poll(&tx, &row, now).await?;
        tx.commit().await?;
        let why = "The member has not decided yet.";
        let code = if in_time { OauthCode::AuthorizationPending } else { OauthCode::SlowDown };
        return Err(OauthError::new(code, why));
    }
    let refused = || OauthError::new(OauthCode::AccessDenied, "The member refused.");
    let grant = store::find(&ctx.db().read, row.grant_id.ok_or_else(refused)?).await?;
    let grant = grant.ok_or_else(OauthError::invalid_grant)?;
    let account = member(ctx, client, &grant).await?;
    let scopes = stored(&grant.scope);
    let id_token = id_token(ctx, client, &grant, &account, &scopes, None).await?;
    let tx = tx::begin(ctx).await?;
    let live = is_live(&tx, client, &grant, now).await?;
    if !live || !device_store::claim(&tx, &row, now).await? {
        tx.rollback().await?;
        let again = device_store::find(&ctx.db().write, sent).await?.filter(|row| row.used_at.is_some());
        return Err(match again {
            Some(row) => revoke_device(ctx, &row).await?,
            None => OauthError::invalid_grant(),
        });
    }
    let tokens = first_tokens(&tx, ctx, &grant, scopes, id_token, now).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Revokes what was issued for a device code that came a second time. Returns the refusal.
async fn revoke_device(ctx: &Ctx, row: &devices::Model) -> Result<OauthError, Error> {
    let grant = match row.grant_id {
        Some(id) => store::find(&ctx.db().read, id).await?,
        None => None,
    };
    match grant {
        Some(grant) => revoke_reused(ctx, &grant).await,
        None => Ok(OauthError::invalid_grant()),
    }
}

async fn by_refresh_token(ctx: &Ctx, client: &Client, request: &TokenRequest) -> Result<Tokens, OauthError> {
    let missing = || OauthError::new(OauthCode::InvalidRequest, "refresh_token is missing.");
    let sent = request.refresh_token.as_deref().ok_or_else(missing)?;
    let now = ctx.now();
    let (token, grant) = store::find_token(&ctx.db().read, sent).await?.ok_or_else(OauthError::invalid_grant)?;
    if token.kind != Kind::Refresh.as_str() || grant.application_id != client.row.id {
        return Err(OauthError::invalid_grant());
    }
    if token.used_at.is_some() {
        return Err(revoke_reused(ctx, &grant).await?);
    }
    let granted = stored(&token.scope);
    let scopes = narrowed(&granted, request.scope.as_deref())
        .map_err(|why| OauthError::new(OauthCode::InvalidScope, why.to_string()))?;
    let account = member(ctx, client, &grant).await?;
    let id_token = id_token(ctx, client, &grant, &account, &scopes, None).await?;

    let tx = tx::begin(ctx).await?;
    let live = is_live(&tx, client, &grant, now).await?;
    if !live || !store::claim_refresh(&tx, &token, now).await? {
        tx.rollback().await?;
        let used = store::find_token(&ctx.db().write, sent).await?.is_some_and(|(token, _)| token.used_at.is_some());
        return Err(if used { revoke_reused(ctx, &grant).await? } else { OauthError::invalid_grant() });
    }
    let access_token = store::issue(&tx, ctx, &grant, Kind::Access, &scopes.to_string(), now).await?;
    // The scope of the next refresh token is that of this one (RFC 6749, section 6).
    let refresh_token = store::issue(&tx, ctx, &grant, Kind::Refresh, &token.scope, now).await?;
    tx.commit().await?;
    let refresh_token = Some(refresh_token);
    Ok(Tokens { access_token, refresh_token, id_token, expires_in: ACCESS_LIFETIME.as_secs(), scopes })
}

/// Revokes everything of a grant whose code or refresh token came a second time: somebody else may have it (RFC 9700, sections
/// 2.1.1 and 4.14). Returns the refusal.
async fn revoke_reused(ctx: &Ctx, grant: &grants::Model) -> Result<OauthError, Error> {
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    if store::revoke(&tx, grant.id, now).await? {
        let (application, account) = (ApplicationId(grant.application_id), AccountId(grant.account_id));
        audit::record(&tx, ctx, now, Originator::System, &Event::TokensRevoked { application, account }).await?;
        tx.commit().await?;
    }
    Ok(OauthError::invalid_grant())
}

/// Whether the verifier belongs to the challenge of a code (RFC 7636, section 4.6). One without a challenge has no verifier
/// (RFC 9700, section 4.8.2).
fn is_proven(code: &codes::Model, verifier: Option<&str>) -> bool {
    match (&code.code_challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let hash = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
            (43..=128).contains(&verifier.len()) && bool::from(hash.as_bytes().ct_eq(challenge.as_bytes()))
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

/// The account of a grant, if it still is as it was and may still enter.
async fn member(ctx: &Ctx, client: &Client, grant: &grants::Model) -> Result<Account, OauthError> {
    let found = active_member(&ctx.db().read, client, grant, ctx.now()).await?;
    found.ok_or_else(OauthError::invalid_grant)
}

/// Whether a grant and its account still are as they were, after a wait. Locks the grant until the transaction ends.
async fn is_live(
    db: &impl ConnectionTrait,
    client: &Client,
    grant: &grants::Model,
    now: Timestamp,
) -> Result<bool, Error> {
    match store::lock(db, grant.id).await? {
        Some(grant) => Ok(active_member(db, client, &grant, now).await?.is_some()),
        None => Ok(false),
    }
}

async fn active_member(
    db: &impl ConnectionTrait,
    client: &Client,
    grant: &grants::Model,
    now: Timestamp,
) -> Result<Option<Account>, Error> {
    let Some(account) = active_account(db, grant, now).await? else { return Ok(None) };
    let may = applications::is_admitted(db, client.id(), account.id, now).await?;
    Ok(may.then_some(account))
}

/// The account of a grant, if it is active and was not signed out since, whatever it may enter.
async fn active_account(
    db: &impl ConnectionTrait,
    grant: &grants::Model,
    now: Timestamp,
) -> Result<Option<Account>, Error> {
    let row = accounts::store::find(db, AccountId(grant.account_id)).await?;
    let Some(row) = row.filter(|row| row.auth_epoch == grant.auth_epoch && grant.revoked_at.is_none()) else {
        return Ok(None);
    };
    let account = accounts::store::account(&row, now)?;
    Ok(Some(account).filter(|account| account.status == AccountStatus::Active))
}

/// The ID token of a sign-in (OpenID Connect Core 1.0, section 2).
async fn id_token(
    ctx: &Ctx,
    client: &Client,
    grant: &grants::Model,
    account: &Account,
    scopes: &Scopes,
    nonce: Option<&str>,
) -> Result<String, Error> {
    let now = ctx.now();
    let mut token = claims::about(ctx, client, account, scopes, now).await?;
    let signed_in_at = Timestamp::from_micros(grant.signed_in_at);
    let more = json!({
        "iss": ctx.public_url(),
        "aud": client.id().to_string(),
        "iat": seconds(now),
        "exp": seconds(now.plus(ID_TOKEN_LIFETIME)),
        "auth_time": seconds(signed_in_at),
        "amr": ["pwd"],
        "sid": claims::session(client, SessionId(grant.session_id)),
    });
    if let Value::Object(more) = more {
        token.extend(more);
    }
    if let Some(nonce) = nonce {
        token.insert("nonce".into(), nonce.into());
    }
    keys::sign(ctx, client.terms.signing, keys::ID_TOKEN, &token).await
}

/// An access token that can be used: the application that has it, its grant and account.
struct Usable {
    client: Client,
    token: tokens::Model,
    account: Account,
}

async fn usable(ctx: &Ctx, token: &str) -> Result<Option<Usable>, Error> {
    let db = &ctx.db().read;
    let Some((token, grant)) = store::find_token(db, token).await? else { return Ok(None) };
    if token.kind != Kind::Access.as_str() || token.expires_at <= ctx.now().as_micros() {
        return Ok(None);
    }
    let Some(client) = super::client::find(db, &ApplicationId(grant.application_id).to_string()).await? else {
        return Ok(None);
    };
    // The application was just read: where everyone may enter, no groups are asked.
    let account = if client.row.is_open {
        active_account(db, &grant, ctx.now()).await?
    } else {
        active_member(db, &client, &grant, ctx.now()).await?
    };
    Ok(account.map(|account| Usable { client, token, account }))
}

/// What an application may know of the member whose access token it has (OpenID Connect Core 1.0, section 5.3).
///
/// # Errors
/// [`OauthCode::InvalidToken`].
pub async fn user_info(ctx: &Ctx, access_token: &str) -> Result<Map<String, Value>, OauthError> {
    let unusable = || OauthError::new(OauthCode::InvalidToken, "The access token is unknown, expired or revoked.");
    let Usable { client, token, account } = usable(ctx, access_token).await?.ok_or_else(unusable)?;
    Ok(claims::about(ctx, &client, &account, &stored(&token.scope), ctx.now()).await?)
}

/// What a token is (RFC 7662).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection(Option<Map<String, Value>>);

impl Introspection {
    /// The answer. Of a token that can't be used it says nothing else.
    #[must_use]
    pub fn into_json(self) -> Value {
        match self.0 {
            Some(claims) => claims.into(),
            None => json!({ "active": false }),
        }
    }
}

/// Says what an access token of the client is.
///
/// # Errors
/// [`OauthCode::UnauthorizedClient`] for a public client, which anyone can claim to be.
pub async fn introspect(ctx: &Ctx, client: &Client, token: &str) -> Result<Introspection, OauthError> {
    if client.terms.client_type != ClientType::Confidential {
        let why = "Only clients that prove who they are can introspect tokens.";
        return Err(OauthError::new(OauthCode::UnauthorizedClient, why));
    }
    let found = usable(ctx, token).await?.filter(|usable| usable.client.id() == client.id());
    let Some(Usable { client, token, account }) = found else { return Ok(Introspection(None)) };
    let at = |micros| seconds(Timestamp::from_micros(micros));
    let claims = json!({
        "active": true,
        "iss": ctx.public_url(),
        "sub": claims::subject(&client, account.id),
        "client_id": client.id().to_string(),
        "username": account.username.as_str(),
        "scope": token.scope,
        "token_type": "Bearer",
        "iat": at(token.created_at),
        "exp": at(token.expires_at),
    });
    let Value::Object(claims) = claims else { return Ok(Introspection(None)) };
    Ok(Introspection(Some(claims)))
}

/// Revokes a token of the client: a refresh token with everything of its grant, an access token alone. A token that is unknown
/// is revoked already.
pub async fn revoke(ctx: &Ctx, client: &Client, token: &str) -> Result<(), OauthError> {
    let Some((token, grant)) = store::find_token(&ctx.db().read, token).await? else { return Ok(()) };
    if grant.application_id != client.row.id {
        return Ok(());
    }
    let tx = tx::begin(ctx).await?;
    if token.kind == Kind::Refresh.as_str() {
        store::revoke(&tx, grant.id, ctx.now()).await?;
    } else {
        store::delete_token(&tx, &token).await?;
    }
    tx.commit().await?;
    Ok(())
}
