//! One field of a partial update.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

/// Change of one field (RFC 7396, JSON merge patch): an absent member keeps the value, `null` clears it, anything else
/// replaces it.
///
/// Serde writes and reads all three if the field has `#[serde(default, skip_serializing_if = "Patch::is_keep")]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Leaves the value as it is.
    #[default]
    Keep,
    /// Removes the value.
    Clear,
    /// Replaces the value.
    Set(T),
}

impl<T> Patch<T> {
    /// The value after the change, when it was `current` before.
    pub fn apply(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The same change with its value parsed; a value that does not parse is kept out and reported by `parse`.
    pub fn and_then<U>(self, parse: impl FnOnce(T) -> Option<U>) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => parse(value).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// The value it sets, if it sets one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Keep | Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Whether it leaves the value as it is.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl Patch<String> {
    /// The same change of a text, where an emptied input clears, as `null` does.
    #[must_use]
    pub fn unless_blank(self) -> Self {
        match self {
            Self::Set(text) if text.trim().is_empty() => Self::Clear,
            text => text,
        }
    }
}

impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep => {
                Err(ser::Error::custom("a field that is kept is absent: skip_serializing_if = \"Patch::is_keep\""))
            }
            Self::Clear => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
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

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Update {
        #[serde(default, skip_serializing_if = "Patch::is_keep")]
        label: Patch<String>,
    }

    #[test]
    fn absent_keeps_null_clears_a_value_sets() {
        let read = |json| serde_json::from_str::<Update>(json).unwrap().label;
        assert_eq!(read("{}").apply(Some("old".into())), Some("old".into()));
        assert_eq!(read(r#"{"label":null}"#).apply(Some("old".into())), None);
        assert_eq!(read(r#"{"label":"new"}"#).apply(Some("old".into())), Some("new".into()));
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for json in ["{}", r#"{"label":null}"#, r#"{"label":"new"}"#] {
            let update: Update = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&update).unwrap(), json);
        }
        assert!(serde_json::to_string(&Patch::<i64>::Keep).is_err(), "written alone it would clear the field");
    }
}
