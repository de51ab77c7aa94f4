//! Applications as the contract describes them. A new application and a change are parsed by
//! [`domain::applications::ApplicationDraft`]; [`NewApplication`] and [`ApplicationChange`] describe what it accepts.

use std::collections::BTreeMap;

use domain::applications::{ApplicationQuery, ApplicationTerms, ClientKey, ForwardAuthTerms, OidcTerms};
use domain::failure::Check;
use domain::ids::ApplicationId;
use domain::pictures::PictureVersion;
use domain::{Failure, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::paging::paging;
use super::super::views::{GroupRef, page};
use super::scim_wire::{Scim, ScimDraft};

/// An application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77",
    "name": "Chat",
    "description": "Where we talk",
    "url": "https://chat.example.org",
    "sign_in_url": "https://chat.example.org/oauth/oidc/login",
    "groups": null,
    "oidc": {
        "client_type": "confidential",
        "redirect_uris": ["https://chat.example.org/oauth/oidc/callback"],
        "post_logout_redirect_uris": [],
        "pkce": true,
        "consent": false,
        "signing": "RS256",
        "subject": "public",
        "require_pushed_authorization_requests": false,
        "backchannel_logout_uri": null,
        "jwks": null,
        "device_flow": false,
        "claims": {},
    },
    "forward_auth": null,
    "scim": null,
    "secrets": [{ "hint": "lks_Zx81kQ", "created_at": "2026-11-21T10:00:00Z", "expires_at": null }],
    "picture_set_at": null,
    "created_at": "2026-11-21T10:00:00Z",
}))]
pub struct Application {
    /// Its id, which is its client id in OpenID Connect.
    #[schema(value_type = Uuid)]
    id: ApplicationId,
    /// Name, unique without regard to case.
    name: String,
    /// What it is for; null if it has no description.
    #[schema(required = true)]
    description: Option<String>,
    /// Where members open it; null if they open it elsewhere.
    #[schema(required = true)]
    url: Option<String>,
    /// Where signing in to it starts, if not at `url`: members and invites open it there.
    #[schema(required = true)]
    sign_in_url: Option<String>,
    /// Groups whose members may enter; null admits everyone.
    #[schema(required = true)]
    groups: Option<Vec<GroupRef>>,
    /// Connection by OpenID Connect; null without one.
    #[schema(required = true)]
    oidc: Option<Oidc>,
    /// Connection by forward-auth; null without one.
    #[schema(required = true)]
    forward_auth: Option<ForwardAuth>,
    /// Connection by SCIM; null without one.
    #[schema(required = true)]
    scim: Option<Scim>,
    /// Client secrets that are valid, newest first.
    secrets: Vec<ClientSecret>,
    /// Time its picture was set; null if there is none.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    picture_set_at: Option<Timestamp>,
    /// Time it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<domain::applications::Application> for Application {
    fn from(application: domain::applications::Application) -> Self {
        let ApplicationTerms { name, description, url, sign_in_url, groups, oidc, forward_auth, scim } =
            application.terms;
        let group_refs = application.group_refs.into_iter().map(GroupRef::from).collect();
        Self {
            id: application.id,
            name: name.into(),
            description: description.map(Into::into),
            url: url.map(Into::into),
            sign_in_url: sign_in_url.map(Into::into),
            groups: groups.map(|_| group_refs),
            oidc: oidc.map(Into::into),
            forward_auth: forward_auth.map(Into::into),
            scim: scim.map(Into::into),
            secrets: application.secrets.into_iter().map(Into::into).collect(),
            picture_set_at: application.picture.map(PictureVersion::set_at),
            created_at: application.created_at,
        }
    }
}

/// A connection by OpenID Connect.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is one choice")]
pub struct Oidc {
    /// `confidential` if it can keep a secret, or `public`.
    client_type: String,
    /// Where browsers return to after signing in.
    redirect_uris: Vec<String>,
    /// Where browsers return to after signing out.
    post_logout_redirect_uris: Vec<String>,
    /// Whether every request needs a code challenge (RFC 7636). Those of public clients always do.
    pkce: bool,
    /// Whether members are asked once before it learns who they are.
    consent: bool,
    /// Algorithm that signs its ID tokens: `RS256`, `ES256` or `EdDSA`.
    signing: String,
    /// Identifiers that it gets of accounts: `public`, or `pairwise`, which no other application gets.
    subject: String,
    /// Whether it has to push its requests before it sends browsers (RFC 9126).
    require_pushed_authorization_requests: bool,
    /// Where it is told that a session has ended (OpenID Connect Back-Channel Logout 1.0); null if it is not told.
    #[schema(required = true)]
    backchannel_logout_uri: Option<String>,
    /// Public keys with which it proves who it is (`private_key_jwt`), as a JWK Set (RFC 7517); null if it has a secret, or none.
    #[schema(required = true, value_type = Option<Object>)]
    jwks: Option<JwkSet>,
    /// Whether devices may sign members in to it by a code (RFC 8628).
    device_flow: bool,
    /// Claims that it gets from attributes of accounts with the scope `profile`, each with the key of its attribute.
    claims: BTreeMap<String, String>,
}

