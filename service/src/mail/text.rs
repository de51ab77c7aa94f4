//! The words of mails. Names and browsers come from people, and are parsed before they are stored; here once more
//! nothing of them can hide, break a line, or be long.

use domain::Timestamp;
use domain::accounts::Email;
use domain::ids::InviteId;
use domain::invitations::PersonalMessage;
use domain::text::{DisplayName, Label, RequestNote, is_hidden, isolated};

/// The most characters of a name in a mail.
const MAX_NAME: usize = 100;
/// The most characters of an address or a note in a mail.
const MAX_TEXT: usize = 254;
/// The most lines of a message in a mail.
const MAX_LINES: usize = 100;

/// Above the link as text, for programs that show no buttons.
pub(super) const LINK_HINT: &str = "If the button does not work, open this address in your browser:";

/// The words of the link that stops invitations.
pub(super) const STOP: &str = "Get no more invitations and reminders from this site";

/// The site that writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its URL, without a slash at the end.
    pub(super) url: &'a str,
}

/// A request for a new link, as its author is told of it.
#[derive(Clone, Debug)]
pub(crate) struct RequestedLink {
    /// The invite.
    pub(crate) invite: InviteId,
    /// Its label.
    pub(crate) label: Option<Label>,
    /// Who asks.
    pub(crate) email: Email,
    /// What they say.
    pub(crate) note: Option<RequestNote>,
}

/// The link of an invite that was made for somebody who asked for it.
#[derive(Clone)]
pub(crate) struct GrantedLink {
    /// The display name of the one who made it.
    pub(crate) invited_by: String,
    /// The link.
    pub(crate) url: String,
    /// Its end; `None` is never.
    pub(crate) expires_at: Option<Timestamp>,
}

impl std::fmt::Debug for GrantedLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GrantedLink(…)")
    }
}

/// A mail that was given up, as the one who caused it is told of it.
#[derive(Clone, Debug)]
pub(super) struct FailedMail {
    /// Whom it did not reach.
    pub(super) to: Email,
    /// The last answer of the mail server, or why there was none.
    pub(super) answer: Option<String>,
    /// The invite whose link it has.
    pub(super) invite: InviteId,
}

/// An invitation to somebody.
#[derive(Clone)]
pub(crate) struct Invited {
    /// The display name of the inviter.
    pub(crate) by: String,
    /// The name of the recipient, if it is known.
    pub(crate) name: Option<DisplayName>,
    /// What the inviter says.
    pub(crate) message: Option<PersonalMessage>,
    /// The link, with the proof of the address.
    pub(crate) url: String,
    /// Whether the link is for this address alone.
    pub(crate) is_for_one: bool,
    /// Its end; `None` is never.
    pub(crate) expires_at: Option<Timestamp>,
    /// The link by which they get no more of these.
    pub(crate) stop_url: String,
}

impl std::fmt::Debug for Invited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Invited(…)")
    }
}

/// A letter, with what only invitations have.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The letter.
    pub(super) letter: Letter,
    /// What a person says in it, line by line, below its paragraphs.
    pub(super) quote: Vec<String>,
    /// The link by which no more of these are sent.
    pub(super) stop_url: Option<String>,
}

impl From<Letter> for Written {
    fn from(letter: Letter) -> Self {
        Self { letter, quote: Vec::new(), stop_url: None }
    }
}

/// What a mail says, before it is laid out. May have a secret link.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Letter {
    /// The subject.
    pub(super) subject: String,
    /// The heading above the text.
    pub(super) heading: String,
    /// The text.
    pub(super) paragraphs: Vec<String>,
    /// The words on a button, and where it leads.
    pub(super) button: Option<(String, String)>,
    /// What is less important, below.
    pub(super) small: Vec<String>,
}

