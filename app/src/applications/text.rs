//! The texts of applications.
//!
//! Names come isolated (`domain::text::isolated`) in toasts and questions.

use domain::groups::GroupRef;
use domain::text::isolated;

use super::guides::Guide;
pub(super) use crate::ui::text::{COPY, CREATED, PREVIOUS_NEXT, SAVE_CHANGES};

// The list.

pub(super) const APPLICATIONS: &str = "Applications";
pub(super) const APPLICATION: &str = "Application";
pub(super) const ABOUT: &str = "Applications that members sign in to with their account, such as a chat or a wiki.";
pub(super) const SEARCH: &str = "Search applications";
pub(super) const SEARCH_EXAMPLE: &str = "Application name";
pub(super) const CREATE: &str = "Create application";
pub(super) const NO_APPLICATIONS: &str = "No applications yet";
pub(super) const NO_APPLICATIONS_TEXT: &str = "Connect an application, so that members can sign in to it with their account. Their start page shows those that they may open.";
pub(super) const NOT_FOUND: &str = "No applications found";
pub(super) const NOT_FOUND_TEXT: &str = "Try part of the name.";
pub(super) const SHOW_ALL: &str = "Show all applications";

pub(super) fn applications(count: usize) -> String {
    if count == 1 { "1 application".to_owned() } else { format!("{count} applications") }
}

pub(super) fn who_may_enter(everyone: bool, groups: &[GroupRef]) -> String {
    match groups {
        _ if everyone => EVERYONE.to_owned(),
        [] => "Nobody".to_owned(),
        groups => groups.iter().map(|group| isolated(group.name.as_str())).collect::<Vec<_>>().join(", "),
    }
}

// The form.

pub(super) const NEW: &str = "New application";

pub(super) fn edit_title(name: &str) -> String {
    format!("Edit {name}")
}

pub(super) const TEMPLATE: &str = "Template";
pub(super) const OTHER_APPLICATION: &str = "Another application";
pub(super) const NAME: &str = "Name";
pub(super) const NAME_EXAMPLE: &str = "Chat";
pub(super) const ADDRESS: &str = "Address";
pub(super) const ADDRESS_EXAMPLE: &str = "https://chat.example.org";
pub(super) const ADDRESS_HELP: &str = "Where members open it. Their start page links to it.";
pub(super) const SIGN_IN_ADDRESS: &str = "Sign-in address";
pub(super) const SIGN_IN_ADDRESS_HELP: &str =
    "Where signing in to it starts, if not at its address. Members and invites open it there.";
/// Instead of an address.
pub(super) const NO_ADDRESS: &str = "None: not on the start page of members";
pub(super) const DESCRIPTION: &str = "Description";
pub(super) const DESCRIPTION_HELP: &str = "Members read it on their start page.";
pub(super) const WHO_MAY_ENTER: &str = "Who may enter";
pub(super) const EVERYONE: &str = "Everyone";
pub(super) const MEMBERS_OF_GROUPS: &str = "Members of groups";
pub(super) const GROUPS_HELP: &str = "Members of any of these groups may enter.";
pub(super) const CONNECTED_BY: &str = "Connected by";
pub(super) const BY_OIDC: &str = "OpenID Connect";
pub(super) const BY_OIDC_ABOUT: &str = "The application sends members here to sign in.";
pub(super) const BY_PROXY: &str = "Forward-auth";
pub(super) const BY_PROXY_ABOUT: &str = "A reverse proxy in front of it asks Latchkey who is signed in.";
pub(super) const BY_SCIM: &str = "SCIM";
pub(super) const BY_SCIM_ABOUT: &str = "Latchkey tells the application who may enter, and who no longer may.";
pub(super) const BY_LINK: &str = "Link only";
pub(super) const SITES: &str = "Sites";
pub(super) const SITES_HELP: &str =
    "Where browsers reach it through the proxy, such as https://wiki.example.org, one on each line.";
pub(super) const HEADERS: &str = "Headers";
pub(super) const HEADERS_HELP: &str = "What each header has, one on each line: username, email, name, groups, role, id or attribute:KEY. Put \
     percent-encoded: before one for programs that show names with letters such as “é” wrongly.";
