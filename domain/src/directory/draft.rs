//! Accounts and groups as a directory sends them.

use std::fmt;

use super::{GroupChange, MembersChange, NewGroup, NewUser, UserChange, UserName};
use crate::accounts::{Email, Password};
use crate::failure::{Check, Failure};
use crate::ids::AccountId;
use crate::patch::Patch;
use crate::text::{DisplayName, ExternalId, GroupName};

/// An account, or a change of one, as it was sent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UserDraft {
    /// `userName`.
    pub user_name: Patch<String>,
    /// `externalId`.
    pub external_id: Patch<String>,
    /// `displayName`.
    pub display_name: Patch<String>,
    /// `name.formatted`, which counts where there is no `displayName`.
    pub formatted: Patch<String>,
    /// `name.givenName` and `name.familyName` of a whole account, which count where there is neither of these.
    pub parts_of_name: [Option<String>; 2],
    /// The e-mail address.
    pub email: Patch<String>,
    /// `active`.
    pub active: Option<bool>,
    /// `password`.
    pub password: Option<String>,
}

impl fmt::Debug for UserDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserDraft(…)")
    }
}

impl UserDraft {
    /// Parses a new account. Where `userName` is an e-mail address, it is that of the account unless another one is
    /// sent.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong attribute.
    pub fn parse(self) -> Result<NewUser, Failure> {
        let mut check = Check::default();
        let name = self.whole_name();
        let user_name = check.take("userName", UserName::parse(&self.user_name.value().unwrap_or_default()));
        let external_id = self.external_id.unless_blank().value();
        let external_id = external_id.and_then(|id| check.take("externalId", ExternalId::parse(&id)));
        let email = self.email.unless_blank().value().or_else(|| match &user_name {
            Some(UserName::Other(name)) if name.as_str().contains('@') => Some(name.to_string()),
            _ => None,
        });
        let email = check.take("emails", Email::parse(&email.unwrap_or_default()));
        let name = name.and_then(|name| check.take("displayName", DisplayName::parse(&name)));
        let password = self.password.and_then(|password| check.take("password", Password::parse(&password)));
        let active = self.active.unwrap_or(true);
        let new = user_name.zip(email);
        let new = new.map(|(user_name, email)| NewUser { user_name, external_id, email, name, active, password });
        check.finish(new)
    }

    /// Parses what takes the place of an account. An identifier or a name that is left out is removed; the address and
    /// whether it is active stay.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong attribute.
    pub fn replacement(mut self) -> Result<UserChange, Failure> {
        self.display_name = Patch::from(self.whole_name());
        self.formatted = Patch::Keep;
        if self.external_id.is_keep() {
            self.external_id = Patch::Clear;
        }
        if self.user_name.is_keep() {
            self.user_name = Patch::Clear;
        }
        self.change()
    }

    /// Parses a change of an account: what is not mentioned stays.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong attribute.
    pub fn change(self) -> Result<UserChange, Failure> {
        let mut check = Check::default();
        let user_name = needed(self.user_name, |text| check.take("userName", UserName::parse(&text)));
        let external_id = self.external_id.unless_blank();
        let external_id = external_id.and_then(|id| check.take("externalId", ExternalId::parse(&id)));
        let email = needed(self.email, |text| check.take("emails", Email::parse(&text)));
        let name = if self.display_name.is_keep() { self.formatted } else { self.display_name };
        let name = name.unless_blank().and_then(|name| check.take("displayName", DisplayName::parse(&name)));
        check.finish(Some(UserChange { user_name, external_id, email, name, active: self.active }))
    }

    /// The name of a whole account.
    fn whole_name(&self) -> Option<String> {
        let given = |name: &Patch<String>| name.clone().unless_blank().value();
        given(&self.display_name).or_else(|| given(&self.formatted)).or_else(|| {
            let parts: Vec<&str> = self.parts_of_name.iter().flatten().map(|part| part.trim()).collect();
            let name = parts.join(" ").trim().to_owned();
            (!name.is_empty()).then_some(name)
        })
    }
}

/// What an account always has: parsed if it is set, and also if it is cleared, which is refused.
fn needed<T>(patch: Patch<String>, mut parse: impl FnMut(String) -> Option<T>) -> Option<T> {
    match patch {
        Patch::Keep => None,
        patch => parse(patch.value().unwrap_or_default()),
    }
}

/// A group, or a change of one, as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupDraft {
    /// `displayName`.
    pub name: Patch<String>,
    /// `externalId`.
    pub external_id: Patch<String>,
    /// `members`, in this order.
    pub members: Vec<MembersChange>,
}

