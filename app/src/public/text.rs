//! The texts of the public pages.
//!
//! Names of people and sites come isolated (`domain::text::isolated`) where the text around them is not an element of its
//! own.

use domain::accounts::Strength;

pub(super) use crate::ui::text::{
    CODE_NEEDED, CONTINUE, CREATE_ACCOUNT, EMAIL, GO_TO_START, OPTIONAL, PASSWORD_HELP, REGISTRATION_CLOSED, SIGN_IN,
    SKIP, TRY_AGAIN, USERNAME, join, no_new_accounts,
};

// Fields of more than one form.

pub(super) const PASSWORD: &str = "Password";
pub(super) const INVITE_CODE: &str = "Invite code";
/// The rules of usernames (`domain::accounts::Username`).
pub(super) const USERNAME_HELP: &str =
    "2 to 32 letters, digits, dots, dashes or underscores, beginning with a letter or digit.";
/// Help below the field for an invite code.
pub(super) const CODE_HELP: &str =
    "The last part of the invite link. Enter it as it was sent, with upper and lower case.";
/// The error of a code that lets no one in. It does not say why: codes chosen by staff can be guessed, so that one that
/// exists and one that does not get the same answer.
pub(super) const INVALID_CODE: &str =
    "This invite code doesn’t work. It may be mistyped, expired, used up, paused or not started yet.";

/// Below the field for a new password, of a form that comes back with an error.
pub(super) const PASSWORD_AGAIN: &str = "Enter it again: passwords are not kept.";

/// An instant, in the notation of `chrono::format::strftime`.
pub(super) const EXACT_TIME: &str = "%-d %B %Y, %H:%M UTC";

// The sign-in page.

pub(super) fn sign_in_to(site_name: &str) -> String {
    format!("Sign in to {site_name}")
}

/// What search engines and messengers show.
pub(super) fn sign_in_about(site_name: &str) -> String {
    format!("Sign in to {site_name} with your e-mail address or username.")
}

/// Below the heading, of somebody who goes on to an application.
pub(super) fn sign_in_for(application: &str, site_name: &str) -> String {
    format!("To continue to {application}, with your account of {site_name}.")
}

pub(super) const SESSION_ENDED: &str = "Your session has ended. Sign in again.";
pub(super) const AGAIN: &str = "Enter your password again, or sign in with another account.";
/// After a reset.
pub(super) const PASSWORD_CHANGED: &str = "Your password has been changed. Sign in with the new password.";
pub(super) const LOGIN: &str = "E-mail or username";
/// A link on the sign-in page, and the heading of the page it leads to.
pub(super) const FORGOT: &str = "Forgot your password?";
/// The link [`USE_CODE`] follows.
pub(super) const HAVE_CODE_BEFORE: &str = "Have an invite code? ";
pub(super) const USE_CODE: &str = "Sign up with it";
/// The link [`SIGN_UP`] follows.
pub(super) const NO_ACCOUNT_BEFORE: &str = "No account yet? ";
pub(super) const SIGN_UP: &str = "Sign up";
pub(super) const SIGN_UP_CLOSED: &str = "Registration is closed. Existing accounts can sign in.";

// The page of somebody who has signed in and has terms to accept.

pub(super) const TERMS_HEADING: &str = "Accept the terms";

pub(super) fn terms_text(site_name: &str) -> String {
    format!("To sign in to {site_name}, read these and accept them.")
}

/// Two buttons.
pub(super) const ACCEPT_AND_CONTINUE: &str = "Accept and continue";
pub(super) const DECLINE: &str = "Decline and sign out";

/// Unfolds a text; also in the sign-up form. `name` is isolated.
pub(super) fn read_terms(name: &str) -> String {
    format!("Read “{name}”")
}

/// The label of a box.
pub(super) fn accept_terms(name: &str) -> String {
    format!("I have read and accept “{name}”")
}

// The page of those who forgot their password.

pub(super) const FORGOT_TEXT: &str =
    "A link with which you can set a new one is sent to the e-mail address of your account.";
pub(super) const SEND_LINK: &str = "Send link";
/// Whether there is such an account or not.
pub(super) const FORGOT_SENT: &str = "Check your e-mail";
pub(super) const FORGOT_SENT_TEXT: &str =
    "If there is such an account, a message with a link is on its way, which is valid for an hour.";
