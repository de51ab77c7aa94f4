//! Keyset paging: a page starts after a row, never at an offset, so that page one million costs what page one does.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::text::ParseError;

/// How many rows a page holds: 1 to 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Limit(u16);

impl Limit {
    /// The most rows a page can hold.
    pub const MAX: Self = Self(200);

    /// The number of rows.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u64> for Limit {
    type Error = ParseError;

    fn try_from(rows: u64) -> Result<Self, Self::Error> {
        match u16::try_from(rows) {
            Ok(rows @ 1..=200) => Ok(Self(rows)),
            _ => Err(ParseError("A page has 1 to 200 rows.".to_owned())),
        }
    }
}

impl From<Limit> for u64 {
    fn from(limit: Limit) -> Self {
        limit.0.into()
    }
}

impl FromStr for Limit {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<u64>().map_or(Err(ParseError("A page has 1 to 200 rows.".to_owned())), Self::try_from)
    }
}

/// Which way to read from a [`Cursor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    /// The rows that follow in the list's order.
    Next,
    /// The rows that stand before, still shown in the list's order.
    Previous,
}

/// A place between two rows: the sort value and the id of the row beside it.
///
/// Written as 50 hexadecimal digits behind `n` or `p`. Opaque to callers; it says nothing a row does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    /// Which way to read.
    pub towards: Towards,
    /// The row's value in the column the list is sorted by.
    pub key: i64,
    /// The row's id, which breaks ties.
    pub id: Uuid,
}

impl Cursor {
    fn refused() -> ParseError {
        ParseError("This cursor is broken. Start again from the first page.".to_owned())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let towards = match self.towards {
            Towards::Next => 'n',
            Towards::Previous => 'p',
        };
        write!(f, "{towards}{:016x}{}", self.key.cast_unsigned(), self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let towards = match text.as_bytes().first() {
            Some(b'n') => Towards::Next,
            Some(b'p') => Towards::Previous,
            _ => return Err(Self::refused()),
        };
        let (key, id) = text.get(1..17).zip(text.get(17..)).ok_or_else(Self::refused)?;
        if id.len() != 32 || !key.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(Self::refused());
        }
        let key = u64::from_str_radix(key, 16).map_err(|_| Self::refused())?.cast_signed();
        let id = Uuid::try_parse(id).map_err(|_| Self::refused())?;
        Ok(Self { towards, key, id })
    }
}

impl TryFrom<String> for Cursor {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

/// Where a page starts and how long it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// From where; the list's beginning if absent.
    #[serde(default)]
    pub cursor: Option<Cursor>,
    /// How many rows.
    #[serde(default)]
    pub limit: Limit,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Leads to the rows after these, if there are any.
    pub next_cursor: Option<Cursor>,
    /// Leads to the rows before these, if there are any.
    pub previous_cursor: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page with nothing on it.
    #[must_use]
    pub const fn empty() -> Self {
        Self { items: Vec::new(), next_cursor: None, previous_cursor: None }
    }

    /// The same page with each row changed by `f`.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next_cursor: self.next_cursor,
            previous_cursor: self.previous_cursor,
        }
    }
}

/// A number that is not counted further than a bound, because counting a million rows helps nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many, at most [`Count::BOUND`].
    pub counted: u32,
    /// Whether there are more than that.
    pub more: bool,
}

impl Count {
    /// How far is counted.
    pub const BOUND: u32 = 1_000;

    /// A count from what a query bounded to one more than [`Count::BOUND`] rows found.
    #[must_use]
    pub fn from_rows(rows: u64) -> Self {
        let counted = u32::try_from(rows).unwrap_or(u32::MAX);
        Self { counted: counted.min(Self::BOUND), more: counted > Self::BOUND }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::thousands(self.counted))?;
        f.write_str(if self.more { "+" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_1_to_200() {
        assert!(Limit::try_from(0).is_err());
        assert!(Limit::try_from(201).is_err());
        assert!(Limit::try_from(u64::MAX).is_err());
        assert_eq!(Limit::try_from(200).unwrap(), Limit::MAX);
        assert!("-1".parse::<Limit>().is_err());
    }

    #[test]
    fn a_count_says_when_it_stopped() {
        assert_eq!(Count::from_rows(7).to_string(), "7");
        assert_eq!(Count::from_rows(1_000).to_string(), "1,000");
        assert_eq!(Count::from_rows(1_001).to_string(), "1,000+");
    }

    proptest::proptest! {
        #[test]
        fn a_cursor_survives_the_url(key: i64, id: u128, back: bool) {
            let towards = if back { Towards::Previous } else { Towards::Next };
            let cursor = Cursor { towards, key, id: Uuid::from_u128(id) };
            proptest::prop_assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        }

        #[test]
        fn a_broken_cursor_is_refused_not_a_panic(text in ".{0,80}") {
            if let Ok(cursor) = text.parse::<Cursor>() {
                proptest::prop_assert_eq!(cursor.to_string(), text.to_lowercase());
            }
        }
    }
}
