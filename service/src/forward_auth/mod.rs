//! Forward-auth: the reverse proxy in front of an application that knows nothing of accounts asks, for each request, who is
//! signed in ([ADR 20](../../../docs/adr/0020-forward-auth.md)).
//!
//! A browser has a token of its own on each site, in a cookie of that site, and never the cookie of this one. It gets it by a
//! code that is used once, within seconds, and only by the browser that asked: anyone who follows somebody else's link is not
//! signed in as somebody else. What is decided is decided here; headers and cookies are read in `server`.

mod answers;
mod codes;
mod identity;
mod paths;
mod site;
mod store;
#[cfg(test)]
mod tests;
mod tokens;

use std::fmt;
use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use domain::accounts::AccountStatus;
use domain::applications::IdentityHeader;
use domain::events::Event;
use domain::ids::ApplicationId;
use domain::text::ApplicationName;
use domain::web::WebOrigin;
use domain::{Code, Failure};

pub(crate) use self::answers::Answers;
use self::answers::Found;
pub use self::paths::{ARRIVE, ASK, ASK_NGINX, ENTER, LOST};
pub use self::site::Kept;
use self::site::{Site, local};
use crate::applications::store as applications;
use crate::audit::{self, Originator};
use crate::platform::tx;
use crate::sessions::{self, Signed};
use crate::{Ctx, Error, Via, callers};

/// A random value that a browser keeps in a cookie of a site. Never logged, never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SiteToken(String);

impl SiteToken {
    /// The value of the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SiteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SiteToken(…)")
    }
}

/// A request to an application, as its proxy describes it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Host and port, in lower case.
    pub authority: &'a str,
    /// Path and query.
    pub target: &'a str,
    /// Whether it is for a page, so that a redirect leads somewhere.
    pub is_page: bool,
    /// What the browser has if it is signed in on the site.
    pub token: Option<Kept<'a>>,
    /// What the browser has if it is about to be.
    pub browser: Option<Kept<'a>>,
}

/// The answer to a proxy.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The request may pass, with these headers.
    Enter(Arc<[(IdentityHeader, String)]>),
    /// Nobody is signed in; the request is not for a page.
    SignIn,
    /// Nobody is signed in: the browser goes to `url`, which leads back.
    Begin {
        /// An address here.
        url: String,
        /// What the browser keeps meanwhile.
        browser: SiteToken,
        /// The site to which the cookie belongs.
        site: WebOrigin,
    },
    /// The browser is signed in from now on, and goes to the page that it asked for.
    Arrived {
        /// An address of the site.
        url: String,
        /// What the browser keeps.
        token: SiteToken,
        /// The site to which the cookie belongs.
        site: WebOrigin,
    },
    /// The browser brought a code that is not its own, or too late.
    Lost {
        /// The site, where it can try again.
        site: WebOrigin,
        /// An address here that says so.
        url: String,
    },
    /// The one who is signed in may not enter.
    NotAdmitted {
        /// The application.
        application: ApplicationName,
        /// An address here, where they can use another account.
        url: String,
    },
    /// No application has this site.
    Unknown,
}

/// Answers a proxy. What ends a session, a membership or an account is noticed two seconds later at most.
pub async fn check(ctx: &Ctx, asked: &Asked<'_>) -> Result<Answer, Error> {
    let path = asked.target.split('?').next().unwrap_or_default();
    if path == ARRIVE {
        return arrive(ctx, asked).await;
    }
    let not_admitted = match asked.token {
        Some(token) => match answers::of(ctx, asked.authority, token).await? {
            Found::Member(headers) => return Ok(Answer::Enter(headers)),
            Found::NotAdmitted => true,
            Found::Nobody => false,
        },
        None => false,
    };
    let Some(site) = Site::find(ctx, asked.authority).await? else { return Ok(Answer::Unknown) };
    // Another tab may be on its way already.
    let browser = site.trusted(asked.browser).map_or_else(|| ctx.randomness().token(), str::to_owned);
    let url = site.entrance(ctx, asked.target, &browser);
    if not_admitted {
        return Ok(Answer::NotAdmitted { application: applications::name(&site.row), url });
    }
    if !asked.is_page {
        return Ok(Answer::SignIn);
    }
    Ok(Answer::Begin { url, browser: SiteToken(browser), site: site.origin })
}