/// The link [`TRY_AGAIN`] follows.
pub(super) const NO_MESSAGE_BEFORE: &str = "No message? Check your spam folder. ";
/// Where no e-mail is sent.
pub(super) const FORGOT_WITHOUT_MAIL: &str =
    "Ask an admin, or the person who invited you, for a link with which you can set a new one.";
/// A command follows.
pub(super) const FORGOT_OWNER: &str = "Owners get a link on the machine that runs Latchkey:";

// The page of a link that resets a password.

pub(super) const RESET: &str = "Set a new password";
pub(super) const RESET_TEXT: &str =
    "It takes the place of the old one. You are signed out everywhere, and your API keys are revoked.";
pub(super) const NEW_PASSWORD: &str = "New password";
pub(super) const SET_PASSWORD: &str = "Set password";
/// Also of other links.
pub(super) const LINK_INVALID: &str = "This link is not valid";
pub(super) const RESET_LINK_INVALID_TEXT: &str =
    "It is wrong, used or older than an hour, or a newer one was made. Ask an admin for a new one.";

// The page of an account that waits for its address to be verified.

/// Also the heading of the page to which the link leads.
pub(super) const VERIFY: &str = "Verify your e-mail address";

pub(super) fn verify_text(email: &str) -> String {
    format!(
        "Your account is activated with a link that is sent to {email}. The link is valid for at most 48 hours. Until then \
         you sign in with your username."
    )
}

/// Notes about the last message.
pub(super) const MAIL_IS_OFF: &str =
    "This site sends no e-mail at the moment. Ask an admin to mark your address as verified.";
pub(super) const MESSAGE_QUEUED: &str = "The message is about to be sent.";
pub(super) const MESSAGE_SENT: &str = "The message was sent. If you don’t find it, check your spam folder.";
pub(super) const MESSAGE_DEFERRED: &str =
    "The message could not be delivered yet. It is tried again, without you doing anything.";
pub(super) const MESSAGE_FAILED: &str =
    "The message could not be delivered. Check the address, then send the link again or use another address.";
pub(super) const LINK_RESENT: &str = "A new link is on its way. It takes the place of those that were sent before.";
pub(super) const ADDRESS_MOVED: &str = "A link is on its way to the new address.";
pub(super) const SEND_AGAIN: &str = "Send the link again";
pub(super) const USE_ANOTHER_ADDRESS: &str = "Use another address";
pub(super) const CHANGE_ADDRESS: &str = "Change address";
/// An instant and a full stop follow.
pub(super) const LAPSES_BEFORE: &str =
    "Until the address is verified, you can’t use your account. If it is not, the account is deleted on ";

// The page of a link that activates an account.

pub(super) fn activate_text(email: &str, site_name: &str) -> String {
    format!("Somebody signed up for {site_name} with the address {email}. If that was you, activate your account.")
}

pub(super) const CHOSEN_PASSWORD_HELP: &str = "The one that was chosen at sign-up.";
/// Two links, each to what the other page asks for.
pub(super) const SET_NEW_INSTEAD: &str = "Set a new password instead";
pub(super) const USE_CHOSEN_INSTEAD: &str = "Use the password from sign-up instead";
/// Two buttons.
pub(super) const ACTIVATE: &str = "Activate account";
pub(super) const SET_AND_ACTIVATE: &str = "Set password and activate account";
/// An instant and a full stop follow.
pub(super) const NOT_YOURS_BEFORE: &str = "If it was not you, close this page. The account is deleted on ";
pub(super) const ACTIVATION_LINK_INVALID_TEXT: &str = "It is wrong, used or older than 48 hours, or a newer one was sent. Sign in with your username to have a new one \
     sent.";
pub(super) const ADDRESS_TAKEN: &str = "This address has an account already";
pub(super) const ADDRESS_TAKEN_TEXT: &str =
    "Another account has this address by now, so that this one can’t be verified. Sign in with the other account.";

// The page of a link that confirms a new address.

pub(super) const CONFIRM_EMAIL: &str = "Confirm your new address";

