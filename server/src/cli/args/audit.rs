//! The options of `latchkey audit`.

use clap::{Args as ClapArgs, Subcommand};
use domain::Timestamp;
use domain::events::{Action, SubjectKind};
use uuid::Uuid;

use super::parsed;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Lists the audit log, newest first: time, who, action, kind of what it was done to, its name or id, and IP address,
    /// separated by tabs
    List {
        #[command(flatten)]
        filters: AuditFilters,
        /// Print each entry as a line of JSON, with the fields of the REST API
        #[arg(long)]
        json: bool,
    },
    /// Prints the audit log as CSV, with the columns of the export of the dashboard
    Export(AuditFilters),
}

/// Which entries.
#[derive(Debug, ClapArgs)]
pub struct AuditFilters {
    /// Only what this account did, by e-mail address, username or id
    #[arg(long, value_name = "ACCOUNT")]
    pub actor: Option<String>,
    /// Only this action, such as `invite.pause`; can be given more than once
    #[arg(long = "action", value_name = "ACTION", value_parser = parsed::<Action>)]
    pub actions: Vec<Action>,
    /// Only what was done to things of this kind, such as `invite`
    #[arg(long, value_name = "KIND", value_parser = parsed::<SubjectKind>)]
    pub kind: Option<SubjectKind>,
    /// Only what was done to the thing with this id
    #[arg(long, value_name = "ID")]
    pub subject: Option<Uuid>,
    /// Only what happened at this time or later, like 2027-03-01T18:00:00Z
    #[arg(long, value_name = "TIME", value_parser = parsed::<Timestamp>)]
    pub from: Option<Timestamp>,
    /// Only what happened before this time
    #[arg(long, value_name = "TIME", value_parser = parsed::<Timestamp>)]
    pub until: Option<Timestamp>,
}
