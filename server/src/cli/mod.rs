//! The command line. Only results go to standard output; messages go to standard error.

mod account;
mod application;
mod args;
mod audit;
mod backup;
mod data_key;
mod demo;
mod doctor;
mod flow;
mod group;
mod invitations;
mod invite;
mod invite_requests;
mod key;
mod lists;
mod mail;
mod open;
mod print;
mod private;
mod serve;
mod settings;
mod setup_link;
mod webhook;

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use domain::Patch;
use service::Ctx;
use service::operations::operator;

use crate::config::{Config, LogFormat};
use args::{Args, Command};

/// The result of a command; the error is a sentence for the operator.
type Outcome = Result<(), String>;

/// Runs the program. Exit code 0 is success, 1 failure, 2 wrong usage.
#[must_use]
pub fn run() -> ExitCode {
    let matches = Args::command().get_matches();
    let args = Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match try_run(args, &matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("latchkey: {message}");
            ExitCode::FAILURE
        }
    }
}

fn try_run(args: Args, matches: &ArgMatches) -> Outcome {
    let command = args.command.unwrap_or(Command::Serve(args.serve));
    if let Command::Openapi = command {
        return openapi();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("Cannot start the async runtime: {error}."))?;
    if let Command::Doctor(options) = &command {
        // It also reports an invalid configuration.
        crate::telemetry::start("off", LogFormat::Auto)?;
        let matches = matches.subcommand().map_or(matches, |(_, matches)| matches);
        return runtime.block_on(doctor::run(args.global.tidied(), matches, options));
    }
    let config = Config::resolve(args.global.tidied())?;
    // Commands print their own messages; only the server logs.
    let filter = if matches!(command, Command::Serve(_)) { &config.log } else { "warn" };
    crate::telemetry::start(filter, config.log_format)?;
    runtime.block_on(async {
        match command {
            Command::Serve(options) => Box::pin(serve::run(config, &options)).await,
            Command::Migrate { reindex } => migrate(&config, reindex).await,
            Command::SetupLink => setup_link::run(&config).await,
            Command::Account(command) => account::run(&config, command).await,
            Command::Key(command) => key::run(&config, command).await,
            Command::DataKey(command) => data_key::run(&config, command).await,
            Command::Group(command) => group::run(&config, command).await,
            Command::Application(command) => application::run(&config, command).await,
            Command::Flow(command) => flow::run(&config, command).await,
            Command::Webhook(command) => webhook::run(&config, command).await,
            Command::Invite(command) => invite::run(&config, command).await,
            Command::Mail(command) => mail::run(&config, command).await,
            Command::Settings(command) => settings::run(&config, command).await,
            Command::Audit(command) => audit::run(&config, command).await,
            Command::Demo(options) => demo::run(&config, options).await,
            Command::Backup { to } => backup::run(&config, to).await,
            Command::Doctor(_) | Command::Openapi => unreachable!("handled above, without a configuration"),
        }
    })
}

/// What an option changes: what is not given stays.
fn given<T>(value: Option<T>) -> Patch<T> {
    value.map_or(Patch::Keep, Patch::Set)
}

/// Migrates the database, by opening it.
async fn migrate(config: &Config, reindex: bool) -> Outcome {
    if reindex {
        let forget = async |ctx: &Ctx| operator::forget_search_index(ctx).await.map_err(open::describe_error);
        open::with_ctx(config, forget).await?;
    }
    open::with_ctx(config, async |_| Ok(())).await?;
    eprintln!("The database has the newest schema.");
    Ok(())
}

fn openapi() -> Outcome {
    print::json(&crate::api::openapi())
}
