//! Accounts with their API keys and sessions; invites and sign-ups.

use domain::accounts::{Email, NewAccount, Password, Role, Username};
use domain::ids::AccountId;
use domain::keys::KeyScope;
use domain::mail::MailDraft;
use domain::sessions::SignInDraft;
use domain::text::KeyName;
use serde_json::{Value, json};
use service::Client;

use super::answer::Answer;
use super::app::TestApp;

/// A password that is hard to guess, for all accounts in the tests.
pub const PASSWORD: &str = "seven wet umbrellas in Porto";

/// An account.
pub struct Person {
    pub id: AccountId,
    pub email: String,
}

impl TestApp {
    /// Creates an account, like the command line does.
    pub async fn person(&self, username: &str, role: Role) -> Person {
        let email = format!("{username}@example.org");
        let new = NewAccount {
            email: Email::parse(&email).expect("an address"),
            username: Username::parse(username).expect("a username"),
            name: None,
            role,
            password: Password::parse(PASSWORD).expect("a password"),
            groups: Vec::new(),
            attributes: Vec::new(),
            ends_at: None,
        };
        let account = service::operations::operator::create_account(&self.ctx, new).await.expect("an account");
        Person { id: account.id, email }
    }

    /// Creates an API key of an admin or owner.
    pub async fn key_of(&self, person: &Person) -> String {
        self.scoped_key_of(person, KeyScope::Full).await
    }

    /// An API key that may not do all that its account may.
    pub async fn scoped_key_of(&self, person: &Person, scope: KeyScope) -> String {
        let name = KeyName::parse("Tests").expect("a name");
        let key = service::operations::operator::create_key(&self.ctx, &person.email, name, scope, None).await;
        key.expect("a key").secret
    }

    /// Creates the owner `ines` and returns an API key.
    pub async fn owner_key(&self) -> String {
        let owner = self.person("ines", Role::Owner).await;
        self.key_of(&owner).await
    }

    /// Has the site send e-mail, once it has an owner. Nothing is sent in tests, so that what is written waits.
    pub async fn turn_mail_on(&self) {
        let owner = service::operations::operator::act_as(&self.ctx, None).await.expect("an owner");
        let draft = MailDraft {
            host: "localhost".to_owned(),
            encryption: "none".to_owned(),
            from: "post@example.org".to_owned(),
            ..MailDraft::default()
        };
        service::mail::configure(&self.ctx, &owner, draft).await.expect("the settings of mail");
    }

    /// Starts a session and returns `name=value` of its cookie.
    pub async fn cookie_of(&self, person: &Person) -> String {
        let draft = SignInDraft { login: person.email.clone(), password: PASSWORD.to_owned() };
        let token = service::sessions::sign_in(&self.ctx, &draft, &Client::default()).await.expect("a session");
        format!("latchkey={}", token.expose())
    }

    /// Creates an invite with the REST API.
    #[track_caller]
    pub fn invite<'a>(&'a self, key: &'a str, draft: &'a Value) -> impl Future<Output = Value> + 'a {
        let caller = std::panic::Location::caller();
        async move {
            let answer = self.post("/api/v1/admin/invites").bearer(key).json(draft).send().await;
            assert_eq!(answer.status.as_u16(), 201, "{caller}: {}", answer.text());
            answer.json()
        }
    }

    /// Sends one sign-up to the REST API.
    pub async fn sign_up(&self, body: &Value) -> Answer {
        self.post("/api/v1/signup").json(body).send().await
    }
}

/// The body of a sign-up with `code`.
pub fn sign_up(code: &Value, username: &str) -> Value {
    json!({
        "code": code,
        "email": format!("{username}@example.org"),
        "username": username,
        "password": PASSWORD,
    })
}
