//! The endpoints to which applications send browsers, and the pages that ask the member.

use app::public::applications::{Asked, Blocked, Learns, SignOut, ask, blocked, sign_out, signed_out};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use domain::attributes::AttributeKey;
use domain::{Code, Failure};
use serde::Deserialize;
use service::oidc::{AfterLogout, AuthorizeError, Next, Scope, Scopes};
use service::sessions::Signed;
use url::form_urlencoded::Serializer;

use super::wire::Parameters;
use crate::next::{
    AUTHORIZE, LOGIN_HINT, local_path, sign_in_again_and_return_to, sign_in_and_return_to, sign_up_and_return_to,
};
use crate::pages::cookie;
use crate::pages::request::{Posted, Visit};
use crate::pages::{leaving, posting};
use crate::state::AppState;

/// The path to which the page posts that asks a member.
pub const DECIDE: &str = "/oidc/authorize/decide";
/// The path at which applications sign a member out.
pub const LOGOUT: &str = "/oidc/logout";
/// The path to which the page posts that asks before signing out.
pub const CONFIRM_LOGOUT: &str = "/oidc/logout/confirm";

/// The parameter that proves when something was asked.
const PROOF: &str = "proof";

/// The authorization endpoint.
pub async fn authorize(State(state): State<AppState>, visit: Visit, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    let Ok(parameters) = Parameters::parse(query.as_bytes()) else { return visit.audience.refuse(repeated()) };
    let request = parameters.authorization();
    let proof = parameters.get(PROOF);
    match service::oidc::authorize(state.ctx(), visit.signed.as_ref(), &request, proof).await {
        Ok(next) => go(&state, &visit, query, next, |url| Redirect::to(url).into_response()).await,
        Err(error) => refuse(&visit, error),
    }
}

/// The fields of the page that asks a member.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Decision {
    request: String,
    decision: String,
}

/// The answer of a member.
pub async fn decide(State(state): State<AppState>, visit: Visit, Posted(sent): Posted<Decision>) -> Response {
    let again = format!("{AUTHORIZE}?{}", sent.request);
    let Some(again) = local_path(&again) else { return visit.audience.refuse(repeated()) };
    let Some(signed) = &visit.signed else { return Redirect::to(&sign_in_and_return_to(again)).into_response() };
    let Ok(parameters) = Parameters::parse(sent.request.as_bytes()) else { return visit.audience.refuse(repeated()) };
    let allow = sent.decision == "allow";
    let (request, proof) = (parameters.authorization(), parameters.get(PROOF));
    match service::oidc::decide(state.ctx(), signed, &request, proof, allow).await {
        Ok(None) => leaving::after_form(&visit, again),
        Ok(Some(next)) => go(&state, &visit, &sent.request, next, |url| leaving::to(&visit, url)).await,
        Err(error) => refuse(&visit, error),
    }
}

/// Sends the browser on, or shows the page that it stays on.
async fn go(state: &AppState, visit: &Visit, query: &str, next: Next, back: impl FnOnce(&str) -> Response) -> Response {
    let again = |proof: &str| format!("{AUTHORIZE}?{}", with(query, PROOF, proof));
    match next {
        Next::Return(url) => back(&url),
        Next::Post { action, fields } => posting::to(visit, action, fields),
        Next::SignIn { again: is_again, login_hint, proof, .. } => {
            let back = match login_hint {
                Some(hint) => format!("{AUTHORIZE}?{}", with(&with(query, LOGIN_HINT, &hint), PROOF, &proof)),
                None => again(&proof),
            };
            let login = if is_again { sign_in_again_and_return_to(&back) } else { sign_in_and_return_to(&back) };
            Redirect::to(&login).into_response()
        }
        Next::SignUp { proof } => Redirect::to(&sign_up_and_return_to(&again(&proof))).into_response(),
        Next::Consent { application, scopes, attributes, redirect_uri, proof } => {
            let Some(signed) = &visit.signed else { return visit.audience.internal_error() };
            let page = Asked {
                site_name: match site_name(state).await {
                    Ok(name) => name,
                    Err(error) => return visit.audience.fail(error),
                },
                application,
                account: signed.account.display_name().to_owned(),
                learns: learns(signed, &scopes, &attributes),
                host: host_of(&redirect_uri).to_owned(),
                action: DECIDE,
                request: with(query, PROOF, &proof),
            };
            visit.page(StatusCode::OK, |look| ask(look, page))
        }
        Next::Pending { proof } => match (visit.to_verification(), site_name(state).await) {
            (Some(elsewhere), _) => elsewhere,
            (None, Ok(name)) => {
                visit.page(StatusCode::FORBIDDEN, |look| blocked(look, Blocked::Pending, name, again(&proof)))
            }
            (None, Err(error)) => visit.audience.fail(error),
        },
        Next::NotAdmitted { application, proof } => match site_name(state).await {
            Ok(name) => visit.page(StatusCode::FORBIDDEN, |look| {
                blocked(look, Blocked::NotAdmitted(application), name, again(&proof))
            }),
            Err(error) => visit.audience.fail(error),
        },
    }
}

