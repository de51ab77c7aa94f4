//! Dates that people enter, and their bounds.

use std::fmt;
use std::time::Duration;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::text::ParseError;
use crate::time::Timestamp;

/// A day of the years 1000 to 9999, without a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(NaiveDate);

impl Date {
    /// Parses a day as `YYYY-MM-DD`, which is the value of `<input type="date">`; outer white space is dropped.
    ///
    /// # Errors
    /// When there is no such day, or the text has another form.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::read(text.trim()).ok_or_else(|| ParseError("Enter a date like 2027-03-31.".to_owned()))
    }

    fn read(text: &str) -> Option<Self> {
        let is_date = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
        if !is_date {
            return None;
        }
        let year = text[..4].parse().ok().filter(|year| *year >= 1_000)?;
        NaiveDate::from_ymd_opt(year, text[5..7].parse().ok()?, text[8..].parse().ok()?).map(Self)
    }

    /// The same day `years` years earlier; of 29 February, where there is none, 28 February.
    fn years_ago(self, years: u8) -> Self {
        let year = self.0.year() - i32::from(years);
        Self(self.0.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)).unwrap_or(self.0))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for Date {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

/// The first or the last day that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DateBound {
    /// A day.
    Day(Date),
    /// As many years before today, at most [`DateBound::MAX_YEARS`]; 0 is today.
    YearsAgo(u8),
}

impl DateBound {
    /// The most years before today.
    pub const MAX_YEARS: u8 = 150;

    /// Parses a bound as typed: a day, `today`, or `18 years ago`.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let years = |text: &str| {
            let years = text.strip_suffix(" years ago").or_else(|| text.strip_suffix(" year ago"))?;
            years.trim().parse().ok().filter(|years| (1..=Self::MAX_YEARS).contains(years)).map(Self::YearsAgo)
        };
        match text {
            "today" => Ok(Self::YearsAgo(0)),
            _ => years(text)
                .or_else(|| Date::read(text).map(Self::Day))
                .ok_or_else(|| ParseError("Enter a date like 2027-03-31, today, or 18 years ago.".to_owned())),
        }
    }

    /// The first day that is allowed, where this is the earliest: today is where the day is earliest, in UTC-12.
    #[must_use]
    pub fn first_day(self, now: Timestamp) -> Date {
        self.on(now.minus(Duration::from_hours(12)))
    }

    /// The last day that is allowed, where this is the latest: today is where the day is latest, in UTC+14.
    #[must_use]
    pub fn last_day(self, now: Timestamp) -> Date {
        self.on(now.plus(Duration::from_hours(14)))
    }

    fn on(self, today: Timestamp) -> Date {
        match self {
            Self::Day(date) => date,
            Self::YearsAgo(years) => Date(today.to_utc().date_naive()).years_ago(years),
        }
    }
}

impl fmt::Display for DateBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => date.fmt(f),
            Self::YearsAgo(0) => f.write_str("today"),
            Self::YearsAgo(1) => f.write_str("1 year ago"),
            Self::YearsAgo(years) => write!(f, "{years} years ago"),
        }
    }
}

impl TryFrom<String> for DateBound {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<DateBound> for String {
    fn from(bound: DateBound) -> Self {
        bound.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        for good in ["1999-12-31", " 2028-02-29 ", "1000-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(good).unwrap().to_string(), good.trim());
        }
        for bad in [
            "",
            "2027-02-29",
            "2027-2-1",
            "27-02-01",
            "0999-01-01",
            "2027/02/01",
            "+202-01-01",
            "2027-02-01T",
            "２０27-1",
        ] {
            assert!(Date::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn bounds_may_move_with_the_day() {
        let at = |text| Timestamp::parse(text).unwrap();
        let bound = |text| DateBound::parse(text).unwrap();
        for text in ["today", "1 year ago", "18 years ago", "2027-03-31"] {
            assert_eq!(bound(text).to_string(), text);
        }
        for bad in ["", "tomorrow", "0 years ago", "151 years ago", "-1 years ago", "years ago", "2027"] {
            assert!(DateBound::parse(bad).is_err(), "{bad}");
        }
        let noon = at("2028-02-29T11:00:00Z");
        assert_eq!(bound("today").first_day(noon).to_string(), "2028-02-28", "where the day is earliest");
        assert_eq!(bound("today").last_day(noon).to_string(), "2028-03-01", "where it is latest");
        let morning = at("2028-02-29T09:00:00Z");
        assert_eq!(bound("18 years ago").last_day(morning).to_string(), "2010-02-28");
        assert_eq!(bound("2020-01-01").first_day(noon).to_string(), "2020-01-01");
    }

    proptest::proptest! {
        #[test]
        fn the_parsers_never_panic(text in "[0-9-]{0,12}|[0-9]{0,4} years? ago|.*", micros in proptest::num::i64::ANY) {
            let _ = Date::parse(&text);
            if let Ok(bound) = DateBound::parse(&text) {
                proptest::prop_assert_eq!(DateBound::parse(&bound.to_string()), Ok(bound));
                let now = Timestamp::from_micros(micros);
                proptest::prop_assert!(bound.first_day(now) <= bound.last_day(now));
            }
        }
    }
}
