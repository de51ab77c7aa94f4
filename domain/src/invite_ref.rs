//! Invite codes and references to invites: what other features need of an invite. [`crate::invites`] exports them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::InviteId;
use crate::text::{Label, ParseError, parsed_text};

/// The default length of random codes, in characters (C1).
pub const DEFAULT_CODE_LENGTH: u8 = 12;

/// The characters of random codes: letters and digits without the ones that are mistaken for each other when a code
/// is read aloud or copied by hand (`0 O 1 I l`). Twelve of these 57 carry 69 bits.
pub const CODE_ALPHABET: &[u8; 57] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// An invite code, as typed or in an invite link: 6 to 64 of `A-Z a-z 0-9 _ -`. It need not belong to an invite.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InviteCode(String);

impl InviteCode {
    /// Parses a code. Outer white space is removed.
    ///
    /// # Errors
    /// When it has other characters or another length.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let fits = (6..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseError("A code has 6 to 64 letters, digits, dashes or underscores.".to_owned()))
        }
    }

    /// The code in typed or pasted text, which may be an invite link in any of its forms: `…/inv/CODE`, `…/inv?=CODE`,
    /// `…/inv?key=CODE`, `…/signup?inv=CODE`. `None` if there is none that could be valid.
    #[must_use]
    pub fn pasted(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.contains('/') {
            return Self::parse(text).ok();
        }
        let link = text.split('#').next().unwrap_or_default();
        let (path, query) = link.split_once('?').unwrap_or((link, ""));
        let in_query = query.split('&').filter_map(|pair| pair.split_once('='));
        let in_query = in_query.filter(|(name, _)| matches!(*name, "" | "inv" | "key")).map(|(_, code)| code);
        let in_path = path.rsplit_once("/inv/").map(|(_, code)| code.trim_end_matches('/'));
        in_query.chain(in_path).find_map(|code| Self::parse(code).ok())
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The lower-case form. Codes chosen by staff are compared by it; random codes are compared exactly.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

parsed_text!(InviteCode);

impl fmt::Debug for InviteCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteCode(…)")
    }
}

/// The origin of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// Random and hard to guess, so that its holder is told the status of the invite.
    Random,
    /// Chosen by staff and easy to guess, so that a code that cannot be used is answered like an unknown one.
    Own,
}

/// A reference to an invite: its id and its names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteRef {
    /// The invite's id.
    pub id: InviteId,
    /// The label that staff gave it.
    pub label: Option<Label>,
    /// Invite code; `None` for those who may not read it, and once the invite is deleted.
    pub code: Option<InviteCode>,
}

impl InviteRef {
    /// Its label, or else its code, or else "Unnamed invite".
    #[must_use]
    pub fn title(&self) -> &str {
        title(self.label.as_ref(), self.code.as_ref())
    }
}

/// The label, or else the code, or else "Unnamed invite".
pub(crate) fn title<'a>(label: Option<&'a Label>, code: Option<&'a InviteCode>) -> &'a str {
    match (label, code) {
        (Some(label), _) => label.as_str(),
        (None, Some(code)) => code.as_str(),
        (None, None) => "Unnamed invite",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_in_a_pasted_link() {
        for text in [
            "7QmX2pVd9KtR",
            "  7QmX2pVd9KtR\n",
            "https://join.example.org/inv/7QmX2pVd9KtR",
            " https://join.example.org/inv/7QmX2pVd9KtR/ ",
            "join.example.org/inv/7QmX2pVd9KtR?utm_source=mail#top",
            "https://join.example.org/inv?=7QmX2pVd9KtR",
            "https://join.example.org/inv?key=7QmX2pVd9KtR",
            "https://join.example.org/signup?utm_source=mail&inv=7QmX2pVd9KtR",
            "/signup?inv=7QmX2pVd9KtR",
        ] {
            assert_eq!(InviteCode::pasted(text), InviteCode::parse("7QmX2pVd9KtR").ok(), "{text}");
        }
        for text in
            ["", "/", "open evening", "https://join.example.org/other", "https://join.example.org/inv/", "//?=&inv="]
        {
            assert_eq!(InviteCode::pasted(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_is_never_shown_by_debug() {
        assert_eq!(format!("{:?}", InviteCode::parse("7QmX2pVd9KtR").unwrap()), "InviteCode(…)");
    }
}
