//! Device authorization (RFC 8628): a device without a browser, or without a keyboard, shows a code. A member enters it
//! at `/device` in a browser of their own, and decides there. Meanwhile the device asks for its tokens.

use domain::accounts::AccountStatus;
use domain::applications::UserCode;
use domain::attributes::AttributeKey;
use domain::events::Event;
use domain::ids::ApplicationId;
use domain::text::ApplicationName;
use domain::{Code, Failure};

use super::claims;
use super::client::Client;
use super::error::{OauthCode, OauthError};
use super::request::{Scope, Scopes, stored};
use super::{reserve, too_many_waiting};
use crate::applications::store as applications;
use crate::audit::{self, Originator};
use crate::grants::device_store::{self, Codes, INTERVAL, LIFETIME};
use crate::grants::store::NewGrant;
use crate::grants::{self, devices, logout};
use crate::platform::limits::{Attempt, Limit};
use crate::platform::tx;
use crate::sessions::{self, Signed};
use crate::{Client as Visitor, Ctx, Error, Via, callers};

/// The grant type of the device flow (section 3.4).
pub const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The path of the page at which members enter the code.
pub const DEVICE: &str = "/device";
/// What device codes begin with, so that one that was published by mistake is recognised.
const PREFIX: &str = "lkd_";
/// The most requests of one application that wait for a decision, so that a guess of a code stays hopeless. It is read
/// before the next is stored, so that some more may be stored at the same time.
const MAX_WAITING: u64 = 1_000;

/// What a device gets to begin with (section 3.2).
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceAuthorization {
    /// What it asks with.
    pub device_code: String,
    /// What it shows.
    pub user_code: String,
    /// Where the code is entered.
    pub verification_uri: String,
    /// The same with the code, for a picture that a phone can scan.
    pub verification_uri_complete: String,
    /// How long both codes are valid, in seconds.
    pub expires_in: u64,
    /// How long it waits between two questions, in seconds.
    pub interval: i64,
}

/// Takes the request of a device.
///
/// # Errors
/// [`OauthCode::UnauthorizedClient`] for an application that may not; [`OauthCode::InvalidScope`];
/// [`Code::RateLimited`].
pub async fn begin_device(
    ctx: &Ctx,
    client: &Client,
    scope: Option<&str>,
    visitor: &Visitor,
) -> Result<DeviceAuthorization, OauthError> {
    refuse_others(client)?;
    let scopes = Scopes::parse(scope.unwrap_or_default());
    if !scopes.has(Scope::OpenId) {
        return Err(OauthError::new(OauthCode::InvalidScope, "scope must contain openid."));
    }
    let now = ctx.now();
    let attempt = reserve(ctx, client, visitor).await?;
    if device_store::waiting(&ctx.db().read, client.id(), now).await? >= MAX_WAITING {
        attempt.into_iter().for_each(Attempt::release);
        return Err(too_many_waiting().into());
    }
    let user = ctx.randomness().user_code().ok_or_else(|| Error::internal("a user code can't be made"))?;
    let codes = Codes { device: format!("{PREFIX}{}", ctx.randomness().token()), user };
    let tx = tx::begin(ctx).await?;
    device_store::insert(&tx, ctx, client.id(), scopes.to_string(), &codes, now).await?;
    tx.commit().await?;
    let (user_code, page) = (codes.user.grouped(), format!("{}{DEVICE}", ctx.public_url()));
    Ok(DeviceAuthorization {
        device_code: codes.device,
        verification_uri_complete: format!("{page}?user_code={user_code}"),
        verification_uri: page,
        user_code,
        expires_in: LIFETIME.as_secs(),
        interval: INTERVAL,
    })
}

/// Refuses an application that may not use the device flow.
pub(super) fn refuse_others(client: &Client) -> Result<(), OauthError> {
    if client.terms.device_flow {
        return Ok(());
    }
    let why = "This application may not use the device flow. An admin can allow it.";
    Err(OauthError::new(OauthCode::UnauthorizedClient, why))
}

/// What a member who has entered a code is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DevicePage {
    /// The question.
    Ask {
        /// The application that asks.
        application: ApplicationName,
        /// What it would learn.
        scopes: Scopes,
        /// The attributes of the member that are among that.
        attributes: Vec<AttributeKey>,
    },
    /// The account is pending approval.
    Pending,
    /// The account may not enter the application.
    NotAdmitted {
        /// The application that asks.
        application: ApplicationName,
    },
}

/// What a member decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceDecision {
    /// The device gets its tokens.
    Allowed {
        /// The application on the device.
        application: ApplicationName,
    },
    /// It gets none.
    Refused,
    /// They could not be asked.
    Page(DevicePage),
}

