//! How hard a password must be to guess.

use domain::accounts::Password;
use domain::{Code, Failure};

/// The zxcvbn score a new password needs: "safely unguessable", more than 10^8 guesses.
const STRENGTH: zxcvbn::Score = zxcvbn::Score::Three;

/// Refuses a password that a guesser would try early: zxcvbn knows 30,000 common passwords, names, words, dates and
/// keyboard walks, and `personal` here (NIST SP 800-63B-4, section 3.1.1.2, asks for a blocklist with context).
pub(super) fn check(password: &Password, personal: &[String]) -> Result<(), Failure> {
    let personal: Vec<&str> = personal.iter().map(String::as_str).collect();
    let estimate = zxcvbn::zxcvbn(password.expose(), &personal);
    if estimate.score() >= STRENGTH {
        return Ok(());
    }
    let why = estimate.feedback().and_then(zxcvbn::feedback::Feedback::warning).map(|warning| warning.to_string());
    let message = match why {
        Some(why) => format!("{why} Four or five unrelated words work well."),
        None => "This is easy to guess. Four or five unrelated words work well.".to_owned(),
    };
    Err(Failure::field(Code::Invalid, "password", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strength(password: &str) -> Result<(), Failure> {
        check(&Password::parse(password).unwrap(), &["mateo".to_owned()])
    }

    #[test]
    fn what_is_tried_first_is_refused_and_a_sentence_is_not() {
        for weak in ["password123", "qwertyuiop", "aaaaaaaaaaaa", "mateomateo", "1234567890"] {
            assert!(strength(weak).unwrap_err().field_error("password").is_some(), "{weak}");
        }
        for strong in ["a bench by the window", "correct horse battery staple", "Zt7Kq4Nw1BvE"] {
            assert!(strength(strong).is_ok(), "{strong}");
        }
    }

    #[test]
    fn the_longest_password_is_measured_in_bounded_time() {
        let started = std::time::Instant::now();
        let _ = strength(&"aB3$".repeat(64));
        assert!(started.elapsed() < std::time::Duration::from_secs(5));
    }
}
