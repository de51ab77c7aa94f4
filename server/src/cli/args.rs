//! The options and commands of the command line, with their help texts.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, value_parser};
use domain::access::Permission;
use domain::accounts::Role;
use domain::keys::KeyScope;
use service::operations::demo::Demo;

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
    /// Creates accounts and sets passwords
    #[command(subcommand)]
    Account(AccountCommand),
    /// Creates and revokes API keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Rotates the data key, which encrypts the invite codes
    #[command(subcommand)]
    DataKey(DataKeyCommand),
    /// Creates invites
    #[command(subcommand)]
    Invite(InviteCommand),
    /// Creates groups and changes who is in them
    #[command(subcommand)]
    Group(GroupCommand),
    /// Connects the applications that members open with their account
    #[command(subcommand)]
    Application(ApplicationCommand),
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
pub(super) enum AccountCommand {
    /// Creates an account and prints its id
    Create(CreateAccount),
    /// Sets an account's password, ends its sessions and revokes its API keys
    SetPassword {
        /// E-mail address or username of the account
        #[arg(long, value_name = "ACCOUNT")]
        account: String,
        /// Leave the account's API keys as they are
        #[arg(long)]
        keep_keys: bool,
        /// Read the password from standard input (its first line)
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Lists the accounts: id, username, e-mail address, role and status, separated by tabs
    List {
        /// Only accounts with this role: owner, admin, moderator or user
        #[arg(long, value_name = "ROLE", value_parser = role)]
        role: Option<Role>,
        /// Only members of this group, by name or id
        #[arg(long, value_name = "GROUP")]
        group: Option<String>,
    },
    /// Changes an account. What is not given stays
    Edit {
        /// E-mail address or username of the account
        account: String,
        /// New e-mail address
        #[arg(long, value_name = "EMAIL")]
        email: Option<String>,
        /// New username
        #[arg(long, value_name = "USERNAME")]
        username: Option<String>,
        /// New display name; empty for none
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// New role: admin, moderator or user. Ends its sessions; one with fewer permissions pauses its invites
        #[arg(long, value_name = "ROLE")]
        role: Option<String>,
        /// Time from which the account can't sign in any more, like 2027-03-01T18:00:00Z; empty for never
        #[arg(long, value_name = "TIME")]
        ends_at: Option<String>,
        /// Attribute; can be given more than once. Attributes that are not given are removed
        #[arg(long = "attribute", value_name = "KEY=VALUE", value_parser = attribute)]
        attributes: Vec<(String, String)>,
        /// Removes all attributes
        #[arg(long, conflicts_with = "attributes")]
        no_attributes: bool,
    },
    /// Suspends an account: its sessions and API keys end, and its invites are paused
    Suspend {
        /// E-mail address or username of the account
        account: String,
    },
    /// Lifts a suspension, or puts a declined account back to pending approval
    Restore {
        /// E-mail address or username of the account
        account: String,
    },
    /// Approves an account that is pending approval or was declined
    Approve {
        /// E-mail address or username of the account
        account: String,
        /// Message that is shown on the person's start page
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Declines an account that is pending approval, and gives the use of its invite back
    Decline {
        /// E-mail address or username of the account
        account: String,
        /// Message that is shown when the person tries to sign in
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Deletes an account for good. Redemptions keep its id
    Delete {
        /// E-mail address or username of the account
        account: String,
    },
    /// Makes an account the owner, and the owner until now an admin
    TransferOwnership {
        /// E-mail address or username of the new owner
        account: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(super) struct CreateAccount {
    /// E-mail address
    #[arg(long, value_name = "EMAIL")]
    pub email: String,
    /// Username
    #[arg(long, value_name = "USERNAME")]
    pub username: String,
    /// Display name
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Role: owner, admin, moderator or user
    #[arg(long, value_name = "ROLE", value_parser = role)]
    pub role: Role,
    /// Read the password from standard input (its first line)
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Creates an API key and prints it; it cannot be shown again
    Create {
        /// E-mail address or username of the account
        #[arg(long, value_name = "ACCOUNT")]
        account: String,
        /// Name of the key, such as its purpose
        #[arg(long, value_name = "NAME", default_value = "Command line")]
        name: String,
        /// Scope of the key: full (everything that its account may do), read (without invite codes), `read_codes`, or names
        /// of permissions such as `invites.create,invites.view`
        #[arg(long, value_name = "SCOPE", default_value = "full", value_parser = scope)]
        scope: KeyScope,
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

#[derive(Debug, Subcommand)]
pub(super) enum InviteCommand {
    /// Creates an invite and prints its link
    Create(Box<CreateInvite>),
}

#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[derive(Debug, ClapArgs)]
pub(super) struct CreateInvite {
    /// E-mail address or username of the inviter [default: the first owner]
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Name of the invite; not shown to the people who use it
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
    /// Custom code, 6 to 64 letters, digits, dashes or underscores [default: a random code]
    #[arg(long, value_name = "CODE")]
    pub code: Option<String>,
    /// Maximum number of uses [default: unlimited]
    #[arg(long, value_name = "NUMBER")]
    pub max_uses: Option<i64>,
    /// Hours until it expires, 1 to 8760 [default: never expires]
    #[arg(long, value_name = "HOURS", conflicts_with = "expires_at")]
    pub expires_in_hours: Option<i64>,
    /// Time at which it expires, such as 2027-03-01T18:00:00Z
    #[arg(long, value_name = "TIME")]
    pub expires_at: Option<String>,
    /// Role of the new accounts: user, moderator or admin; an admin only with --max-uses 1 and --email [default: user]
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Group that the new accounts join, by name or id; can be given more than once
    #[arg(long = "group", value_name = "GROUP")]
    pub groups: Vec<String>,
    /// Time from which it can be used, such as 2027-03-01T18:00:00Z [default: at once]
    #[arg(long, value_name = "TIME")]
    pub starts_at: Option<String>,
    /// The only e-mail address that can sign up [default: any]
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// Domain of the e-mail addresses that can sign up, such as example.org; can be given more than once [default: any]
    #[arg(long = "email-domain", value_name = "DOMAIN")]
    pub email_domains: Vec<String>,
    /// Keep the new accounts pending until an admin approves them
    #[arg(long)]
    pub approval: bool,
    /// Attribute of the new accounts, which people can change when they sign up; can be given more than once
    #[arg(long = "attribute", value_name = "KEY=VALUE", value_parser = attribute)]
    pub attributes: Vec<(String, String)>,
    /// Attribute of the new accounts that people cannot change; can be given more than once
    #[arg(long = "locked-attribute", value_name = "KEY=VALUE", value_parser = attribute)]
    pub locked_attributes: Vec<(String, String)>,
    /// Text on the sign-up page, in Markdown
    #[arg(long, value_name = "TEXT")]
    pub welcome_text: Option<String>,
    /// Page to open after sign-up: a path on this site, or an https address of a site that the settings allow
    #[arg(long, value_name = "ADDRESS")]
    pub after: Option<String>,
    /// What ends: the memberships in the groups, or the account; with --ends-after-days or --ends-at
    #[arg(long, value_name = "groups|account", requires = "end")]
    pub ends: Option<String>,
    /// Days after sign-up when it ends, 1 to 3650
    #[arg(long, value_name = "DAYS", group = "end", requires = "ends")]
    pub ends_after_days: Option<i64>,
    /// Time at which it ends, such as 2027-03-01T18:00:00Z
    #[arg(long, value_name = "TIME", group = "end", requires = "ends")]
    pub ends_at: Option<String>,
    /// Refuse people who have an account already
    #[arg(long)]
    pub only_new_members: bool,
    /// Do not show on the sign-up page how many uses are left
    #[arg(long)]
    pub hide_uses_left: bool,
    /// Let addresses of its domains sign up without its code, while registration is open
    #[arg(long, requires = "email_domains")]
    pub without_code: bool,
}

/// `KEY=VALUE`.
fn attribute(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("enter KEY=VALUE, such as team=Clay")?;
    Ok((key.to_owned(), value.to_owned()))
}

#[derive(Debug, Subcommand)]
pub(super) enum ApplicationCommand {
    /// Creates an application and prints its id or, if it is connected by OpenID Connect, what to enter on its side
    Create(CreateApplication),
    /// Prints every application: id, name, address
    List,
    /// Creates another client secret and prints it; the one before works for 24 hours more
    Secret {
        /// Application, by name or id
        #[arg(value_name = "APPLICATION")]
        application: String,
    },
    /// Deletes an application, with every token that it has
    Delete {
        /// Application, by name or id
        #[arg(value_name = "APPLICATION")]
        application: String,
    },
}

#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct CreateApplication {
    /// Name of the application
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Address where members open it
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
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
    /// Address of its SCIM service. Tells it who may enter
    #[arg(long, value_name = "URL", requires = "scim_token_stdin")]
    pub scim_url: Option<String>,
    /// Read the token that its SCIM service accepts from standard input
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
    #[arg(long, requires = "redirect_uris")]
    pub public: bool,
    /// Ask members once before it learns who they are
    #[arg(long, requires = "redirect_uris")]
    pub consent: bool,
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
        #[arg(long = "permission", value_name = "PERMISSION", value_parser = permission)]
        permissions: Vec<Permission>,
    },
    /// Prints every group: id, number of members, name
    List,
    /// Prints every member of a group: username, `manager` or `member`
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
    Delete {
        /// Group, by name or id
        #[arg(value_name = "GROUP")]
        group: String,
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

fn permission(text: &str) -> Result<Permission, String> {
    text.parse().map_err(|wrong: domain::text::ParseError| wrong.0)
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