/// What waits for a decision by a code, and who decides. A code that is wrong counts against the network of the
/// visitor, before it is looked for, so that codes can't be guessed by many at once.
async fn waiting(ctx: &Ctx, signed: &Signed, typed: &str) -> Result<(devices::Model, Client), Error> {
    let wrong = || {
        let why = "This code is not valid, or has expired. Check it on the device, or have the device show another.";
        Error::from(Failure::field(Code::Invalid, "user_code", why))
    };
    let code = UserCode::parse(typed).ok_or_else(wrong)?;
    let guess = ctx.limits().reserve(ctx, Limit::UserCode, &signed.actor.client, "").await?;
    let Some(row) = device_store::undecided(&ctx.db().read, ctx, &code, ctx.now()).await? else {
        guess.fail();
        return Err(wrong());
    };
    guess.release();
    let client = super::client::find(&ctx.db().read, &ApplicationId(row.application_id).to_string()).await?;
    let client = client.filter(|client| client.terms.device_flow).ok_or_else(wrong)?;
    Ok((row, client))
}

/// What a member is shown who enters a code.
///
/// # Errors
/// [`Code::Invalid`] under `user_code`, in the same words whatever is wrong with it; [`Code::RateLimited`].
pub async fn look_up_device(ctx: &Ctx, signed: &Signed, typed: &str) -> Result<DevicePage, Error> {
    let (row, client) = waiting(ctx, signed, typed).await?;
    page(ctx, signed, &row, &client).await
}

async fn page(ctx: &Ctx, signed: &Signed, row: &devices::Model, client: &Client) -> Result<DevicePage, Error> {
    if signed.account.status != AccountStatus::Active {
        return Ok(DevicePage::Pending);
    }
    let application = applications::name(&client.row);
    if !applications::is_admitted(&ctx.db().read, client.id(), signed.account.id, ctx.now()).await? {
        return Ok(DevicePage::NotAdmitted { application });
    }
    let scopes = stored(&row.scope);
    Ok(DevicePage::Ask { application, attributes: claims::told(client, &scopes), scopes })
}

/// Takes the decision of a member about the device that shows a code.
///
/// # Errors
/// Those of [`look_up_device`]; [`Code::Unauthenticated`] if the session has ended meanwhile.
pub async fn decide_device(ctx: &Ctx, signed: &Signed, typed: &str, allow: bool) -> Result<DeviceDecision, Error> {
    let (row, client) = waiting(ctx, signed, typed).await?;
    let application = match page(ctx, signed, &row, &client).await? {
        DevicePage::Ask { application, .. } => application,
        other if allow => return Ok(DeviceDecision::Page(other)),
        // Anyone who may not enter may still refuse.
        DevicePage::Pending | DevicePage::NotAdmitted { .. } => applications::name(&client.row),
    };
    let Via::Session(session) = signed.actor.via else {
        return Err(Error::internal("only somebody who is signed in decides"));
    };
    let now = ctx.now();
    let account = signed.account.id;
    let tx = tx::begin(ctx).await?;
    // Again: account, session and groups may have changed in the meantime.
    callers::lock(&tx, &signed.actor, now).await?;
    let grant = if allow {
        let began_at = sessions::store::began_at(&tx, session).await?;
        let Some(signed_in_at) = began_at else { return Err(ended().into()) };
        if !applications::is_admitted(&tx, client.id(), account, now).await? {
            return Err(ended().into());
        }
        let new = NewGrant {
            application: client.id(),
            account,
            session,
            scope: row.scope.clone(),
            nonce: None,
            signed_in_at,
            auth_epoch: signed.actor.auth_epoch,
        };
        // First the grant, which locks the application, and then its target, as everywhere.
        let grant = grants::store::insert(&tx, ctx, new, now).await?;
        if let Some(target) = client.row.logout_target_id {
            logout::remember(&tx, target, account, session).await?;
        }
        Some(grant)
    } else {
        None
    };
    if !device_store::decide(&tx, &row, grant, now).await? {
        let why = "This code was used meanwhile, or has expired. Have the device show another.";
        return Err(Failure::field(Code::Invalid, "user_code", why).into());
    }
    if allow {
        let event = Event::ApplicationOpened { application: client.id(), account };
        audit::record(&tx, ctx, now, Originator::Actor(&signed.actor), &event).await?;
    }
    tx.commit().await?;
    Ok(if allow { DeviceDecision::Allowed { application } } else { DeviceDecision::Refused })
}

fn ended() -> Failure {
    Failure::new(Code::Unauthenticated, "Your session has ended, or your groups have changed. Try again.")
}
