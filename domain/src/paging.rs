//! Keyset paging: a page starts after a row and not at an offset, so that every page costs the same.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::string_enum::string_enum;
use crate::text::ParseError;

/// The number of rows of a page: 1 to 200, by default 50.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Limit(u16);

impl Limit {
    /// The largest page.
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

/// The direction in which to read from a [`Cursor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The rows after the cursor, in list order.
    Next,
    /// The rows before the cursor, in list order.
    Previous,
}

/// A position in a list: the sort value and the id of a row, and the direction to read.
///
/// Written as `n` or `p` and 48 hexadecimal digits. Opaque to callers. Contains only values that the row itself shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    /// The direction to read.
    pub direction: Direction,
    /// The row's value in the sort column.
    pub key: i64,
    /// The row's id, which breaks ties.
    pub id: Uuid,
}

impl Cursor {
    /// Why a cursor is refused: it was not made by a list, or its row is gone.
    #[must_use]
    pub fn invalid() -> ParseError {
        ParseError("This cursor is not valid. Start again from the first page.".to_owned())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = match self.direction {
            Direction::Next => 'n',
            Direction::Previous => 'p',
        };
        write!(f, "{direction}{:016x}{}", self.key.cast_unsigned(), self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let direction = match text.as_bytes().first() {
            Some(b'n') => Direction::Next,
            Some(b'p') => Direction::Previous,
            _ => return Err(Self::invalid()),
        };
        let (key, id) = text.get(1..17).zip(text.get(17..)).ok_or_else(Self::invalid)?;
        if id.len() != 32 || !key.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(Self::invalid());
        }
        let key = u64::from_str_radix(key, 16).map_err(|_| Self::invalid())?.cast_signed();
        let id = Uuid::try_parse(id).map_err(|_| Self::invalid())?;
        Ok(Self { direction, key, id })
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

/// Direction of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Least or earliest first.
    #[serde(rename = "asc")]
    Ascending,
    /// Most or latest first.
    #[default]
    #[serde(rename = "desc")]
    Descending,
}

string_enum!(Order { Ascending = "asc", Descending = "desc" });

impl Order {
    /// The other direction.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// The start and the length of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// The start of the page; `None` means the start of the list.
    #[serde(default)]
    pub cursor: Option<Cursor>,
    /// The maximum number of rows.
    #[serde(default)]
    pub limit: Limit,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The cursor of the next page, if there is one.
    pub next_cursor: Option<Cursor>,
    /// The cursor of the previous page, if there is one.
    pub previous_cursor: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page without rows.
    #[must_use]
    pub const fn empty() -> Self {
        Self { items: Vec::new(), next_cursor: None, previous_cursor: None }
    }

    /// The same page with `f` applied to each row.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next_cursor: self.next_cursor,
            previous_cursor: self.previous_cursor,
        }
    }
}

/// A number of rows, counted up to a bound so that the cost does not grow with the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The number of rows, at most [`Count::BOUND`].
    pub counted: u32,
    /// Whether there are more rows than [`Count::BOUND`].
    pub more: bool,
}

impl Count {
    /// The largest number that is counted.
    pub const BOUND: u32 = 1_000;
    /// The largest number that is counted where it is shown on every page.
    pub const FEW: u32 = 99;

    /// The count for `rows`, the result of a query limited to [`Count::BOUND`] + 1 rows.
    #[must_use]
    pub fn from_rows(rows: u64) -> Self {
        Self::up_to(Self::BOUND, rows)
    }

    /// The count for `rows`, the result of a query limited to `bound` + 1 rows.
    #[must_use]
    pub fn up_to(bound: u32, rows: u64) -> Self {
        let counted = u32::try_from(rows).unwrap_or(u32::MAX);
        Self { counted: counted.min(bound), more: counted > bound }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::thousands(self.counted))?;
        f.write_str(if self.more { "+" } else { "" })
    }
}

/// The numbers of rows of a list, by status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts<S> {
    /// The rows of the list if it is not filtered.
    pub all: Count,
    /// The rows of each status.
    pub by_status: Vec<(S, Count)>,
}

impl<S: Copy + PartialEq> Counts<S> {
    /// The number of rows of the list filtered by `status`.
    #[must_use]
    pub fn of(&self, status: Option<S>) -> Option<Count> {
        match status {
            None => Some(self.all),
            Some(status) => self.by_status.iter().find(|(one, _)| *one == status).map(|(_, count)| *count),
        }
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
    fn a_count_above_the_bound_ends_with_a_plus_sign() {
        assert_eq!(Count::from_rows(7).to_string(), "7");
        assert_eq!(Count::from_rows(1_000).to_string(), "1,000");
        assert_eq!(Count::from_rows(1_001).to_string(), "1,000+");
    }

    proptest::proptest! {
        #[test]
        fn a_cursor_round_trips_through_its_text(key: i64, id: u128, back: bool) {
            let direction = if back { Direction::Previous } else { Direction::Next };
            let cursor = Cursor { direction, key, id: Uuid::from_u128(id) };
            proptest::prop_assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        }

        #[test]
        fn an_invalid_cursor_is_refused_without_a_panic(text in ".{0,80}") {
            if let Ok(cursor) = text.parse::<Cursor>() {
                proptest::prop_assert_eq!(cursor.to_string(), text.to_lowercase());
            }
        }
    }
}
