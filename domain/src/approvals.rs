//! Approvals: what admins decide about accounts that are pending approval.

use serde::{Deserialize, Serialize};

use crate::accounts::{self, AccountRef, AccountStatus, AccountsChanged};
use crate::failure::{Check, Code, Failure};
use crate::ids::AccountId;
use crate::string_enum::string_enum;
use crate::text::{ParseError, isolated, parsed_text, shown_text, text_of_lines};

/// What is decided about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It becomes active.
    Approve,
    /// It cannot sign in, and the use of its invite is released.
    Decline,
}

string_enum!(Decision { Approve = "approve", Decline = "decline" });

/// A message to the person about whom was decided: 1 to 500 characters of plain text with line breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DecisionNote(String);

impl DecisionNote {
    /// The most characters.
    pub const MAX: usize = 500;

    /// Parses a message as typed.
    ///
    /// # Errors
    /// When it is empty, too long, or has hidden characters other than line breaks.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        text_of_lines(text, Self::MAX).map(Self)
    }

    /// The message.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

parsed_text!(DecisionNote);
shown_text!(DecisionNote);

/// The decision about one account as typed: the message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteDraft {
    /// The message to the person; may be empty.
    #[serde(default)]
    pub note: Option<String>,
}

impl NoteDraft {
    /// Parses the message.
    ///
    /// # Errors
    /// [`Code::Invalid`] under `note`.
    pub fn parse(&self) -> Result<Option<DecisionNote>, Failure> {
        let mut check = Check::default();
        let typed = self.note.as_deref().filter(|note| !note.trim().is_empty());
        let note = typed.and_then(|note| check.take("note", DecisionNote::parse(note)));
        check.finish(Some(note))
    }
}

/// The same decision about several accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionsDraft {
    /// The accounts, 1 to [`accounts::MAX_CHOSEN`].
    pub accounts: Vec<AccountId>,
    /// The decision.
    pub decision: Decision,
    /// The message to each person; may be empty.
    #[serde(default)]
    pub note: Option<String>,
}

impl DecisionsDraft {
    /// Parses the draft: the accounts, each once, and the message.
    ///
    /// # Errors
    /// [`Code::Invalid`] under each wrong field.
    pub fn parse(self) -> Result<(Vec<AccountId>, Decision, Option<DecisionNote>), Failure> {
        let Self { accounts, decision, note } = self;
        Ok((accounts::chosen(accounts)?, decision, NoteDraft { note }.parse()?))
    }
}

/// The decision about an account, as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionMade {
    /// Who decided.
    pub by: AccountRef,
    /// The message.
    pub note: Option<DecisionNote>,
}

/// An account about which was decided before, so that a decision about it did not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedBefore {
    /// The account.
    pub account: AccountRef,
    /// Its status.
    pub status: AccountStatus,
    /// Who decided; `None` if it needed no decision, or an earlier version did not record who.
    pub by: Option<AccountRef>,
}

impl DecidedBefore {
    /// What was decided; `None` if it is not known that somebody did.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        self.by.as_ref().and(match self.status {
            AccountStatus::Declined => Some(Decision::Decline),
            AccountStatus::Active | AccountStatus::Suspended | AccountStatus::Ended => Some(Decision::Approve),
            AccountStatus::Pending | AccountStatus::Unverified => None,
        })
    }

    /// The refusal of another decision of `actor`.
    #[must_use]
    pub fn failure(&self, actor: AccountId) -> Failure {
        let who = match &self.by {
            Some(by) if by.id == actor => "You have".to_owned(),
            Some(by) => format!("{} has", isolated(by.display_name())),
            None => String::new(),
        };
        let message = match self.decision() {
            Some(Decision::Approve) => format!("{who} approved this account already. Nothing was changed."),
            Some(Decision::Decline) => {
                format!("{who} declined this account already. Move it to pending approval to decide again.")
            }
            None => {
                let status = self.status.title().to_lowercase();
                format!("This account is {status}, not pending approval. Nothing was changed.")
            }
        };
        Failure::new(Code::AlreadyDecided, message)
    }
}

/// What became of the same decision about several accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionsMade {
    /// The accounts about which was decided now, by the caller before, or not at all.
    pub accounts: AccountsChanged,
    /// Those about which was decided before.
    pub decided_before: Vec<DecidedBefore>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_decided_before_is_named_with_what_they_decided() {
        let id = |number| AccountId(uuid::Uuid::from_u128(number));
        let name = |name: &str| Some(crate::accounts::Username::parse(name).unwrap());
        let of = |number, username| AccountRef { id: id(number), username, name: None, picture: None };
        let told = |status, by: Option<AccountRef>| {
            let failure = DecidedBefore { account: of(1, name("lena")), status, by }.failure(id(2));
            assert_eq!(failure.code, Code::AlreadyDecided);
            failure.message
        };
        let tomasz = || Some(of(3, name("tomasz")));
        assert!(told(AccountStatus::Declined, tomasz()).starts_with("tomasz has declined this account already."));
        assert!(told(AccountStatus::Suspended, tomasz()).starts_with("tomasz has approved this account already."));
        assert!(told(AccountStatus::Active, Some(of(3, None))).starts_with("Deleted member has approved"));
        assert!(told(AccountStatus::Declined, Some(of(2, name("ngozi")))).starts_with("You have declined"));
        assert!(told(AccountStatus::Active, None).starts_with("This account is active, not pending approval."));
    }

    #[test]
    fn a_message_may_be_left_out_and_has_a_bound() {
        let parse = |note: Option<&str>| NoteDraft { note: note.map(str::to_owned) }.parse();
        assert_eq!(parse(None).unwrap(), None);
        assert_eq!(parse(Some(" \n ")).unwrap(), None);
        assert_eq!(parse(Some(" Hello\r\nthere ")).unwrap().unwrap().as_str(), "Hello\nthere");
        assert!(parse(Some(&"ü".repeat(500))).is_ok());
        for bad in [&"ü".repeat(501), "evil\u{202E}exe"] {
            assert!(parse(Some(bad)).unwrap_err().field_error("note").is_some(), "{bad:?}");
        }
    }

    #[test]
    fn each_account_is_decided_about_once() {
        let id = |number| AccountId(uuid::Uuid::from_u128(number));
        let draft = |accounts| DecisionsDraft { accounts, decision: Decision::Approve, note: None };
        assert_eq!(draft(vec![id(2), id(1), id(2)]).parse().unwrap().0, [id(1), id(2)]);
        assert!(draft(Vec::new()).parse().unwrap_err().field_error("accounts").is_some());
        assert!(draft((0..201).map(id).collect()).parse().is_err());
    }
}
