//! The options of `latchkey account`.

use clap::{Args as ClapArgs, Subcommand};
use domain::accounts::{AccountSort, AccountStatus, Role};
use domain::endings::EndsSoon;
use domain::paging::Order;

use super::{attribute, parsed};

#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Creates an account and prints its id
    Create(CreateAccount),
    /// Sets an account's password, ends its sessions and revokes its API keys
    SetPassword {
        /// E-mail address, username or id of the account
        #[arg(long, value_name = "ACCOUNT")]
        account: String,
        /// Leave the account's API keys as they are
        #[arg(long)]
        keep_keys: bool,
        /// Read the password from standard input (its first line)
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Prints a link with which the password of an account can be set, once, within an hour; also of an owner
    ResetLink {
        /// E-mail address, username or id of the account
        account: String,
    },
    /// Marks the e-mail address of an unverified account as verified
    Verify {
        /// Username or id of the account, which has no e-mail address before
        account: String,
    },
    /// Lists the accounts: id, username, e-mail address, role and status, separated by tabs
    List(AccountFilters),
    /// Prints the accounts as CSV, with the columns of the export of the dashboard
    Export(AccountFilters),
    /// Changes an account. What is not given stays
    Edit {
        /// E-mail address, username or id of the account
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
    /// Sets when accounts end, at most 200 at once
    SetEnds {
        /// E-mail addresses, usernames or ids of the accounts
        #[arg(value_name = "ACCOUNT", required = true)]
        accounts: Vec<String>,
        /// Time from which they can't sign in any more, like 2027-03-01T18:00:00Z; empty for never
        #[arg(long, value_name = "TIME")]
        ends_at: String,
    },
    /// Suspends an account: its sessions and API keys end, and its invites are paused
    Suspend {
        /// E-mail address, username or id of the account
        account: String,
    },
    /// Lifts a suspension, or puts a declined account back to pending approval
    Restore {
        /// E-mail address, username or id of the account
        account: String,
    },
    /// Approves an account that is pending approval
    Approve {
        /// E-mail address, username or id of the account
        account: String,
        /// Message that is shown on the person's start page
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Declines an account that is pending approval, and gives the use of its invite back
    Decline {
        /// E-mail address, username or id of the account
        account: String,
        /// Message that is shown when the person tries to sign in
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Deletes an account for good. Redemptions keep its id
    Delete {
        /// E-mail address, username or id of the account
        account: String,
    },
    /// Makes an account the owner, and the owner until now an admin
    TransferOwnership {
        /// E-mail address, username or id of the new owner
        account: String,
    },
}

#[derive(Debug, ClapArgs)]
pub struct CreateAccount {
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
    #[arg(long, value_name = "ROLE", value_parser = parsed::<Role>)]
    pub role: Role,
    /// Group that it joins, by name or id; can be given more than once
    #[arg(long = "group", value_name = "GROUP")]
    pub groups: Vec<String>,
    /// Attribute; can be given more than once
    #[arg(long = "attribute", value_name = "KEY=VALUE", value_parser = attribute)]
    pub attributes: Vec<(String, String)>,
    /// Time from which the account can't sign in any more, like 2027-03-01T18:00:00Z [default: never]
    #[arg(long, value_name = "TIME")]
    pub ends_at: Option<String>,
    /// Read the password from standard input (its first line)
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

/// Which accounts, and in which order.
#[derive(Debug, ClapArgs)]
pub struct AccountFilters {
    /// Only accounts whose name, username or e-mail address has these words or their beginnings
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Only accounts with this status: active, pending, unverified, declined, suspended or ended
    #[arg(long, value_name = "STATUS", value_parser = parsed::<AccountStatus>)]
    pub status: Option<AccountStatus>,
    /// Only accounts with this role: owner, admin, moderator or user
    #[arg(long, value_name = "ROLE", value_parser = parsed::<Role>)]
    pub role: Option<Role>,
    /// Only members of this group, by name or id
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
    /// Only accounts that used an invite of this account, by e-mail address, username or id
    #[arg(long, value_name = "ACCOUNT")]
    pub inviter: Option<String>,
    /// Only accounts that end within seven days (account), or have a membership that does (membership)
    #[arg(long, value_name = "WHAT", value_parser = parsed::<EndsSoon>)]
    pub ends_soon: Option<EndsSoon>,
    /// Sort by created, name or `last_active` [default: created]
    #[arg(long, value_name = "COLUMN", value_parser = parsed::<AccountSort>)]
    pub sort: Option<AccountSort>,
    /// Order: asc or desc [default: desc]
    #[arg(long, value_name = "ORDER", value_parser = parsed::<Order>)]
    pub order: Option<Order>,
}
