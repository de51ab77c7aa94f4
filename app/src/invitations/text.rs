//! The texts of invitations. Titles of statuses are in `domain::invitations`.
//!
//! Names come isolated (`domain::text::isolated`) in toasts and questions.

use domain::text::thousands;

pub(super) use crate::ui::text::{
    ACTIONS, INVITE, INVITES, MEMBER, NEVER, NEWER_OLDER, NOT_A_DATE, PREVIOUS_NEXT, REFRESH, ROLE, STATUS, USERNAME,
};

// The list of mailings.

pub(super) const INVITATIONS: &str = "Invitations";
pub(super) const ABOUT: &str = "Messages that bring invites to people, and what became of them.";
pub(super) const INVITE_BY_MAIL: &str = "Invite by e-mail";
pub(super) const NO_MAILINGS: &str = "No invitations yet";
pub(super) const NO_MAILINGS_TEXT: &str =
    "Paste addresses or choose a CSV file. Each person gets a message with a link, and you see who has joined.";
pub(super) const MAIL_OFF: &str = "E-mail is off";
pub(super) const MAIL_OFF_TEXT: &str = "Invitations are sent by e-mail, which is not set up on this site. You can copy invite links and send them yourself.";
/// The same beside invitations that were sent before.
pub(super) const MAIL_OFF_NOTE: &str = "E-mail is off. What waits is sent when it is on again.";
pub(super) const MAIL_SETTINGS: &str = "E-mail settings";
pub(super) const PROGRESS: &str = "Progress";
pub(super) const JOINED: &str = "Joined";

pub(super) fn mailings(count: usize) -> String {
    if count == 1 { "1 mailing".to_owned() } else { format!("{count} mailings") }
}

/// `120 recipients`.
pub(super) fn recipients(count: u32) -> String {
    if count == 1 { "1 recipient".to_owned() } else { format!("{} recipients", thousands(count)) }
}

/// `120 recipients, a link for each`.
pub(super) fn what(recipients: &str, mode: &str) -> String {
    format!("{recipients}, {}", mode.to_lowercase())
}

/// `80 of 120 sent`.
pub(super) fn done_of(done: u32, total: u32) -> String {
    format!("{} of {} sent", thousands(done), thousands(total))
}

pub(super) const COMPLETE: &str = "Complete";
pub(super) const STOPPED: &str = "Stopped";

// The page on which they are sent: who gets one.

/// To somebody who may create no invites.
pub(super) const MAY_NOT: &str = "Your account does not have permission to invite people by e-mail. Ask an admin.";
pub(super) const NEW_ABOUT: &str = "Send invite links to many people at once.";
pub(super) const WHO: &str = "Recipients";
pub(super) const WHO_ABOUT: &str = "Up to 5,000 people. Each address gets one message, however often it is listed.";
pub(super) const RECIPIENTS: &str = "Names and addresses";
pub(super) const RECIPIENTS_HELP: &str = "One on each line, or separated by commas: ada@example.org, or Ada Lovelace <ada@example.org>. In a CSV file the first line names the columns: email, name, username. Any other column is an attribute.";
pub(super) const CHOOSE_FILE: &str = "Choose a CSV file";
/// The names of files that are offered.
pub(super) const FILE_TYPES: &str = ".csv,.txt,text/csv,text/plain";
pub(super) const FILE_TOO_LARGE: &str = "This file is larger than 256 KiB. Divide it, and send the parts one by one.";
pub(super) const PREVIEW: &str = "Preview";
pub(super) const PREVIEWING: &str = "Reading…";

// The preview.

/// The name of its region.
pub(super) const FOUND: &str = "What was found";
pub(super) const LINE: &str = "Line";
pub(super) const WRONG: &str = "What is wrong";
pub(super) const TEXT: &str = "Text";
pub(super) const ADDRESS: &str = "Address";
pub(super) const NAME: &str = "Name";
pub(super) const ATTRIBUTES: &str = "Attributes";
/// The names of the tables.
pub(super) const WRONG_LINES: &str = "Entries that can’t be read";
pub(super) const FOUND_RECIPIENTS: &str = "Recipients";
pub(super) const NOTHING_FOUND: &str = "There is nobody to invite in this list.";

