//! The terms of an invite in its row.

use domain::Timestamp;
use domain::accounts::{Email, EmailDomain, Role};
use domain::attributes::InviteAttribute;
use domain::ids::{FlowId, GroupId};
use domain::invites::{AccessEnd, Ends, KnownPerson, Terms};
use domain::text::{Label, WelcomeText};
use domain::web::Destination;

use super::entity::Model;
use crate::Error;
use crate::platform::search;

/// The row with other terms. Reads back as [`read`].
pub(super) fn write(row: Model, terms: Terms) -> Result<Model, Error> {
    let Terms { label, role, groups, max_uses, starts_at, expires_at, .. } = terms;
    let (access_days, access_ends_at) = match terms.ends.map(|ends| ends.when) {
        None => (None, None),
        Some(AccessEnd::AfterDays(days)) => (Some(days.into()), None),
        Some(AccessEnd::At(at)) => (None, Some(at.as_micros())),
    };
    let attributes = (!terms.attributes.is_empty()).then(|| serde_json::to_string(&terms.attributes)).transpose();
    let person = terms.person.map(|person| serde_json::to_string(&person)).transpose();
    Ok(Model {
        words: Some(search::invite_words(label.as_ref().map(Label::as_str))),
        label: label.map(String::from),
        role: role.as_str().to_owned(),
        group_ids: groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        max_uses: max_uses.map(i64::from),
        starts_at: starts_at.map(Timestamp::as_micros),
        expires_at: expires_at.map(Timestamp::as_micros),
        email: terms.email.map(String::from),
        email_domains: terms.email_domains.iter().map(EmailDomain::as_str).collect::<Vec<_>>().join(" "),
        approval: terms.approval,
        attributes: attributes.map_err(Error::internal)?,
        person: person.map_err(Error::internal)?,
        welcome_text: terms.welcome_text.map(String::from),
        after: terms.after.map(String::from),
        access_of: terms.ends.map(|ends| ends.of.as_str().to_owned()),
        access_days,
        access_ends_at,
        existing_members: terms.existing_members,
        show_uses_left: terms.show_uses_left,
        without_code: terms.without_code,
        verify_email: terms.verify_email,
        flow_id: terms.flow.map(|flow| flow.0),
        ..row
    })
}

/// The terms of the invite of a row.
pub(super) fn read(row: &Model) -> Result<Terms, Error> {
    Ok(Terms {
        label: label(row),
        role: role(row)?,
        groups: group_ids(&row.group_ids),
        max_uses: row.max_uses.map(count),
        starts_at: row.starts_at.map(Timestamp::from_micros),
        expires_at: row.expires_at.map(Timestamp::from_micros),
        email: row.email.as_ref().map(Email::stored),
        email_domains: email_domains(&row.email_domains),
        approval: row.approval,
        attributes: attributes(row.attributes.as_deref())?,
        person: person(row.person.as_deref())?,
        welcome_text: row.welcome_text.as_deref().map(WelcomeText::stored),
        after: row.after.as_deref().map(Destination::stored),
        ends: ends(row.access_of.as_deref(), row.access_days, row.access_ends_at)?,
        existing_members: row.existing_members,
        show_uses_left: row.show_uses_left,
        without_code: row.without_code,
        verify_email: row.verify_email,
        flow: row.flow_id.map(FlowId),
    })
}

/// The groups, as they are stored.
pub(super) fn group_ids(stored: &str) -> Vec<GroupId> {
    stored.split(' ').filter_map(|id| id.parse().ok()).collect()
}

/// The domains of e-mail addresses, as they are stored.
pub(super) fn email_domains(stored: &str) -> Vec<EmailDomain> {
    stored.split_whitespace().map(EmailDomain::stored).collect()
}

/// The attributes, as they are stored.
pub(super) fn attributes(stored: Option<&str>) -> Result<Vec<InviteAttribute>, Error> {
    stored.map_or_else(|| Ok(Vec::new()), |json| serde_json::from_str(json).map_err(|_| broken("attribute")))
}

/// What is known of the person, as it is stored.
pub(super) fn person(stored: Option<&str>) -> Result<Option<KnownPerson>, Error> {
    stored.map(|json| serde_json::from_str(json).map_err(|_| broken("person"))).transpose()
}

/// The end of access, as it is stored.
pub(super) fn ends(of: Option<&str>, days: Option<i64>, at: Option<i64>) -> Result<Option<Ends>, Error> {
    let Some(of) = of else { return Ok(None) };
    let when = match (days, at) {
        (Some(days), _) => AccessEnd::AfterDays(u16::try_from(days).map_err(Error::internal)?),
        (None, Some(at)) => AccessEnd::At(Timestamp::from_micros(at)),
        (None, None) => return Err(broken("end of access")),
    };
    Ok(Some(Ends { of: of.parse().map_err(|_| broken("end of access"))?, when }))
}

pub(super) fn count(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}

/// Role that the invite of a row grants.
pub(super) fn role(row: &Model) -> Result<Role, Error> {
    row.role.parse().map_err(|_| Error::internal(format!("the invite {} has a broken role", row.id)))
}

pub(super) fn label(row: &Model) -> Option<Label> {
    row.label.as_deref().map(Label::stored)
}

fn broken(what: &str) -> Error {
    Error::internal(format!("an invite has a broken {what}"))
}
