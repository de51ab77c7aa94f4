//! Pushed authorization requests (RFC 9126): an application hands its request over itself, and sends the browser with
//! the address of it alone. Nobody at the browser can change or read what was asked for.
//!
//! An address opens a request once. The browser that opened it comes back from the pages of this site with a [proof],
//! which nobody else has; it gets one code at most.

use std::time::Duration;

use domain::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};

use super::client::Client;
use super::error::{OauthCode, OauthError};
use super::pushed_requests::{ActiveModel, Column, Entity, Model};
use super::request::{AuthorizationRequest, PUSHED};
use super::{hint, proof, reserve, too_many_waiting};
use crate::platform::keyring::token_hash;
use crate::platform::limits::Attempt;
use crate::platform::tx;
use crate::{Client as Visitor, Ctx, Error};

/// How long an address can be opened. Browsers are sent on at once.
const LIFETIME: Duration = Duration::from_secs(90);
/// The most bytes of a request: far more than any has.
const MAX_BYTES: usize = 16 * 1024;
/// The most requests of one application that wait to be opened. It is read before the next is stored, so that some more
/// may be stored at the same time.
const MAX_WAITING: u64 = 10_000;

/// Where a request was pushed to.
#[derive(Clone, PartialEq, Eq)]
pub struct Pushed {
    /// The value of `request_uri`.
    pub request_uri: String,
    /// How long it can be opened, in seconds.
    pub expires_in: u64,
}

/// What is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    request: AuthorizationRequest,
    /// Whom the ID token names that the request had as its hint. The token itself is not stored.
    hinted: Option<String>,
}

/// A pushed request that a browser has opened.
pub(super) struct Opened {
    pub(super) request: AuthorizationRequest,
    pub(super) hinted: Option<String>,
}

/// Stores the request of an application, after every check of the authorization endpoint that needs no member.
///
/// # Errors
/// The error with which [`super::authorize()`] would refuse the request, as RFC 9126, section 2.3, has it;
/// [`domain::Code::RateLimited`].
pub async fn push(
    ctx: &Ctx,
    client: &Client,
    request: AuthorizationRequest,
    visitor: &Visitor,
) -> Result<Pushed, OauthError> {
    let invalid = |why: &str| OauthError::new(OauthCode::InvalidRequest, why);
    if request.request_uri.is_some() {
        return Err(invalid("request_uri can't be pushed. Send the parameters themselves."));
    }
    let mut request = AuthorizationRequest { client_id: client.id().to_string(), ..request };
    if !client.is_registered(&request.redirect_uri) {
        return Err(invalid("redirect_uri is not registered for the client."));
    }
    request.parse(client.terms.needs_pkce()).map_err(|(code, description)| OauthError::new(code, description))?;
    let hinted = hint::subject(ctx, client, request.id_token_hint.take().as_deref()).await?;
    let parameters = serde_json::to_string(&Stored { request, hinted }).map_err(Error::internal)?;
    if parameters.len() > MAX_BYTES {
        return Err(invalid("The request has at most 16 KiB."));
    }
    let now = ctx.now();
    let attempt = reserve(ctx, client, visitor).await?;
    if waiting(&ctx.db().read, client, now).await? >= MAX_WAITING {
        attempt.into_iter().for_each(Attempt::release);
        return Err(too_many_waiting().into());
    }
    let request_uri = format!("{PUSHED}{}", ctx.randomness().token());
    let row = Model {
        uri_hash: token_hash(&request_uri),
        application_id: client.row.id,
        parameters,
        expires_at: now.plus(LIFETIME).as_micros(),
        opened_at: None,
    };
    let tx = tx::begin(ctx).await?;
    Entity::insert(row.into_active_model()).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok(Pushed { request_uri, expires_in: LIFETIME.as_secs() })
}

async fn waiting(db: &impl ConnectionTrait, client: &Client, now: Timestamp) -> Result<u64, DbErr> {
    let waiting = Entity::find()
        .filter(Column::ApplicationId.eq(client.row.id))
        .filter(Column::OpenedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_micros()));
    waiting.count(db).await
}

/// Opens the request that a client pushed, or opens it again for the browser that has a proof of having opened it.
/// `None` if the address is unknown, expired, of another client, or was opened by somebody else.
pub(super) async fn open(
    ctx: &Ctx,
    client: &Client,
    request_uri: &str,
    sent_proof: Option<&str>,
) -> Result<Option<Opened>, Error> {
    let now = ctx.now();
    let own = || {
        Entity::find_by_id(token_hash(request_uri))
            .filter(Column::ApplicationId.eq(client.row.id))
            .filter(Column::ExpiresAt.gt(now.as_micros()))
    };
    let Some(row) = own().one(&ctx.db().read).await? else { return Ok(None) };
    let Stored { request, hinted } = serde_json::from_str(&row.parameters).map_err(Error::internal)?;
    // With its address, so that a proof counts for this request alone.
    let request = AuthorizationRequest { request_uri: Some(request_uri.to_owned()), ..request };
    let is_back = sent_proof.is_some_and(|sent| proof::asked_at(ctx, &request, sent).is_some());
    let is_open = if row.opened_at.is_some() { is_back } else { claim(ctx, &row, now).await? };
    Ok(is_open.then_some(Opened { request, hinted }))
}

/// Opens a request: the one statement that decides who does.
async fn claim(ctx: &Ctx, row: &Model, now: Timestamp) -> Result<bool, Error> {
    let opened = ActiveModel {
        opened_at: Set(Some(now.as_micros())),
        expires_at: Set(now.plus(proof::LIFETIME).as_micros()),
        ..ActiveModel::default()
    };
    let tx = tx::begin(ctx).await?;
    let claim = Entity::update_many()
        .set(opened)
        .filter(Column::UriHash.eq(row.uri_hash.clone()))
        .filter(Column::OpenedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_micros()));
    let is_first = claim.exec(&tx).await?.rows_affected == 1;
    tx.commit().await?;
    Ok(is_first)
}

/// Uses a request up, in the transaction that gives a code for it. Returns whether it was there.
pub(super) async fn consume(db: &impl ConnectionTrait, request_uri: &str) -> Result<bool, DbErr> {
    Ok(Entity::delete_by_id(token_hash(request_uri)).exec(db).await?.rows_affected == 1)
}

/// Deletes requests that have expired.
pub(super) async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    Entity::delete_many().filter(Column::ExpiresAt.lte(ctx.now().as_micros())).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}
