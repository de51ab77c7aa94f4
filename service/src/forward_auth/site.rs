//! Sites of applications, and what browsers have on them.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use domain::web::{LocalPath, WebOrigin};
use url::form_urlencoded::Serializer;

use super::paths::{ENTER, LOST};
use crate::applications::entity::Model;
use crate::applications::store as applications;
use crate::platform::keyring::token_hash;
use crate::{Ctx, Error};

/// What a browser sent in a cookie of a site.
#[derive(Clone, Copy)]
pub struct Kept<'a> {
    /// The value of the cookie.
    pub value: &'a str,
    /// Whether the name of the cookie binds it to this host and to TLS. Another could also be of another host of the domain.
    pub is_bound: bool,
}

impl fmt::Debug for Kept<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept(…)")
    }
}

/// A site, and its application.
pub(super) struct Site {
    pub(super) row: Model,
    pub(super) origin: WebOrigin,
}

impl Site {
    pub(super) async fn find(ctx: &Ctx, authority: &str) -> Result<Option<Self>, Error> {
        let Some(row) = applications::of_site(&ctx.db().read, authority).await? else { return Ok(None) };
        let terms = applications::forward_auth(&row)?;
        let origin = terms.and_then(|terms| terms.sites.into_iter().find(|site| site.authority() == authority));
        Ok(origin.map(|origin| Self { row, origin }))
    }

    /// What a browser sent, if no other host could have set it.
    pub(super) fn trusted<'a>(&self, kept: Option<Kept<'a>>) -> Option<&'a str> {
        kept.filter(|kept| kept.is_bound || !self.origin.is_https()).map(|kept| kept.value)
    }

    /// The address here that leads to the page `target` of the site, or to its start if that would be too long to come back.
    pub(super) fn entrance(&self, ctx: &Ctx, target: &str, browser: &str) -> String {
        let browser_hash = BASE64URL_NOPAD.encode(&token_hash(browser));
        let to = |target: &str| {
            let query = Serializer::new(String::new())
                .append_pair("site", self.origin.authority())
                .append_pair("to", target)
                .append_pair("browser", &browser_hash)
                .finish();
            format!("{ENTER}?{query}")
        };
        let path = Some(to(local(target))).filter(|path| LocalPath::parse(path).is_ok());
        format!("{}{}", ctx.public_url(), path.unwrap_or_else(|| to("/")))
    }

    /// The address here of the page that says that a sign-in on the site was not completed.
    pub(super) fn lost(&self, ctx: &Ctx) -> String {
        let query = Serializer::new(String::new()).append_pair("site", self.origin.authority()).finish();
        format!("{}{LOST}?{query}", ctx.public_url())
    }
}

/// The path of a site if it is one; a request for anything else leads to its start.
pub(super) fn local(target: &str) -> &str {
    if LocalPath::parse(target).is_ok() { target } else { "/" }
}