pub(super) const SCIM_URL: &str = "SCIM address";
pub(super) const SCIM_URL_EXAMPLE: &str = "https://chat.example.org/api/v1/scim/v2";
pub(super) const SCIM_TOKEN: &str = "SCIM token";
pub(super) const SCIM_TOKEN_HELP: &str = "The token that the application accepts. It is not shown again.";
pub(super) const SCIM_TOKEN_KEPT: &str = "Leave empty to keep the one that is stored.";
pub(super) const SCIM_USER_NAME: &str = "Name of accounts there";
pub(super) const SCIM_BY_USERNAME: &str = "Username";
pub(super) const SCIM_BY_EMAIL: &str = "E-mail address";
pub(super) const SCIM_CREATE: &str = "Create accounts there";
pub(super) const SCIM_CREATE_ABOUT: &str = "If not, only those who signed in there are told.";
pub(super) const SCIM_GROUPS: &str = "Tell it of groups";
pub(super) const SCIM_DELETE: &str = "Delete accounts";
pub(super) const SCIM_DELETE_ABOUT: &str = "Those who may no longer enter are deleted there, not deactivated.";
pub(super) const SCIM_ADOPT: &str = "Adopt existing accounts";
pub(super) const SCIM_ADOPT_ABOUT: &str =
    "A member with the same name or address here gets that account. Members choose both.";
pub(super) const REDIRECT_URIS: &str = "Redirect addresses";
pub(super) const REDIRECT_URIS_HELP: &str =
    "Where the application takes members back after signing in, as it names it (redirect URI), one on each line.";
pub(super) const CLIENT_TYPE: &str = "Where it runs";
pub(super) const CONFIDENTIAL: &str = "On a server";
pub(super) const PUBLIC: &str = "In a browser or on a device";
pub(super) const CONSENT: &str = "Ask members once for their consent";
pub(super) const CONSENT_ABOUT: &str = "For applications that others run.";
pub(super) const ADVANCED: &str = "More settings";
pub(super) const AFTER_LOGOUT: &str = "Addresses after signing out";
pub(super) const AFTER_LOGOUT_HELP: &str =
    "Where the application takes members back after signing out, one on each line.";
pub(super) const PKCE: &str = "Require a code challenge (PKCE)";
pub(super) const PKCE_ABOUT: &str = "Protects the sign-in. Turn it off only for an application that can’t send one.";
pub(super) const SIGNING: &str = "Signature of ID tokens";
pub(super) const RS256: &str = "RS256 (works everywhere)";
pub(super) const ES256: &str = "ES256";
pub(super) const EDDSA: &str = "EdDSA";
pub(super) const SUBJECT: &str = "Identifiers of members";
pub(super) const SUBJECT_PUBLIC: &str = "The same for all applications";
pub(super) const SUBJECT_PAIRWISE: &str = "Only for this one";
pub(super) const TOLD_OF_LOGOUT: &str = "Back-channel logout address";
pub(super) const TOLD_OF_LOGOUT_HELP: &str = "Where the application is told that a member has signed out here.";
pub(super) const DEVICE_FLOW: &str = "Allow sign-in on devices with a code";
pub(super) const DEVICE_FLOW_ABOUT: &str = "Members enter it at /device. Allow it only for an application on devices.";

pub(super) fn created(name: &str) -> String {
    format!("{name} created")
}

pub(super) fn saved(name: &str) -> String {
    format!("{name} saved")
}

// The page of one application.

pub(super) const ABSENT: &str = "There is no such application";
pub(super) const ABSENT_TEXT: &str = "It may have been deleted, or the address is incomplete.";
pub(super) const ALL_APPLICATIONS: &str = "All applications";
pub(super) const EDIT: &str = "Edit";
/// `…` marks what asks first.
pub(super) const DELETE: &str = "Delete…";
pub(super) const CONNECTION: &str = "Connection";
pub(super) const CONNECTION_NOTE: &str = "Enter this in the settings of the application.";
pub(super) const PROXY: &str = "Reverse proxy";
pub(super) const PROXY_NOTE: &str = "Copy the configuration for yours. In it, 127.0.0.1:3000 stands for Latchkey and 127.0.0.1:8080 for the application.";
#[cfg(feature = "ssr")]
pub(super) const NGINX: &str = "nginx";
#[cfg(feature = "ssr")]
pub(super) const CADDY: &str = "Caddy";
#[cfg(feature = "ssr")]
pub(super) const TRAEFIK: &str = "Traefik";

/// How an application is connected.
pub(super) fn connected_by(oidc: bool, proxy: bool, scim: bool) -> String {
    let ways = [(oidc, BY_OIDC), (proxy, BY_PROXY), (scim, BY_SCIM)];
    let ways: Vec<_> = ways.into_iter().filter_map(|(is_so, way)| is_so.then_some(way)).collect();
    if ways.is_empty() { BY_LINK.to_owned() } else { ways.join(", ") }
}

