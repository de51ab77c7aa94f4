//! `latchkey account`.

use std::io::{Read, stdin};

use domain::accounts::{Email, NewAccount, Password, Username};
use domain::failure::Check;
use domain::text::DisplayName;

use super::args::{AccountCommand, CreateAccount};
use super::open::{describe, describe_error, with_ctx};
use super::{Outcome, print};
use crate::config::Config;

/// Maximum length of the input, in bytes: more than any password, less than a file that is piped in by mistake.
const MAX_INPUT: u64 = 4096;

pub(super) async fn run(config: &Config, command: AccountCommand) -> Outcome {
    match command {
        AccountCommand::Create(create) => {
            let new = parse(&create, &read_password(stdin())?)?;
            with_ctx(config, async |ctx| {
                let account = service::operations::operator::create_account(ctx, new).await.map_err(describe_error)?;
                print::result(account.id)?;
                eprintln!("{} is {}.", account.username, account.role.title());
                Ok(())
            })
            .await
        }
        AccountCommand::SetPassword { account, keep_keys, password_stdin: _ } => {
            let password = Password::parse(&read_password(stdin())?).map_err(|wrong| format!("Password: {wrong}"))?;
            with_ctx(config, async |ctx| {
                let set = service::operations::operator::set_password(ctx, &account, password, !keep_keys).await;
                set.map_err(describe_error)?;
                let keys = if keep_keys { "Its API keys still work." } else { "Its API keys are revoked." };
                eprintln!("The password of {account} is changed. All sessions of this account have ended. {keys}");
                Ok(())
            })
            .await
        }
    }
}

fn parse(create: &CreateAccount, password: &str) -> Result<NewAccount, String> {
    let mut check = Check::default();
    let email = check.take("email", Email::parse(&create.email));
    let username = check.take("username", Username::parse(&create.username));
    let name = create.name.as_deref().and_then(|name| check.take("name", DisplayName::parse(name)));
    let password = check.take("password", Password::parse(password));
    let new = match (email, username, password) {
        (Some(email), Some(username), Some(password)) => {
            Some(NewAccount { email, username, name, role: create.role, password })
        }
        _ => None,
    };
    check.finish(new).map_err(|failure| describe(&failure))
}

/// Reads the password: the first line of `input`, without the line break.
pub(super) fn read_password(input: impl Read) -> Result<String, String> {
    let mut text = String::new();
    input
        .take(MAX_INPUT)
        .read_to_string(&mut text)
        .map_err(|error| format!("Cannot read the password from standard input: {error}."))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use domain::accounts::Role;

    use super::*;

    #[test]
    fn the_line_break_is_not_part_of_the_password() {
        for input in ["a bench  by", "a bench  by\n", "a bench  by\r\n", "a bench  by\nmore\n"] {
            assert_eq!(read_password(input.as_bytes()).unwrap(), "a bench  by");
        }
        assert_eq!(read_password(&b""[..]).unwrap(), "");
    }

    #[test]
    fn every_invalid_field_is_reported() {
        let create = CreateAccount {
            email: "nobody".into(),
            username: "!".into(),
            name: None,
            role: Role::Owner,
            password_stdin: true,
        };
        let message = parse(&create, "short").unwrap_err();
        for field in ["email:", "username:", "password:"] {
            assert!(message.contains(field), "{message}");
        }
    }
}
