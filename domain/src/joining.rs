//! Joining the groups of an invite with an account that one has already, and asking its author where the invite does not let
//! one.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::accounts::{AccountRef, Email};
use crate::applications::ApplicationRef;
use crate::groups::GroupRef;
use crate::ids::{ApplicationId, GroupId, JoinRequestId};
use crate::invites::{InviteRef, InviteStatus, Terms};
use crate::string_enum::string_enum;
use crate::text::{GroupName, WelcomeText};
use crate::time::Timestamp;

/// The most requests of one account that wait for an answer.
pub const MAX_OPEN_REQUESTS: u64 = 10;
/// The time after which somebody whose request was dismissed may ask again.
pub const ASK_AGAIN_AFTER: Duration = Duration::from_hours(7 * 24);
/// The most requests that the overview shows, of whatever kind.
pub const MAX_SHOWN_REQUESTS: u64 = 3;

/// Why an invite does not let somebody who has an account join its groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotAdmitted {
    /// Existing members may not use it.
    NewMembersOnly,
    /// An admin approves each account that it creates. There is nothing to approve about one that exists, so that its author
    /// decides.
    NeedsApproval,
    /// It is for other e-mail addresses.
    OtherAddress,
    /// The account used it before and has left a group since, or the groups were changed: one use is all there is.
    UsedBefore,
}

impl NotAdmitted {
    /// A sentence for the one who holds the invite. It does not name an address.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NewMembersOnly => "This invite is for new members only.",
            Self::NeedsApproval => "This invite is for new members, whom an admin approves.",
            Self::OtherAddress => "This invite is for another e-mail address than that of your account.",
            Self::UsedBefore => "You have used this invite before.",
        }
    }
}

/// What an invite is to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It gives no groups.
    NothingToJoin,
    /// The account is in all of its groups.
    IsInAll,
    /// The account may join.
    MayJoin,
    /// The account may ask the author.
    NotAdmitted(NotAdmitted),
}

impl Standing {
    /// What an invite with these terms, which can be used, is to an account with this address that is in the groups `is_in`
    /// and has used the invite before or not. `is_selective` says whether [somebody decides](crate::flows::Flow::is_selective)
    /// about some of those who sign up with its flow.
    #[must_use]
    pub fn of(terms: &Terms, email: &Email, is_in: &[GroupId], has_used: bool, is_selective: bool) -> Self {
        if terms.groups.is_empty() {
            Self::NothingToJoin
        } else if terms.groups.iter().all(|group| is_in.contains(group)) {
            Self::IsInAll
        } else if has_used {
            Self::NotAdmitted(NotAdmitted::UsedBefore)
        } else if !terms.existing_members {
            Self::NotAdmitted(NotAdmitted::NewMembersOnly)
        } else if terms.approval || is_selective {
            Self::NotAdmitted(NotAdmitted::NeedsApproval)
        } else if terms.admits(email).is_err() {
            Self::NotAdmitted(NotAdmitted::OtherAddress)
        } else {
            Self::MayJoin
        }
    }
}

/// When the memberships end of an existing member who joins now; `None` is never. The end of accounts that an invite creates
/// is that of the memberships, too: an account that existed before is not ended by an invite.
#[must_use]
pub fn memberships_end(terms: &Terms, now: Timestamp) -> Option<Timestamp> {
    terms.ends.map(|ends| ends.after(now))
}

/// An invite as it is shown to somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinOffer {
    /// The display name of the account that created it.
    pub invited_by: String,
    /// Its groups.
    pub groups: Vec<OfferedGroup>,
    /// What the page says, as Markdown without HTML.
    pub welcome_text: Option<WelcomeText>,
    /// When the memberships would end; `None` is never.
    pub ends_at: Option<Timestamp>,
    /// The application that people go on to.
    pub application: Option<ApplicationRef>,
    /// What it is to the account.
    pub standing: Standing,
    /// When the account used it, if it did.
    pub used_at: Option<Timestamp>,
    /// What became of the last request, if there was one that still counts.
    pub asked: Option<Asked>,
}

/// A group that an invite gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedGroup {
    /// The name.
    pub name: GroupName,
    /// Whether the account is in it.
    pub is_member: bool,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It waits for an answer.
    Open {
        /// When it was made.
        at: Timestamp,
    },
    /// It was dismissed.
    Dismissed {
        /// When another can be made.
        again_at: Timestamp,
    },
}