/// The endpoint at which applications sign a member out.
pub async fn logout(State(state): State<AppState>, visit: Visit, uri: Uri) -> Response {
    end_session(&state, &visit, uri.query().unwrap_or_default(), false).await
}

/// The field of the page that asks before signing out.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Confirmed {
    request: String,
}

/// The member agreed to sign out.
pub async fn confirm_logout(State(state): State<AppState>, visit: Visit, Posted(sent): Posted<Confirmed>) -> Response {
    end_session(&state, &visit, &sent.request, true).await
}

async fn end_session(state: &AppState, visit: &Visit, query: &str, confirmed: bool) -> Response {
    let Ok(parameters) = Parameters::parse(query.as_bytes()) else { return visit.audience.refuse(repeated()) };
    let signed = visit.signed.as_ref();
    let outcome = service::oidc::end_session(state.ctx(), signed, &parameters.logout(), confirmed).await;
    let name = match site_name(state).await {
        Ok(name) => name,
        Err(error) => return visit.audience.fail(error),
    };
    match outcome {
        Ok(AfterLogout::Ask { application }) => {
            let page = SignOut { site_name: name, application, action: CONFIRM_LOGOUT, request: query.to_owned() };
            visit.page(StatusCode::OK, |look| sign_out(look, page))
        }
        Ok(AfterLogout::Done(back)) => {
            let response = match back {
                Some(url) if confirmed => leaving::to(visit, &url),
                Some(url) => Redirect::to(&url).into_response(),
                None => visit.page(StatusCode::OK, |look| signed_out(look, name)),
            };
            if signed.is_some() { cookie::sign_out(response, state.public_url()) } else { response }
        }
        Err(error) => visit.audience.fail(error),
    }
}

/// A form that another site posts to one of these endpoints (OpenID Connect Core 1.0, section 3.1.2.1) becomes a request of the
/// same parameters without a body: browsers send the cookie with that, and it changes nothing that a link could not.
pub async fn with_query(uri: Uri, body: Bytes) -> Response {
    let Ok(parameters) = Parameters::parse(&body) else {
        return (StatusCode::BAD_REQUEST, "Each parameter can be given once.").into_response();
    };
    Redirect::to(&format!("{}?{}", uri.path(), parameters.encoded())).into_response()
}

pub async fn site_name(state: &AppState) -> Result<String, service::Error> {
    Ok(service::settings::public(state.ctx()).await?.site_name.to_string())
}

/// What an application would learn of a member with these scopes. `attributes` are those of the member among them.
pub fn learns(signed: &Signed, scopes: &Scopes, attributes: &[AttributeKey]) -> Learns {
    Learns {
        profile: scopes.has(Scope::Profile),
        attributes: attributes.iter().map(AttributeKey::title).collect(),
        email: scopes.has(Scope::Email).then(|| signed.account.email.to_string()),
        groups: scopes.has(Scope::Groups),
        roles: scopes.has(Scope::Roles),
        offline: scopes.has(Scope::OfflineAccess),
    }
}

/// The query with this value of a parameter and no other.
fn with(query: &str, parameter: &str, value: &str) -> String {
    let mut encoded = Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != parameter) {
        encoded.append_pair(&name, &value);
    }
    encoded.append_pair(parameter, value).finish()
}

/// What the page that asks names of the address of an application.
fn host_of(uri: &str) -> &str {
    match uri.split_once("://") {
        Some(("https" | "http", rest)) => rest.split(['/', '?']).next().unwrap_or_default(),
        // Of an address with a scheme of its own nothing else says whose it is.
        _ => uri.split(':').next().unwrap_or_default(),
    }
}

fn repeated() -> Failure {
    Failure::new(
        Code::Malformed,
        "The application that sent you here asked in a way that can't be read. Tell the people who run it.",
    )
}

fn refuse(visit: &Visit, error: AuthorizeError) -> Response {
    match error {
        AuthorizeError::Refused(failure) => visit.audience.refuse(failure),
        AuthorizeError::Service(error) => visit.audience.fail(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_replaces_the_one_before() {
        assert_eq!(with("a=1&proof=x&b=c%20d", PROOF, "y"), "a=1&b=c+d&proof=y");
        assert_eq!(with("", PROOF, "y"), "proof=y");
    }

    #[test]
    fn the_host_of_an_address_is_named() {
        for (uri, host) in [
            ("https://chat.example.org/cb?x=1", "chat.example.org"),
            ("http://127.0.0.1:8080/cb", "127.0.0.1:8080"),
            ("com.example.app:/cb", "com.example.app"),
            ("app.immich:///oauth-callback", "app.immich"),
            ("com.example.app://bank.example/cb", "com.example.app"),
        ] {
            assert_eq!(host_of(uri), host);
        }
    }
}
