//! The HTTP of forward-auth: what a reverse proxy asks about a request to an application, and the page here to which a browser
//! is sent that is not signed in there. What is decided is decided in `service::forward_auth`.
//!
//! A proxy says which request it asks about with `X-Forwarded-Host`, `-Uri` and `-Method`. Anyone who calls without a proxy learns
//! only what their own cookie tells.

mod cookies;

use std::sync::LazyLock;

use app::public::applications::{Blocked, blocked, not_completed};
use app::public::elsewhere::{self, Page};
use axum::Router;
use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use service::forward_auth::{ASK, ASK_NGINX, Answer, Asked, ENTER, LOST, Next};
use sha2::{Digest, Sha256};

use self::cookies::SiteCookies;
use crate::layers::answer::Audience;
use crate::layers::headers::Elsewhere;
use crate::next::sign_in_and_return_to;
use crate::pages::request::Visit;
use crate::state::AppState;

/// The route to which browsers come with their cookie.
pub fn of_visitors() -> Router<AppState> {
    Router::new().route(ENTER, get(enter)).route(LOST, get(lost))
}

/// The routes that proxies ask.
pub fn of_proxies() -> Router<AppState> {
    Router::new().route(ASK, get(ask)).route(ASK_NGINX, get(ask_by_nginx))
}

async fn ask(State(state): State<AppState>, audience: Audience, headers: HeaderMap) -> Response {
    let mut response = answer(&state, &audience, &headers).await;
    response.extensions_mut().insert(Elsewhere);
    response
}

/// The same answers, of which nginx hands on only the status and the headers that its configuration names.
async fn ask_by_nginx(State(state): State<AppState>, audience: Audience, headers: HeaderMap) -> Response {
    let mut response = ask(State(state), audience, headers).await;
    if response.status().is_redirection() {
        *response.status_mut() = StatusCode::UNAUTHORIZED;
    }
    response
}

async fn answer(state: &AppState, audience: &Audience, headers: &HeaderMap) -> Response {
    let described = match Described::read(headers) {
        Ok(described) => described,
        Err(why) => return refuse(StatusCode::BAD_REQUEST, why),
    };
    let kept = SiteCookies::read(headers);
    let asked = Asked {
        authority: &described.authority,
        target: described.target,
        is_page: described.is_page,
        token: kept.token(),
        browser: kept.browser(),
    };
    match service::forward_auth::check(state.ctx(), &asked).await {
        Ok(Answer::Enter(identity)) => {
            let mut response = StatusCode::OK.into_response();
            for (name, value) in identity.iter() {
                // Both were parsed, without line breaks.
                if let (Ok(name), Ok(value)) =
                    (name.as_str().parse::<HeaderName>(), HeaderValue::try_from(value.as_bytes()))
                {
                    response.headers_mut().insert(name, value);
                }
            }
            response
        }
        Ok(Answer::SignIn) => refuse(StatusCode::UNAUTHORIZED, "Sign in first."),
        Ok(Answer::Begin { url, browser, site }) => cookies::begin(Redirect::to(&url).into_response(), &site, &browser),
        Ok(Answer::Arrived { url, token, site }) => cookies::sign_in(Redirect::to(&url).into_response(), &site, &token),
        Ok(Answer::Lost { site, url }) => page(Page::Lost { again: site.to_string() }, &url),
        Ok(Answer::NotAdmitted { application, url }) => {
            page(Page::NotAdmitted { application: application.to_string(), url: url.clone() }, &url)
        }
        Ok(Answer::Unknown) => {
            let why = format!("No application in Latchkey has the site {}. Add it to one.", described.authority);
            refuse(StatusCode::FORBIDDEN, why)
        }
        Err(error) => audience.fail(error),
    }
}

fn refuse(status: StatusCode, why: impl Into<String>) -> Response {
    (status, why.into() + "\n").into_response()
}

/// A page that browsers show as one of the site: it needs nothing from here. nginx shows `url` instead.
fn page(page: Page, url: &str) -> Response {
    let mut response = (StatusCode::FORBIDDEN, Html(elsewhere::render(page))).into_response();
    let headers = response.headers_mut();
    headers.extend(POLICY.clone().map(|policy| (CONTENT_SECURITY_POLICY, policy)));
    headers.extend(HeaderValue::from_str(url).ok().map(|url| (LOCATION, url)));
    response
}

/// The `Content-Security-Policy` of these pages, which allows their own style and nothing else.
static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let hash = data_encoding::BASE64.encode(&Sha256::digest(elsewhere::STYLE));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'");
    HeaderValue::try_from(policy).ok()
});

/// The request about which a proxy asks.
#[derive(Debug, PartialEq, Eq)]
struct Described<'a> {
    authority: String,
    target: &'a str,
    is_page: bool,
}