/// The result of looking up a code for somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinLookup {
    /// The invite can be used, or was used by the account.
    Offer(Box<JoinOffer>),
    /// A random code that exists and cannot be used now.
    Unavailable {
        /// The status of the invite; never [`InviteStatus::Active`].
        status: InviteStatus,
        /// The display name of the account that created it.
        invited_by: String,
        /// When it can be used, for [`InviteStatus::Scheduled`].
        starts_at: Option<Timestamp>,
        /// The only e-mail address that may use it, masked ([`Email::masked`]).
        email: Option<String>,
        /// Whether its author can be asked for a new link.
        may_ask: bool,
    },
    /// The code does not exist, or it is a custom code that cannot be used. The answer is the same for both.
    Unknown,
}

/// The result of joining.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The groups of the invite. The account is in each of them.
    pub groups: Vec<GroupRef>,
    /// The application that the invite leads to.
    pub application: Option<ApplicationId>,
    /// Whether the invite was used for it; not by anyone who was in all of the groups.
    pub used: bool,
}

/// Somebody's request to be added to the groups of an invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinRequest {
    /// The request's id.
    pub id: JoinRequestId,
    /// The invite.
    pub invite: InviteRef,
    /// The groups that the invite gives now.
    pub groups: Vec<GroupRef>,
    /// Who asks.
    pub account: AccountRef,
    /// When the request was made.
    pub created_at: Timestamp,
    /// What became of it.
    pub status: RequestStatus,
}

/// What became of a request of whatever kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStatus {
    /// It waits for an answer.
    Open,
    /// It was granted.
    Granted,
    /// It was dismissed.
    Dismissed,
}

string_enum!(RequestStatus { Open = "open", Granted = "granted", Dismissed = "dismissed" });

/// An answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Adds the account to the groups.
    Grant,
    /// Dismisses the request.
    Dismiss,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::accounts::EmailDomain;
    use crate::invites::{AccessEnd, AccessOf, Ends};

    #[test]
    fn an_invite_is_joined_once_by_whom_it_admits() {
        let (potters, kiln) = (GroupId(Uuid::from_u128(1)), GroupId(Uuid::from_u128(2)));
        let email = Email::parse("mateo@postbox.example").unwrap();
        let both = || Terms { groups: vec![potters, kiln], ..Terms::default() };
        let of = |terms: Terms, is_in: &[GroupId], used| Standing::of(&terms, &email, is_in, used, false);
        assert_eq!(of(both(), &[], false), Standing::MayJoin);
        assert_eq!(of(both(), &[potters], false), Standing::MayJoin);
        assert_eq!(of(both(), &[kiln, potters], false), Standing::IsInAll);
        assert_eq!(of(Terms::default(), &[potters], false), Standing::NothingToJoin);

        let domains = |domain| vec![EmailDomain::parse(domain).unwrap()];
        let closed = Terms { existing_members: false, ..both() };
        let approved = Terms { approval: true, ..both() };
        let locked = Terms { email: Some(Email::parse("lena@postbox.example").unwrap()), ..both() };
        let elsewhere = Terms { email_domains: domains("example.org"), ..both() };
        for (terms, why) in [
            (closed.clone(), NotAdmitted::NewMembersOnly),
            (approved, NotAdmitted::NeedsApproval),
            (locked, NotAdmitted::OtherAddress),
            (elsewhere, NotAdmitted::OtherAddress),
        ] {
            assert_eq!(of(terms, &[potters], false), Standing::NotAdmitted(why));
        }
        assert_eq!(of(both(), &[potters], true), Standing::NotAdmitted(NotAdmitted::UsedBefore));
        // Who is in all of the groups is told so, whatever else would be said.
        assert_eq!(of(closed, &[kiln, potters], true), Standing::IsInAll);
        let own = Terms { email: Some(Email::parse("MATEO@postbox.example").unwrap()), ..both() };
        assert_eq!(of(own, &[], false), Standing::MayJoin);
        let own = Terms { email_domains: domains("postbox.example"), ..both() };
        assert_eq!(of(own, &[], false), Standing::MayJoin);
    }

    #[test]
    fn the_access_of_an_existing_member_ends_with_the_memberships() {
        let now = Timestamp::from_micros(0);
        let in_a_day = Some(Timestamp::from_micros(86_400_000_000));
        for of in [AccessOf::Groups, AccessOf::Account] {
            let ends = Some(Ends { of, when: AccessEnd::AfterDays(1) });
            assert_eq!(memberships_end(&Terms { ends, ..Terms::default() }, now), in_a_day);
        }
        assert_eq!(memberships_end(&Terms::default(), now), None);
    }
}
