//! Enums whose variants are words: in JSON, in the database, in an address.

/// Gives an enum its words: `ALL`, `as_str`, `Display`, and `FromStr`, which refuses anything else by naming all of them.
/// `ALL` has the order in which they are given: the order people look for them.
///
/// The words are those of `#[serde(rename_all = "snake_case")]`; a test in this file holds the two together.
macro_rules! string_enum {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// Every one there is.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The word as it stands in JSON, in the database and in addresses.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::text::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::string_enum::find(Self::ALL, Self::as_str, text)
            }
        }
    };
}

pub(crate) use string_enum;

/// The one whose word is `text`.
pub(crate) fn find<T: Copy, const N: usize>(
    all: [T; N],
    word: fn(T) -> &'static str,
    text: &str,
) -> Result<T, crate::text::ParseError> {
    all.into_iter()
        .find(|one| word(*one) == text)
        .ok_or_else(|| crate::text::ParseError(format!("Choose one of {}.", all.map(word).join(", "))))
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use crate::accounts::{AccountStatus, Role};
    use crate::invites::{InviteSort, InviteStatus};
    use crate::keys::KeyScope;
    use crate::redemptions::RedemptionKind;
    use crate::settings::{DefaultRole, RegistrationMode};

    fn check<T>(all: impl IntoIterator<Item = T>, word: fn(T) -> &'static str)
    where
        T: Copy + PartialEq + std::fmt::Debug + Serialize + std::str::FromStr<Err: std::fmt::Debug>,
    {
        for one in all {
            assert_eq!(serde_json::to_value(one).unwrap(), word(one));
            assert_eq!(word(one).parse::<T>().unwrap(), one);
        }
    }

    #[test]
    fn json_and_the_address_say_the_same() {
        check(AccountStatus::ALL, AccountStatus::as_str);
        check(DefaultRole::ALL, DefaultRole::as_str);
        check(InviteSort::ALL, InviteSort::as_str);
        check(InviteStatus::ALL, InviteStatus::as_str);
        check(KeyScope::ALL, KeyScope::as_str);
        check(RedemptionKind::ALL, RedemptionKind::as_str);
        check(RegistrationMode::ALL, RegistrationMode::as_str);
        check(Role::ALL, Role::as_str);
    }

    #[test]
    fn an_unknown_word_is_refused_by_naming_the_known_ones() {
        assert_eq!("owners".parse::<Role>().unwrap_err().0, "Choose one of user, moderator, admin, owner.");
    }
}
