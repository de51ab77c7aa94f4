//! Enums whose variants are written as fixed strings in JSON, in the database and in URLs.

/// Implements `ALL`, `as_str`, `Display` and `FromStr` for an enum. `FromStr` returns an error that lists every
/// accepted string. `ALL` has the order in which the variants are given here; the interface shows them in that order.
///
/// The strings must equal those of serde (`rename_all = "snake_case"`, or `rename`); a test in this file checks this.
macro_rules! string_enum {
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $name {
            /// Every variant.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$variant),+];

            /// The string used in JSON, in the database and in URLs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
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

/// The variant whose string is `text`.
///
/// # Errors
/// A sentence that lists every accepted string.
pub(crate) fn find<T: Copy, const N: usize>(
    all: [T; N],
    as_str: fn(T) -> &'static str,
    text: &str,
) -> Result<T, crate::text::ParseError> {
    all.into_iter()
        .find(|variant| as_str(*variant) == text)
        .ok_or_else(|| crate::text::ParseError(format!("Choose one of {}.", all.map(as_str).join(", "))))
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use crate::access::Permission;
    use crate::accounts::{AccountStatus, Role, Strength};
    use crate::applications::{ClientType, SigningAlgorithm, SubjectType};
    use crate::audit::OriginatorKind;
    use crate::endings::EndsSoon;
    use crate::events::{Action, SubjectKind};
    use crate::flows::{AskedMembers, FieldType};
    use crate::invitations::{InvitationStatus, MailingMode};
    use crate::invites::{InviteSort, InviteStatus, QuotaPeriod};
    use crate::mail::{Encryption, MailKind, MailStatus};
    use crate::outbox::DeliveryStatus;
    use crate::redemptions::RedemptionKind;
    use crate::settings::{DefaultRole, RegistrationMode};
    use crate::webhooks::EventType;

    fn check<T>(all: impl IntoIterator<Item = T>, as_str: fn(T) -> &'static str)
    where
        T: Copy + PartialEq + std::fmt::Debug + Serialize + std::str::FromStr<Err: std::fmt::Debug>,
    {
        for variant in all {
            assert_eq!(serde_json::to_value(variant).unwrap(), as_str(variant));
            assert_eq!(as_str(variant).parse::<T>().unwrap(), variant);
        }
    }

    #[test]
    fn as_str_equals_the_json_value() {
        check(AccountStatus::ALL, AccountStatus::as_str);
        check(EndsSoon::ALL, EndsSoon::as_str);
        check(DefaultRole::ALL, DefaultRole::as_str);
        check(InviteSort::ALL, InviteSort::as_str);
        check(InviteStatus::ALL, InviteStatus::as_str);
        check(QuotaPeriod::ALL, QuotaPeriod::as_str);
        check(RedemptionKind::ALL, RedemptionKind::as_str);
        check(RegistrationMode::ALL, RegistrationMode::as_str);
        check(Permission::ALL, Permission::as_str);
        check(Role::ALL, Role::as_str);
        check(Strength::ALL, Strength::as_str);
        check(ClientType::ALL, ClientType::as_str);
        check(SigningAlgorithm::ALL, SigningAlgorithm::as_str);
        check(SubjectType::ALL, SubjectType::as_str);
        check(DeliveryStatus::ALL, DeliveryStatus::as_str);
        check(Encryption::ALL, Encryption::as_str);
        check(MailKind::ALL, MailKind::as_str);
        check(MailingMode::ALL, MailingMode::as_str);
        check(InvitationStatus::ALL, InvitationStatus::as_str);
        check(MailStatus::ALL, MailStatus::as_str);
        check(EventType::ALL, EventType::as_str);
        check(FieldType::ALL, FieldType::as_str);
        check(AskedMembers::ALL, AskedMembers::as_str);
        check(Action::ALL, Action::as_str);
        check(SubjectKind::ALL, SubjectKind::as_str);
        check(OriginatorKind::ALL, OriginatorKind::as_str);
    }

    #[test]
    fn an_unknown_string_is_refused_with_the_accepted_ones() {
        assert_eq!("owners".parse::<Role>().unwrap_err().0, "Choose one of user, moderator, admin, owner.");
    }
}
