//! How hard passwords are to guess.

use serde::{Deserialize, Serialize};

use crate::string_enum::string_enum;

/// How hard a password is to guess: the five scores of zxcvbn, by the number of guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Fewer than 10^3.
    VeryWeak,
    /// Fewer than 10^6.
    Weak,
    /// Fewer than 10^8.
    Fair,
    /// Fewer than 10^10. The least that a new password needs.
    Strong,
    /// More.
    VeryStrong,
}

string_enum!(Strength { VeryWeak = "very_weak", Weak = "weak", Fair = "fair", Strong = "strong", VeryStrong = "very_strong" });

impl Strength {
    /// The least that a new password needs.
    pub const NEEDED: Self = Self::Strong;

    /// The score, from 0 to [`Self::MAX_SCORE`].
    #[must_use]
    pub const fn score(self) -> u8 {
        self as u8
    }

    /// The highest score.
    pub const MAX_SCORE: u8 = Self::VeryStrong as u8;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_of_zxcvbn() {
        assert_eq!(Strength::ALL.map(Strength::score), [0, 1, 2, 3, 4]);
        assert_eq!(Strength::NEEDED.score(), 3);
        assert_eq!(Strength::MAX_SCORE, 4);
    }
}