pub(super) fn duplicates(count: u32) -> String {
    if count == 1 {
        "1 address is listed more than once.".to_owned()
    } else {
        format!("{} addresses are listed more than once.", thousands(count))
    }
}

/// Where each gets a link of their own.
pub(super) fn have_account(count: u32) -> String {
    if count == 1 {
        "1 address has an account already and gets no message.".to_owned()
    } else {
        format!("{} addresses have an account already and get no message.", thousands(count))
    }
}

/// Where all get the same link.
pub(super) fn have_account_too(count: u32) -> String {
    if count == 1 {
        "1 address has an account already.".to_owned()
    } else {
        format!("{} addresses have an account already.", thousands(count))
    }
}

pub(super) fn unsubscribed(count: u32) -> String {
    if count == 1 {
        "1 address wants no more invitations and gets no message.".to_owned()
    } else {
        format!("{} addresses want no more invitations and get no message.", thousands(count))
    }
}

pub(super) fn wrong_lines(count: u32) -> String {
    if count == 1 {
        "1 entry can’t be read.".to_owned()
    } else {
        format!("{} entries can’t be read.", thousands(count))
    }
}

pub(super) fn skip_lines(count: u32) -> String {
    if count == 1 { "Leave out this entry".to_owned() } else { format!("Leave out these {} entries", thousands(count)) }
}

pub(super) const SKIP_LINES_HELP: &str = "The others get their invitations.";

/// Below the first rows of a long list.
pub(super) fn more_than_shown(shown: u32, count: u32) -> String {
    format!("The first {} of {} are shown.", thousands(shown), thousands(count))
}

/// The attributes of one recipient.
pub(super) fn attribute(key: &str, value: &str) -> String {
    format!("{key}: {value}")
}

// What they get.

pub(super) const WHAT: &str = "What they get";
pub(super) const WHAT_ABOUT: &str =
    "A separate link works for one address and can be revoked. One link works for everyone who has it.";
pub(super) const LINKS: &str = "Links";
pub(super) const TERMS: &str = "Terms";
pub(super) const NEW_TERMS: &str = "New terms";

/// The terms of an invite that exists.
pub(super) fn like(title: &str) -> String {
    format!("Like “{title}”")
}

pub(super) const LABEL: &str = "Name";
pub(super) const LABEL_EXAMPLE: &str = "Winter course";
pub(super) const LABEL_HELP: &str = "All of these invites have it in the list. Recipients don’t see it.";
pub(super) const EXPIRES: &str = "Expires";
pub(super) const IN_7_DAYS: &str = "In 7 days";
pub(super) const IN_14_DAYS: &str = "In 14 days";
pub(super) const IN_30_DAYS: &str = "In 30 days";
pub(super) const DATE: &str = "On a date";
pub(super) const EXPIRY_DATE: &str = "Expiry date";
pub(super) const TIME_ZONE_HELP: &str = "In your time zone.";
pub(super) const KNOWN: &str = "Names, usernames and attributes of the list";
pub(super) const MAY_CHANGE: &str = "They may change them";
pub(super) const LOCKED: &str = "Locked";
pub(super) const KNOWN_HELP: &str =
    "They are filled in on the sign-up page. A username that is taken by then can be changed even if they are locked.";
/// One link for all.
pub(super) const WHICH_INVITE: &str = "Invite";
pub(super) const CHOOSE_INVITE: &str = "Choose an invite";
pub(super) const NO_INVITE_CHOSEN: &str = "Choose the invite whose link is sent.";
pub(super) const ONE_LINK_HELP: &str =
    "Active invites are listed. Everyone who gets the message can use it, until its uses are used up.";

// The message.

pub(super) const MESSAGE_TITLE: &str = "Message";
pub(super) const MESSAGE_ABOUT: &str = "The subject says who invites them, and the link is added.";
pub(super) const MESSAGE: &str = "Personal message";
pub(super) const MESSAGE_HELP: &str = "Plain text, at most 1,000 characters. It is shown as yours.";
pub(super) const REMINDER: &str = "Remind once";
pub(super) const REMINDER_HELP: &str = "2 days before the invite expires, those who have not joined get one reminder.";

