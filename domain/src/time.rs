//! Timestamps.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::ParseError;

/// An instant in UTC with microsecond precision, the finest that both databases store.
///
/// Serialized as RFC 3339 with a `Z`. Years 1970 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The last microsecond of the year 9999, because years in RFC 3339 have four digits.
const LAST_MICROS: i64 = 253_402_300_799_999_999;
/// The length of a day in microseconds, without leap seconds (POSIX).
const DAY_MICROS: i64 = 86_400_000_000;

impl Timestamp {
    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z, clamped to the years 1970 to 9999.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        if micros < 0 {
            Self(0)
        } else if micros > LAST_MICROS {
            Self(LAST_MICROS)
        } else {
            Self(micros)
        }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, as used by JavaScript and UUID version 7.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0 / 1_000
    }

    /// The day of the instant: whole days since 1970-01-01, in UTC.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0 / DAY_MICROS
    }

    /// The first instant of `day`, a number of days since 1970-01-01, clamped to the years 1970 to 9999.
    #[must_use]
    pub const fn from_day(day: i64) -> Self {
        Self::from_micros(day.saturating_mul(DAY_MICROS))
    }

    /// Parses RFC 3339, or the value of `<input type="datetime-local">` as UTC. `None` if the text is neither, or is
    /// outside the years 1970 to 9999.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let rfc3339 = |text: &str| DateTime::parse_from_rfc3339(text).ok();
        let instant =
            rfc3339(text).or_else(|| rfc3339(&format!("{text}:00Z"))).or_else(|| rfc3339(&format!("{text}Z")))?;
        let micros = instant.timestamp_micros();
        (0..=LAST_MICROS).contains(&micros).then_some(Self(micros))
    }

    /// The instant `duration` later, at most the end of the year 9999.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(LAST_MICROS);
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// The instant `duration` earlier, at least 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(LAST_MICROS);
        Self::from_micros(self.0.saturating_sub(micros))
    }

    /// The instant as a `chrono` date and time, for formatting.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// The instant in RFC 3339, such as `2026-11-21T10:00:00Z`. The fraction has 0, 3 or 6 digits, as few as the value
    /// needs.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not an RFC 3339 timestamp of the years 1970 to 9999"))
    }
}

impl FromStr for Timestamp {
    type Err = ParseError;

    /// [`Timestamp::parse`], with a sentence that says what to enter.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or_else(|| ParseError("Enter a date and time like 2027-03-01T18:00:00Z.".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_rfc3339_with_an_offset() {
        let at = Timestamp::parse("2026-11-21T12:00:00.1234567+02:00").unwrap();
        assert_eq!(at.to_rfc3339(), "2026-11-21T10:00:00.123456Z");
    }

    #[test]
    fn parses_the_value_of_a_datetime_local_input() {
        assert_eq!(Timestamp::parse("2026-11-21T10:00").unwrap().to_rfc3339(), "2026-11-21T10:00:00Z");
    }

    #[test]
    fn refuses_other_text_and_years_outside_the_range() {
        for bad in ["", "tomorrow", "2026-13-01T00:00:00Z", "1969-12-31T23:59:59Z", "+12026-01-01T00:00:00Z"] {
            assert_eq!(Timestamp::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn arithmetic_stays_within_the_range_of_years() {
        let last = Timestamp::from_micros(i64::MAX);
        assert_eq!(last.plus(Duration::from_secs(1)), last);
        assert!(last.to_rfc3339().starts_with("9999-12-31T23:59:59"));
        assert_eq!(Timestamp::from_micros(5).minus(Duration::MAX), Timestamp::from_micros(0));
    }

    #[test]
    fn a_day_begins_at_midnight_utc() {
        let at = Timestamp::parse("2026-11-21T23:59:59.999999Z").unwrap();
        assert_eq!(Timestamp::from_day(at.day()).to_rfc3339(), "2026-11-21T00:00:00Z");
        assert_eq!(Timestamp::from_micros(at.as_micros() + 1).day(), at.day() + 1);
    }

    proptest::proptest! {
        #[test]
        fn round_trips_through_json(micros in 0..LAST_MICROS) {
            let at = Timestamp::from_micros(micros);
            let json = serde_json::to_string(&at).unwrap();
            proptest::prop_assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), at);
        }

        #[test]
        fn the_parser_never_panics(text in ".*") {
            let _ = Timestamp::parse(&text);
        }
    }
}
