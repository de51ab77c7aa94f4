//! The command line's grammar, which is also its manual.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, value_parser};
use domain::accounts::Role;
use domain::keys::KeyScope;
use service::operations::demo::Demo;

use crate::config::GlobalOptions;

/// Latchkey lets people in: make invite links, see who came by which.
///
/// Without a command the server starts: on port 3000 of this machine, with an embedded database in ./data, and with a
/// one-time link in its first words by which the owner sets the place up.
#[derive(Debug, Parser)]
#[command(name = "latchkey", version, arg_required_else_help = false, subcommand_negates_reqs = true)]
#[command(after_long_help = "\
Every command works on a data folder or database whether or not a server runs on it. Results go to standard output, \
everything else to standard error. Exit status: 0 done, 1 not done, 2 wrong usage.

Examples:
  latchkey
      Serves on http://127.0.0.1:3000.
  latchkey serve --addr 0.0.0.0:3000 --public-url https://join.example.org --trusted-proxies 10.0.0.0/8
      Serves behind a reverse proxy.
  latchkey setup-link
      Prints a fresh link for the first owner.
  printf %s \"$PASSWORD\" | latchkey account create --email ada@example.org --username ada --role owner --password-stdin
      Makes an owner without a browser.
  KEY=$(latchkey key create --account ada)
      Makes an API key for scripts.
  latchkey invite create --label 'Open evening' --max-uses 40 --expires-in-hours 72
      Prints a link for forty people, good for three days.
  latchkey demo --data-dir /tmp/look && latchkey --data-dir /tmp/look
      Serves a made-up place to look around in.")]