pub(super) fn confirm_email_text(email: &str, username: &str) -> String {
    format!("{email} becomes the e-mail address of your account @{username}.")
}

/// Two buttons.
pub(super) const CONFIRM_ADDRESS: &str = "Confirm address";
pub(super) const SIGN_IN_TO_CONFIRM: &str = "Sign in to confirm";
pub(super) const CONFIRM_EMAIL_NOTE: &str = "Afterwards you have to sign in again.";
pub(super) const CONFIRMATION_LINK_INVALID_TEXT: &str = "It is wrong, used or older than 48 hours, the change was cancelled, or you are signed in with another account. You can change the address again on the page of \
     your account.";
pub(super) const EMAIL_CONFIRMED: &str = "Your e-mail address was changed";
pub(super) const EMAIL_CONFIRMED_TEXT: &str = "From now on you sign in and get messages with the new address.";

// The pages of those who want no more invitations.

pub(super) const STOP_INVITATIONS: &str = "Stop invitations";

pub(super) fn stop_invitations_text(site_name: &str) -> String {
    format!(
        "You will no longer get invitations and reminders from {site_name} at the address that this message was sent to."
    )
}

/// A button.
pub(super) const STOP: &str = "Stop invitations";
pub(super) const STOPPED: &str = "Invitations stopped";

pub(super) fn stopped_text(site_name: &str) -> String {
    format!("Nobody can send you invitations from {site_name} by e-mail any more.")
}

pub(super) const STOPPED_NOTE: &str = "Invitations that you already have work until they expire.";
pub(super) const STOP_LINK_INVALID_TEXT: &str =
    "It is incomplete. Open it from the message again, or copy all of it into the address bar.";

// The sign-up page: what the invite offers.

/// The accessible name of the panel beside the form.
pub(super) const INVITATION: &str = "Your invitation";
/// The heading for visitors with an invite.
pub(super) const WELCOME_INVITED: &str = "You’re invited";
/// The heading for visitors without one.
pub(super) const WELCOME: &str = "Welcome";

pub(super) fn create_account_and_join(site_name: &str) -> String {
    format!("Create an account and join {site_name}.")
}

/// Follows the name of the inviter.
pub(super) fn invites_you_after(site_name: &str) -> String {
    format!(" invites you to {site_name}")
}

/// The role follows, in lower case.
pub(super) const JOIN_AS_BEFORE: &str = "You join as a ";

/// The name of one group or the names of several follow.
pub(super) const fn groups_before(one: bool) -> &'static str {
    if one { "You join the group " } else { "You join the groups " }
}

/// [`for_days`], or [`UNTIL_BEFORE`] and an instant follow.
pub(super) const ACCOUNT_LASTS_BEFORE: &str = "Your account lasts ";
/// The same of the memberships in groups.
pub(super) const GROUPS_LAST_BEFORE: &str = "Membership lasts ";
pub(super) const UNTIL_BEFORE: &str = "until ";

pub(super) fn for_days(days: u16) -> String {
    if days == 1 { "for 1 day".to_owned() } else { format!("for {days} days") }
}

pub(super) const APPROVED_BY_ADMIN: &str = "An admin approves your account";

/// Emphasised; [`USES_LEFT_AFTER`] follows. `left` is written with separators between thousands.
pub(super) fn uses_left(one: bool, left: &str) -> String {
    if one { "1 use".to_owned() } else { format!("{left} uses") }
}

pub(super) const USES_LEFT_AFTER: &str = " left on this invite";
/// The name of an application follows.
pub(super) const GOES_ON_BEFORE: &str = "Afterwards you continue to ";
/// The distance follows, such as `in 9 days`.
pub(super) const EXPIRES_BEFORE: &str = "Expires ";

// The sign-up page: the form.

