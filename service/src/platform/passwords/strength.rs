//! The required strength of passwords, with a limit on the cost of estimating it.

use domain::accounts::{Password, Strength};
use domain::{Code, Failure};
use zxcvbn::Score;

/// The maximum number of characters that are estimated. Further characters do not make a password weaker.
const MAX_CHARS: usize = 64;
/// The maximum cost of an estimate, in characters squared times spellings. zxcvbn looks up every part of a password in its
/// dictionaries, once for each way to read its symbols as letters ("4" and "@" as "a"). Two dozen symbols in one password
/// can be read in a thousand ways, which took half a second. A password of 64 characters costs 4,096 per spelling; at most
/// sixteen spellings take about five milliseconds, a quarter of the time of hashing.
const COST: usize = 64_000;

/// How hard a password is to guess.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) strength: Strength,
    /// Why it is refused, if it is easier to guess than [`Strength::NEEDED`].
    pub(crate) weakness: Option<Failure>,
}

/// Refuses a password that is easy to guess.
pub(super) fn check(password: &Password, personal: &[String]) -> Result<(), Failure> {
    judge(password, personal).weakness.map_or(Ok(()), Err)
}

/// How hard a password is to guess. zxcvbn knows 30,000 common passwords, names, words, dates, keyboard patterns
/// and the words in `personal` (NIST SP 800-63B-4, section 3.1.1.2, requires a blocklist with context).
pub(super) fn judge(password: &Password, personal: &[String]) -> Judged {
    let personal: Vec<&str> = personal.iter().map(String::as_str).collect();
    let chars: Vec<char> = password.expose().chars().collect();
    let judged = estimate(&chars, &personal);
    let once = once(&chars);
    // zxcvbn recognises most repetitions, but not one that is cut off or that begins with two equal characters.
    if judged.weakness.is_none() && once.len() < chars.len() { estimate(&once, &personal) } else { judged }
}

fn estimate(chars: &[char], personal: &[&str]) -> Judged {
    let estimate = zxcvbn::zxcvbn(&beginning(chars), personal);
    let strength = match estimate.score() {
        Score::Zero => Strength::VeryWeak,
        Score::One => Strength::Weak,
        Score::Two => Strength::Fair,
        Score::Three => Strength::Strong,
        // The enum may grow (`non_exhaustive`); today this is `Score::Four`.
        _ => Strength::VeryStrong,
    };
    if strength >= Strength::NEEDED {
        return Judged { strength, weakness: None };
    }
    let why = estimate.feedback().and_then(zxcvbn::feedback::Feedback::warning).map(|warning| warning.to_string());
    let message = match why {
        Some(why) => format!("{why} Four or five unrelated words work well."),
        None => "This is easy to guess. Four or five unrelated words work well.".to_owned(),
    };
    Judged { strength, weakness: Some(Failure::field(Code::Invalid, "password", message)) }
}

/// The part that is estimated: all characters, or as many from the start as the cost allows.
fn beginning(chars: &[char]) -> String {
    let affordable = |length: &usize| length * length * spellings(&chars[..*length]) <= COST;
    let length = (1..=chars.len().min(MAX_CHARS)).take_while(affordable).last().unwrap_or(0);
    chars[..length].iter().collect()
}

/// An upper bound of the number of ways in which zxcvbn reads the symbols of `chars` as letters (its `L33T_TABLE`): one
/// choice per letter among the symbols that occur, and two for a symbol that stands for two letters.
fn spellings(chars: &[char]) -> usize {
    const LETTERS: [&str; 12] = ["4@", "8", "({[<", "3", "69", "1!|", "1|7", "0", "$5", "+7", "%", "2"];
    let shared = |symbol: char| if matches!(symbol, '1' | '|' | '7') { 2 } else { 1 };
    let choices = |symbols: &&str| {
        let there = symbols.chars().filter(|symbol| chars.contains(symbol)).map(shared).sum::<usize>();
        there.max(1)
    };
    LETTERS.iter().map(choices).product()
}

/// `chars` with each repetition that is more than half of them reduced to one: "xabcabcab" becomes "xabc".
fn once(chars: &[char]) -> Vec<char> {
    let mut chars = chars.to_vec();
    while let Some((start, end)) = repeated(&chars).filter(|(start, end)| (end - start) * 2 >= chars.len()) {
        chars.drain(start..end);
    }
    chars
}

