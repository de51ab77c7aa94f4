//! The options and commands of the command line, with their help texts.

mod account;
mod audit;
mod flow;
mod invite;
mod mail;
mod settings;
mod webhook;

use std::path::PathBuf;
use std::str::FromStr;

use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand, value_parser};
use domain::Timestamp;
use domain::access::Permission;
use domain::keys::KeyScope;
use domain::text::ParseError;
use service::operations::demo::Demo;

pub(super) use self::account::{AccountCommand, AccountFilters, CreateAccount};
pub(super) use self::audit::{AuditCommand, AuditFilters};
pub(super) use self::flow::FlowCommand;
pub(super) use self::invite::{
    CreateInvite, DuplicateInvite, EditInvite, InviteCommand, InviteRequestCommand, InviteTerms, ListInvites, Number,
    SendInvites,
};
pub(super) use self::mail::{MailCommand, SetMail};
pub(super) use self::settings::SettingsCommand;
pub(super) use self::webhook::WebhookCommand;
use crate::config::GlobalOptions;

/// Invitation software: create invite links and see who joined with which invite.
///
/// Without a command the server starts on port 3000 of this machine, with an embedded database in ./data. At the first
/// start it prints a one-time link with which the owner sets up the site.
#[derive(Debug, Parser)]
#[command(name = "latchkey", version, arg_required_else_help = false, subcommand_negates_reqs = true)]
#[command(after_long_help = "\
Most commands work whether or not a server is running. Results go to standard output, everything else to standard \
error. Exit status: 0 success, 1 failure, 2 wrong usage.

