//! `latchkey demo`.

use std::io::stdin;

use domain::accounts::{Email, Password, Username};
use domain::failure::Check;
use service::operations::demo::{self, Demo};

use super::account::read_password;
use super::args::DemoOptions;
use super::open::{describe, describe_error, with_ctx};
use super::{Outcome, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, options: DemoOptions) -> Outcome {
    let given = if options.password_stdin { Some(password()?) } else { None };
    let demo = parse(&options)?;
    with_ctx(config, async |ctx| {
        let username = demo.username.clone();
        let drawn = if given.is_none() { Some(demo::password(ctx).map_err(describe_error)?) } else { None };
        let password = given.or_else(|| drawn.clone()).ok_or("There is no password.")?;
        let filled = demo::fill(ctx, demo, password).await.map_err(describe_error)?;
        eprintln!(
            "Created {} accounts, {} invites and {} redemptions.\n\
             Sign in as {username}. All accounts have the same password: use this site for tests only.",
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
    check.finish(demo).map_err(|failure| describe(&failure))
}

fn password() -> Result<Password, String> {
    Password::parse(&read_password(stdin())?).map_err(|wrong| format!("Password: {wrong}"))
}
