//! The texts of the audit log.

use domain::audit::OriginatorKind;
use domain::events::{Action, SubjectKind};
use domain::text::isolated;

pub(super) use crate::ui::text::{AUDIT_LOG, SHOW};

// The page.

pub(super) const ABOUT: &str =
    "Every change: who made it, what it was, when and from where. Entries are never deleted.";
pub(super) const EMPTY: &str = "Nothing recorded yet";
pub(super) const EMPTY_TEXT: &str = "When someone signs in or changes something, it is listed here.";
pub(super) const NOT_FOUND: &str = "No entries found";
pub(super) const NOT_FOUND_TEXT: &str = "Nothing was recorded that matches all of these filters.";
pub(super) const SHOW_ALL: &str = "Show all entries";

// The filters.

pub(super) const SUBJECT: &str = "About";
pub(super) const ALL_SUBJECTS: &str = "Everything";
pub(super) const ALL_ACTIONS: &str = "All actions";
/// The first and the last day that are listed.
pub(super) const FROM: &str = "From (UTC)";
pub(super) const UNTIL: &str = "To (UTC)";

/// The choice of several actions, which the address of the page can have.
pub(super) fn several_actions(count: usize) -> String {
    format!("{count} actions")
}

pub(super) const fn kind(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Invite => "Invites",
        SubjectKind::Account => "Members",
        SubjectKind::Group => "Groups",
        SubjectKind::Application => "Applications",
        SubjectKind::Webhook => "Webhooks",
        SubjectKind::Mailing => "Invitations",
        SubjectKind::Flow => "Flows",
        SubjectKind::Terms => "Terms",
        SubjectKind::Settings => "Settings",
        SubjectKind::ApiKey => "API keys",
        SubjectKind::Session => "Sessions",
        SubjectKind::DataKey => "Data key",
    }
}

/// What an account did. Its name is not known where nothing is listed.
pub(super) fn by(name: Option<&str>) -> String {
    format!("By {}", name.map_or_else(|| "one account".to_owned(), isolated))
}

/// What was done to one thing. Its name is not known where nothing is listed, or where it has none.
pub(super) fn about(name: Option<&str>) -> String {
    format!("About {}", name.map_or_else(|| "one object".to_owned(), isolated))
}

pub(super) fn remove_filter(filter: &str) -> String {
    format!("Remove the filter: {filter}")
}

// The table.

pub(super) const WHEN: &str = "When";
pub(super) const WHO: &str = "Who";
pub(super) const WHAT: &str = "What";
pub(super) const WHERE: &str = "Where";
/// The IP address of what was done without one, or from one that was erased.
pub(super) const NOWHERE: &str = "–";

/// The originator of a change, where it is no account, and how an account came to make it.
pub(super) const fn originator(kind: OriginatorKind) -> &'static str {
    match kind {
        OriginatorKind::Session => "Browser session",
        OriginatorKind::ApiKey => "API key",
        OriginatorKind::Operator => "Command line",
        OriginatorKind::Visitor => "Visitor",
        OriginatorKind::System => "Latchkey",
    }
}

/// Before the name of an action that this version does not know.
pub(super) const UNKNOWN_BEFORE: &str = "Unknown action:";

/// The link to invitations whose invites have no name.
pub(super) const UNNAMED_MAILING: &str = "without a name";

/// Instead of the name of what no longer exists.
pub(super) const fn gone(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Account => "a deleted member",
        _ => "(deleted)",
    }
}

pub(super) fn entries(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

// The details of an entry.

pub(super) const DETAILS: &str = "Details";
pub(super) const HIDDEN: &str = "Your account does not have permission to see more of this.";
pub(super) const UNREADABLE: &str = "This entry has a form that this version does not know.";
pub(super) const ACTION: &str = "Action";
pub(super) const SUBJECT_ID: &str = "ID";
pub(super) const HOW: &str = "Source";
pub(super) const ENTRY_ID: &str = "Entry";
pub(super) const NONE: &str = "None";
pub(super) const ALL: &str = "All";
pub(super) const PENDING_APPROVAL: &str = "Pending approval";

pub(super) const fn yes_or_no(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}

/// The link to everything that an account did.
pub(super) fn everything_by(name: &str) -> String {
    format!("Everything by {}", isolated(name))
}

/// The link to everything that was done to one thing.
pub(super) fn everything_about(name: Option<&str>) -> String {
    format!("Everything about {}", name.map_or_else(|| "this".to_owned(), isolated))
}

/// The name of a field of an event; of one that is not here, its own in words.
pub(super) fn field(name: &str) -> String {
    let title = match name {
        "accounts" => "Members",
        "after" => "Leads to",
        "allowed_origins" => "Allowed sites",
        "codes" => "Invite codes",
        "ends_at" => "End",
        "expires_at" => "Expires",
        "fresh" => "Fresh link",
        "from" => "Previous owner",
        "groups_left" => "Groups left",
        "invite_link_max_redemptions_limit" => "Maximum uses per invite",
        "is_manager" => "As managers",
        "label" => "Name",
        "links" => "Invites",
        "mail" => "Message",
        "max_uses" => "Maximum uses",
        "more" => "Further terms",
        "moved" => "New address",
        "oidc" => "OpenID Connect",
        "replaced" => "Previous session",
        "scim" => "SCIM",
        "sign_in_alerts" => "Sign-in alerts",
        "sign_in_url" => "Sign-in address",
        "starts_at" => "Starts",
        "url" => "Address",
        "used" => "Uses until then",
        "verify_email" => "Verify e-mail addresses",
        "uses_released" => "Uses given back",
        name => return in_words(name),
    };
    title.to_owned()
}

/// `Sessions ended`, from `sessions_ended`.
fn in_words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

// What was done.

/// An action in words.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// Its name, where it stands alone.
    pub(super) title: &'static str,
    /// A sentence that begins with who did it. The name of what it was done to follows, if that has one.
    pub(super) before: &'static str,
    /// The same where somebody did it to their own account.
    pub(super) own: Option<&'static str>,
}