/// The link [`SIGN_IN`] follows.
pub(super) const HAVE_ONE_BEFORE: &str = "Already have an account? ";
/// Marks a code that lets the visitor in.
pub(super) const CODE_VALID: &str = "Valid";
pub(super) const CODE_VALID_HELP: &str = "The code of your invite. You can enter another one.";
pub(super) const CODE_OPTIONAL_HELP: &str = "Leave it empty if you have none.";
/// The link [`EMAIL_TAKEN_LINK`] follows.
pub(super) const EMAIL_TAKEN: &str = "This e-mail address already has an account.";
pub(super) const EMAIL_TAKEN_LINK: &str = "Sign in with it instead";
/// Beside the bar that shows how hard the password is to guess.
pub(super) const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::VeryWeak => "Very easy to guess",
        Strength::Weak => "Easy to guess",
        Strength::Fair => "Too easy to guess",
        Strength::Strong => "Hard to guess",
        Strength::VeryStrong => "Very hard to guess",
    }
}

pub(super) const EMAIL_LOCKED: &str = "This invite is for this address only.";

/// `masked` is an address of which only some letters are shown.
pub(super) fn email_masked(masked: &str) -> String {
    format!("This invite is for {masked} only.")
}

pub(super) fn email_domains(domains: &[&str]) -> String {
    match domains {
        [only] => format!("Use an address of {only}."),
        [first @ .., last] => format!("Use an address of {} or {last}.", first.join(", ")),
        [] => String::new(),
    }
}

pub(super) const ATTRIBUTE_LOCKED: &str = "Set by your invite.";
pub(super) const NAME: &str = "Name";
pub(super) const NAME_HELP: &str = "Your display name. Leave it empty to be shown by your username.";
pub(super) const NEEDS_APPROVAL: &str =
    "Without an invite code, an admin may have to approve your account before you can use it.";
pub(super) const NEEDS_CODE: &str =
    "You need an invite code, unless your e-mail address is of an organisation that signs up without one.";
pub(super) const INVITE_NEEDS_APPROVAL: &str = "An admin has to approve your account before you can use it.";
pub(super) const NOT_USED_UP: &str = "Opening this page does not use up your invitation.";

// The sign-up page: the steps and the fields of a flow.

pub(super) fn step(number: usize, of: usize) -> String {
    format!("Step {number} of {of}")
}

/// The title of the window.
pub(super) fn step_title(step: &str, join: &str) -> String {
    format!("{step} – {join}")
}

/// Two buttons.
pub(super) const NEXT: &str = "Next";
pub(super) const BACK: &str = "Back";
/// The first of several choices.
pub(super) const NO_ANSWER: &str = "No answer";
pub(super) const CHOOSE: &str = "Choose one";

/// How many of several choices may be chosen, if there is something to say about it.
pub(super) fn choices_help(min: usize, max: usize, of: usize) -> Option<String> {
    match (min, max) {
        (0 | 1, max) if max >= of => None,
        (0 | 1, max) => Some(format!("Choose at most {max}.")),
        (min, max) if min == max => Some(format!("Choose {min}.")),
        (min, max) if max >= of => Some(format!("Choose at least {min}.")),
        (min, max) => Some(format!("Choose {min} to {max}.")),
    }
}

// Instead of the form: a rule of the flow refuses.

pub(super) const REFUSED: &str = "You can’t sign up";

pub(super) fn refused_text(site_name: &str) -> String {
    format!("Because of your answers, you can’t create an account at {site_name}. Nothing was saved.")
}

/// A button.
pub(super) const CHANGE_ANSWERS: &str = "Change your answers";

// The preview of a flow.

pub(super) const PREVIEW: &str = "This is a preview. Nothing is saved, and no account is created.";
pub(super) const PREVIEW_END: &str = "End of the preview";
pub(super) const PREVIEW_END_TEXT: &str = "No account was created. One with these answers would be created like this:";
/// Instead of the preview of a flow that has errors, which follow.
pub(super) const PREVIEW_FAILED: &str = "This flow can’t be previewed yet";
pub(super) const PREVIEW_FAILED_TEXT: &str = "Correct these errors in the flow, then open the preview again.";
pub(super) const PREVIEW_VERIFIES: &str = "The e-mail address has to be verified first.";
pub(super) const PREVIEW_PENDING: &str = "The account is pending approval.";
pub(super) const PREVIEW_ACTIVE: &str = "The account can be used without approval.";

pub(super) fn preview_joins(groups: &str) -> String {
    format!("The account joins these groups: {groups}.")
}

/// What is wrong, and where.
pub(super) fn preview_error(place: &str, error: &str) -> String {
    format!("{place}: {error}")
}

