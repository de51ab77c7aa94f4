//! Numbers that people enter: decimal, exact.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::ParseError;

/// A decimal number of at most 11 digits before the point and 4 after it. These are 15 digits, as many as every program that
/// reads JSON or YAML keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(i64);

impl Number {
    /// The most digits after the point.
    pub const MAX_DECIMALS: usize = 4;
    /// The most digits before the point.
    const MAX_DIGITS: usize = 11;
    const ONE: i64 = 10_000;

    /// Parses a number as typed, such as `-1.5`; outer white space is dropped.
    ///
    /// # Errors
    /// When it is no number, or has too many digits.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::read(text.trim()).ok_or_else(|| {
            let (digits, decimals) = (Self::MAX_DIGITS, Self::MAX_DECIMALS);
            ParseError(format!("Enter a number of at most {digits} digits, and {decimals} after the point."))
        })
    }

    fn read(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_digits =
            |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let whole = match whole.trim_start_matches('0') {
            "" if !whole.is_empty() => "0",
            whole => whole,
        };
        if !is_digits(whole, Self::MAX_DIGITS) || !is_digits(part, Self::MAX_DECIMALS) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let part: i64 = format!("{part:0<4}").parse().ok()?;
        Some(Self(sign * (whole * Self::ONE + part)))
    }

    /// Digits after the point.
    #[must_use]
    pub const fn decimals(self) -> usize {
        let (mut part, mut decimals) = (self.0 % Self::ONE, 0);
        while part != 0 {
            part = part * 10 % Self::ONE;
            decimals += 1;
        }
        decimals
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let one = Self::ONE.unsigned_abs();
        write!(f, "{sign}{}", size / one)?;
        let part = format!("{:04}", size % one);
        match part.trim_end_matches('0') {
            "" => Ok(()),
            part => write!(f, ".{part}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_decimal_and_exact() {
        for (typed, number, decimals) in [
            ("0", "0", 0),
            (" 12 ", "12", 0),
            ("-0", "0", 0),
            ("007", "7", 0),
            ("1.50", "1.5", 1),
            ("-0.05", "-0.05", 2),
            ("99999999999.9999", "99999999999.9999", 4),
        ] {
            let parsed = Number::parse(typed).unwrap();
            assert_eq!((parsed.to_string().as_str(), parsed.decimals()), (number, decimals), "{typed}");
        }
        for bad in ["", "-", ".", "1.", ".5", "+1", "1,5", "1e3", "١", "0x1", "1.00000", "100000000000", "--1", "1.-5"]
        {
            assert!(Number::parse(bad).is_err(), "{bad}");
        }
        let parse = |text| Number::parse(text).unwrap();
        assert!(parse("-2") < parse("-1.5") && parse("9") < parse("10"));
    }

    proptest::proptest! {
        #[test]
        fn a_number_reads_back(number in -999_999_999_999_999_i64..=999_999_999_999_999) {
            let number = Number(number);
            proptest::prop_assert_eq!(Number::parse(&number.to_string()), Ok(number));
        }

        #[test]
        fn the_parser_never_panics(text in "[-+0-9. ,e]{0,20}|.*") {
            let _ = Number::parse(&text);
        }
    }
}
