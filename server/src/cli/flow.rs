//! `latchkey flow`.

use std::io::{Read, stdin};
use std::path::Path;

use domain::flows::{ImportError, ImportOutcome};
use domain::ids::FlowId;
use service::operations::operator;
use service::{Actor, Ctx, flows};

use super::args::FlowCommand;
use super::open::{describe_error, with_ctx};
use super::{Outcome, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, command: FlowCommand) -> Outcome {
    with_ctx(config, async |ctx| {
        let actor = operator::act_as(ctx, None).await.map_err(describe_error)?;
        match command {
            FlowCommand::List => {
                for flow in flows::list(ctx, &actor).await.map_err(describe_error)? {
                    let default = if flow.is_default { "default" } else { "-" };
                    let (version, used_by) = (flow.version, flow.used_by);
                    print::result(format!("{}\t{}\t{default}\t{version}\t{used_by}", flow.id, flow.name))?;
                }
                Ok(())
            }
            FlowCommand::Export { flow } => {
                let id = find(ctx, &actor, &flow).await?;
                let yaml = flows::export(ctx, &actor, id).await.map_err(describe_error)?;
                print::result(yaml.trim_end())
            }
            FlowCommand::Import { file, dry_run } => import(ctx, &actor, &file, dry_run).await,
        }
    })
    .await
}

/// The flow with this name or id.
pub(super) async fn find(ctx: &Ctx, actor: &Actor, flow: &str) -> Result<FlowId, String> {
    if let Ok(id) = flow.trim().parse() {
        return Ok(id);
    }
    let folded = flow.trim().to_lowercase();
    let known = flows::choices(ctx, actor).await.map_err(describe_error)?;
    let found = known.into_iter().find(|one| one.name.as_str().to_lowercase() == folded);
    found.map(|one| one.id).ok_or_else(|| format!("No flow has the name \u{201C}{flow}\u{201D}."))
}

async fn import(ctx: &Ctx, actor: &Actor, file: &Path, dry_run: bool) -> Outcome {
    let text = read(file)?;
    let imported = match flows::import(ctx, actor, &text, dry_run).await.map_err(describe_error)? {
        ImportOutcome::Imported(imported) => imported,
        ImportOutcome::Wrong(wrong) => {
            let lines: Vec<_> = wrong.iter().map(|error| describe_line(file, error)).collect();
            return Err(lines.join("\n"));
        }
    };
    for terms in &imported.new_terms {
        eprintln!("Terms {terms}: {}.", if dry_run { "would be created" } else { "created" });
    }
    let flow = imported.flow.summary;
    let what = match (imported.is_new, dry_run) {
        (true, true) => "would be created".to_owned(),
        (true, false) => "is created".to_owned(),
        (false, true) => format!("would be saved as version {}", flow.version),
        (false, false) => format!("is saved as version {}", flow.version),
    };
    eprintln!("Flow {} {what}.", flow.name);
    if dry_run { Ok(()) } else { print::result(flow.id) }
}

fn read(file: &Path) -> Result<String, String> {
    if file == Path::new("-") {
        let mut text = String::new();
        stdin().read_to_string(&mut text).map_err(|error| format!("Standard input can't be read: {error}"))?;
        return Ok(text);
    }
    std::fs::read_to_string(file).map_err(|error| format!("{} can't be read: {error}", file.display()))
}

/// An error as compilers print it, with the file and the line.
fn describe_line(file: &Path, error: &ImportError) -> String {
    let line = error.line.map(|line| format!(":{line}")).unwrap_or_default();
    let field = error.field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default();
    format!("{}{line}: {field}{}", file.display(), error.message)
}
