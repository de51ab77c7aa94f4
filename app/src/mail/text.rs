//! The texts of e-mail.
//!
//! Names and addresses come isolated (`domain::text::isolated`) in sentences.

pub(super) use crate::ui::text::{COPY_LINK, EMAIL, LINK_COPIED, OPTIONAL, REFRESH, SAVE_CHANGES, STATUS, USERNAME};

// The page.

/// The page that leads here.
pub(super) const SETTINGS: &str = "Settings";
pub(super) const OFF: &str = "Off";

/// The state of the page: whom messages are from, and the server that they are handed to.
pub(super) fn sends(sender: &str, host: &str) -> String {
    format!("Sends from {sender} by {host}")
}

/// A sender: name and address.
pub(super) fn sender(name: &str, address: &str) -> String {
    format!("{name} <{address}>")
}

pub(super) const IS_OFF: &str = "E-mail is off";
pub(super) const IS_OFF_TEXT: &str = "Invite links and reset links can be copied, and sent in any way you like. With a \
     mail server, members who forgot their password get the link themselves and are told when their password changes, and \
     new accounts can be made to verify their address.";
pub(super) const SET_UP: &str = "Set up e-mail";
pub(super) const EDIT: &str = "Edit";
pub(super) const TEST: &str = "Send a test";
/// A toast.
pub(super) const TEST_QUEUED: &str = "Test message to yourself queued";
pub(super) const FIXED: &str = "Set by LATCHKEY_SMTP_URL on the server. It can’t be changed here.";

/// Emphasised; [`FAILING_TEXT`] follows.
pub(super) fn failing(reason: Option<&str>) -> String {
    match reason.map(|reason| reason.trim().trim_end_matches('.')) {
        None | Some("") => "E-mail can’t be sent.".to_owned(),
        Some(reason) => format!("E-mail can’t be sent: {reason}."),
    }
}

pub(super) const FAILING_TEXT: &str = "Check server, port, encryption, username and password, then send a test. \
     Messages that wait are sent once the server accepts them.";
pub(super) const FAILING_TEXT_FIXED: &str = "Check LATCHKEY_SMTP_URL on the server, then send a test. Messages that \
     wait are sent once the server accepts them.";

// What is set up.

/// The accessible name of the section, and the label of a field.
pub(super) const SERVER: &str = "Server";
pub(super) const ON: &str = "On";
pub(super) const FAILING: &str = "Failing";
pub(super) const SENDER: &str = "Sender";

pub(super) fn failures(attempts: u32) -> String {
    if attempts == 1 { "The last attempt failed".to_owned() } else { format!("The last {attempts} attempts failed") }
}

pub(super) fn server(host: &str, port: u16, encryption: Option<&str>) -> String {
    match encryption {
        Some(encryption) => format!("{host}, port {port}, {encryption}"),
        None => format!("{host}, port {port}, without encryption"),
    }
}

pub(super) const NO_USERNAME: &str = "None";
pub(super) const WITH_PASSWORD: &str = "with a password";

// The form.

pub(super) const EDIT_TITLE: &str = "Edit e-mail";
pub(super) const SERVER_EXAMPLE: &str = "mail.example.org";
pub(super) const ENCRYPTION: &str = "Encryption";
pub(super) const PORT: &str = "Port";
pub(super) const USERNAME_HELP: &str = "Leave it empty if the server asks for none.";
pub(super) const PASSWORD: &str = "Password";
pub(super) const KEEP_PASSWORD: &str = "Leave empty to keep the password.";
pub(super) const FROM: &str = "From address";
pub(super) const FROM_EXAMPLE: &str = "noreply@example.org";
pub(super) const FROM_HELP: &str = "An address that the server may send from.";
pub(super) const FROM_NAME: &str = "From name";
pub(super) const TURN_ON: &str = "Turn on e-mail";
/// Two toasts.
pub(super) const TURNED_ON: &str = "E-mail is on. Send a test to see whether it arrives.";
pub(super) const SAVED: &str = "E-mail settings saved";

// Turning it off.

/// `…` marks what asks first.
pub(super) const TURN_OFF_MORE: &str = "Turn off…";
pub(super) const TURN_OFF_TITLE: &str = "Turn off e-mail?";
pub(super) const TURN_OFF_TEXT: &str = "The server settings and the password are deleted. Queued messages stay in the \
     list, and are sent if e-mail is set up again within 7 days. Invite links and reset links can still be copied.";
pub(super) const TURN_OFF: &str = "Turn off e-mail";
/// A toast.
pub(super) const TURNED_OFF: &str = "E-mail is off";

// Messages.

pub(super) const MESSAGES: &str = "Messages";
pub(super) const NO_MESSAGES: &str = "No messages yet";
pub(super) const NO_MESSAGES_TEXT: &str =
    "Send a test to see one. Messages are listed for 7 days, and failed ones for 30. Their text is not kept.";
pub(super) const NONE_MATCH: &str = "No messages found";
pub(super) const NONE_MATCH_TEXT: &str = "No message has this status.";
pub(super) const SHOW_ALL: &str = "Show all messages";

pub(super) fn messages(count: usize) -> String {
    if count == 1 { "1 message".to_owned() } else { format!("{count} messages") }
}

pub(super) const RECIPIENT: &str = "Recipient";
pub(super) const MESSAGE: &str = "Message";
pub(super) const ANSWER: &str = "Last answer";
pub(super) const TIME: &str = "Time";
pub(super) const NO_ANSWER_YET: &str = "None yet";

pub(super) fn attempts(count: u32) -> String {
    if count == 1 { "1 attempt".to_owned() } else { format!("{count} attempts") }
}

/// An instant follows.
pub(super) const NEXT_BEFORE: &str = "next ";
pub(super) const RESEND: &str = "Resend";

/// The accessible name of [`RESEND`].
pub(super) fn resend_of(kind: &str, recipient: &str) -> String {
    format!("Resend {kind} to {recipient}")
}

/// The accessible name of [`COPY_LINK`].
pub(super) fn copy_link_of(kind: &str, recipient: &str) -> String {
    format!("Copy link of {kind} to {recipient}")
}

/// A toast.
pub(super) const RESENT: &str = "Message queued again";

// What becomes of a message that was just queued.

pub(super) const WAITING: &str = "Waiting for the server’s answer…";
pub(super) const STILL_WAITING: &str =
    "The server has not answered yet. The message stays in the list; refresh it to see what became of it.";

/// Two toasts.
pub(super) fn sent_to(recipient: &str) -> String {
    format!("Sent to {recipient}")
}

pub(super) fn not_sent_to(recipient: &str) -> String {
    format!("Not sent to {recipient}. The list says why.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_ends_the_sentence_once() {
        assert_eq!(failing(Some("connection refused")), "E-mail can’t be sent: connection refused.");
        assert_eq!(failing(Some(" The server did not answer. ")), "E-mail can’t be sent: The server did not answer.");
        assert_eq!([failing(None), failing(Some("."))], ["E-mail can’t be sent."; 2]);
    }
}
