//! The options of `latchkey invite`.

use clap::{Args as ClapArgs, Subcommand, value_parser};
use domain::ids::InviteRequestId;
use domain::invites::{InviteSort, InviteStatus};
use domain::paging::Order;

use super::{attribute, parsed};

#[derive(Debug, Subcommand)]
pub enum InviteCommand {
    /// Creates an invite and prints its link
    Create(Box<CreateInvite>),
    /// Lists invites: id, status, uses, maximum uses, link and label, separated by tabs
    ///
    /// Without a maximum, that column is empty; so is the link of a deleted invite.
    List(ListInvites),
    /// Prints an invite as JSON, with the names that it has in the REST API
    Show {
        /// Invite, by id, code or link
        #[arg(value_name = "INVITE")]
        invite: String,
    },
    /// Changes an invite. What is not given stays
    ///
    /// Those who have used it keep what it gave them, and do not get what was added later.
    ///
    /// An empty value removes what is there, such as --label '' or --group ''; --approval=false turns an option off. Of what
    /// can be given more than once, what is given replaces all that was there.
    Edit(Box<EditInvite>),
    /// Pauses an invite: it cannot be used until it is resumed
    Pause {
        /// Invite, by id, code or link
        #[arg(value_name = "INVITE")]
        invite: String,
    },
    /// Resumes a paused invite
    Resume {
        /// Invite, by id, code or link
        #[arg(value_name = "INVITE")]
        invite: String,
    },
    /// Moves the end of an invite to a later time
    Extend {
        /// Invite, by id, code or link
        #[arg(value_name = "INVITE")]
        invite: String,
        /// New end, such as 2027-03-01T18:00:00Z; empty for never
        #[arg(long, value_name = "TIME", required_unless_present = "days", conflicts_with = "days")]
        expires_at: Option<String>,
        /// Days after the present end or, where that has passed, after now, 1 to 365
        #[arg(long, value_name = "DAYS", value_parser = value_parser!(u16).range(1..=365))]
        days: Option<u16>,
    },
    /// Lets a member, who has an account, join the groups of an invite. Counts as a use of it
    Join {
        /// Invite, by id, code or link
        #[arg(value_name = "INVITE")]
        invite: String,
        /// E-mail address, username or id of the member
        #[arg(long, value_name = "ACCOUNT")]
        account: String,
    },
    /// Sends invitations by mail to the people in a file, and prints the id of the mailing
    ///
    /// Each gets an invite of their own, for one use and their address, with the terms that are given; or, with --invite, the
    /// link of that invite. The file has lines such as `Ada Lovelace <ada@example.org>`, or is CSV whose first line names the
    /// columns: email and perhaps name, username and keys of attributes.
    Send(Box<SendInvites>),
    /// Answers requests for new links of invites that let no one in any more
    #[command(subcommand)]
    Requests(InviteRequestCommand),
    /// Deletes an invite for good; its redemptions stay, and its code stays taken
    Delete {
        /// Invite, by id, code or link
        #[arg(value_name = "INVITE")]
        invite: String,
    },
    /// Creates an invite like another one, with a random code, and prints its link
    ///
    /// What is given is changed in it, as by `edit`. A start that has passed is left out, and --without-code is not copied.
    Duplicate(Box<DuplicateInvite>),
}

#[derive(Debug, Subcommand)]
pub enum InviteRequestCommand {
    /// Lists requests: id, time, status, e-mail address, id of the invite and note, separated by tabs
    ///
    /// Nobody has verified the addresses. Requests are deleted 30 days after their answer.
    List {
        /// Also those that have an answer
        #[arg(long)]
        all: bool,
    },
    /// Creates an invite like that of the request, for one use and for its e-mail address, and prints its link
    Grant {
        /// Id of the request
        #[arg(value_name = "REQUEST")]
        request: InviteRequestId,
    },
    /// Dismisses a request
    Dismiss {
        /// Id of the request
        #[arg(value_name = "REQUEST")]
        request: InviteRequestId,
    },
}

#[derive(Debug, ClapArgs)]
pub struct CreateInvite {
    /// E-mail address, username or id of the inviter [default: the first owner]
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Custom code, 6 to 64 letters, digits, dashes or underscores [default: a random code]
    #[arg(long, value_name = "CODE")]
    pub code: Option<String>,
    #[command(flatten)]
    pub terms: InviteTerms,
}

#[derive(Debug, ClapArgs)]
pub struct EditInvite {
    /// Invite, by id, code or link
    #[arg(value_name = "INVITE")]
    pub invite: String,
    #[command(flatten)]
    pub terms: InviteTerms,
}

#[derive(Debug, ClapArgs)]
pub struct DuplicateInvite {
    /// Invite, by id, code or link
    #[arg(value_name = "INVITE")]
    pub invite: String,
    /// E-mail address, username or id of the inviter of the new one [default: the first owner]
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    #[command(flatten)]
    pub terms: InviteTerms,
}