pub(super) fn step_number(number: usize) -> String {
    format!("Step {number}")
}

pub(super) fn field_number(number: usize) -> String {
    format!("field {number}")
}

pub(super) fn rule_number(number: usize) -> String {
    format!("Rule {number}")
}

pub(super) fn preview_goes_to(after: &str) -> String {
    format!("The browser goes on to {after}")
}

// Instead of the form: a code is needed, or does not work.

/// Also what search engines and messengers show.
pub(super) fn code_needed_text(site_name: &str) -> String {
    format!("{site_name} is by invitation only. Open the link you were sent, or enter its code.")
}

pub(super) const CODE_UNKNOWN: &str = "This invite code doesn’t work";
pub(super) const CODE_UNKNOWN_TEXT: &str = "It may be mistyped, expired, used up, paused or not started yet. Open the link \
     you were sent again, or ask the person who sent it for a new one.";
/// The link [`SIGN_IN`] follows.
pub(super) const HAVE_ACCOUNT_BEFORE: &str = "Already have an account? ";

// Instead of the form: the invite lets no one in. Headings, and the sentences below them.

pub(super) const EXPIRED: &str = "This invite has expired";
pub(super) const USED_UP: &str = "This invite is used up";
pub(super) const PAUSED: &str = "This invite is paused";
pub(super) const SCHEDULED: &str = "This invite has not started yet";
pub(super) const WITHDRAWN: &str = "This invite was withdrawn";

pub(super) fn used_up_text(invited_by: &str, site_name: &str) -> String {
    format!("{invited_by}, who invited you to {site_name}, can raise its limit or send you a new one.")
}

pub(super) fn paused_text(invited_by: &str, site_name: &str) -> String {
    format!(
        "An admin of {site_name} has paused it. Your link stays the same: try again later, or ask {invited_by}, who \
         invited you."
    )
}

/// The exact time and a full stop follow. `distance` is, for example, `in 9 days`.
pub(super) fn scheduled_before(invited_by: &str, site_name: &str, distance: &str) -> String {
    format!(
        "{invited_by} invites you to {site_name}. Your link stays the same. You can sign up with it {distance}, from "
    )
}

pub(super) fn scheduled_text(invited_by: &str, site_name: &str) -> String {
    format!("{invited_by} invites you to {site_name}, but not yet. Your link stays the same.")
}

pub(super) fn over_text(invited_by: &str, site_name: &str) -> String {
    format!("{invited_by}, who invited you to {site_name}, can send you a new one.")
}

/// `masked` is an address of which only some letters are shown.
pub(super) fn only_for(masked: &str) -> String {
    format!("It was made for {masked}.")
}

/// A button.
pub(super) fn ask_for_link(invited_by: &str) -> String {
    format!("Ask {invited_by} for a new link")
}

pub(super) const ASK_EMAIL_HELP: &str = "The new link is for this address alone.";
pub(super) const NOTE: &str = "Note";

/// Below the field for a note.
pub(super) fn note_help(invited_by: &str) -> String {
    format!("At most 200 characters. {invited_by} reads it.")
}

/// Under [`ASKED_HEADING`]. The same whatever was asked for.
pub(super) const LINK_ASKED_TEXT: &str =
    "If your invite can be replaced, the person who invited you is asked for a new link, and sends it to you.";
pub(super) const SIGNED_UP_BEFORE: &str = "If you signed up with this invite before, sign in with your account.";
/// The link [`USE_ANOTHER_CODE`] follows.
pub(super) const HAVE_ANOTHER_CODE_BEFORE: &str = "Have another invite code? ";
pub(super) const USE_ANOTHER_CODE: &str = "Use it";

// Instead of the form: registration is closed.

pub(super) fn closed_title(site_name: &str) -> String {
    format!("Registration for {site_name} is closed")
}

pub(super) fn closed_text(site_name: &str) -> String {
    format!("{} If you have an invite, keep it and try again later.", no_new_accounts(site_name))
}

pub(super) const CLOSED_NOTE: &str = "Existing accounts work as before.";

// Instead of the form: the visitor is signed in.

pub(super) fn signed_in_title(site_name: &str) -> String {
    format!("You already have an account for {site_name}")
}