const fn to(title: &'static str, before: &'static str) -> Words {
    Words { title, before, own: None }
}

const fn to_account(title: &'static str, before: &'static str, own: &'static str) -> Words {
    Words { title, before, own: Some(own) }
}

/// Without a wildcard, so that a new event needs its words.
#[expect(clippy::too_many_lines, reason = "an arm for each action")]
pub(super) const fn words(action: Action) -> Words {
    match action {
        Action::InviteCreated => to("Invite created", "Created the invite"),
        Action::InviteUpdated => to("Invite changed", "Changed the invite"),
        Action::InvitePaused => to("Invite paused", "Paused the invite"),
        Action::InviteResumed => to("Invite resumed", "Resumed the invite"),
        Action::InviteDeleted => to("Invite deleted", "Deleted the invite"),
        Action::InviteExpired => to("Invite expired", "Recorded the expiry of the invite"),
        Action::JoinRequested => to("Asked to join", "Asked to join with the invite"),
        Action::JoinRequestGranted => to("Request to join granted", "Granted a request to join with the invite"),
        Action::JoinRequestDismissed => to("Request to join dismissed", "Dismissed a request to join with the invite"),
        Action::LinkRequested => to("Asked for a new link", "Asked for a new link of the invite"),
        Action::LinkRequestGranted => {
            to("Request for a link granted", "Granted a request for a new link of the invite")
        }
        Action::LinkRequestDismissed => {
            to("Request for a link dismissed", "Dismissed a request for a new link of the invite")
        }
        Action::AccountSignedUp => to("Signed up", "Signed up as"),
        Action::AccountJoined => {
            to_account("Joined groups", "Added to groups by an invite:", "Joined groups with an invite")
        }
        Action::AccountCreated => to("Member created", "Created the member"),
        Action::AccountUpdated => to_account("Member changed", "Changed the member", "Changed their own account"),
        Action::AccountRoleChanged => to("Role changed", "Changed the role of"),
        Action::AccountDeleted => to("Member deleted", "Deleted the member"),
        Action::AccountEnded => to("Account ended", "Ended the account of"),
        Action::AccountActivated => to("Account activated", "Verified the e-mail address of"),
        Action::AccountLapsed => to("Account lapsed", "Deleted an account whose e-mail address was not verified"),
        Action::ActivationResent => to_account(
            "Activation link resent",
            "Sent the activation link again to",
            "Asked for their activation link again",
        ),
        Action::AccountMarkedVerified => to("Marked as verified", "Marked the e-mail address as verified of"),
        Action::EmailChangeRequested => to_account(
            "New address requested",
            "Asked for another e-mail address for",
            "Asked for another e-mail address",
        ),
        Action::EmailChangeCancelled => to_account(
            "New address cancelled",
            "Cancelled the change of the e-mail address of",
            "Cancelled the change of their e-mail address",
        ),
        Action::EmailChangeConfirmed => to_account(
            "New address confirmed",
            "Confirmed the new e-mail address of",
            "Confirmed their new e-mail address",
        ),
        Action::AccountEndsSoon => to("Account ends soon", "Noted the near end of the account of"),
        Action::OwnershipTransferred => to("Ownership transferred", "Transferred ownership to"),
        Action::AccountApproved => to("Member approved", "Approved"),
        Action::ApprovalUndone => to("Approval undone", "Undid the approval of"),
        Action::AccountDeclined => to("Member declined", "Declined"),
        Action::AccountSuspended => to("Member suspended", "Suspended"),
        Action::AccountRestored => to("Member restored", "Restored"),
        Action::AccountRenamed => {
            to_account("Display name changed", "Changed the display name of", "Changed their display name")
        }
        Action::LoginChanged => to_account(
            "Sign-in changed",
            "Changed the e-mail address or username of",
            "Changed their e-mail address or username",
        ),
        Action::PictureSet => to_account("Picture set", "Set the picture of", "Set their picture"),
        Action::PictureRemoved => to_account("Picture removed", "Removed the picture of", "Removed their picture"),
        Action::PasswordChanged => to_account("Password changed", "Changed the password of", "Changed their password"),
        Action::PasswordSet => to_account("Password set", "Set the password of", "Set their password"),
        Action::ResetLinkMade => to("Reset link made", "Made a reset link for"),
        Action::ResetLinkRequested => to("Reset link requested", "Asked for a reset link for"),
        Action::PasswordReset => to("Password reset", "Set a new password, with a reset link, for"),
        Action::SignedIn => to_account("Signed in", "Signed in as", "Signed in"),
        Action::SignedInBySignUp => {
            to_account("Signed in by sign-up", "Signed in, by signing up, as", "Signed in by signing up")
        }
        Action::SessionEnded => to("Session ended", "Ended a session"),
        Action::OtherSessionsEnded => {
            to_account("Other sessions ended", "Ended the other sessions of", "Ended their other sessions")
        }
        Action::GroupCreated => to("Group created", "Created the group"),
        Action::GroupUpdated => to("Group changed", "Changed the group"),
        Action::GroupDeleted => to("Group deleted", "Deleted the group"),
        Action::GroupMembersAdded => to("Members added or changed", "Added or changed members of the group"),
        Action::GroupMembersRemoved => to("Members removed", "Removed members from the group"),
        Action::MembershipEnded => to("Membership ended", "Ended a membership of the group"),
        Action::MembershipEndsSoon => to("Membership ends soon", "Noted the near end of a membership of the group"),
        Action::KeyCreated => to("API key created", "Created an API key"),
        Action::KeyRevoked => to("API key revoked", "Revoked an API key"),
        Action::SettingsUpdated => to("Settings changed", "Changed the settings"),
        Action::RegistrationReopened => to("Registration reopened", "Opened registration again"),
        Action::SetupCompleted => to("Site set up", "Set up the site as"),
        Action::DemoFilled => to("Demo data created", "Created demo data with the owner"),
        Action::ApplicationCreated => to("Application created", "Created the application"),
        Action::ApplicationUpdated => to("Application changed", "Changed the application"),
        Action::ApplicationDeleted => to("Application deleted", "Deleted the application"),
        Action::ApplicationPictureSet => to("Picture set", "Set the picture of the application"),
        Action::ApplicationPictureRemoved => to("Picture removed", "Removed the picture of the application"),
        Action::ClientSecretCreated => to("Client secret created", "Created a client secret of the application"),
        Action::ApplicationOpened => to("Application opened", "Signed in to the application"),
        Action::ConsentGiven => to("Consent given", "Gave consent to the application"),
        Action::TokensRevoked => to("Tokens revoked", "Revoked tokens after one was reused, of the application"),
        Action::WebhookCreated => to("Webhook created", "Created the webhook"),
        Action::WebhookUpdated => to("Webhook changed", "Changed the webhook"),
        Action::WebhookPaused => to("Webhook paused", "Paused the webhook"),
        Action::WebhookResumed => to("Webhook resumed", "Resumed the webhook"),
        Action::WebhookDeleted => to("Webhook deleted", "Deleted the webhook"),
        Action::WebhookSecretCreated => to("Signing secret created", "Created a signing secret of the webhook"),
        Action::MailConfigured => to("E-mail set up", "Set up e-mail"),
        Action::MailTurnedOff => to("E-mail turned off", "Turned e-mail off"),
        Action::MailResent => to("Message sent again", "Sent a message again"),
        Action::MailLinkCopied => to("Link copied", "Copied the link of a message"),
        Action::InvitationsSent => to("Invitations sent", "Sent the invitations"),
        Action::InvitationsResent => {
            to("Invitations sent again", "Sent again, to those who have not joined, the invitations")
        }
        Action::InvitationResent => to("Invitation sent again", "Sent again one of the invitations"),
        Action::InvitationRevoked => to("Invitation revoked", "Revoked one of the invitations"),
        Action::FlowCreated => to("Flow created", "Created the flow"),
        Action::FlowChanged => to("Flow changed", "Changed the flow"),
        Action::FlowDeleted => to("Flow deleted", "Deleted the flow"),
        Action::FlowMadeDefault => to("Flow made the default", "Made the default flow"),
        Action::TermsCreated => to("Terms created", "Created the terms"),
        Action::TermsPublished => to("Terms changed", "Changed the terms"),
        Action::TermsDeleted => to("Terms deleted", "Deleted the terms"),
        Action::TermsAccepted => to("Terms accepted", "Accepted terms as"),
        Action::DataKeyRotated => to("Data key rotated", "Rotated the data key"),
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_without_a_title_is_named_by_its_own_words() {
        assert_eq!(field("from"), "Previous owner");
        assert_eq!(field("sessions_ended"), "Sessions ended");
    }
}