impl GroupDraft {
    /// Parses a new group.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong attribute.
    pub fn parse(self) -> Result<NewGroup, Failure> {
        let GroupChange { name, external_id, members } = self.replacement()?;
        let members: Vec<AccountId> = members
            .into_iter()
            .flat_map(|change| match change {
                MembersChange::Replace(members) | MembersChange::Add(members) => members,
                MembersChange::Remove(_) => Vec::new(),
            })
            .collect();
        let mut check = Check::default();
        if name.is_none() {
            check.add_error("displayName", "Send a displayName.");
        }
        check.finish(name.map(|name| NewGroup { name, external_id: external_id.value(), members }))
    }

    /// Parses what takes the place of a group. Members that are not sent leave it, and so does its identifier.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong attribute.
    pub fn replacement(mut self) -> Result<GroupChange, Failure> {
        if self.name.is_keep() {
            self.name = Patch::Clear;
        }
        if self.external_id.is_keep() {
            self.external_id = Patch::Clear;
        }
        if self.members.is_empty() {
            self.members = vec![MembersChange::Replace(Vec::new())];
        }
        self.change()
    }

    /// Parses a change of a group: what is not mentioned stays.
    ///
    /// # Errors
    /// [`crate::Code::Invalid`] with every wrong attribute.
    pub fn change(self) -> Result<GroupChange, Failure> {
        let mut check = Check::default();
        let name = needed(self.name, |text| check.take("displayName", GroupName::parse(&text)));
        let external_id = self.external_id.unless_blank();
        let external_id = external_id.and_then(|id| check.take("externalId", ExternalId::parse(&id)));
        check.finish(Some(GroupChange { name, external_id, members: self.members }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Patch<String> {
        Patch::Set(text.to_owned())
    }

    #[test]
    fn a_new_account_takes_its_address_from_its_name_where_that_is_one() {
        let by_address = UserDraft { user_name: set("ada@example.org"), ..UserDraft::default() }.parse().unwrap();
        assert_eq!(by_address.email.as_str(), "ada@example.org");
        assert!(by_address.active && by_address.password.is_none());
        let without = UserDraft { user_name: set("ada"), ..UserDraft::default() }.parse().unwrap_err();
        assert!(without.field_error("emails").is_some());
        let wrong = UserDraft {
            user_name: set(""),
            email: set("x"),
            display_name: set("\u{0}"),
            external_id: set(&"x".repeat(257)),
            password: Some("short".into()),
            ..UserDraft::default()
        };
        assert_eq!(wrong.parse().unwrap_err().fields.len(), 5);
    }

    #[test]
    fn the_first_name_that_is_sent_counts() {
        let all = UserDraft {
            user_name: set("ada"),
            email: set("ada@example.org"),
            display_name: set("Ada"),
            formatted: set("Ms. Ada Lovelace"),
            parts_of_name: [Some("Ada".into()), Some(" Lovelace".into())],
            ..UserDraft::default()
        };
        let name = |draft: UserDraft| draft.parse().unwrap().name.map(String::from).unwrap_or_default();
        assert_eq!(name(all.clone()), "Ada");
        assert_eq!(name(UserDraft { display_name: set(" "), ..all.clone() }), "Ms. Ada Lovelace");
        let parts = UserDraft { display_name: Patch::Keep, formatted: Patch::Clear, ..all };
        assert_eq!(name(parts.clone()), "Ada Lovelace");
        assert_eq!(name(UserDraft { parts_of_name: [None, None], ..parts }), "");
    }

    #[test]
    fn a_replacement_removes_what_it_leaves_out_and_a_change_keeps_it() {
        let draft = UserDraft { user_name: set("ada"), ..UserDraft::default() };
        let change = draft.clone().change().unwrap();
        assert_eq!((change.external_id, change.name), (Patch::Keep, Patch::Keep));
        let replacement = draft.replacement().unwrap();
        assert_eq!((replacement.external_id, replacement.name), (Patch::Clear, Patch::Clear));
        assert_eq!((replacement.email, replacement.active), (None, None));
        assert!(UserDraft::default().replacement().is_err() && UserDraft::default().change().is_ok());
        assert!(
            UserDraft { email: Patch::Clear, ..UserDraft::default() }.change().is_err(),
            "an account has an address"
        );

        let draft = GroupDraft { name: set("Potters"), ..GroupDraft::default() };
        assert!(draft.clone().change().unwrap().members.is_empty());
        assert_eq!(draft.replacement().unwrap().members, [MembersChange::Replace(Vec::new())]);
        assert!(GroupDraft::default().parse().is_err());
    }
}