Examples:
  latchkey
      Serves on http://127.0.0.1:3000.
  latchkey serve --addr 0.0.0.0:3000 --public-url https://join.example.org --trusted-proxies 10.0.0.0/8
      Serves behind a reverse proxy.
  latchkey setup-link
      Prints a new setup link for the first owner.
  printf %s \"$PASSWORD\" | latchkey account create --email ada@example.org --username ada --role owner --password-stdin
      Creates an owner without a browser.
  KEY=$(latchkey key create --account ada)
      Creates an API key for scripts.
  latchkey invite create --label 'Open evening' --max-uses 40 --expires-in-hours 72
      Creates an invite with 40 uses that expires in three days, and prints its link.
  latchkey settings set registration_mode=open default_role=pending
      Lets everyone sign up without an invite, and keeps those accounts pending approval.
  latchkey demo --data-dir /tmp/demo && latchkey --data-dir /tmp/demo
      Serves a site with sample data.")]
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
    /// Migrates the database to the newest schema; the server also does this when it starts
    Migrate {
        /// Rebuild the search index as well
        #[arg(long)]
        reindex: bool,
    },
    /// Prints a new setup link for the first owner, valid once for 24 hours; earlier links stop working
    SetupLink,
    /// Creates, lists and changes accounts, and sets passwords
    #[command(subcommand)]
    Account(AccountCommand),
    /// Creates and revokes API keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Rotates the data key, which encrypts the invite codes
    #[command(subcommand)]
    DataKey(DataKeyCommand),
    /// Creates, lists and changes invites
    #[command(subcommand)]
    Invite(InviteCommand),
    /// Creates groups and changes who is in them
    #[command(subcommand)]
    Group(GroupCommand),
    /// Connects the applications that members open with their account
    #[command(subcommand)]
    Application(ApplicationCommand),
    /// Prints, exports and imports the flows of the sign-up page
    #[command(subcommand)]
    Flow(FlowCommand),
    /// Creates and changes webhooks, which tell other systems what happens, and prints what was sent
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Sets up mail, sends a test mail, and prints what was sent
    #[command(subcommand)]
    Mail(MailCommand),
    /// Prints and changes the settings
    #[command(subcommand)]
    Settings(SettingsCommand),
    /// Prints who did what, when and from where
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Fills an empty database with sample accounts and invites
    Demo(DemoOptions),
    /// Checks the installation and reports problems with their solutions; changes nothing
    ///
    /// Works whether or not a server is running. Exit status 1 if there is a problem.
    Doctor(DoctorOptions),
    /// Copies the SQLite database while servers run, and prints the path of the copy
    ///
    /// The data key is not part of the copy. For PostgreSQL it prints the `pg_dump` command, with exit status 1.
    Backup {
        /// Path of a new file, or a folder, in which the file is named by the time [default: backups in the data
        /// folder]
        #[arg(long, value_name = "PATH")]
        to: Option<PathBuf>,
    },
    /// Prints the OpenAPI document of the REST API
    Openapi,
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct DoctorOptions {
    /// Print a JSON array of {verdict, about, found, todo}
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct ServeOptions {
    /// Print the one-time setup link even if the output is not a terminal
    ///
    /// By default, without a terminal, the link is written to a file that only its owner can read, because other people
    /// may have access to the recorded output.
    #[arg(long, env = "LATCHKEY_PRINT_SETUP_LINK", value_parser = clap::builder::FalseyValueParser::new())]
    pub print_setup_link: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Creates an API key and prints it; it cannot be shown again
    Create {
        /// E-mail address, username or id of the account
        #[arg(long, value_name = "ACCOUNT")]
        account: String,
        /// Name of the key, such as its purpose
        #[arg(long, value_name = "NAME", default_value = "Command line")]
        name: String,
        /// Scope of the key: full (everything that its account may do), read (without invite codes), `read_codes`, or names
        /// of permissions such as `invites.create,invites.view`
        #[arg(long, value_name = "SCOPE", default_value = "full", value_parser = parsed::<KeyScope>)]
        scope: KeyScope,
        /// Time from which it is refused, such as 2027-03-01T18:00:00Z [default: never]
        #[arg(long, value_name = "TIME", value_parser = parsed::<Timestamp>)]
        expires_at: Option<Timestamp>,
        /// Days until it is refused, 1 to 3650
        #[arg(long, value_name = "DAYS", conflicts_with = "expires_at", value_parser = value_parser!(u16).range(1..=3650))]
        expires_in_days: Option<u16>,
    },
    /// Revokes an API key
    Revoke {
        /// API key, or its id
        #[arg(value_name = "KEY_OR_ID")]
        key: String,
    },
    /// Rotates the data key, like `data-key rotate`; does not change API keys
    #[command(hide = true)]
    Rotate,
}

#[derive(Debug, Subcommand)]
pub(super) enum DataKeyCommand {
    /// Creates a new data key and encrypts every code with it; stop all servers first
    ///
    /// Prints the path of the key file. The old key is kept beside it, because it is needed for earlier backups.
    Rotate,
}

/// `KEY=VALUE`.
fn attribute(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("enter KEY=VALUE, such as team=Clay")?;
    Ok((key.to_owned(), value.to_owned()))
}

#[derive(Debug, Subcommand)]
pub(super) enum ApplicationCommand {
    /// Creates an application and prints its id or, if it is connected by OpenID Connect, what to enter on its side
    Create(Box<CreateApplication>),
    /// Prints every application: id, name, address
    List,
    /// Creates another client secret and prints it; the one before works for 24 hours more
    Secret {
        /// Application, by name or id
        #[arg(value_name = "APPLICATION")]
        application: String,
    },
    /// Sets the picture of an application from a PNG, JPEG or WebP file of at most 2 MiB, or removes it
    Picture {
        /// Application, by name or id
        #[arg(value_name = "APPLICATION")]
        application: String,
        /// Path of the file
        #[arg(value_name = "FILE", required_unless_present = "remove")]
        file: Option<PathBuf>,
        /// Remove the picture
        #[arg(long, conflicts_with = "file")]
        remove: bool,
    },
    /// Deletes an application, with every token that it has
    Delete {
        /// Application, by name or id
        #[arg(value_name = "APPLICATION")]
        application: String,
    },
}

#[derive(Debug, ClapArgs)]
#[command(group = ArgGroup::new("oidc").args(["redirect_uris", "device_flow"]).multiple(true))]
#[expect(clippy::struct_excessive_bools, reason = "each is one choice")]
pub(super) struct CreateApplication {
    /// Name of the application
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Address where members open it
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Address where signing in to it starts, if not there
    #[arg(long, value_name = "URL", requires = "url")]
    pub sign_in_url: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Group whose members may enter, by name or id; can be given more than once [default: everyone]
    #[arg(long = "group", value_name = "GROUP")]
    pub groups: Vec<String>,
    /// Address to which it takes members back after signing in; can be given more than once. Connects it by OpenID Connect
    #[arg(long = "redirect-uri", value_name = "URI")]
    pub redirect_uris: Vec<String>,
    /// Site where browsers reach it behind a reverse proxy that asks who is signed in (forward-auth); can be given more than once
    #[arg(long = "site", value_name = "ORIGIN")]
    pub sites: Vec<String>,
    /// Address of its SCIM service, such as `https://chat.example.org/api/v1/scim/v2`. Tells it who may enter
    #[arg(long, value_name = "URL", requires = "scim_token_stdin")]
    pub scim_url: Option<String>,
    /// Read the token that its SCIM service accepts from standard input (its first line)
    #[arg(long, requires = "scim_url")]
    pub scim_token_stdin: bool,
    /// What it gets by SCIM as the name of an account: username or email [default: username]
    #[arg(long, value_name = "NAME", requires = "scim_url")]
    pub scim_user_name: Option<String>,
    /// Create no accounts there by SCIM: tell it of those alone that signed in to it
    #[arg(long, requires = "scim_url")]
    pub scim_no_create: bool,
    /// Tell it of groups by SCIM as well
    #[arg(long, requires = "scim_url")]
    pub scim_groups: bool,
    /// Delete accounts there that may no longer enter, instead of deactivating them
    #[arg(long, requires = "scim_url")]
    pub scim_delete: bool,
    /// Take over accounts and groups that exist there with the same name
    #[arg(long, requires = "scim_url")]
    pub scim_adopt: bool,
    /// It runs in a browser or on a device and can't keep a secret
    #[arg(long, requires = "oidc")]
    pub public: bool,
    /// Ask members once before it learns who they are
    #[arg(long, requires = "oidc")]
    pub consent: bool,
    /// It has to push its requests before it sends browsers (RFC 9126)
    #[arg(long, requires = "redirect_uris")]
    pub require_pushed_requests: bool,
    /// Address at which it is told that a member has signed out (back-channel logout)
    #[arg(long, value_name = "URL", requires = "redirect_uris")]
    pub logout_uri: Option<String>,
    /// Devices may sign members in to it by a code (RFC 8628). Connects it by OpenID Connect
    #[arg(long)]
    pub device_flow: bool,
    /// File with its public keys, a JWK Set, with which it proves who it is instead of a secret (`private_key_jwt`)
    #[arg(long, value_name = "FILE", requires = "oidc")]
    pub jwks: Option<PathBuf>,
    /// Claim that it gets from an attribute of accounts, such as `department=dept`; can be given more than once
    #[arg(long = "claim", value_name = "CLAIM=ATTRIBUTE", value_parser = claim, requires = "oidc")]
    pub claims: Vec<(String, String)>,
}

/// A claim with the attribute that it comes from.
fn claim(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').map(|(name, key)| (name.to_owned(), key.to_owned()));
    parts.ok_or_else(|| "Give the claim, =, and the key of the attribute, such as department=dept.".to_owned())
}

#[derive(Debug, Subcommand)]
pub(super) enum GroupCommand {
    /// Creates a group and prints its id
    Create {
        /// Name of the group
        #[arg(value_name = "NAME")]
        name: String,
        /// What the group is for
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// Permission of its members, such as `invites.create`; can be given more than once
        #[arg(long = "permission", value_name = "PERMISSION", value_parser = parsed::<Permission>)]
        permissions: Vec<Permission>,
    },
    /// Changes a group. What is not given stays
    Edit {
        /// Group, by name or id
        #[arg(value_name = "GROUP")]
        group: String,
        /// New name
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// What the group is for; empty for nothing
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// Permission of its members; can be given more than once. Permissions that are not given are taken away
        #[arg(long = "permission", value_name = "PERMISSION", value_parser = parsed::<Permission>)]
        permissions: Vec<Permission>,
        /// Takes all permissions away
        #[arg(long, conflicts_with = "permissions")]
        no_permissions: bool,
    },
    /// Prints every group: id, number of members, name
    List,
    /// Prints every member of a group: username, `manager` or `member`, and the end of the membership if it has one
    Members {
        /// Group, by name or id
        #[arg(value_name = "GROUP")]
        group: String,
    },
    /// Adds accounts to a group
    Add {
        /// Group, by name or id
        #[arg(value_name = "GROUP")]
        group: String,
        /// E-mail addresses, usernames or ids of the accounts
        #[arg(value_name = "ACCOUNT", required = true)]
        accounts: Vec<String>,
        /// Let them add and remove members and create invites for the group
        #[arg(long)]
        manager: bool,
        /// End of the memberships, like 2027-03-01T18:00:00Z; empty for never. Also changes that of members
        #[arg(long, value_name = "TIME")]
        ends_at: Option<String>,
    },
    /// Sets when memberships in a group end. Accounts that are not members are not added
    SetEnds {
        /// Group, by name or id
        #[arg(value_name = "GROUP")]
        group: String,
        /// E-mail addresses, usernames or ids of the members
        #[arg(value_name = "ACCOUNT", required = true)]
        accounts: Vec<String>,
        /// End of the memberships, like 2027-03-01T18:00:00Z; empty for never
        #[arg(long, value_name = "TIME")]
        ends_at: String,
    },
    /// Removes accounts from a group
    Remove {
        /// Group, by name or id
        #[arg(value_name = "GROUP")]
        group: String,
        /// E-mail addresses, usernames or ids of the accounts
        #[arg(value_name = "ACCOUNT", required = true)]
        accounts: Vec<String>,
    },
    /// Deletes a group; invites that grant it are paused
    ///
    /// If there are such invites, it prints each (id, name), separated by tabs, and deletes nothing without --yes.
    Delete {
        /// Group, by name or id
        #[arg(value_name = "GROUP")]
        group: String,
        /// Delete the group also if invites grant it
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, ClapArgs)]
pub(super) struct DemoOptions {
    /// Number of accounts, including the owner's
    #[arg(long, value_name = "NUMBER", default_value_t = Demo::ACCOUNTS as u32, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub accounts: u32,
    /// Number of invites
    #[arg(long, value_name = "NUMBER", default_value_t = Demo::INVITES as u32, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub links: u32,
    /// Seed for names, dates and redemptions; codes and the password are always random
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// E-mail address of the owner
    #[arg(long, value_name = "EMAIL", default_value = "ngozi@brambleyard.example")]
    pub email: String,
    /// Username of the owner
    #[arg(long, value_name = "USERNAME", default_value = "ngozi")]
    pub username: String,
    /// Read the password of all accounts from standard input (its first line) [default: a random one, printed]
    #[arg(long)]
    pub password_stdin: bool,
}

/// A value of the domain as typed.
fn parsed<T: FromStr<Err = ParseError>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|wrong: ParseError| wrong.0)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_valid() {
        Args::command().debug_assert();
    }

    #[test]
    fn options_are_accepted_before_and_after_the_command() {
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
    fn a_password_is_never_an_argument() {
        let line =
            ["latchkey", "account", "create", "--email", "a@example.org", "--username", "ada", "--role", "owner"];
        assert!(Args::try_parse_from(line).is_err());
        assert!(Args::try_parse_from([&line[..], &["--password-stdin"]].concat()).is_ok());
    }
}
