//! What is said of each field, and what the server is asked.

use std::collections::BTreeSet;

use domain::accounts::{Email, EmailDomain};
use domain::invites::{InviteCode, Terms};
use domain::signup::SignUpDraft;

/// What only the server can judge.
const ASKED: [&str; 4] = ["code", "email", "username", "password"];

/// What the page knows of its invite, and words that only pages use.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The invite code that the page was opened with.
    pub code: String,
    /// The domains of e-mail addresses that may sign up with it; none means any.
    pub email_domains: Vec<EmailDomain>,
    /// What is said of a code that cannot be used.
    pub invalid_code: String,
}

/// What is wrong with a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The name of the field.
    pub field: String,
    /// What is wrong and how to correct it.
    pub text: String,
    /// Whether the link to the sign-in page follows.
    pub sign_in: bool,
}

/// How hard the password is to guess.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strength {
    /// From 0 to 4.
    pub score: u8,
    /// The same in words.
    pub words: String,
}

/// What the server said of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The wrong fields.
    pub wrong: Vec<Message>,
    /// How hard the password is to guess, if it was judged.
    pub strength: Option<Strength>,
}

/// What is to be shown at a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    /// What is shown already, until the server has answered.
    Keep,
    /// Nothing.
    Nothing,
    /// What is wrong.
    Wrong(Message),
}

/// What has happened on the page.
#[derive(Default)]
pub struct Form {
    rules: Rules,
    /// The fields that were typed into. Of the others nothing is said: they may be on their way.
    touched: BTreeSet<String>,
    /// What the server was last asked.
    asked: Option<SignUpDraft>,
    /// What it last answered, and to what.
    answered: Option<(SignUpDraft, Answer)>,
    /// Whether the server is asked no more.
    stopped: bool,
}

impl Form {
    /// A form that nobody has typed into.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// Somebody types into `field`.
    pub fn touch(&mut self, field: &str) {
        if !self.touched.contains(field) {
            self.touched.insert(field.to_owned());
        }
    }

    /// Whether somebody has typed into `field`.
    #[must_use]
    pub fn is_touched(&self, field: &str) -> bool {
        self.touched.contains(field)
    }

    /// What the server is to be asked of the form as typed; nothing if it could not say anything new.
    pub fn question(&mut self, draft: &SignUpDraft) -> Option<SignUpDraft> {
        let wrong = self.wrong(draft);
        let is_wrong = |field: &str| wrong.iter().any(|message| message.field == field);
        // Without a code that can be used, the server says nothing else.
        if self.stopped || is_wrong("code") || self.code_is_refused(draft) {
            return None;
        }
        let of = |field: &str, value: &str| if is_wrong(field) { String::new() } else { value.to_owned() };
        let password = if self.is_touched("password") { of("password", &draft.password) } else { String::new() };
        let question = SignUpDraft {
            code: draft.code.clone(),
            email: of("email", &draft.email),
            username: of("username", &draft.username),
            name: of("name", &draft.name),
            password,
            ..SignUpDraft::default()
        };
        let is_of_use = ASKED.iter().any(|field| self.is_touched(field) && !value(&question, field).trim().is_empty());
        if !is_of_use || self.asked.as_ref() == Some(&question) {
            return None;
        }
        self.asked = Some(question.clone());
        Some(question)
    }

    /// The server has answered `question`.
    pub fn answer(&mut self, question: SignUpDraft, answer: Answer) {
        self.answered = Some((question, answer));
    }

    /// The server is asked no more: it refused to answer.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// What is to be shown at `field`. `waits`: whether the server was asked and has not answered.
    #[must_use]
    pub fn say(&self, draft: &SignUpDraft, field: &str, waits: bool) -> Say {
        if let Some(message) = self.wrong(draft).into_iter().find(|message| message.field == field) {
            return Say::Wrong(message);
        }
        if !ASKED.contains(&field) {
            return Say::Nothing;
        }
        let same = |asked: &SignUpDraft| value(asked, field) == value(draft, field) && asked.code == draft.code;
        match &self.answered {
            Some((asked, answer)) if same(asked) => {
                let wrong = answer.wrong.iter().find(|message| message.field == field);
                wrong.map_or(Say::Nothing, |message| Say::Wrong(message.clone()))
            }
            _ if waits => Say::Keep,
            _ => Say::Nothing,
        }
    }

    /// How hard the password is to guess, as far as it is known.
    #[must_use]
    pub fn strength(&self, draft: &SignUpDraft, waits: bool) -> Option<&Strength> {
        let (asked, answer) = self.answered.as_ref()?;
        let is_judged = !draft.password.is_empty() && !self.wrong(draft).iter().any(|wrong| wrong.field == "password");
        answer.strength.as_ref().filter(|_| is_judged && (waits || asked.password == draft.password))
    }

    /// What is wrong with the form without asking.
    fn wrong(&self, draft: &SignUpDraft) -> Vec<Message> {
        let message = |field: &str, text: String| Message { field: field.to_owned(), text, sign_in: false };
        let parsed = draft.parse().err().map(|failure| failure.fields).unwrap_or_default();
        let mut wrong: Vec<Message> = parsed.into_iter().map(|wrong| message(&wrong.field, wrong.message)).collect();
        if draft.code().is_some_and(|code| code.is_err()) && InviteCode::pasted(&draft.code).is_none() {
            wrong.push(message("code", self.rules.invalid_code.clone()));
        }
        if draft.code == self.rules.code {
            let terms = Terms { email_domains: self.rules.email_domains.clone(), ..Terms::default() };
            let not_admitted = Email::parse(&draft.email).ok().and_then(|email| terms.admits(&email).err());
            wrong.extend(not_admitted.map(|why| message("email", why)));
        }
        wrong
    }

    /// Whether the server said that this code cannot be used.
    fn code_is_refused(&self, draft: &SignUpDraft) -> bool {
        self.answered.as_ref().is_some_and(|(asked, answer)| {
            asked.code == draft.code
                && answer.wrong.iter().any(|message| message.field == "code")
                && !draft.code.is_empty()
        })
    }
}

/// What is typed in one of [`ASKED`].
fn value<'a>(draft: &'a SignUpDraft, field: &str) -> &'a str {
    match field {
        "code" => &draft.code,
        "email" => &draft.email,
        "username" => &draft.username,
        "password" => &draft.password,
        _ => "",
    }
}

#[cfg(test)]
mod tests;