/// The range of the longest repetition, without its first occurrence.
fn repeated(chars: &[char]) -> Option<(usize, usize)> {
    let mut longest = None;
    for period in 1..=chars.len() / 2 {
        let mut start = period;
        for end in period + 1..=chars.len() {
            if chars[end - 1] != chars[end - 1 - period] {
                start = end;
            } else if end - start >= period && longest.is_none_or(|(from, to)| to - from < end - start) {
                longest = Some((start, end));
            }
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn strength(password: &str) -> Result<(), Failure> {
        check(&Password::parse(password).unwrap(), &["mateo".to_owned()])
    }

    #[test]
    fn common_passwords_are_refused_and_a_sentence_is_not() {
        for weak in ["password123", "qwertyuiop", "aaaaaaaaaaaa", "mateomateo", "1234567890"] {
            assert!(strength(weak).unwrap_err().field_error("password").is_some(), "{weak}");
        }
        for strong in ["a bench by the window", "correct horse battery staple", "Zt7Kq4Nw1BvE"] {
            assert!(strength(strong).is_ok(), "{strong}");
        }
    }

    #[test]
    fn what_is_weaker_than_needed_is_refused_and_nothing_else() {
        let judge = |password: &str| judge(&Password::parse(password).unwrap(), &[]);
        assert_eq!(judge("password123").strength, Strength::VeryWeak);
        assert_eq!(judge("aB3$aB3$aB3$aB3$").strength, judge("aB3$aB3$aB3$").strength, "a repetition adds nothing");
        assert_eq!(judge("a bench by the window").strength, Strength::VeryStrong);
        for password in ["password123", "blue kettle", "kettle lamp", "zt7kq4nw1b", "a bench by the window"] {
            let Judged { strength, weakness } = judge(password);
            assert_eq!(weakness.is_none(), strength >= Strength::NEEDED, "{password}: {strength}");
        }
    }

    #[test]
    fn the_strength_of_a_long_password_is_that_of_its_beginning() {
        for pattern in ["aB3$", "password123", "letmein1", "qwertyuiop", "0123456789", "x", "P4$$w0rd"] {
            for lead in ["", "a", "zq"] {
                for length in [60, 99, 101, Password::MAX_BYTES] {
                    let mut password = format!("{lead}{}", pattern.repeat(Password::MAX_BYTES));
                    password.truncate(length);
                    assert!(strength(&password).is_err(), "{password}");
                }
            }
        }
        for strong in [
            "correct horse battery staple ".repeat(8),
            "a bench by the window and a lamp that is warm until the morning, a kettle, a chair and no clock"
                .to_owned(),
            "Zt7Kq4Nw1BvE".repeat(21),
            "@l1c3 & b0b: (2) {3} [4] <5> 6! 7% 8+ 9| $0".to_owned(),
            "ü bänk by thé wíndow, ñ lamps, ø chairs".to_owned(),
        ] {
            assert!(strength(&strong).is_ok(), "{strong}");
        }
    }

    #[test]
    fn a_repetition_is_counted_once() {
        for (text, written) in [
            ("abcabcab", "abc"),
            ("xabcabcab", "xabc"),
            ("aaaa", "a"),
            ("aaB3$aB3$aB3$", "aaB3$"),
            ("ab11ab11ab1", "ab11"),
            ("a bench, a bench by the window", "a bench, a bench by the window"),
            ("abcd", "abcd"),
            ("", ""),
        ] {
            let chars: Vec<char> = text.chars().collect();
            assert_eq!(once(&chars).iter().collect::<String>(), written);
        }
    }

    /// All symbols that zxcvbn reads as letters.
    const SYMBOLS: &str = "4@8({[<369&#!1/|0$5+7%2";

    /// The most expensive known passwords within the bounds: symbols first, last and in between, many dictionary words,
    /// repetitions.
    fn costly() -> Vec<String> {
        let long = |text: &str| text.repeat(Password::MAX_BYTES / text.len() + 1)[..Password::MAX_BYTES].to_owned();
        let some: String = SYMBOLS.chars().take(9).collect();
        vec![
            format!("{SYMBOLS}{}", "a".repeat(77)),
            format!("{}{SYMBOLS}", "a".repeat(77)),
            format!("{}{SYMBOLS}", "a".repeat(40)),
            format!("{some}{}", "a".repeat(91)),
            format!("41$75{}", "a".repeat(95)),
            format!("4@8({{3{}", "password".repeat(12)),
            long("4@1!"),
            long("p4$$w0rd1!"),
            long(SYMBOLS),
            long("aB3$"),
            long("password"),
            long("1"),
        ]
    }

    #[test]
    fn no_password_takes_much_longer_to_check_than_another() {
        for password in costly() {
            let estimated: Vec<char> = beginning(&password.chars().collect::<Vec<_>>()).chars().collect();
            assert!(estimated.len().pow(2) * spellings(&estimated) <= COST, "{password}");
        }
        // The best of five: a test machine may be busy.
        let cost = |password: &str| {
            let once = || {
                let started = Instant::now();
                let _ = strength(password);
                started.elapsed()
            };
            (0..5).map(|_| once()).min().unwrap_or_default()
        };
        let usual = cost("a bench by the window and a lamp that is warm until the morning!");
        for password in costly() {
            let cost = cost(&password);
            eprintln!("{:.1} times as much: {password}", cost.as_secs_f64() / usual.as_secs_f64());
            // The first of them was a thousand times as much.
            assert!(cost < usual * 25, "{password}: {cost:?}, and {usual:?} for another");
        }
    }
}
