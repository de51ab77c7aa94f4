//! The code that a member copies from a device (RFC 8628).

/// The code that a device shows and a member enters: 8 characters of [`UserCode::ALPHABET`], in two halves.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    /// Letters without vowels, so that no code is a word, and without those that are taken for others (RFC 8628, section 6.1).
    pub const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
    /// The number of characters: 34.5 bits.
    pub const LENGTH: usize = 8;

    /// Parses a code as typed, in upper or lower case, with or without the hyphen and spaces. `None` if it can't be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 4 * Self::LENGTH {
            return None;
        }
        let code: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        Self::stored(code)
    }

    /// The code of these characters; `None` if one is not of the alphabet, or the number is another.
    #[must_use]
    pub fn stored(code: String) -> Option<Self> {
        let fits = code.len() == Self::LENGTH && code.bytes().all(|b| Self::ALPHABET.contains(&b));
        fits.then_some(Self(code))
    }

    /// The characters alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// As it is shown: `BCDF-GHJK`.
    #[must_use]
    pub fn grouped(&self) -> String {
        let (first, second) = self.0.split_at(Self::LENGTH / 2);
        format!("{first}-{second}")
    }
}

impl std::fmt::Debug for UserCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in ["BCDF-GHJK", "bcdfghjk", " bcdf ghjk ", "B-C-D-F-G-H-J-K"] {
            assert_eq!(UserCode::parse(typed).unwrap().grouped(), "BCDF-GHJK", "{typed}");
        }
        for wrong in
            ["", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCDF_GHJK", "1CDF-GHJK", "ßCDF-GHJK", &"B ".repeat(40)]
        {
            assert!(UserCode::parse(wrong).is_none(), "{wrong}");
        }
        assert_eq!(format!("{:?}", UserCode::parse("BCDF-GHJK").unwrap()), "UserCode(…)");
    }
}