#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option")]
pub struct SendInvites {
    /// File with the recipients, at most 5,000; - for the standard input
    #[arg(long, value_name = "FILE")]
    pub file: String,
    /// Invite whose link all get, by id, code or link
    #[arg(long, value_name = "INVITE")]
    pub invite: Option<String>,
    /// Send each an invite of their own like that of --invite
    #[arg(long, requires = "invite")]
    pub own_links: bool,
    /// E-mail address, username or id of the inviter [default: the first owner]
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Message in the mails, at most 1,000 characters
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
    /// Do not let people change their name, username and attributes of the file
    #[arg(long)]
    pub locked: bool,
    /// Remind those who have not joined two days before their invite expires
    #[arg(long)]
    pub reminder: bool,
    /// Leave out the lines that cannot be read
    #[arg(long)]
    pub skip_errors: bool,
    #[command(flatten)]
    pub terms: InviteTerms,
}

#[derive(Debug, ClapArgs)]
pub struct ListInvites {
    /// Only invites whose label has these words or their beginnings, or with this code or link
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Only invites with this status: active, scheduled, paused, expired, `used_up` or deleted [default: all but deleted ones]
    #[arg(long, value_name = "STATUS", value_parser = parsed::<InviteStatus>)]
    pub status: Option<InviteStatus>,
    /// Sort by created, expires or used [default: created]
    #[arg(long, value_name = "COLUMN", value_parser = parsed::<InviteSort>)]
    pub sort: Option<InviteSort>,
    /// Order: asc or desc [default: desc]
    #[arg(long, value_name = "ORDER", value_parser = parsed::<Order>)]
    pub order: Option<Order>,
}

/// What an invite asks and gives: of a new one, and as a change.
#[derive(Debug, ClapArgs)]
pub struct InviteTerms {
    /// Name of the invite; not shown to the people who use it
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
    /// Maximum number of uses [default: unlimited]
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    pub max_uses: Option<Number>,
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
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub approval: Option<bool>,
    /// Attribute of the new accounts, which people can change when they sign up; can be given more than once
    #[arg(long = "attribute", value_name = "KEY=VALUE", value_parser = attribute_or_none)]
    pub attributes: Vec<(String, String)>,
    /// Attribute of the new accounts that people cannot change; can be given more than once
    #[arg(long = "locked-attribute", value_name = "KEY=VALUE", value_parser = attribute_or_none)]
    pub locked_attributes: Vec<(String, String)>,
    /// Text on the sign-up page, in Markdown
    #[arg(long, value_name = "TEXT")]
    pub welcome_text: Option<String>,
    /// Page to open after sign-up: a path on this site, or an https address of a site that the settings allow
    #[arg(long, value_name = "ADDRESS")]
    pub after: Option<String>,
    /// Application to open after sign-up, by its id or name
    #[arg(long, value_name = "APPLICATION", conflicts_with = "after")]
    pub application: Option<String>,
    /// What ends: the memberships in the groups, or the account; with --ends-after-days or --ends-at
    #[arg(long, value_name = "groups|account")]
    pub ends: Option<String>,
    /// Days after sign-up when it ends, 1 to 3650
    #[arg(long, value_name = "DAYS", requires = "ends", conflicts_with = "ends_at")]
    pub ends_after_days: Option<i64>,
    /// Time at which it ends, such as 2027-03-01T18:00:00Z
    #[arg(long, value_name = "TIME", requires = "ends")]
    pub ends_at: Option<String>,
    /// Refuse people who have an account already
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub only_new_members: Option<bool>,
    /// Do not show on the sign-up page how many uses are left
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub hide_uses_left: Option<bool>,
    /// Let addresses of its domains sign up without its code, while registration is open
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub without_code: Option<bool>,
    /// Have people verify their e-mail address, where e-mail is set up; with an address or domains they always have to
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub verify_email: Option<bool>,
    /// Flow of the sign-up page, by name or id; an empty one is the default flow
    #[arg(long, value_name = "FLOW")]
    pub flow: Option<String>,
}

/// A number, or none.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub Option<i64>);

/// A number; empty for none.
fn number(text: &str) -> Result<Number, String> {
    if text.trim().is_empty() {
        return Ok(Number(None));
    }
    text.trim().parse().map(|number| Number(Some(number))).map_err(|_| "enter a number".to_owned())
}

/// `KEY=VALUE`; empty for none.
fn attribute_or_none(text: &str) -> Result<(String, String), String> {
    if text.trim().is_empty() { Ok((String::new(), String::new())) } else { attribute(text) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: InviteCommand,
    }

    fn terms(line: &[&str]) -> InviteTerms {
        let line = ["invite", "edit", "7QmX2pVd9KtR"].iter().chain(line);
        match Line::try_parse_from(line).unwrap().command {
            InviteCommand::Edit(edit) => edit.terms,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_option_is_on_alone_and_off_when_that_is_said() {
        assert_eq!(terms(&[]).approval, None);
        assert_eq!(terms(&["--approval", "--hide-uses-left=true"]).approval, Some(true));
        assert_eq!(terms(&["--approval=false"]).approval, Some(false));
    }

    #[test]
    fn an_empty_value_is_none() {
        assert_eq!(terms(&["--max-uses", ""]).max_uses.unwrap().0, None);
        assert_eq!(terms(&["--max-uses", "7"]).max_uses.unwrap().0, Some(7));
        assert_eq!(terms(&["--attribute", ""]).attributes, [(String::new(), String::new())]);
        assert!(Line::try_parse_from(["invite", "edit", "x", "--max-uses", "many"]).is_err());
        assert!(Line::try_parse_from(["invite", "extend", "x"]).is_err(), "until when?");
    }
}
