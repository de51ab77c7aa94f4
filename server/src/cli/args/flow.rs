//! The options of `latchkey flow`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum FlowCommand {
    /// Prints every flow: id, name, default or -, version, invites that name it
    List,
    /// Prints a flow as YAML, with the texts of its terms
    Export {
        /// Flow, by name or id
        #[arg(value_name = "FLOW")]
        flow: String,
    },
    /// Creates a flow from YAML, or saves a version of the one with its name, and prints its id
    ///
    /// Terms that it has the text of are created if there are none of their name. Terms that exist are not changed.
    Import {
        /// File; `-` reads standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Change nothing, and say what is wrong
        #[arg(long)]
        dry_run: bool,
    },
}