pub(super) const SIGNED_IN: &str = "You already have an account";

pub(super) fn signed_in_text(site_name: &str, name: &str) -> String {
    format!("You are signed in to {site_name} as {name}. This page is for new accounts.")
}

/// The button that leads to an application; `application` is isolated.
pub(super) fn open_application(application: &str) -> String {
    format!("Continue to {application}")
}

pub(super) const GO_TO_ACCOUNT: &str = "Go to your account";
pub(super) const SIGN_OUT_AND_SIGN_UP: &str = "Sign out and create another account";

// The page of an invite for somebody who is signed in.

pub(super) const JOIN_HEADING: &str = "Join with your account";

pub(super) fn join_text(invited_by: &str, site_name: &str, one: bool) -> String {
    let groups = if one { "this group" } else { "these groups" };
    format!("{invited_by} invites you to {groups} of {site_name}.")
}

/// A button.
pub(super) const fn join_button(one: bool) -> &'static str {
    if one { "Join group" } else { "Join groups" }
}

pub(super) const JOIN_NOTE: &str =
    "Nothing else about your account changes. Opening this page does not use the invite.";
pub(super) const JOIN_PENDING: &str = "An admin has to approve your account before you can join groups.";
/// The accessible name of a list.
pub(super) const GROUPS: &str = "Groups";
/// Below the name of a group, among some that the account is not in.
pub(super) const GROUP_IS_IN: &str = "You are in this group already.";
/// An instant follows.
pub(super) const JOIN_UNTIL_BEFORE: &str = "Until ";

/// A heading.
pub(super) const fn is_in(one: bool) -> &'static str {
    if one { "You are in this group" } else { "You are in these groups" }
}

pub(super) const IS_IN_BY_INVITE: &str = "You have used this invite.";
pub(super) const IS_IN_ALREADY: &str = "You are a member already, so that this invite is not used.";
pub(super) const NOTHING_TO_JOIN: &str =
    "This invite is for new accounts. It gives no groups, so that there is nothing to join with it.";
pub(super) const ASK_HEADING: &str = "Ask to be added";

/// `why` is a sentence.
pub(super) fn not_admitted(why: &str, invited_by: &str, one: bool) -> String {
    let groups = if one { "this group" } else { "these groups" };
    format!("{why} {invited_by}, who created it, can add you to {groups}.")
}

/// A button.
pub(super) fn ask_button(invited_by: &str) -> String {
    format!("Ask {invited_by} to add you")
}

pub(super) const ASKED_HEADING: &str = "Request sent";

pub(super) fn asked_text(invited_by: &str, one: bool) -> String {
    let groups = if one { "this group" } else { "these groups" };
    format!("You have asked {invited_by} to add you to {groups}. Once you are added, your start page shows it.")
}

/// An instant and a full stop follow.
pub(super) const ASKED_BEFORE: &str = "Sent on ";
/// An instant and a full stop follow.
pub(super) const ASK_AGAIN_BEFORE: &str = "Your last request was dismissed. You can ask again from ";
pub(super) const USE_ANOTHER_ACCOUNT: &str = "Use another account";
/// A name and a full stop follow.
pub(super) const SIGNED_IN_AS_BEFORE: &str = "You are signed in as ";

// On the way to another site, after sign-up.

pub(super) const ACCOUNT_READY: &str = "Your account is ready";
pub(super) const ACCOUNT_PENDING: &str = "Your account is pending approval";

/// The title of the window.
pub(super) fn onward_title(host: &str) -> String {
    format!("Continue to {host}")
}

pub(super) fn onward_text(site_name: &str, pending: bool) -> String {
    if pending {
        return format!(
            "An admin of {site_name} has to approve it before you can use it. Your invite leads on to another site."
        );
    }
    format!("You have joined {site_name}. Your invite leads on to another site.")
}

/// A button.
pub(super) fn onward_to(host: &str) -> String {
    format!("Continue to {host}")
}

/// The link [`STAY`] follows.
pub(super) const STAY_BEFORE: &str = "Not now? ";
pub(super) const STAY: &str = "Go to your account";

// Between an application and an account.

/// The title of the window.
pub(super) fn allow_title(application: &str) -> String {
    format!("Sign in to {application}")
}

