//! Applications: what members open with their account, who may, and how each is connected.

mod claims;
mod client_keys;
mod forward_auth;
mod oidc;
mod scim;
mod scim_state;
mod user_code;

use serde::{Deserialize, Serialize};

pub use claims::{ClaimMapping, MAX_CLAIMS};
pub use client_keys::{ClientKey, JwkDraft, JwkSetDraft, MAX_CLIENT_KEYS};
pub use forward_auth::{
    ForwardAuthDraft, ForwardAuthTerms, IdentityHeader, IdentityValue, MAX_IDENTITY_HEADERS, MAX_SITES, Told,
};
pub use oidc::{ClientType, MAX_REDIRECT_URIS, OidcDraft, OidcTerms, RedirectUri, SigningAlgorithm, SubjectType};
pub use scim::{ScimDraft, ScimRemoval, ScimTerms, ScimToken, ScimUserName, TypedToken};
pub use scim_state::{
    MAX_DIFFERENCES, ScimAbout, ScimComparison, ScimDelivery, ScimDifference, ScimDiffers, ScimKind, ScimState,
};
pub use user_code::UserCode;

use crate::failure::{Check, Failure};
use crate::groups::GroupRef;
use crate::ids::{ApplicationId, GroupId, parse_groups};
use crate::paging::Paging;
use crate::patch::Patch;
use crate::pictures::PictureVersion;
use crate::text::{ApplicationDescription, ApplicationName};
use crate::time::Timestamp;
use crate::web::WebUrl;

/// The most groups that an application names.
pub const MAX_GROUPS: usize = 100;

/// What is chosen about an application. The same in a new application, a stored one and the result of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationTerms {
    /// The name, unique without regard to case.
    pub name: ApplicationName,
    /// What it is for; members read it.
    pub description: Option<ApplicationDescription>,
    /// Where members open it; `None` for one that they open elsewhere.
    pub url: Option<WebUrl>,
    /// Where signing in to it starts, if that is not [`url`](Self::url): there members are signed in without choosing how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in_url: Option<WebUrl>,
    /// The groups whose members may enter; `None` admits everyone with an active account.
    pub groups: Option<Vec<GroupId>>,
    /// The connection by OpenID Connect; `None` without one.
    pub oidc: Option<OidcTerms>,
    /// The connection by forward-auth; `None` without one.
    #[serde(default)]
    pub forward_auth: Option<ForwardAuthTerms>,
    /// The connection by SCIM; `None` without one.
    #[serde(default)]
    pub scim: Option<ScimTerms>,
}

/// An application as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its id, which is its client id in OpenID Connect.
    pub id: ApplicationId,
    /// What was chosen about it.
    #[serde(flatten)]
    pub terms: ApplicationTerms,
    /// The groups of [`ApplicationTerms::groups`] with their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_refs: Vec<GroupRef>,
    /// Its client secrets that are valid, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<ClientSecret>,
    /// Its picture, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureVersion>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A client secret as it is listed. Does not contain the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSecret {
    /// The first characters, for recognition.
    pub hint: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it expires, because a newer one replaces it; `None` for the newest.
    pub expires_at: Option<Timestamp>,
}

/// An application with a client secret that was just created. The secret can be read only now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationWithSecret {
    /// The application.
    pub application: Application,
    /// The secret; `None` for an application that has none.
    pub secret: Option<String>,
}

impl std::fmt::Debug for ApplicationWithSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApplicationWithSecret").field("application", &self.application).finish_non_exhaustive()
    }
}

/// A reference to an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationRef {
    /// Its id.
    pub id: ApplicationId,
    /// Its name.
    pub name: ApplicationName,
}

/// An application as its members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationLink {
    /// Its id.
    pub id: ApplicationId,
    /// Its name.
    pub name: ApplicationName,
    /// What it is for.
    pub description: Option<ApplicationDescription>,
    /// Where it opens: at its [`sign_in_url`](ApplicationTerms::sign_in_url), if it has one.
    pub url: WebUrl,
    /// Its picture, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureVersion>,
}

/// A new or changed application as typed. What is left out keeps its value (in a new one: its default), `null` clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationDraft {
    /// [`ApplicationTerms::name`], 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub name: Patch<String>,
    /// [`ApplicationTerms::description`], 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub description: Patch<String>,
    /// [`ApplicationTerms::url`].
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub url: Patch<String>,
    /// [`ApplicationTerms::sign_in_url`]; only together with an address.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub sign_in_url: Patch<String>,
    /// [`ApplicationTerms::groups`], ids; `null` is everyone, and a list without any is nobody.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub groups: Patch<Vec<String>>,
    /// [`ApplicationTerms::oidc`]; `null` removes the connection.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub oidc: Patch<OidcDraft>,
    /// [`ApplicationTerms::forward_auth`]; `null` removes the connection.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub forward_auth: Patch<ForwardAuthDraft>,
    /// [`ApplicationTerms::scim`]; `null` removes the connection.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub scim: Patch<ScimDraft>,
}

impl ApplicationDraft {
    /// Parses a new application.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field; a name is needed.
    pub fn parse(self) -> Result<ApplicationTerms, Failure> {
        let name = self.name.value().unwrap_or_default();
        Self { name: Patch::Set(name), ..self }.terms(None)
    }

