//! The words of mails. Names and browsers come from people, and are parsed before they are stored; here once more
//! nothing of them can hide, break a line, or be long.

use domain::Timestamp;
use domain::text::{is_hidden, isolated};

/// The most characters of a name in a mail.
const MAX_NAME: usize = 100;

/// Above the link as text, for programs that show no buttons.
pub(super) const LINK_HINT: &str = "If the button does not work, open this address in your browser:";

/// The site that writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its URL, without a slash at the end.
    pub(super) url: &'a str,
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
            "Do not pass this message on. Whoever has the link can sign in as you.".to_owned(),
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

fn subject(site: Site<'_>, what: &str) -> String {
    format!("{}: {what}", plain(site.name))
}

/// A name inside a sentence.
fn inside(name: &str) -> String {
    isolated(&plain(name))
}

/// A text without what hides or reorders others, on one line, and not too long.
pub(super) fn plain(text: &str) -> String {
    let shown: String = text.chars().filter(|&c| !is_hidden(c)).take(MAX_NAME).collect();
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
    fn a_link_is_not_shown() {
        let letter = password_reset(SITE, "ada", "https://bramble.example/reset/s3cret".to_owned());
        assert!(!format!("{letter:?}").contains("s3cret"));
    }
}
