//! The browsers that accounts were signed in with, so that people are told when there is a new one.
//!
//! A browser has 256 random bits in a cookie that outlives its sessions, the database their hash for each account that
//! signed in with it. Nothing is permitted by them: a browser that loses its cookie is a new one.

use std::fmt;
use std::time::Duration;

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::{AccountId, SessionId};
use domain::sessions::{UNKNOWN_BROWSER, browser_name};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use self::entity::{Column, Entity, Model};
use crate::accounts::entity::Model as AccountRow;
use crate::mail::{self, Contents, NewMail};
use crate::platform::keyring::token_hash;
use crate::{Client, Ctx, Error, settings};

mod entity;
#[cfg(test)]
mod tests;

/// The time without a sign-in after which a browser is forgotten, and its cookie expires: the longest that browsers keep one.
pub const BROWSER_LIFETIME: Duration = Duration::from_hours(400 * 24);
/// The maximum number of browsers of one account. Another one takes the place of the one not seen for longest.
const MOST: usize = 20;
/// If all of [`MOST`] browsers are newer than this, no further one is told: a program signs in, and keeps no cookies.
const FLOOD: Duration = Duration::from_hours(24);

/// The value of the cookie by which a browser is known. Never logged, never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct BrowserToken(String);

impl BrowserToken {
    /// The token in a cookie; `None` if the cookie has another form.
    #[must_use]
    pub fn parse(cookie: &str) -> Option<Self> {
        let fits = cookie.len() == 43 && cookie.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        fits.then(|| Self(cookie.to_owned()))
    }

    /// The value of the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BrowserToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserToken(…)")
    }
}

/// What a browser has from before, when somebody signs in with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Browser {
    /// Its session, which ends.
    pub session: Option<SessionId>,
    /// What it is known by.
    pub token: Option<BrowserToken>,
}

/// Records that an account is signed in with a browser, which has `token` if it has one. Tells the address of the account
/// of a browser that is new to it, unless it is the first. The row of the account is locked. Returns what the browser keeps.
pub(crate) async fn see(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    account: &AccountRow,
    token: Option<&BrowserToken>,
    client: &Client,
    now: Timestamp,
) -> Result<BrowserToken, Error> {
    let token = token.cloned().unwrap_or_else(|| BrowserToken(ctx.randomness().token()));
    let hash = token_hash(token.expose());
    let of_account = Entity::find().filter(Column::AccountId.eq(account.id));
    let known = of_account.order_by_desc(Column::LastSeenAt).order_by_desc(Column::CreatedAt).all(db).await?;
    insert(db, AccountId(account.id), hash.clone(), now).await?;
    if known.is_empty() || known.iter().any(|browser| browser.browser_hash == hash) {
        return Ok(token);
    }
    for browser in known.iter().skip(MOST - 1) {
        Entity::delete_by_id((browser.account_id, browser.browser_hash.clone())).exec(db).await?;
    }
    let day_ago = now.minus(FLOOD).as_micros();
    let is_flood = known.len() >= MOST && known.iter().all(|browser| browser.created_at > day_ago);
    // An address that nobody has verified may be that of somebody else.
    if !is_flood && account.activate_by.is_none() && settings::read(ctx, db).await?.sign_in_alerts {
        let named = client.user_agent.as_deref().and_then(browser_name);
        let browser = named.unwrap_or_else(|| UNKNOWN_BROWSER.to_owned());
        let contents = Contents::NewSignIn { at: now, browser, ip: client.ip.map(|ip| ip.to_string()) };
        let letter = NewMail { to: Email::stored(&account.email), account: Some(AccountId(account.id)), contents };
        mail::queue(db, ctx, vec![letter], now).await?;
    }
    Ok(token)
}

/// Inserts a browser of an account, or records that it is seen again.
async fn insert(db: &impl ConnectionTrait, account: AccountId, hash: Vec<u8>, now: Timestamp) -> Result<(), DbErr> {
    let (at, of) = (now.as_micros(), account.0);
    let row = Model { account_id: of, browser_hash: hash, created_at: at, last_seen_at: at };
    let seen =
        OnConflict::columns([Column::AccountId, Column::BrowserHash]).update_column(Column::LastSeenAt).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(seen).exec_without_returning(db).await.map(|_| ())
}

/// Forgets the browsers of an account, so that each is new the next time. In their place there is one that no browser is:
/// without any, the next would be the first, of which nobody is told.
pub(super) async fn forget(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    account: AccountId,
    now: Timestamp,
) -> Result<(), DbErr> {
    delete_of(db, account).await?;
    insert(db, account, ctx.randomness().bytes::<32>().to_vec(), now).await
}

/// Deletes the browsers of an account that is deleted.
pub(crate) async fn delete_of(db: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::AccountId.eq(account.0)).exec(db).await.map(|_| ())
}

/// Deletes the browsers that were not seen for [`BROWSER_LIFETIME`], except the last of each account: who comes back with
/// another one is told.
pub(super) async fn purge_unseen(db: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    let is_not_last = "EXISTS (SELECT 1 FROM known_browsers newer
        WHERE newer.account_id = known_browsers.account_id AND newer.last_seen_at > known_browsers.last_seen_at)";
    let unseen = Column::LastSeenAt.lte(now.minus(BROWSER_LIFETIME).as_micros());
    Entity::delete_many().filter(unseen).filter(Expr::cust(is_not_last)).exec(db).await.map(|_| ())
}