    /// Applies the draft, as a change, to the `current` terms of an application.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong field.
    pub fn apply(self, current: &ApplicationTerms) -> Result<ApplicationTerms, Failure> {
        self.terms(Some(current))
    }

    fn terms(self, old: Option<&ApplicationTerms>) -> Result<ApplicationTerms, Failure> {
        let mut check = Check::default();
        let name = match self.name {
            Patch::Keep => old.map(|old| old.name.clone()),
            Patch::Clear => check.take("name", ApplicationName::parse("")),
            Patch::Set(name) => check.take("name", ApplicationName::parse(&name)),
        };
        let description = self.description.unless_blank();
        let description = description.and_then(|text| check.take("description", ApplicationDescription::parse(&text)));
        let url = self.url.unless_blank().and_then(|text| check.take("url", WebUrl::parse(&text)));
        let url = url.apply(old.and_then(|old| old.url.clone()));
        let sign_in_url =
            self.sign_in_url.unless_blank().and_then(|text| check.take("sign_in_url", WebUrl::parse(&text)));
        let sign_in_url = sign_in_url.apply(old.and_then(|old| old.sign_in_url.clone()));
        if sign_in_url.is_some() && url.is_none() {
            check.add_error("url", "Enter the address of the application as well.");
        }
        let groups = self.groups.and_then(|ids| check.take("groups", parse_groups(&ids, MAX_GROUPS)));
        let old_oidc = old.and_then(|old| old.oidc.clone());
        let oidc = match self.oidc {
            Patch::Keep => old_oidc,
            Patch::Clear => None,
            Patch::Set(draft) => draft.apply(old_oidc, &mut check),
        };
        let old_forward_auth = old.and_then(|old| old.forward_auth.clone());
        let forward_auth = match self.forward_auth {
            Patch::Keep => old_forward_auth,
            Patch::Clear => None,
            Patch::Set(draft) => draft.apply(old_forward_auth, &mut check),
        };
        let old_scim = old.and_then(|old| old.scim.as_ref());
        let scim = match self.scim {
            Patch::Keep => old_scim.cloned(),
            Patch::Clear => None,
            Patch::Set(draft) => draft.apply(old_scim, &mut check),
        };
        let terms = name.map(|name| ApplicationTerms {
            name,
            description: description.apply(old.and_then(|old| old.description.clone())),
            url,
            sign_in_url,
            groups: groups.apply(old.and_then(|old| old.groups.clone())),
            oidc,
            forward_auth,
            scim,
        });
        check.finish(terms)
    }
}

/// Filter and page of a list of applications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationQuery {
    /// Only applications whose name contains this.
    #[serde(default)]
    pub q: Option<String>,
    /// The page to read.
    #[serde(default)]
    pub paging: Paging,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(json: &str) -> ApplicationDraft {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_new_application_needs_a_name_alone() {
        let terms = draft(r#"{"name":" Chat "}"#).parse().unwrap();
        assert_eq!(terms.name.as_str(), "Chat");
        assert_eq!((terms.description, terms.url, terms.groups), (None, None, None));
        assert_eq!((terms.oidc, terms.forward_auth, terms.scim), (None, None, None));
        assert!(draft("{}").parse().unwrap_err().field_error("name").is_some());
    }

    #[test]
    fn everything_wrong_is_reported_at_once() {
        let wrong = draft(
            r#"{"name":"","description":"\u0000","url":"chat.example","groups":["x"],
                "oidc":{"redirect_uris":["ftp://x"],"signing":"none"}}"#,
        );
        let failure = wrong.parse().unwrap_err();
        for field in ["name", "description", "url", "groups", "oidc.redirect_uris", "oidc.signing"] {
            assert!(failure.field_error(field).is_some(), "{field}: {failure:?}");
        }
    }

    #[test]
    fn a_change_keeps_clears_and_sets() {
        let group = "0199f0a6-8a43-7d0e-9d6a-3f0e6c1b2a77";
        let current = draft(&format!(
            r#"{{"name":"Chat","url":"http://10.0.0.5:8080","groups":["{group}","{group}"],
                 "oidc":{{"redirect_uris":["https://chat.example/cb"]}}}}"#
        ))
        .parse()
        .unwrap();
        assert_eq!(current.groups.as_ref().unwrap().len(), 1);
        let apply = |json| draft(json).apply(&current).unwrap();
        assert_eq!(apply("{}"), current);
        assert_eq!(apply(r#"{"groups":null}"#).groups, None, "everyone");
        assert_eq!(apply(r#"{"groups":[]}"#).groups, Some(Vec::new()), "nobody");
        assert_eq!(apply(r#"{"url":" "}"#).url, None);
        let signed_in_at = apply(r#"{"sign_in_url":"https://chat.example/login"}"#);
        assert_eq!(signed_in_at.sign_in_url.as_ref().unwrap().as_str(), "https://chat.example/login");
        let wrong = draft(r#"{"url":null}"#).apply(&signed_in_at).unwrap_err();
        assert!(wrong.field_error("url").is_some(), "there is one to sign in at");
        assert_eq!(apply(r#"{"oidc":null}"#).oidc, None);
        let changed = apply(r#"{"oidc":{"signing":"ES256"}}"#).oidc.unwrap();
        assert_eq!(changed.signing, SigningAlgorithm::Es256);
        assert_eq!(changed.redirect_uris, current.oidc.as_ref().unwrap().redirect_uris);
    }
}