/// A JWK Set (RFC 7517, section 5).
#[derive(Debug, Serialize)]
pub struct JwkSet {
    keys: Vec<ClientKey>,
}

impl From<OidcTerms> for Oidc {
    fn from(terms: OidcTerms) -> Self {
        let texts = |uris: Vec<domain::applications::RedirectUri>| uris.into_iter().map(String::from).collect();
        Self {
            client_type: terms.client_type.to_string(),
            redirect_uris: texts(terms.redirect_uris),
            post_logout_redirect_uris: texts(terms.post_logout_redirect_uris),
            pkce: terms.pkce,
            consent: terms.consent,
            signing: terms.signing.to_string(),
            subject: terms.subject.to_string(),
            require_pushed_authorization_requests: terms.require_pushed_authorization_requests,
            backchannel_logout_uri: terms.backchannel_logout_uri.map(Into::into),
            jwks: (!terms.jwks.is_empty()).then_some(JwkSet { keys: terms.jwks }),
            device_flow: terms.device_flow,
            claims: terms.claims.into(),
        }
    }
}

/// A connection by forward-auth.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "sites": ["https://wiki.example.org"], "headers": { "Remote-User": "username" } }))]
pub struct ForwardAuth {
    /// Sites where browsers reach the application: scheme, host and, if it is not the default, port.
    sites: Vec<String>,
    /// Headers that tell the application who is signed in, each with what it tells: `username`, `email`, `name`, `groups`,
    /// `role`, `id` or `attribute:KEY`; after `percent-encoded:` if the value is to be percent-encoded, as in
    /// `percent-encoded:name`.
    headers: BTreeMap<String, String>,
}

impl From<ForwardAuthTerms> for ForwardAuth {
    fn from(terms: ForwardAuthTerms) -> Self {
        let headers = terms.headers.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { sites: terms.sites.into_iter().map(Into::into).collect(), headers: headers.collect() }
    }
}

/// A client secret as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClientSecret {
    /// First characters, for recognition.
    hint: String,
    /// Time it was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Time it expires, because a newer one replaces it; null for the newest.
    #[schema(required = true, value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl From<domain::applications::ClientSecret> for ClientSecret {
    fn from(secret: domain::applications::ClientSecret) -> Self {
        Self { hint: secret.hint, created_at: secret.created_at, expires_at: secret.expires_at }
    }
}

/// An application, with a client secret if one was just created.
#[derive(Serialize, ToSchema)]
pub struct ApplicationWithSecret {
    #[serde(flatten)]
    application: Application,
    /// The client secret; null if none was created. It can't be read again.
    #[schema(required = true)]
    client_secret: Option<String>,
}

impl From<domain::applications::ApplicationWithSecret> for ApplicationWithSecret {
    fn from(created: domain::applications::ApplicationWithSecret) -> Self {
        Self { application: created.application.into(), client_secret: created.secret }
    }
}

/// A new application.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({
    "name": "Chat",
    "url": "https://chat.example.org",
    "oidc": { "redirect_uris": ["https://chat.example.org/oauth/oidc/callback"] },
}))]
pub struct NewApplication {
    /// Name, unique without regard to case.
    #[schema(max_length = 80)]
    name: String,
    /// What it is for. Members read it.
    #[schema(max_length = 300)]
    description: Option<String>,
    /// Where members open it, `https` or `http`.
    #[schema(max_length = 2000)]
    url: Option<String>,
    /// Where signing in to it starts, if not at `url`, which it needs as well.
    #[schema(max_length = 2000)]
    sign_in_url: Option<String>,
    /// Ids of the groups whose members may enter. Everyone if left out.
    #[schema(max_items = 100)]
    groups: Option<Vec<String>>,
    /// Connection by OpenID Connect. None if left out.
    oidc: Option<OidcDraft>,
    /// Connection by forward-auth. None if left out.
    forward_auth: Option<ForwardAuthDraft>,
    /// Connection by SCIM. None if left out.
    scim: Option<ScimDraft>,
}

