//! What the page holds for the help while one types (the crate `help`), which is loaded once the page can be used; and what
//! that is told. Without it the page is the same.

use domain::accounts::{EmailDomain, Strength};
use domain::signup::{Checked, Invitation};
use domain::{Code, Failure};
use leptos::prelude::*;
use serde::Serialize;

use super::form::in_own_words;
use crate::public::parts::FieldError;
use crate::public::text;
use crate::request::Assets;

/// The script, and templates of what it puts into the form: it has neither texts nor addresses of its own.
#[component]
pub(super) fn Help(
    /// Lets the browser run the script.
    nonce: String,
    invitation: Option<Invitation>,
    /// The URL of the sign-in page.
    sign_in: String,
) -> impl IntoView {
    let script = Assets::current().url("help.js");
    let domains = invitation.map(|invitation| invitation.email_domains).unwrap_or_default();
    let domains = domains.iter().map(EmailDomain::as_str).collect::<Vec<_>>().join(" ");
    // One bar for each score but the lowest.
    let bars = (0..Strength::MAX_SCORE).map(|_| view! { <i></i> }).collect_view();
    view! {
        <template id="help-error">
            <FieldError of="template" error=String::new() />
        </template>
        <template id="help-sign-in">
            <a href=sign_in>{text::EMAIL_TAKEN_LINK}</a>
        </template>
        <template id="help-strength">
            <p class="strength">
                <span class="strength-bar" aria-hidden="true">{bars}</span>
                <span></span>
            </p>
        </template>
        <script
            type="module"
            id="help"
            nonce=nonce
            src=script
            data-email-domains=domains
            data-invalid-code=text::INVALID_CODE
        ></script>
    }
}

/// What the help is told of the form as typed so far. It is a part of the page and no API: the two come from one build.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    wrong: Vec<ToldField>,
    strength: Option<ToldStrength>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct ToldField {
    field: String,
    message: String,
    /// Whether the sentence ends with the link to the sign-in page.
    sign_in: bool,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct ToldStrength {
    score: u8,
    words: &'static str,
}

impl Told {
    /// The outcome of a check, in the words of the page.
    #[must_use]
    pub fn of(checked: Checked) -> Self {
        let Checked { wrong, strength } = checked;
        let failure = Failure { fields: wrong, ..Failure::new(Code::Invalid, String::new()) };
        let wrong = in_own_words(failure).fields.into_iter();
        Self {
            wrong: wrong
                .map(|wrong| ToldField {
                    sign_in: wrong.message == text::EMAIL_TAKEN,
                    field: wrong.field,
                    message: wrong.message,
                })
                .collect(),
            strength: strength
                .map(|strength| ToldStrength { score: strength.score(), words: text::strength(strength) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_has_the_words_of_the_page() {
        let wrong = [Failure::invite_invalid(), Failure::email_taken()].into_iter().flat_map(|failure| failure.fields);
        let told = Told::of(Checked { wrong: wrong.collect(), strength: Some(Strength::Fair) });
        let json = serde_json::to_value(told).unwrap();
        assert_eq!(json["wrong"][0]["message"], text::INVALID_CODE);
        assert_eq!((&json["wrong"][0]["field"], &json["wrong"][0]["sign_in"]), (&"code".into(), &false.into()));
        assert_eq!(json["wrong"][1]["message"], text::EMAIL_TAKEN);
        assert_eq!((&json["wrong"][1]["field"], &json["wrong"][1]["sign_in"]), (&"email".into(), &true.into()));
        assert_eq!((&json["strength"]["score"], &json["strength"]["words"]), (&2.into(), &"Too easy to guess".into()));
    }
}
