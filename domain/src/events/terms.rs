//! What an invite allows, as events record it.

use serde::{Deserialize, Serialize};

use crate::accounts::{EmailDomain, Role};
use crate::attributes::AttributeKey;
use crate::ids::{FlowId, GroupId};
use crate::invites::{Ends, Terms};
use crate::text::Label;
use crate::time::Timestamp;
use crate::web::Destination;

/// The terms of an invite without what is about the person it is for: its e-mail address, the values of attributes, the
/// welcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedTerms {
    /// [`Terms::label`].
    pub label: Option<Label>,
    /// [`Terms::role`].
    pub role: Role,
    /// [`Terms::groups`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// [`Terms::max_uses`].
    pub max_uses: Option<u32>,
    /// [`Terms::starts_at`].
    pub starts_at: Option<Timestamp>,
    /// [`Terms::expires_at`].
    pub expires_at: Option<Timestamp>,
    /// What else is not as in an invite for which nothing was chosen.
    #[serde(default, skip_serializing_if = "MoreTerms::is_default")]
    pub more: Box<MoreTerms>,
}

/// Terms that most invites do without.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of its own in JSON")]
pub struct MoreTerms {
    /// Whether there is a [`Terms::email`].
    pub has_email: bool,
    /// [`Terms::email_domains`].
    pub email_domains: Vec<EmailDomain>,
    /// [`Terms::approval`].
    pub approval: bool,
    /// The keys of [`Terms::attributes`].
    pub attributes: Vec<AttributeKey>,
    /// Whether there is a [`Terms::welcome_text`].
    pub has_welcome_text: bool,
    /// [`Terms::after`].
    pub after: Option<Destination>,
    /// [`Terms::ends`].
    pub ends: Option<Ends>,
    /// Whether [`Terms::existing_members`] is off.
    pub only_new_members: bool,
    /// Whether [`Terms::show_uses_left`] is off.
    pub hides_uses_left: bool,
    /// [`Terms::without_code`].
    pub without_code: bool,
    /// [`Terms::verify_email`].
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub verify_email: bool,
    /// [`Terms::flow`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowId>,
}

impl MoreTerms {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl From<Terms> for RecordedTerms {
    fn from(terms: Terms) -> Self {
        let Terms { label, role, groups, max_uses, starts_at, expires_at, .. } = terms;
        let more = MoreTerms {
            has_email: terms.email.is_some(),
            email_domains: terms.email_domains,
            approval: terms.approval,
            attributes: terms.attributes.into_iter().map(|attribute| attribute.key).collect(),
            has_welcome_text: terms.welcome_text.is_some(),
            after: terms.after,
            ends: terms.ends,
            only_new_members: !terms.existing_members,
            hides_uses_left: !terms.show_uses_left,
            without_code: terms.without_code,
            verify_email: terms.verify_email,
            flow: terms.flow,
        };
        Self { label, role, groups, max_uses, starts_at, expires_at, more: Box::new(more) }
    }
}
