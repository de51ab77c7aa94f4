//! The same for several accounts.

use serde::{Deserialize, Serialize};

use super::draft::parse_end;
use crate::endings::take_end;
use crate::failure::{Check, Code, Failure};
use crate::ids::AccountId;
use crate::patch::Patch;
use crate::time::Timestamp;

/// The most accounts that are changed at once.
pub const MAX_CHOSEN: usize = 200;

/// The accounts, each once.
///
/// # Errors
/// [`Code::Invalid`] under `accounts` unless there are 1 to [`MAX_CHOSEN`].
pub fn chosen(mut accounts: Vec<AccountId>) -> Result<Vec<AccountId>, Failure> {
    accounts.sort_unstable();
    accounts.dedup();
    if accounts.is_empty() || accounts.len() > MAX_CHOSEN {
        let why = format!("Choose 1 to {MAX_CHOSEN} accounts.");
        return Err(Failure::field(Code::Invalid, "accounts", why));
    }
    Ok(accounts)
}

/// The end of several accounts as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountEndsDraft {
    /// The accounts, 1 to [`MAX_CHOSEN`].
    pub accounts: Vec<AccountId>,
    /// When they end, as RFC 3339 text; `null` for never. Cannot be left out.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub ends_at: Patch<String>,
}

impl AccountEndsDraft {
    /// Parses the draft at the instant `now`: the accounts, each once, and their end; `None` is never.
    ///
    /// # Errors
    /// [`Code::Invalid`] under each wrong field.
    pub fn parse(self, now: Timestamp) -> Result<(Vec<AccountId>, Option<Timestamp>), Failure> {
        let accounts = chosen(self.accounts)?;
        let mut check = Check::default();
        let ends_at = take_end(&mut check, self.ends_at, |text| parse_end(text, None, now));
        check.finish(Some((accounts, ends_at)))
    }
}

/// What became of a change of several accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountsChanged {
    /// Accounts that were changed.
    pub changed: u32,
    /// Accounts that were so already.
    pub unchanged: u32,
    /// Accounts that the caller may not change, that no longer exist, or whose invite has no use left.
    pub refused: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_chosen_once_and_not_too_many() {
        let id = |number: usize| AccountId(uuid::Uuid::from_u128(number as u128));
        assert_eq!(chosen(vec![id(2), id(1), id(2)]).unwrap(), [id(1), id(2)]);
        assert!(chosen(Vec::new()).unwrap_err().field_error("accounts").is_some());
        assert!(chosen((0..=MAX_CHOSEN).map(id).collect()).unwrap_err().field_error("accounts").is_some());
        assert!(chosen((0..MAX_CHOSEN).map(id).collect()).is_ok());
    }

    #[test]
    fn an_end_is_ahead_or_there_is_none() {
        let now = Timestamp::from_micros(2_000_000);
        let parse = |ends_at: &str| {
            let json = format!(r#"{{"accounts":["{}"]{ends_at}}}"#, uuid::Uuid::from_u128(1));
            let draft: AccountEndsDraft = serde_json::from_str(&json).unwrap();
            draft.parse(now).map(|(_, ends_at)| ends_at)
        };
        assert_eq!(parse(r#","ends_at":null"#), Ok(None));
        assert_eq!(parse(r#","ends_at":"1970-01-01T00:00:03Z""#), Ok(Some(Timestamp::from_micros(3_000_000))));
        for wrong in ["", r#","ends_at":"""#, r#","ends_at":"1970-01-01T00:00:02Z""#, r#","ends_at":"tomorrow""#] {
            assert!(parse(wrong).unwrap_err().field_error("ends_at").is_some(), "{wrong}");
        }
    }
}