pub(super) const ISSUER: &str = "Issuer";
pub(super) const DISCOVERY: &str = "Discovery address";
pub(super) const CLIENT_ID: &str = "Client ID";
pub(super) const CLIENT_SECRET: &str = "Client secret";
pub(super) const NO_SECRET: &str = "None: it could not keep one";
pub(super) const COPIED: &str = "Copied";
/// An instant follows.
pub(super) const WORKS_UNTIL_BEFORE: &str = "works until ";
/// An instant follows.
pub(super) const CREATED_BEFORE: &str = "created ";
pub(super) const CONSENT_FACT: &str = "Consent";
pub(super) const ASKED_ONCE: &str = "Members are asked once";
pub(super) const NOT_ASKED: &str = "Not asked for";

pub(super) fn settings_of(application: &str) -> String {
    format!("Settings of {application}")
}

/// Stands in the settings of an application.
#[cfg(feature = "ssr")]
pub(super) const YOUR_SECRET: &str = "YOUR-CLIENT-SECRET";

// Client secrets.

/// `…` marks what asks first.
pub(super) const ROTATE: &str = "New secret…";

pub(super) fn secret_of(name: &str) -> String {
    format!("Client secret of {name}")
}

pub(super) const COPY_NOW: &str = "Copy it now. It is not shown again.";
pub(super) const COPY_SECRET: &str = "Copy secret";
pub(super) const SECRET_COPIED: &str = "Secret copied";
pub(super) const HIDE_SECRET: &str = "Hide secret";
pub(super) const CONNECT_IT: &str = "Show how to connect it";
pub(super) const CREATE_SECRET: &str = "Create secret";
pub(super) const SECRET_CREATED: &str = "Secret created";

pub(super) fn rotate_title(name: &str) -> String {
    format!("Create a new client secret for {name}?")
}

pub(super) const ROTATE_TEXT: &str =
    "The current secret keeps working for 24 hours, so that you can enter the new one in the application.";

// Deleting.

pub(super) fn delete_title(name: &str) -> String {
    format!("Delete {name}?")
}

pub(super) const DELETE_TEXT: &str = "Members can’t sign in to it with their account here any more, and everything that it may read now ends. \
     Their accounts in the application itself stay.";
pub(super) const DELETE_APPLICATION: &str = "Delete application";

pub(super) fn deleted(name: &str) -> String {
    format!("{name} deleted")
}

// Templates.

pub(super) const GUIDES: &[Guide] = &[
    Guide {
        key: "open-webui",
        name: "Open WebUI",
        about: "Accounts, roles and groups follow those here. Enter the address that members use. The first member who signs in \
                to a new Open WebUI becomes its admin.",
        pkce: true,
        signs_in_at: "/oauth/oidc/login",
        after_logout: &["/auth"],
        told_of_logout: "",
        returns_to: &["/oauth/oidc/callback"],
    },
    Guide {
        key: "forgejo",
        name: "Forgejo or Gitea",
        about: "In the site administration, add an authentication source of the type OAuth2 that is called Latchkey, and let it \
                create accounts in app.ini. Gitea sends no code challenge.",
        pkce: false,
        signs_in_at: "/user/oauth2/Latchkey",
        after_logout: &[],
        told_of_logout: "",
        returns_to: &["/user/oauth2/Latchkey/callback"],
    },
    Guide {
        key: "grafana",
        name: "Grafana",
        about: "Admins and owners here become admins there, everyone else a viewer.",
        pkce: true,
        signs_in_at: "/login/generic_oauth",
        after_logout: &[],
        told_of_logout: "",
        returns_to: &["/login/generic_oauth"],
    },
    Guide {
        key: "nextcloud",
        name: "Nextcloud",
        about: "With its app “OpenID Connect user backend” (user_oidc), in which this is the first provider. Leave both redirect \
                addresses: which one Nextcloud uses depends on its web server.",
        pkce: true,
        signs_in_at: "/index.php/apps/user_oidc/login/1",
        after_logout: &["/"],
        told_of_logout: "/index.php/apps/user_oidc/backchannel-logout/Latchkey",
        returns_to: &["/index.php/apps/user_oidc/code", "/apps/user_oidc/code"],
    },
    Guide {
        key: "immich",
        name: "Immich",
        about: "Also for its app on phones. Immich gives an account that is there, an admin’s as well, to anyone who has its e-mail \
                address here: let people who have one link it first.",
        pkce: true,
        signs_in_at: "/auth/login?autoLaunch=1",
        after_logout: &[],
        told_of_logout: "",
        returns_to: &["/auth/login", "/user-settings", "app.immich:///oauth-callback"],
    },
    Guide {
        key: "bookstack",
        name: "BookStack",
        about: "Everybody signs in with their account here once this is on. First link the accounts that are there: nobody can sign \
                in with the e-mail address of one that is not linked.",
        pkce: true,
        signs_in_at: "/login",
        after_logout: &["/login?prevent_auto_init=true"],
        told_of_logout: "",
        returns_to: &["/oidc/callback"],
    },
    Guide {
        key: "jellyfin",
        name: "Jellyfin",
        about: "With its SSO plug-in, and a provider that is called Latchkey. Jellyfin gives an account that is there to anyone who has \
                its username here: let people who have one link it first.",
        pkce: true,
        signs_in_at: "/sso/OID/start/Latchkey",
        after_logout: &[],
        told_of_logout: "",
        returns_to: &["/sso/OID/redirect/Latchkey"],
    },
];