pub(super) fn allow_heading(application: &str) -> String {
    format!("Sign in to {application}?")
}

pub(super) fn allow_text(application: &str, site_name: &str) -> String {
    format!("{application} asks to know who you are at {site_name}.")
}

/// The accessible name of a list.
pub(super) const LEARNS: &str = "What it learns";
pub(super) const LEARNS_ACCOUNT: &str = "An identifier of your account";
pub(super) const LEARNS_PROFILE: &str = "Your name, username and picture";

/// `titles` are those of attributes.
pub(super) fn learns_attributes(titles: &[String]) -> String {
    format!("About you: {}", titles.join(", "))
}

pub(super) fn learns_email(email: &str) -> String {
    format!("Your e-mail address, {email}")
}

pub(super) const LEARNS_GROUPS: &str = "The names of your groups";
pub(super) const LEARNS_ROLE: &str = "Your role";
pub(super) const LEARNS_OFFLINE: &str = "Access to this information while you are not using the application";
pub(super) const ALLOW: &str = "Allow";
pub(super) const DENY: &str = "Don’t allow";

/// `host` is where the application is.
pub(super) fn allow_note(host: &str) -> String {
    format!("You go on to {host}.")
}

pub(super) fn pending_text(site_name: &str) -> String {
    format!("An admin of {site_name} has to approve it before you can sign in to applications.")
}

pub(super) fn not_admitted_heading(application: &str) -> String {
    format!("You can’t open {application}")
}

pub(super) fn not_admitted_text(site_name: &str) -> String {
    format!("It is for members of certain groups. Ask an admin of {site_name} to add you.")
}

// Entering the code of a device.

pub(super) const DEVICE_HEADING: &str = "Sign in on a device";
pub(super) const DEVICE_TEXT: &str = "Enter the code that the device shows.";
pub(super) const DEVICE_CODE: &str = "Code";
pub(super) const DEVICE_CODE_HELP: &str = "8 letters, such as BCDF-GHJK.";

/// A heading.
pub(super) fn device_ask_heading(application: &str) -> String {
    format!("Sign in to {application} on a device?")
}

pub(super) fn device_ask_text(application: &str, site_name: &str) -> String {
    format!("{application} on the device would know who you are at {site_name}.")
}

pub(super) const DEVICE_WARNING: &str =
    "Allow this only if the device is in front of you. If somebody sent you the code, don’t.";
/// A code follows.
pub(super) const DEVICE_SHOWS_BEFORE: &str = "The device shows this code: ";
pub(super) const DEVICE_ALLOWED: &str = "The device is signed in";

pub(super) fn device_allowed_text(application: &str) -> String {
    format!("Continue in {application} on the device. You can close this page.")
}

pub(super) const DEVICE_REFUSED: &str = "The device is not signed in";
pub(super) const DEVICE_REFUSED_TEXT: &str = "You did not allow it. You can close this page.";

// On the site of an application.

pub(super) const NOT_ADMITTED_ELSEWHERE: &str = "It is for members of certain groups. Ask an admin to add you.";
pub(super) const LOST_HEADING: &str = "The sign-in was not completed";
pub(super) const LOST_TEXT: &str = "It took too long, or this browser does not accept cookies here.";

// On the way to an application.

pub(super) const LEAVING: &str = "One moment";
pub(super) const LEAVING_TEXT: &str =
    "You are being redirected to the application. If nothing happens, select Continue.";

/// The heading and title of a page.
pub(super) fn sign_out_of(site_name: &str) -> String {
    format!("Sign out of {site_name}?")
}

pub(super) fn sign_out_text(application: Option<&str>, site_name: &str) -> String {
    match application {
        Some(application) => {
            format!("{application} asks you to sign out. You would have to sign in to {site_name} again.")
        }
        None => format!("You would have to sign in to {site_name} again."),
    }
}

pub(super) const SIGN_OUT: &str = "Sign out";
pub(super) const STAY_SIGNED_IN: &str = "Stay signed in";
pub(super) const SIGNED_OUT: &str = "You are signed out";

pub(super) fn signed_out_text(site_name: &str) -> String {
    format!("This browser is no longer signed in to {site_name}.")
}

