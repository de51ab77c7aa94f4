//! `latchkey demo`.

use std::io::stdin;

use domain::accounts::{Email, Password, Username};
use domain::failure::Check;
use service::operations::demo::{self, Demo};

use super::account::read_password;
use super::args::DemoOptions;
use super::open::{say, say_error, with};
use super::{Outcome, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, options: DemoOptions) -> Outcome {
    let given = if options.password_stdin { Some(password()?) } else { None };
    let demo = parse(&options)?;
    with(config, async |ctx| {
        let username = demo.username.clone();
        let drawn = if given.is_none() { Some(demo::password(ctx).map_err(say_error)?) } else { None };
        let password = given.or_else(|| drawn.clone()).ok_or("There is no password.")?;
        let filled = demo::fill(ctx, demo, password).await.map_err(say_error)?;
        eprintln!(
            "There are {} accounts and {} links now; {} people came by one.\n\
             Sign in as {username}. Every account has the same password: this is for looking around, not for the world.",
            filled.accounts, filled.invites, filled.redemptions
        );
        match drawn {
            Some(password) => print::result(password.expose()),
            None => Ok(()),
        }
    })
    .await
}

fn parse(options: &DemoOptions) -> Result<Demo, String> {
    let mut check = Check::default();
    let email = check.take("email", Email::parse(&options.email));
    let username = check.take("username", Username::parse(&options.username));
    let demo = email.zip(username).map(|(email, username)| Demo {
        email,
        username,
        accounts: options.accounts as usize,
        invites: options.links as usize,
        seed: options.seed,
    });
    check.finish(demo).map_err(|failure| say(&failure))
}

fn password() -> Result<Password, String> {
    Password::parse(&read_password(stdin())?).map_err(|wrong| format!("Password: {wrong}"))
}