/// A change of an application (RFC 7396): what is left out stays, null clears.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "description": "Where we talk" }))]
pub struct ApplicationChange {
    /// Name. Can't be cleared.
    #[schema(max_length = 80)]
    name: Option<String>,
    /// What it is for.
    #[schema(max_length = 300)]
    description: Option<String>,
    /// Where members open it.
    #[schema(max_length = 2000)]
    url: Option<String>,
    /// Where signing in to it starts; null if at `url`.
    #[schema(max_length = 2000)]
    sign_in_url: Option<String>,
    /// Ids of the groups whose members may enter; null admits everyone, and a list without any nobody.
    #[schema(max_items = 100)]
    groups: Option<Vec<String>>,
    /// Connection by OpenID Connect; null removes it.
    oidc: Option<OidcDraft>,
    /// Connection by forward-auth; null removes it.
    forward_auth: Option<ForwardAuthDraft>,
    /// Connection by SCIM; null removes it, with what waits. What is there stays as it is.
    scim: Option<ScimDraft>,
}

/// A connection by OpenID Connect. What is left out stays, or has its default.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
pub struct OidcDraft {
    /// `confidential`, the default, or `public`.
    client_type: Option<String>,
    /// Where browsers return to after signing in: `https`, `http` on loopback, or a scheme of its own. Compared character by
    /// character.
    /// At least one is needed, unless devices alone sign members in (`device_flow`).
    #[schema(max_items = 20)]
    redirect_uris: Option<Vec<String>>,
    /// Where browsers return to after signing out.
    #[schema(max_items = 20)]
    post_logout_redirect_uris: Option<Vec<String>>,
    /// Whether every request needs a code challenge; true by default.
    pkce: Option<bool>,
    /// Whether members are asked once before it learns who they are; false by default.
    consent: Option<bool>,
    /// `RS256`, the default, `ES256` or `EdDSA`.
    signing: Option<String>,
    /// `public`, the default, or `pairwise`.
    subject: Option<String>,
    /// Whether it has to push its requests before it sends browsers (RFC 9126); false by default.
    require_pushed_authorization_requests: Option<bool>,
    /// Where it is told that a session has ended; null if it is not told.
    #[schema(max_length = 2000)]
    backchannel_logout_uri: Option<String>,
    /// Public keys with which it proves who it is, instead of a secret (`private_key_jwt`), as a JWK Set (RFC 7517) of at most 10
    /// keys: RSA of 2,048 to 8,192 bits, P-256 or Ed25519. It then has no secret. Null takes them away.
    #[schema(value_type = Option<Object>, example = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "2026",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] }))]
    jwks: Option<domain::applications::JwkSetDraft>,
    /// Whether devices may sign members in to it by a code (RFC 8628); false by default.
    device_flow: Option<bool>,
    /// Claims that it gets from attributes of accounts with the scope `profile`, each with the key of its attribute; at most 20. Names
    /// that mean something else are refused. It replaces those before.
    #[schema(example = json!({ "department": "dept" }))]
    claims: Option<BTreeMap<String, String>>,
}

/// A connection by forward-auth. What is left out stays, or has its default.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it documents what the domain parses")]
#[schema(example = json!({ "sites": ["https://wiki.example.org"] }))]
pub struct ForwardAuthDraft {
    /// Sites where browsers reach the application, `https` or `http`, without a path. Each belongs to one application.
    #[schema(min_items = 1, max_items = 20)]
    sites: Option<Vec<String>>,
    /// Headers that tell the application who is signed in. Their names begin with `Remote-` or `X-`. By default `Remote-User`,
    /// `Remote-Email`, `Remote-Name` and `Remote-Groups`.
    headers: Option<BTreeMap<String, String>>,
}

page! {
    /// One page of applications.
    Applications {
        /// The applications.
        Application from domain::applications::Application
    }
}

/// Filter and page of a list of applications.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApplicationsParams {
    /// Only applications whose name contains this, in any case.
    q: Option<String>,
    /// Maximum number of applications; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// A cursor of another page of the same list.
    cursor: Option<String>,
}

impl ApplicationsParams {
    pub fn parse(self) -> Result<ApplicationQuery, Failure> {
        let mut check = Check::default();
        let paging = paging(&mut check, self.limit.as_deref(), self.cursor.as_deref());
        check.finish(Some(ApplicationQuery { q: self.q, paging }))
    }
}