// Setup.

pub(super) const SETUP: &str = "Set up Latchkey";
/// The accessible name of the panel beside the form.
pub(super) const SETUP_LABEL: &str = "Setup";
pub(super) const SETUP_TEXT: &str = "Latchkey is running and has no accounts yet. The first account is the owner.";
pub(super) const SETUP_ACCOUNT: &str = "Create the owner account";
pub(super) const SETUP_ACCOUNT_NOTE: &str = "The setup link stops working afterwards.";
pub(super) const SETUP_INVITE: &str = "Create your first invite";
pub(super) const SETUP_INVITE_NOTE: &str = "Then send its link to someone.";
pub(super) const SETUP_SEE: &str = "See who signs up";
pub(super) const SETUP_SEE_NOTE: &str = "With which invite, and when.";

/// `address` is the host and port of the site.
pub(super) fn setup_for(address: &str) -> String {
    format!("For {address}. This link works once.")
}

pub(super) const SITE_NAME: &str = "Site name";
pub(super) const SITE_NAME_HELP: &str = "Shown to people you invite. You can change it later.";
pub(super) const OWNER_NAME: &str = "Your name";
pub(super) const OWNER_NAME_HELP: &str = "Your display name. People you invite see it.";
pub(super) const CREATE_OWNER: &str = "Create owner account";
pub(super) const SETUP_NOTE: &str =
    "At first, people can sign up only with an invite. You can change this in the settings.";

// Instead of the setup form.

pub(super) const NOT_SET_UP: &str = "This site is not set up yet";
pub(super) const NOT_SET_UP_TEXT: &str = "To set it up, open the setup link. It was shown where Latchkey was started.";
pub(super) const SETUP_LINK_INVALID: &str = "This setup link is not valid";
pub(super) const SETUP_LINK_INVALID_TEXT: &str = "It was used, it is older than 24 hours, or a newer one was created.";
pub(super) const SET_UP: &str = "This site is already set up";
pub(super) const SET_UP_TEXT: &str = "It has an owner. If that is you, sign in.";
/// A command follows.
pub(super) const NEW_SETUP_LINK: &str =
    "To get a new link, valid for 24 hours, run this on the machine that runs Latchkey:";
/// An option of the command follows.
pub(super) const DATA_DIR_BEFORE: &str = "If the server has a data folder of its own, add the same ";

// Failures outside of any form: headings.

pub(super) const NOT_FOUND: &str = "Page not found";
pub(super) const DENIED: &str = "Access denied";
pub(super) const SIGN_IN_FIRST: &str = "Sign in to continue";
pub(super) const TOO_MANY: &str = "Too many attempts";
pub(super) const UNAVAILABLE: &str = "Temporarily unavailable";
pub(super) const WRONG_ADDRESS: &str = "Wrong address";
pub(super) const INTERNAL: &str = "Something went wrong on our side";
pub(super) const FAILED: &str = "The request failed";

// The reference of the REST API. Its descriptions come from the OpenAPI document, which is in English.

pub(super) const API: &str = "REST API";
pub(super) const API_DOWNLOAD: &str = "OpenAPI";
/// The accessible name of the table of contents.
pub(super) const API_CONTENTS: &str = "On this page";
pub(super) const API_AUTHENTICATION: &str = "Authentication";
/// An example follows.
pub(super) const API_KEY_EXAMPLE: &str = "Send the key with each request that requires one:";
/// A link.
pub(super) const API_MANAGE_KEYS: &str = "Manage your API keys";
pub(super) const API_ERRORS: &str = "Errors";
pub(super) const API_TYPES: &str = "Types";
/// Marks an operation.
pub(super) const API_NEEDS_KEY: &str = "Requires a key";
pub(super) const API_PARAMETERS: &str = "Parameters";
pub(super) const API_BODY: &str = "Request body";
pub(super) const API_RESULT: &str = "Response body";
pub(super) const API_STATUSES: &str = "Statuses";
pub(super) const API_EXAMPLE: &str = "Example";
/// Marks a parameter or a member of a type.
pub(super) const API_REQUIRED: &str = "required";
/// The name of a response header follows.
pub(super) const API_HEADER_BEFORE: &str = "Header ";