impl<'a> Described<'a> {
    /// Reads what the proxy says. A header that is there twice was also sent by the client.
    fn read(headers: &'a HeaderMap) -> Result<Self, &'static str> {
        let host = only(headers, "x-forwarded-host")
            .ok_or("Send X-Forwarded-Host once: the Host header of the request to the application.")?;
        let target = only(headers, "x-forwarded-uri")
            .ok_or("Send X-Forwarded-Uri once: path and query of the request to the application.")?;
        let method = only(headers, "x-forwarded-method").unwrap_or("GET");
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let is_navigation = match text("sec-fetch-mode") {
            Some(mode) => mode == "navigate",
            None => text(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/html")),
        };
        let is_page = is_navigation && matches!(method, "GET" | "HEAD");
        Ok(Self { authority: host.to_ascii_lowercase(), target, is_page })
    }
}

/// The value of a header that is there once, without a list in it. A path that is not ASCII is none that leads anywhere.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() || (name == "x-forwarded-host" && value.as_bytes().contains(&b',')) {
        return None;
    }
    Some(value.to_str().unwrap_or("/"))
}

/// The page here to which a browser is sent that is not signed in on a site: it leads back, or says why not.
async fn enter(State(state): State<AppState>, visit: Visit, uri: axum::http::Uri) -> Response {
    let parameter = |name: &str| visit.parameter(name).unwrap_or_default();
    let (site, to, browser) = (parameter("site"), parameter("to"), parameter("browser"));
    let again = format!("{ENTER}?{}", uri.query().unwrap_or_default());
    let why = match service::forward_auth::enter(state.ctx(), visit.signed.as_ref(), &site, &to, &browser).await {
        Ok(Next::Return(url)) => return Redirect::to(&url).into_response(),
        Ok(Next::SignIn) => return Redirect::to(&sign_in_and_return_to(&again)).into_response(),
        Ok(Next::Pending) => match visit.to_verification() {
            Some(elsewhere) => return elsewhere,
            None => Blocked::Pending,
        },
        Ok(Next::NotAdmitted(application)) => Blocked::NotAdmitted(application),
        Err(error) => return visit.audience.fail(error),
    };
    match service::settings::public(state.ctx()).await {
        Ok(settings) => {
            visit.page(StatusCode::FORBIDDEN, |look| blocked(look, why, settings.site_name.to_string(), again))
        }
        Err(error) => visit.audience.fail(error),
    }
}

/// The page here that says that a sign-in on a site was not completed.
async fn lost(State(state): State<AppState>, visit: Visit) -> Response {
    let authority = visit.parameter("site").unwrap_or_default();
    match service::forward_auth::site(state.ctx(), &authority).await {
        Ok(site) => visit.page(StatusCode::FORBIDDEN, |look| not_completed(look, site.to_string())),
        Err(error) => visit.audience.fail(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(of: &[(&'static str, &'static str)]) -> HeaderMap {
        of.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_proxy_says_once_what_it_asks_about() {
        let described = headers(&[
            ("x-forwarded-host", "Wiki.example.org"),
            ("x-forwarded-uri", "/a?b"),
            ("accept", "text/html,*/*"),
        ]);
        let read = Described::read(&described).unwrap();
        assert_eq!(read, Described { authority: "wiki.example.org".to_owned(), target: "/a?b", is_page: true });
        for more in [("x-forwarded-host", "chat.example.org"), ("x-forwarded-uri", "/c")] {
            let mut twice = described.clone();
            twice.append(more.0, HeaderValue::from_static(more.1));
            assert!(Described::read(&twice).is_err(), "{more:?}");
        }
        let list = headers(&[("x-forwarded-host", "wiki.example.org, chat.example.org"), ("x-forwarded-uri", "/")]);
        assert!(Described::read(&list).is_err());
        assert!(Described::read(&HeaderMap::new()).is_err());
    }

    #[test]
    fn only_a_page_is_worth_a_redirect() {
        for (more, is_page) in [
            (("accept", "text/html"), true),
            (("accept", "image/webp,*/*"), false),
            (("sec-fetch-mode", "navigate"), true),
            (("sec-fetch-mode", "websocket"), false),
        ] {
            let described = headers(&[("x-forwarded-host", "a.example"), ("x-forwarded-uri", "/"), more]);
            assert_eq!(Described::read(&described).unwrap().is_page, is_page, "{more:?}");
        }
        let post = [("accept", "text/html"), ("x-forwarded-method", "POST")];
        let post = headers(&[&post[..], &[("x-forwarded-host", "a.example"), ("x-forwarded-uri", "/")]].concat());
        assert!(!Described::read(&post).unwrap().is_page);
    }
}
