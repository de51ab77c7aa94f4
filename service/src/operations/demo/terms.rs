//! What some invites of the demo data ask and give beyond the rest, by the label of their template.

use std::time::Duration;

use domain::Timestamp;
use domain::accounts::{Email, EmailDomain, Role};
use domain::attributes::{Attribute, AttributeKey, AttributeValue, InviteAttribute};
use domain::invites::{AccessEnd, AccessOf, Ends, Terms};
use domain::text::{ParseError, WelcomeText};
use domain::web::Destination;

/// The terms of an invite with this label, from those that its template gives it.
pub(super) fn of(label: &str, terms: Terms, now: Timestamp) -> Result<Terms, ParseError> {
    let in_days = |days: u64| now.plus(Duration::from_hours(24 * days));
    Ok(match label {
        "A second admin" => {
            Terms { role: Role::Admin, email: Some(Email::parse("rosalind@postbox.example")?), ..terms }
        }
        "Press and guests" => Terms {
            email_domains: vec![EmailDomain::parse("gazette.example")?, EmailDomain::parse("radio.example")?],
            approval: true,
            ends: Some(Ends { of: AccessOf::Account, when: AccessEnd::AfterDays(30) }),
            ..terms
        },
        "Board members" => Terms {
            ends: Some(Ends { of: AccessOf::Groups, when: AccessEnd::At(in_days(365)) }),
            after: Some(Destination::parse("/me/account")?),
            show_uses_left: false,
            ..terms
        },
        "Spring term, early birds" => Terms {
            welcome_text: Some(WelcomeText::parse(
                "**Welcome to the spring term.** Bring:\n\n- an apron\n- a towel\n\nWe start at _six o\u{2019}clock_.",
            )?),
            attributes: vec![attribute("course", "Wheel throwing", true)?, attribute("year", "1", false)?],
            ..terms
        },
        STUDENTS => {
            let attributes = students()?.into_iter();
            let locked = |Attribute { key, value }| InviteAttribute { key, value, locked: true };
            Terms {
                email_domains: vec![EmailDomain::parse(SCHOOL)?],
                without_code: true,
                attributes: attributes.map(locked).collect(),
                existing_members: false,
                ..terms
            }
        }
        _ => terms,
    })
}

/// The domain of their addresses, which sign up without the code.
pub(super) const SCHOOL: &str = "artschool.example";

/// The label of the invite whose members have attributes.
pub(super) const STUDENTS: &str = "Students of the art school";

/// The attributes that the invite with the label [`STUDENTS`] gives.
pub(super) fn students() -> Result<Vec<Attribute>, ParseError> {
    Ok(vec![Attribute { key: AttributeKey::parse("school")?, value: AttributeValue::parse("Art school")? }])
}

fn attribute(key: &str, value: &str, locked: bool) -> Result<InviteAttribute, ParseError> {
    Ok(InviteAttribute { key: AttributeKey::parse(key)?, value: AttributeValue::parse(value)?, locked })
}