impl Letter {
    /// The last part of the path of its link, which is what is secret in one that lets somebody in.
    pub(super) fn link_end(&self) -> Option<&str> {
        let (_, url) = self.button.as_ref()?;
        url.rsplit_once('/').map(|(_, end)| end).filter(|end| !end.is_empty())
    }
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// That the settings work.
pub(super) fn test(site: Site<'_>) -> Letter {
    Letter {
        subject: subject(site, "test message"),
        heading: "E-mail works".to_owned(),
        paragraphs: vec![format!("{} can send e-mail. This message was sent to try the settings.", inside(site.name))],
        button: None,
        small: vec!["There is nothing for you to do.".to_owned()],
    }
}

/// The link that sets a new password.
pub(super) fn password_reset(site: Site<'_>, username: &str, link: String) -> Letter {
    Letter {
        subject: subject(site, "reset your password"),
        heading: "Reset your password".to_owned(),
        paragraphs: vec![
            format!(
                "Somebody asked to reset the password of your account at {}. Your username is {}.",
                inside(site.name),
                inside(username)
            ),
            "With this link you set a new password. It works once, and for one hour.".to_owned(),
        ],
        button: Some(("Set a new password".to_owned(), link)),
        small: vec![
            "If it was not you, ignore this message: nothing changes as long as nobody opens the link.".to_owned(),
            "Do not pass this message on. Anyone who has the link can sign in as you.".to_owned(),
        ],
    }
}

/// That the password was changed.
pub(super) fn password_changed(site: Site<'_>, username: &str, at: Timestamp) -> Letter {
    Letter {
        subject: subject(site, "your password was changed"),
        heading: "Your password was changed".to_owned(),
        paragraphs: vec![
            format!("The password of your account {} at {} was changed.", inside(username), inside(site.name)),
            format!("Time: {}", time(at)),
            "If it was you, there is nothing for you to do. If not, somebody else may have your account: set a new \
             password now, and tell an admin."
                .to_owned(),
        ],
        button: Some(("Reset your password".to_owned(), format!("{}/forgot", site.url))),
        small: Vec::new(),
    }
}

/// That somebody signed in with a new browser.
pub(super) fn new_sign_in(site: Site<'_>, username: &str, at: Timestamp, browser: &str, ip: Option<&str>) -> Letter {
    let mut paragraphs = vec![
        format!(
            "Somebody signed in to your account {} at {} with a browser that you did not use before.",
            inside(username),
            inside(site.name)
        ),
        format!("Time: {}", time(at)),
        format!("Browser: {}", inside(browser)),
    ];
    paragraphs.extend(ip.map(|ip| format!("IP address: {}", inside(ip))));
    paragraphs.push(
        "If it was you, there is nothing for you to do. If not, end this session and change your password.".to_owned(),
    );
    Letter {
        subject: subject(site, "sign-in from a new browser"),
        heading: "Sign-in from a new browser".to_owned(),
        paragraphs,
        button: Some(("Review your sessions".to_owned(), format!("{}/me/account", site.url))),
        small: Vec::new(),
    }
}

/// That somebody asks for a new link.
pub(super) fn link_requested(site: Site<'_>, request: &RequestedLink) -> Letter {
    let RequestedLink { invite, label, email, note } = request;
    let email = isolated(&shown(email.as_str(), MAX_TEXT));
    let site_name = inside(site.name);
    let asks = match label {
        Some(label) => format!("{email} asks for a new link of your invite {} to {site_name}.", inside(label.as_str())),
        None => format!("{email} asks for a new link of your invite to {site_name}."),
    };
    let mut paragraphs = vec![asks];
    paragraphs.extend(note.as_ref().map(|note| format!("They write: {}", isolated(&shown(note.as_str(), MAX_TEXT)))));
    paragraphs.push("On the page of the invite you create a link for them, or dismiss the request.".to_owned());
    Letter {
        subject: subject(site, "somebody asks for a new link"),
        heading: "Somebody asks for a new link".to_owned(),
        paragraphs,
        button: Some(("Open the request".to_owned(), format!("{}/me/invites/{invite}", site.url))),
        small: vec!["Nobody has verified the address. Others may ask as well: the page has all requests.".to_owned()],
    }
}

/// The link that somebody asked for.
pub(super) fn link_granted(site: Site<'_>, granted: GrantedLink) -> Letter {
    let GrantedLink { invited_by, url, expires_at } = granted;
    let once = "It works once, and for this e-mail address alone.".to_owned();
    let mut paragraphs = vec![format!("{} sends you a new link to {}.", inside(&invited_by), inside(site.name)), once];
    paragraphs.extend(expires_at.map(|at| format!("It expires on {}.", time(at))));
    Letter {
        subject: subject(site, "your new invite link"),
        heading: "Your new invite link".to_owned(),
        paragraphs,
        button: Some(("Open the invite".to_owned(), url)),
        small: vec!["If you did not ask for it, ignore this message.".to_owned()],
    }
}

/// That a mail with the link of an invite was given up.
pub(super) fn mail_failed(site: Site<'_>, failed: &FailedMail) -> Letter {
    let FailedMail { to, answer, invite } = failed;
    let to = isolated(&shown(to.as_str(), MAX_TEXT));
    let mut paragraphs =
        vec![format!("Your message to {to} with an invite link to {} could not be delivered.", inside(site.name))];
    paragraphs.extend(answer.as_ref().map(|answer| format!("The answer was: {}", isolated(&shown(answer, MAX_TEXT)))));
    paragraphs.push("The invite exists. Copy its link, and send it in another way.".to_owned());
    Letter {
        subject: subject(site, "your message could not be delivered"),
        heading: "Your message could not be delivered".to_owned(),
        paragraphs,
        button: Some(("Open the invite".to_owned(), format!("{}/me/invites/{invite}", site.url))),
        small: vec!["The address may be wrong, or its mailbox full.".to_owned()],
    }
}

/// The link that activates a new account.
pub(super) fn activation(site: Site<'_>, username: &str, link: String) -> Letter {
    Letter {
        subject: subject(site, "verify your e-mail address"),
        heading: "Verify your e-mail address".to_owned(),
        paragraphs: vec![
            format!(
                "Somebody signed up at {} with this e-mail address and the username {}.",
                inside(site.name),
                inside(username)
            ),
            "With this link you activate the account. It works once, and for at most 48 hours.".to_owned(),
        ],
        button: Some(("Activate the account".to_owned(), link)),
        small: vec![
            "If it was not you, ignore this message: an account that nobody activates is deleted.".to_owned(),
            "Do not pass this message on. Anyone who has the link can take the account.".to_owned(),
        ],
    }
}

/// That the address of a sign-up, or of a change of address, has an account.
pub(super) fn has_account(site: Site<'_>) -> Letter {
    Letter {
        subject: subject(site, "you have an account already"),
        heading: "You have an account already".to_owned(),
        paragraphs: vec![
            format!(
                "Somebody entered this e-mail address for an account at {}. It has an account already, and nothing has \
                 changed.",
                inside(site.name)
            ),
            format!("If it was you, sign in. If you forgot your password, set a new one: {}/forgot", site.url),
        ],
        button: Some(("Sign in".to_owned(), format!("{}/login", site.url))),
        small: vec!["If it was not you, there is nothing for you to do.".to_owned()],
    }
}

/// The link that gives an account this address.
pub(super) fn email_change(site: Site<'_>, username: &str, link: String) -> Letter {
    Letter {
        subject: subject(site, "confirm your new e-mail address"),
        heading: "Confirm your new e-mail address".to_owned(),
        paragraphs: vec![
            format!("This is to be the e-mail address of the account {} at {}.", inside(username), inside(site.name)),
            "With this link you confirm it. It works once, and for 48 hours.".to_owned(),
        ],
        button: Some(("Confirm the address".to_owned(), link)),
        small: vec![
            "If you did not ask for it, ignore this message: nothing changes.".to_owned(),
            "Do not pass this message on.".to_owned(),
        ],
    }
}

/// That the account has another address since.
pub(super) fn email_changed(site: Site<'_>, username: &str, at: Timestamp) -> Letter {
    Letter {
        subject: subject(site, "your e-mail address was changed"),
        heading: "Your e-mail address was changed".to_owned(),
        paragraphs: vec![
            format!(
                "The account {} at {} has another e-mail address now. Messages are no longer sent to this one.",
                inside(username),
                inside(site.name)
            ),
            format!("Time: {}", time(at)),
            "If you know of it, there is nothing for you to do. If not, somebody else may have your account: tell an \
             admin now."
                .to_owned(),
        ],
        button: None,
        small: Vec::new(),
    }
}

/// An invitation, or a reminder of one.
pub(super) fn invitation(site: Site<'_>, invited: Invited, is_reminder: bool) -> Written {
    let Invited { by: invited_by, name, message, url, is_for_one, expires_at, stop_url } = invited;
    let (by, to) = (plain(&invited_by), plain(site.name));
    let mut paragraphs: Vec<String> = name.iter().map(|name| format!("Hello {},", inside(name.as_str()))).collect();
    let (by_inside, site_name) = (inside(&invited_by), inside(site.name));
    paragraphs.push(if is_reminder {
        format!("{by_inside} has invited you to {site_name}, and the invite ends soon.")
    } else {
        format!("{by_inside} invites you to {site_name}. Open the invite to sign up.")
    });
    if is_for_one {
        paragraphs.push("It works once, and for this e-mail address alone.".to_owned());
    }
    paragraphs.extend(expires_at.map(|at| format!("It expires on {}.", time(at))));
    if message.is_some() {
        paragraphs.push(format!("{by_inside} writes:"));
    }
    let quote = message.map_or_else(Vec::new, |message| {
        // Parsed when it was typed; once more nothing in it can hide.
        let line = |line: &str| line.chars().filter(|&c| !is_hidden(c)).collect();
        message.as_str().lines().take(MAX_LINES).map(line).collect()
    });
    let subject = format!("{by} invites you to {to}");
    let letter = Letter {
        subject: if is_reminder { format!("Reminder: {subject}") } else { subject },
        heading: "You are invited".to_owned(),
        paragraphs,
        button: Some(("Open the invite".to_owned(), url)),
        small: vec![
            "Do not pass this message on: its link shows that you read mail at this address.".to_owned(),
            "If you do not know who invites you, ignore this message.".to_owned(),
        ],
    };
    Written { letter, quote, stop_url: Some(stop_url) }
}

fn subject(site: Site<'_>, what: &str) -> String {
    format!("{}: {what}", plain(site.name))
}

/// A name inside a sentence.
fn inside(name: &str) -> String {
    isolated(&plain(name))
}

/// A text without what hides or reorders others, on one line, and not too long.
pub(super) fn plain(text: &str) -> String {
    shown(text, MAX_NAME)
}

fn shown(text: &str, most: usize) -> String {
    let shown: String = text.chars().filter(|&c| !is_hidden(c)).take(most).collect();
    shown.trim().to_owned()
}

/// `30 November 2026, 06:56 UTC`
fn time(at: Timestamp) -> String {
    at.to_utc().format("%-d %B %Y, %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: Site<'_> = Site { name: "Brambleyard", url: "https://bramble.example" };

    #[test]
    fn a_time_is_written_out() {
        assert_eq!(time(Timestamp::parse("2026-11-03T06:56:36Z").unwrap()), "3 November 2026, 06:56 UTC");
    }

    #[test]
    fn what_people_typed_can_neither_hide_nor_break_a_line() {
        let site = Site { name: "Bad\r\nBcc: eve@example.org\u{202E}", ..SITE };
        let letter = new_sign_in(site, "a\nb", Timestamp::from_micros(0), &"x\u{200B}".repeat(1_000), Some("1\r\n2"));
        let texts = [&letter.subject, &letter.heading].into_iter().chain(&letter.paragraphs);
        for text in texts {
            assert!(!text.chars().any(is_hidden) && text.chars().count() < 400, "{text:?}");
        }
        assert_eq!(letter.subject, "BadBcc: eve@example.org: sign-in from a new browser");
    }

    #[test]
    fn a_name_in_another_direction_moves_nothing_around_it() {
        let letter = test(Site { name: "שלמה", ..SITE });
        assert_eq!(letter.subject, "שלמה: test message");
        assert!(letter.paragraphs[0].starts_with("\u{2068}שלמה\u{2069} can"));
    }

    #[test]
    fn a_request_names_who_asks_for_what() {
        let request = |label: Option<&str>, note: Option<&str>| RequestedLink {
            invite: InviteId(uuid::Uuid::from_u128(1)),
            label: label.map(Label::stored),
            email: Email::stored("mateo@postbox.example"),
            note: note.map(RequestNote::stored),
        };
        let letter = link_requested(SITE, &request(Some("Course"), Some("I was ill.\u{202E}")));
        assert_eq!(
            letter.paragraphs[0],
            "mateo@postbox.example asks for a new link of your invite Course to Brambleyard."
        );
        assert_eq!(letter.paragraphs[1], "They write: I was ill.");
        let (_, page) = letter.button.unwrap();
        assert_eq!(page, "https://bramble.example/me/invites/00000000-0000-0000-0000-000000000001");
        assert_eq!(link_requested(SITE, &request(None, None)).paragraphs.len(), 2);
    }

    #[test]
    fn a_failure_names_who_was_not_reached_and_why() {
        let failed = |answer: Option<&str>| FailedMail {
            to: Email::stored("mateo@postbox.example"),
            answer: answer.map(str::to_owned),
            invite: InviteId(uuid::Uuid::from_u128(1)),
        };
        let letter = mail_failed(SITE, &failed(Some("550 5.1.1 No such user\r\nBcc: eve@example.org\u{202E}")));
        assert!(letter.paragraphs[0].starts_with("Your message to mateo@postbox.example with an invite link"));
        assert_eq!(letter.paragraphs[1], "The answer was: 550 5.1.1 No such userBcc: eve@example.org");
        let (_, page) = letter.button.unwrap();
        assert_eq!(page, "https://bramble.example/me/invites/00000000-0000-0000-0000-000000000001");
        assert_eq!(mail_failed(SITE, &failed(None)).paragraphs.len(), 2);
    }

    #[test]
    fn a_link_is_not_shown() {
        let granted = GrantedLink {
            invited_by: "Ada".to_owned(),
            url: "https://x.example/inv/s3cret".to_owned(),
            expires_at: None,
        };
        assert!(!format!("{granted:?} {:?}", link_granted(SITE, granted.clone())).contains("s3cret"));

        let letter = password_reset(SITE, "ada", "https://bramble.example/reset/s3cret".to_owned());
        assert!(!format!("{letter:?}").contains("s3cret"));
        assert_eq!(letter.link_end(), Some("s3cret"));
        assert_eq!(test(SITE).link_end(), None);
    }
}