pub(super) const SEND: &str = "Send invitations";

/// The button once it is known how many.
pub(super) fn send(count: u32) -> String {
    if count == 1 { "Send 1 invitation".to_owned() } else { format!("Send {} invitations", thousands(count)) }
}

pub(super) fn sending(count: u32) -> String {
    if count == 1 {
        "1 invitation is being sent".to_owned()
    } else {
        format!("{} invitations are being sent", thousands(count))
    }
}

// One mailing.

pub(super) const ABSENT: &str = "There are no such invitations";
pub(super) const ABSENT_TEXT: &str = "The address may be incomplete.";
pub(super) const ALL_INVITATIONS: &str = "All invitations";
/// The accessible name of the card.
pub(super) const SUMMARY: &str = "Summary";
pub(super) const SENT_BY: &str = "Sent by";
pub(super) const SENT_AT: &str = "Sent at";
pub(super) const WITH_REMINDER: &str = "Reminder";
pub(super) const REMINDS: &str = "2 days before the invite expires";
pub(super) const REMINDS_NOT: &str = "None";
/// Why the rest is not sent. The reason follows.
pub(super) const WHY_STOPPED_BEFORE: &str = "The rest is not sent. ";
pub(super) const RECIPIENT: &str = "Recipient";
/// Since when the status is what it is.
pub(super) const TIME: &str = "Since";
pub(super) const SHOW_ALL: &str = "Show all recipients";
pub(super) const NONE_MATCH: &str = "No recipients found";
pub(super) const NONE_MATCH_TEXT: &str = "No invitation is in this state.";
/// Opening is what mail programs do, too.
pub(super) const OPENED_HELP: &str =
    "“Opened” means that the sign-up page was opened. Some mail programs open links by themselves, to check them.";

pub(super) fn recipient_rows(count: usize) -> String {
    recipients(u32::try_from(count).unwrap_or(u32::MAX))
}

/// An instant follows.
pub(super) const REMINDED_BEFORE: &str = "reminded ";

// Acts.

pub(super) const RESEND: &str = "Resend";
pub(super) const RESEND_FRESH: &str = "Send a fresh link";
/// `…` marks what asks first.
pub(super) const RESEND_FRESH_MORE: &str = "Send a fresh link…";
pub(super) const REVOKE: &str = "Revoke…";
pub(super) const RESEND_ALL: &str = "Resend to all who have not joined…";

pub(super) fn resent(email: &str) -> String {
    format!("Invitation to {email} on its way")
}

pub(super) fn resent_fresh(email: &str) -> String {
    format!("Fresh link to {email} on its way")
}

pub(super) fn fresh_title(email: &str) -> String {
    format!("Send a fresh link to {email}?")
}

pub(super) const FRESH_TEXT: &str = "The link that they have no longer works.";

pub(super) fn revoke_title(email: &str) -> String {
    format!("Revoke the invitation to {email}?")
}

pub(super) const REVOKE_OWN_TEXT: &str =
    "Their link no longer works, and queued messages are not sent. This can’t be undone.";
pub(super) const REVOKE_ONE_TEXT: &str =
    "A message that waits is not sent, and they get no reminder. The link, which others have too, still works.";
pub(super) const REVOKE_VERB: &str = "Revoke invitation";

pub(super) fn revoked(email: &str) -> String {
    format!("Invitation to {email} revoked")
}

pub(super) const RESEND_ALL_TITLE: &str = "Resend to all who have not joined?";

/// The limits of `domain::invitations::Resends`.
const RESEND_LIMIT: &str = "Anyone who got it again in the last ten minutes, or three times within a day, is left out.";

pub(super) fn resend_all_text(count: u32) -> String {
    if count == 1 {
        format!("1 person gets the message again, with the same link. {RESEND_LIMIT}")
    } else {
        format!("{} people get the message again, with the same link. {RESEND_LIMIT}", thousands(count))
    }
}

pub(super) fn resent_all(count: u64) -> String {
    if count == 0 {
        "Nothing sent: they got it again a moment ago, or three times within a day".to_owned()
    } else if count == 1 {
        "1 invitation on its way".to_owned()
    } else {
        format!("{} invitations on their way", thousands(count))
    }
}