/// The browser brings its code.
async fn arrive(ctx: &Ctx, asked: &Asked<'_>) -> Result<Answer, Error> {
    let Some(site) = Site::find(ctx, asked.authority).await? else { return Ok(Answer::Unknown) };
    let query = asked.target.split_once('?').map_or("", |(_, query)| query);
    let code = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
    let (Some((_, code)), Some(browser)) = (code, site.trusted(asked.browser)) else { return Ok(lost(ctx, site)) };
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    let Some(claimed) = store::claim_code(&tx, asked.authority, &code, browser, now).await? else {
        return Ok(lost(ctx, site));
    };
    let url = format!("{}{}", site.origin, claimed.target);
    let token = SiteToken(store::issue_token(&tx, ctx, claimed, now).await?);
    tx.commit().await?;
    Ok(Answer::Arrived { url, token, site: site.origin })
}

fn lost(ctx: &Ctx, site: Site) -> Answer {
    Answer::Lost { url: site.lost(ctx), site: site.origin }
}

/// Where a browser goes that a site sent here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Back to the site, with a code.
    Return(String),
    /// To the sign-in page.
    SignIn,
    /// Nowhere: the account is pending approval.
    Pending,
    /// Nowhere: the account may not enter.
    NotAdmitted(ApplicationName),
}

/// Decides where a browser goes that a site sent here, which is signed in as `signed`, or is not.
///
/// # Errors
/// [`Code::NotFound`] for a site of no application; [`Code::Malformed`] for a request that no site made;
/// [`Code::Unauthenticated`] if the account has changed meanwhile.
pub async fn enter(
    ctx: &Ctx,
    signed: Option<&Signed>,
    authority: &str,
    target: &str,
    browser: &str,
) -> Result<Next, Error> {
    let site = Site::find(ctx, authority).await?.ok_or_else(unknown)?;
    let browser_hash = BASE64URL_NOPAD.decode(browser.as_bytes()).ok().filter(|hash| hash.len() == 32);
    let browser_hash = browser_hash
        .ok_or_else(|| Failure::new(Code::Malformed, "This link is incomplete. Open the application again."))?;
    let Some(signed) = signed else { return Ok(Next::SignIn) };
    let Via::Session(session) = signed.actor.via else { return Ok(Next::SignIn) };
    if signed.account.status != AccountStatus::Active {
        return Ok(Next::Pending);
    }
    let (application, account) = (ApplicationId(site.row.id), signed.account.id);
    let now = ctx.now();
    let tx = tx::begin(ctx).await?;
    // Again: the account may have changed in the meantime.
    callers::lock(&tx, &signed.actor, now).await?;
    if sessions::store::began_at(&tx, session).await?.is_none() {
        return Ok(Next::SignIn);
    }
    if !applications::is_admitted(&tx, application, account, now).await? {
        return Ok(Next::NotAdmitted(applications::name(&site.row)));
    }
    let place = (authority, local(target));
    let code = store::issue_code(&tx, ctx, place, session, browser_hash, now).await?;
    let event = Event::ApplicationOpened { application, account };
    audit::record(&tx, ctx, now, Originator::Actor(&signed.actor), &event).await?;
    tx.commit().await?;
    Ok(Next::Return(format!("{}{ARRIVE}?code={code}", site.origin)))
}

/// The name of the application with this site.
pub async fn application_name(ctx: &Ctx, authority: &str) -> Result<Option<ApplicationName>, Error> {
    Ok(Site::find(ctx, authority).await?.map(|site| applications::name(&site.row)))
}

/// The site with this host and port.
///
/// # Errors
/// [`Code::NotFound`] if it is that of no application.
pub async fn site(ctx: &Ctx, authority: &str) -> Result<WebOrigin, Error> {
    Ok(Site::find(ctx, authority).await?.ok_or_else(unknown)?.origin)
}

fn unknown() -> Failure {
    Failure::new(Code::NotFound, "No application here has the site that sent you. Tell the people who run it.")
}

/// Deletes codes that have expired.
pub(crate) async fn purge_expired(ctx: &Ctx) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    store::purge_codes(&tx, ctx.now()).await?;
    tx.commit().await?;
    Ok(())
}
