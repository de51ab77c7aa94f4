//! Lists of accounts and groups: what is filtered, and which page is read.

use uuid::Uuid;

use super::filter::{Comparison, Literal, Operator};
use crate::ids::{AccountId, GroupId};
use crate::text::ParseError;

/// The most results of a page.
pub const MAX_RESULTS: u64 = 200;

/// The page of a list, in the order of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// From a position, from 1 (RFC 7644, section 3.4.2.4).
    Index {
        /// The position of the first.
        start: u64,
        /// The most results.
        count: u64,
    },
    /// After a result (RFC 9865).
    Cursor {
        /// The id of the last result of the page before; `None` on the first page.
        after: Option<Uuid>,
        /// The most results.
        count: u64,
    },
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The results.
    pub items: Vec<T>,
    /// The number of results on all pages.
    pub total: u64,
    /// The id of the last result, if there are more.
    pub next: Option<Uuid>,
}

/// A condition for accounts. Indexed, apart from whether they are active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserTerm {
    /// The account with this id.
    Id(AccountId),
    /// The account that the directory identifies by this.
    ExternalId(String),
    /// Accounts that have an identifier.
    HasExternalId,
    /// The account that the directory calls this, without regard to case.
    UserName(String),
    /// The account with this address, without regard to case.
    Email(String),
    /// Accounts that can sign in and use their permissions, or the others.
    Active(bool),
    /// No account.
    Nothing,
}

/// A condition for groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupTerm {
    /// The group with this id.
    Id(GroupId),
    /// The group that the directory identifies by this.
    ExternalId(String),
    /// Groups that have an identifier.
    HasExternalId,
    /// The group with this name, without regard to case.
    Name(String),
    /// Groups that this account is in.
    Member(AccountId),
    /// No group.
    Nothing,
}

/// What a filter says of accounts.
///
/// # Errors
/// If it compares something that cannot be filtered by; with what can.
pub fn user_terms(comparisons: &[Comparison]) -> Result<Vec<UserTerm>, ParseError> {
    comparisons.iter().filter_map(|comparison| user_term(comparison).transpose()).collect()
}

fn user_term(Comparison { name, operator, value }: &Comparison) -> Result<Option<UserTerm>, ParseError> {
    Ok(match (name.as_strs(), operator, value) {
        (
            ("id" | "username" | "active" | "meta", None) | ("emails", None | Some("value" | "type" | "primary")),
            Operator::Pr,
            _,
        ) => None,
        (("externalid", None), Operator::Pr, _) => Some(UserTerm::HasExternalId),
        (("id", None), Operator::Eq, Literal::Text(id)) => Some(id.parse().map_or(UserTerm::Nothing, UserTerm::Id)),
        (("externalid", None), Operator::Eq, Literal::Text(id)) => {
            Some(text(id).map_or(UserTerm::Nothing, UserTerm::ExternalId))
        }
        (("username", None), Operator::Eq, Literal::Text(name)) => {
            Some(text(name).map_or(UserTerm::Nothing, UserTerm::UserName))
        }
        (("emails", None | Some("value")), Operator::Eq, Literal::Text(email)) => {
            Some(text(email).map_or(UserTerm::Nothing, UserTerm::Email))
        }
        // The one address that there is.
        (("emails", Some("type")), Operator::Eq, Literal::Text(kind)) => {
            (!kind.eq_ignore_ascii_case("work")).then_some(UserTerm::Nothing)
        }
        (("emails", Some("primary")), Operator::Eq, value) => (!boolean(value)?).then_some(UserTerm::Nothing),
        (("active", None), Operator::Eq, value) => Some(UserTerm::Active(boolean(value)?)),
        (("active", None), Operator::Ne, value) => Some(UserTerm::Active(!boolean(value)?)),
        _ => {
            let known = "id, externalId, userName, emails.value, active";
            return Err(ParseError(format!("Accounts can be filtered by {known}, with eq (active also with ne).")));
        }
    })
}

/// What a filter says of groups.
///
/// # Errors
/// If it compares something that cannot be filtered by; with what can.
pub fn group_terms(comparisons: &[Comparison]) -> Result<Vec<GroupTerm>, ParseError> {
    comparisons.iter().filter_map(|comparison| group_term(comparison).transpose()).collect()
}

