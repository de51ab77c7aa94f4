//! The texts of the member area.

pub(super) use crate::ui::text::{
    CREATED, EMAIL, ENDS, NAME_HELP, PASSWORD_HELP, ROLE, SAVE_CHANGES, STATUS, USERNAME, USERNAME_HELP,
};

// The home page.

/// The title of the page.
pub(super) const HOME: &str = "Home";

pub(super) fn welcome_to(site_name: &str) -> String {
    format!("Welcome to {site_name}")
}

/// The name and a full stop follow.
pub(super) const SIGNED_IN_BEFORE: &str = "You are signed in as ";
pub(super) const PENDING: &str = "Your account is pending approval.";
/// When the person signed up follows.
pub(super) const SINCE_BEFORE: &str = "You signed up on ";
/// The name of the author of the invite follows.
pub(super) const INVITED_BY_BEFORE: &str = "Invited by ";
/// Before the message of an admin.
pub(super) const APPROVED: &str = "Your account is approved.";
pub(super) const PENDING_TEXT: &str =
    "An admin has to approve it before you can use it. You don’t have to do anything: sign in again later.";
// What ends soon.

/// When the account ends follows.
pub(super) const ACCOUNT_ENDS_BEFORE: &str = "Your account ends ";
pub(super) const ACCOUNT_ENDS: &str = "From then on you can’t sign in.";
pub(super) const MEMBERSHIP_ENDS: &str = "From then on you lose what the group gives you.";

/// When the membership ends follows. The name is isolated.
pub(super) fn membership_ends_before(group: &str) -> String {
    format!("Your membership in {group} ends ")
}

/// Whom to ask for more time: an admin, and who invited the account. Names are isolated.
pub(super) fn ask_about_account(inviter: &[String]) -> String {
    match inviter.first() {
        None => "To keep it, ask an admin.".to_owned(),
        Some(name) => format!("To keep it, ask {name}, who invited you, or an admin."),
    }
}

/// The same about a membership: an admin, and the first managers of the group.
pub(super) fn ask_about_membership(managers: &[String]) -> String {
    match managers {
        [] => "To stay in it, ask an admin.".to_owned(),
        [name] => format!("To stay in it, ask {name}, who manages the group, or an admin."),
        names => format!("To stay in it, ask {}, who manage the group, or an admin.", names.join(" or ")),
    }
}

/// The accessible name of the welcome text.
pub(super) const WELCOME: &str = "Welcome";
pub(super) const YOUR_APPLICATIONS: &str = "Applications";
pub(super) const YOUR_GROUPS: &str = "Your groups";
pub(super) const YOU_MANAGE: &str = "You manage this group";
/// Before when a membership ends.
pub(super) const ENDS_BEFORE: &str = "Ends ";
pub(super) const YOUR_ACCOUNT: &str = "Your account";
pub(super) const EDIT_ACCOUNT: &str = "Edit account";
/// For staff. The link [`EDIT_WELCOME`] follows.
pub(super) const WELCOME_NOTE_BEFORE: &str = "Members see this page after they sign up. ";
pub(super) const EDIT_WELCOME: &str = "Change the welcome text";

// The account page: profile.

/// The title of the page.
pub(super) const ACCOUNT: &str = "Account";
pub(super) const PROFILE: &str = "Profile";
pub(super) const NAME: &str = "Display name";
pub(super) const SAVE_NAME: &str = "Save display name";

/// A toast.
pub(super) fn name_changed(name: &str) -> String {
    format!("Display name changed to {name}")
}

// The dialog with username and e-mail address.

pub(super) const LOGIN: &str = "Username and e-mail";
pub(super) const LOGIN_ABOUT: &str = "You can sign in with either. Changing one signs out your other sessions.";
pub(super) const YOUR_PASSWORD: &str = "Your password";
pub(super) const YOUR_PASSWORD_HELP: &str = "To confirm that it is you.";
pub(super) const EMAIL_HELP: &str = "If this site sends e-mail, a new address gets a link first, which confirms it.";
/// Opens the dialog.
pub(super) const CHANGE_LOGIN: &str = "Change username or e-mail";
/// A toast.
pub(super) const LOGIN_CHANGED: &str = "Username and e-mail saved";

/// A toast. The address is isolated.
pub(super) fn email_link_sent(email: &str) -> String {
    format!("We sent a link to {email}. Open it to confirm the new address.")
}

/// While another address is not confirmed. It is isolated.
pub(super) fn email_pending(email: &str) -> String {
    format!("Waits to be confirmed: {email}. The link in the message to it is valid for 48 hours.")
}

pub(super) const CANCEL_EMAIL_CHANGE: &str = "Cancel change";
/// A toast.
pub(super) const EMAIL_CHANGE_CANCELLED: &str = "E-mail address not changed";

// The account page: answers and terms.

pub(super) const ANSWERS: &str = "Sign-up";
pub(super) const ANSWERS_NOT_LOADED: &str =
    "What you answered at sign-up could not be loaded. Check your connection, then try again.";
pub(super) const ANSWERS_NOTE: &str = "What you answered when you signed up. To correct it, ask an admin.";

/// The label of the time. `name` is isolated.
pub(super) fn accepted(name: &str, version: u32) -> String {
    format!("Accepted {name}, version {version}")
}

// The account page: password.

pub(super) const PASSWORD: &str = "Password";
pub(super) const CURRENT_PASSWORD: &str = "Current password";
pub(super) const NEW_PASSWORD: &str = "New password";
pub(super) const REVOKE_KEYS: &str = "Also revoke my API keys";
pub(super) const CHANGE_PASSWORD: &str = "Change password";
/// A toast.
pub(super) const PASSWORD_CHANGED: &str = "Password changed. Other sessions are signed out";
