//! The cookies that a browser has on the site of an application. They are set in answers that a proxy hands on.

use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::web::WebOrigin;
use service::forward_auth::{Kept, SiteToken};
use service::sessions::ABSOLUTE_LIFETIME;

use crate::pages::cookie::with_cookie;

/// How long a browser may take to sign in here before it has to begin again.
const BROWSER_LIFETIME: Duration = Duration::from_hours(1);

/// The names over TLS, which bind the cookie to it, to the host and to the path `/` (RFC 6265bis, section 4.1.3.2), and without.
const TOKEN: [&str; 2] = ["__Host-latchkey-site", "latchkey-site"];
const BROWSER: [&str; 2] = ["__Host-latchkey-browser", "latchkey-browser"];

/// What a browser has.
pub struct SiteCookies {
    token: Option<(String, bool)>,
    browser: Option<(String, bool)>,
}

impl SiteCookies {
    /// Reads the cookies of a request to a site.
    pub fn read(headers: &HeaderMap) -> Self {
        let jar = CookieJar::from_headers(headers);
        let of = |[over_tls, plain]: [&str; 2]| {
            let named = |name, is_bound| Some((jar.get(name)?.value().to_owned(), is_bound));
            named(over_tls, true).or_else(|| named(plain, false)).filter(|(value, _)| !value.is_empty())
        };
        Self { token: of(TOKEN), browser: of(BROWSER) }
    }

    /// What the browser has if it is signed in on the site.
    pub fn token(&self) -> Option<Kept<'_>> {
        kept(self.token.as_ref())
    }

    /// What the browser has if it is about to be.
    pub fn browser(&self) -> Option<Kept<'_>> {
        kept(self.browser.as_ref())
    }
}

fn kept(cookie: Option<&(String, bool)>) -> Option<Kept<'_>> {
    cookie.map(|(value, is_bound)| Kept { value, is_bound: *is_bound })
}

/// The browser keeps what proves later that it asked.
pub fn begin(response: Response, site: &WebOrigin, browser: &SiteToken) -> Response {
    with_cookie(response, &cookie(BROWSER, site, browser, BROWSER_LIFETIME))
}

/// Signs the browser in on the site.
pub fn sign_in(response: Response, site: &WebOrigin, token: &SiteToken) -> Response {
    with_cookie(response, &cookie(TOKEN, site, token, ABSOLUTE_LIFETIME))
}

/// `Lax` and not `Strict`, so that a link from another site opens the application signed in.
fn cookie<'a>(names: [&'static str; 2], site: &WebOrigin, value: &'a SiteToken, lifetime: Duration) -> Cookie<'a> {
    let [over_tls, plain] = names;
    Cookie::build((if site.is_https() { over_tls } else { plain }, value.expose()))
        .path("/")
        .max_age(lifetime.try_into().unwrap_or_default())
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(site.is_https())
        .build()
}