fn group_term(Comparison { name, operator, value }: &Comparison) -> Result<Option<GroupTerm>, ParseError> {
    Ok(match (name.as_strs(), operator, value) {
        (("id" | "displayname" | "meta", None), Operator::Pr, _) => None,
        (("externalid", None), Operator::Pr, _) => Some(GroupTerm::HasExternalId),
        (("id", None), Operator::Eq, Literal::Text(id)) => Some(id.parse().map_or(GroupTerm::Nothing, GroupTerm::Id)),
        (("externalid", None), Operator::Eq, Literal::Text(id)) => {
            Some(text(id).map_or(GroupTerm::Nothing, GroupTerm::ExternalId))
        }
        (("displayname", None), Operator::Eq, Literal::Text(name)) => {
            Some(text(name).map_or(GroupTerm::Nothing, GroupTerm::Name))
        }
        (("members", None | Some("value")), Operator::Eq, Literal::Text(id)) => {
            Some(id.parse().map_or(GroupTerm::Nothing, GroupTerm::Member))
        }
        _ => {
            let known = "id, externalId, displayName, members.value";
            return Err(ParseError(format!("Groups can be filtered by {known}, with eq.")));
        }
    })
}

/// A text that something stored may be. None is empty, or has NUL, which PostgreSQL refuses.
fn text(value: &str) -> Option<String> {
    let value = value.trim();
    (!value.is_empty() && !value.contains('\0')).then(|| value.to_owned())
}

/// A value that is true or false, also as a text.
fn boolean(value: &Literal) -> Result<bool, ParseError> {
    match value {
        Literal::Boolean(value) => Ok(*value),
        Literal::Text(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Literal::Text(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(ParseError("Compare this with true or false.".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse_filter;
    use super::*;

    #[test]
    fn filters_of_accounts_say_what_is_looked_for() {
        let terms = |filter: &str| user_terms(&parse_filter(filter).unwrap());
        for (filter, expected) in [
            (r#"userName eq "Ada""#, vec![UserTerm::UserName("Ada".into())]),
            (r#"userName pr and active eq "True""#, vec![UserTerm::Active(true)]),
            ("active ne true", vec![UserTerm::Active(false)]),
            (r#"emails[type eq "work"].value eq "a@b.example""#, vec![UserTerm::Email("a@b.example".into())]),
            (r#"emails eq "a@b.example""#, vec![UserTerm::Email("a@b.example".into())]),
            (r#"emails[type eq "home"].value eq "a""#, vec![UserTerm::Nothing, UserTerm::Email("a".into())]),
            (r#"id eq "nobody""#, vec![UserTerm::Nothing]),
            (r#"externalId eq "\u0000""#, vec![UserTerm::Nothing]),
            ("externalId pr", vec![UserTerm::HasExternalId]),
        ] {
            assert_eq!(terms(filter).unwrap(), expected, "{filter}");
        }
        for filter in
            [r#"title eq "x""#, r#"userName ne "x""#, "active eq null", r#"name.givenName eq "x""#, "title pr"]
        {
            assert!(terms(filter).is_err(), "{filter}");
        }
    }

    #[test]
    fn filters_of_groups_say_what_is_looked_for() {
        let terms = |filter: &str| group_terms(&parse_filter(filter).unwrap());
        let id = "0199f0a4-8a43-7d0e-9d6a-3f0e6c1b2a77";
        let entra = format!(r#"id eq "{id}" and members eq "{id}""#);
        assert_eq!(
            terms(&entra).unwrap(),
            [GroupTerm::Id(id.parse().unwrap()), GroupTerm::Member(id.parse().unwrap())]
        );
        assert_eq!(terms(r#"displayName eq "Potters""#).unwrap(), [GroupTerm::Name("Potters".into())]);
        assert_eq!(terms(r#"members[value eq "x"]"#).unwrap(), [GroupTerm::Nothing]);
        assert!(terms("members pr").is_err() && terms(r#"description eq "x""#).is_err());
    }
}