/// What applications need, by the key of their template, in the words of their own settings. `{issuer}`, `{client_id}`,
/// `{secret}` and `{address}`, where it is, stand for what they name.
#[cfg(feature = "ssr")]
pub(super) const SETTINGS: &[(&str, &str)] = &[
    (
        "open-webui",
        "OAUTH_CLIENT_ID={client_id}
OAUTH_CLIENT_SECRET={secret}
OPENID_PROVIDER_URL={issuer}/.well-known/openid-configuration
OAUTH_PROVIDER_NAME=Latchkey
OAUTH_SCOPES=openid email profile groups roles
OAUTH_CODE_CHALLENGE_METHOD=S256
ENABLE_OAUTH_SIGNUP=true
ENABLE_OAUTH_ROLE_MANAGEMENT=true
OAUTH_ROLES_CLAIM=roles
OAUTH_ALLOWED_ROLES=user,moderator
OAUTH_ADMIN_ROLES=admin,owner
ENABLE_OAUTH_GROUP_MANAGEMENT=true
ENABLE_OAUTH_GROUP_CREATION=true
OAUTH_GROUP_CLAIM=groups
WEBUI_URL={address}
OPENID_REDIRECT_URI={address}/oauth/oidc/callback
WEBUI_AUTH_SIGNOUT_REDIRECT_URL={address}/auth
ENABLE_LOGIN_FORM=false
JWT_EXPIRES_IN=12h",
    ),
    (
        "forgejo",
        "Authentication name: Latchkey
OAuth2 provider: OpenID Connect
Client ID: {client_id}
Client secret: {secret}
OpenID Connect auto discovery URL: {issuer}/.well-known/openid-configuration
Additional scopes: email profile groups
Claim name providing group names: groups

In app.ini:
[oauth2_client]
ENABLE_AUTO_REGISTRATION = true
OPENID_CONNECT_SCOPES = email profile
USERNAME = nickname
ACCOUNT_LINKING = login",
    ),
    (
        "grafana",
        "[auth.generic_oauth]
enabled = true
name = Latchkey
client_id = {client_id}
client_secret = {secret}
scopes = openid email profile groups roles
auth_url = {issuer}/oidc/authorize
token_url = {issuer}/oidc/token
api_url = {issuer}/oidc/userinfo
use_pkce = true
role_attribute_path = contains(roles[*], 'owner') && 'Admin' || contains(roles[*], 'admin') && 'Admin' || 'Viewer'
groups_attribute_path = groups",
    ),
    (
        "nextcloud",
        "Identifier: Latchkey
Client ID: {client_id}
Client secret: {secret}
Discovery endpoint: {issuer}/.well-known/openid-configuration
Scope: openid email profile groups
Use unique user ID: on
Use group provisioning: on
Groups mapping: groups
Group whitelist regex: ^(?!admin$)
Send ID token hint on logout: on",
    ),
    (
        "immich",
        "Login with OAuth: on
issuer_url: {issuer}
client_id: {client_id}
client_secret: {secret}
token_endpoint_auth_method: client_secret_post
scope: openid email profile
id_token_signed_response_alg: RS256
userinfo_signed_response_alg: none
Button text: Sign in with Latchkey
Auto register: on",
    ),
    (
        "bookstack",
        "AUTH_METHOD=oidc
OIDC_NAME=Latchkey
OIDC_DISPLAY_NAME_CLAIMS=name
OIDC_CLIENT_ID={client_id}
OIDC_CLIENT_SECRET={secret}
OIDC_ISSUER={issuer}
OIDC_ISSUER_DISCOVER=true
OIDC_END_SESSION_ENDPOINT=true
AUTH_AUTO_INITIATE=true",
    ),
    (
        "jellyfin",
        "Name of OpenID provider: Latchkey
OpenID endpoint: {issuer}
OpenID client ID: {client_id}
OpenID secret: {secret}
Role claim: roles
Request additional scopes: roles",
    ),
];
