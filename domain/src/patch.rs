//! One field of a partial update.

use serde::{Deserialize, Deserializer};

/// What a partial update does to one field (RFC 7396, JSON merge patch): an absent member keeps the value, `null`
/// clears it, anything else replaces it. Use with `#[serde(default)]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Leave the value as it is.
    #[default]
    Keep,
    /// Remove the value.
    Clear,
    /// Replace the value.
    Set(T),
}

impl<T> Patch<T> {
    /// The value after the update, when it was `current` before.
    pub fn apply(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The same update with its value parsed; a value that does not parse is kept out and reported by `parse`.
    pub fn and_then<U>(self, parse: impl FnOnce(T) -> Option<U>) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => parse(value).map_or(Patch::Keep, Patch::Set),
        }
    }
}

impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Update {
        #[serde(default)]
        label: Patch<String>,
    }

    #[test]
    fn absent_keeps_null_clears_a_value_sets() {
        let read = |json| serde_json::from_str::<Update>(json).unwrap().label;
        assert_eq!(read("{}").apply(Some("old".into())), Some("old".into()));
        assert_eq!(read(r#"{"label":null}"#).apply(Some("old".into())), None);
        assert_eq!(read(r#"{"label":"new"}"#).apply(Some("old".into())), Some("new".into()));
    }
}