pub(super) struct Args {
    #[command(flatten)]
    pub global: GlobalOptions,
    #[command(flatten)]
    pub serve: ServeOptions,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Starts the server (the default)
    Serve(ServeOptions),
    /// Brings the database to the newest schema, which the server does at its start too
    Migrate,
    /// Prints a fresh one-time link for the first owner, good for 24 hours; earlier links stop working
    SetupLink,
    /// Makes accounts and sets passwords
    #[command(subcommand)]
    Account(AccountCommand),
    /// Makes and revokes API keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Renews the key that seals the invite codes
    #[command(subcommand)]
    DataKey(DataKeyCommand),
    /// Makes invites
    #[command(subcommand)]
    Invite(InviteCommand),
    /// Fills an empty database with made-up people and links, to look around
    Demo(DemoOptions),
    /// Says what is there, what is wrong with it and what to do; changes nothing
    ///
    /// Works whether or not a server runs. Exit status 1 when something is wrong.
    Doctor(DoctorOptions),
    /// Copies the SQLite database while servers run, and prints where to
    ///
    /// The data key is not part of the copy. For PostgreSQL it says the command of its own tool, with status 1.
    Backup {
        /// A new file, or a folder for one named by the time [default: backups in the data folder]
        #[arg(long, value_name = "PATH")]
        to: Option<PathBuf>,
    },
    /// Prints the OpenAPI document of the REST interface
    Openapi,
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct DoctorOptions {
    /// As a JSON array of {verdict, about, found, todo}
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct ServeOptions {
    /// Print the one-time setup link even where no terminal is
    ///
    /// Without a terminal the link goes to a file that its owner alone can read: what is printed there may be kept
    /// and read by others.
    #[arg(long, env = "LATCHKEY_PRINT_SETUP_LINK", value_parser = clap::builder::FalseyValueParser::new())]
    pub print_setup_link: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Makes an account and prints its id
    Create(CreateAccount),
    /// Sets an account's password, ends its sessions and revokes its API keys
    SetPassword {
        /// The account's e-mail address or username
        #[arg(long, value_name = "ACCOUNT")]
        account: String,
        /// Leave the account's API keys as they are
        #[arg(long)]
        keep_keys: bool,
        /// Read the password from standard input (its first line)
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Debug, ClapArgs)]
pub(super) struct CreateAccount {
    /// Its e-mail address
    #[arg(long, value_name = "EMAIL")]
    pub email: String,
    /// Its username
    #[arg(long, value_name = "USERNAME")]
    pub username: String,
    /// What the person likes to be called
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// owner, admin, moderator or user
    #[arg(long, value_name = "ROLE", value_parser = role)]
    pub role: Role,
    /// Read the password from standard input (its first line)
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Makes an API key and prints it: the only time it can be read
    Create {
        /// The e-mail address or username of an admin or owner
        #[arg(long, value_name = "ACCOUNT")]
        account: String,
        /// What the key is for
        #[arg(long, value_name = "NAME", default_value = "Command line")]
        name: String,
        /// What the key may do: full (all its account may do), read (all but invite codes), or read_codes (codes, too)
        #[arg(long, value_name = "SCOPE", default_value = "full", value_parser = scope)]
        scope: KeyScope,
    },
    /// Revokes an API key
    Revoke {
        /// The key or its id
        #[arg(value_name = "KEY_OR_ID")]
        key: String,
    },
    /// Renews the data key, as `data-key rotate` does; API keys stay what they are
    #[command(hide = true)]
    Rotate,
}

#[derive(Debug, Subcommand)]
pub(super) enum DataKeyCommand {
    /// Makes a new data key and seals every code anew; stop all servers first
    ///
    /// Prints the key's file. The one before is kept beside it: it opens the backups made before.
    Rotate,
}

#[derive(Debug, Subcommand)]
pub(super) enum InviteCommand {
    /// Makes an invite and prints its link
    Create(CreateInvite),
}

#[derive(Debug, ClapArgs)]
pub(super) struct CreateInvite {
    /// Who invites, by e-mail address or username [default: the first owner]
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// What you call it; invitees never see it
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
    /// A code of your own, 6 to 64 letters, digits, dashes or underscores [default: a random one]
    #[arg(long, value_name = "CODE")]
    pub code: Option<String>,
    /// How many may come by it [default: any number]
    #[arg(long, value_name = "NUMBER")]
    pub max_uses: Option<i64>,
    /// For how many hours, 1 to 8760 [default: forever]
    #[arg(long, value_name = "HOURS", conflicts_with = "expires_at")]
    pub expires_in_hours: Option<i64>,
    /// Until when, such as 2027-03-01T18:00:00Z
    #[arg(long, value_name = "TIME")]
    pub expires_at: Option<String>,
    /// What people become: user or moderator [default: user]
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct DemoOptions {
    /// How many accounts, the owner's among them
    #[arg(long, value_name = "NUMBER", default_value_t = Demo::ACCOUNTS as u32, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub accounts: u32,
    /// How many links
    #[arg(long, value_name = "NUMBER", default_value_t = Demo::LINKS as u32, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub links: u32,
    /// What names, dates and visits follow from; codes and the password are random whatever it is
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// The owner's e-mail address
    #[arg(long, value_name = "EMAIL", default_value = "ngozi@brambleyard.example")]
    pub email: String,
    /// The owner's username
    #[arg(long, value_name = "USERNAME", default_value = "ngozi")]
    pub username: String,
    /// Read the password of all accounts from standard input (its first line) [default: a random one, printed]
    #[arg(long)]
    pub password_stdin: bool,
}

fn scope(text: &str) -> Result<KeyScope, String> {
    text.parse().map_err(|wrong: domain::text::ParseError| wrong.0)
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|wrong: domain::text::ParseError| wrong.0)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_grammar_holds_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn options_may_stand_before_and_behind_the_command() {
        for line in [
            &["latchkey", "--addr", "127.0.0.1:1", "serve"][..],
            &["latchkey", "serve", "--addr", "127.0.0.1:1"],
            &["latchkey", "--addr", "127.0.0.1:1"],
            &["latchkey", "--addr", "127.0.0.1:1", "key", "create", "--account", "ada"],
        ] {
            assert_eq!(Args::try_parse_from(line).unwrap().global.addr.as_deref(), Some("127.0.0.1:1"), "{line:?}");
        }
    }

    #[test]
    fn a_password_never_stands_on_the_command_line() {
        let line =
            ["latchkey", "account", "create", "--email", "a@example.org", "--username", "ada", "--role", "owner"];
        assert!(Args::try_parse_from(line).is_err());
        assert!(Args::try_parse_from([&line[..], &["--password-stdin"]].concat()).is_ok());
    }
}
