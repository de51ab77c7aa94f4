//! `latchkey webhook`.

use domain::Patch;
use domain::ids::WebhookId;
use domain::outbox::DeliveryStatus;
use domain::webhooks::{Delivery, DeliveryQuery, Webhook, WebhookDraft, WebhookQuery, WebhookWithSecret};
use service::operations::operator;
use service::{Actor, Ctx, webhooks};

use super::args::WebhookCommand;
use super::open::{describe, describe_error, with_ctx};
use super::{Outcome, given, lists, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, command: WebhookCommand) -> Outcome {
    with_ctx(config, async |ctx| {
        let actor = operator::act_as(ctx, None).await.map_err(describe_error)?;
        Box::pin(manage(ctx, &actor, command)).await
    })
    .await
}

/// What the first owner can do in the dashboard, too.
async fn manage(ctx: &Ctx, actor: &Actor, command: WebhookCommand) -> Outcome {
    match command {
        WebhookCommand::Create { name, url, events } => {
            let draft = WebhookDraft { name: Patch::Set(name), url: Patch::Set(url), events: chosen(events) };
            let terms = draft.parse().map_err(|failure| describe(&failure))?;
            return show(&webhooks::create(ctx, actor, terms).await.map_err(describe_error)?);
        }
        WebhookCommand::List => return list(ctx, actor).await,
        WebhookCommand::Edit { webhook, name, url, events, all_events } => {
            let id = find(ctx, actor, &webhook).await?;
            let events = if all_events { Patch::Clear } else { chosen(events) };
            let draft = WebhookDraft { name: given(name), url: given(url), events };
            let edited = webhooks::update(ctx, actor, id, draft).await.map_err(describe_error)?;
            eprintln!("{} is changed.", edited.terms.name);
        }
        WebhookCommand::Secret { webhook } => {
            let id = find(ctx, actor, &webhook).await?;
            return replace_secret(ctx, actor, id).await;
        }
        WebhookCommand::Test { webhook } => {
            let id = find(ctx, actor, &webhook).await?;
            webhooks::ping(ctx, actor, id).await.map_err(describe_error)?;
            eprintln!(
                "A test event waits for {webhook}. The server sends it; `latchkey webhook deliveries` shows the answer."
            );
        }
        WebhookCommand::Pause { webhook } => {
            let id = find(ctx, actor, &webhook).await?;
            webhooks::pause(ctx, actor, id).await.map_err(describe_error)?;
            eprintln!("{webhook} is paused.");
        }
        WebhookCommand::Resume { webhook } => {
            let id = find(ctx, actor, &webhook).await?;
            webhooks::resume(ctx, actor, id).await.map_err(describe_error)?;
            eprintln!("{webhook} is resumed.");
        }
        WebhookCommand::Delete { webhook } => {
            let id = find(ctx, actor, &webhook).await?;
            webhooks::delete(ctx, actor, id).await.map_err(describe_error)?;
            eprintln!("{webhook} is deleted.");
        }
        WebhookCommand::Deliveries { webhook, failed } => {
            let id = find(ctx, actor, &webhook).await?;
            return deliveries(ctx, actor, id, failed).await;
        }
        WebhookCommand::Retry { delivery } => {
            webhooks::retry(ctx, actor, delivery).await.map_err(describe_error)?;
            eprintln!("The delivery waits to be tried again. The server sends it.");
        }
    }
    Ok(())
}

/// The choice of these events; without any it stays as it is, which in a new webhook is all.
fn chosen(events: Vec<String>) -> Patch<Vec<String>> {
    given((!events.is_empty()).then_some(events))
}

async fn list(ctx: &Ctx, actor: &Actor) -> Outcome {
    let page = async |paging| webhooks::list(ctx, actor, &WebhookQuery { paging }).await;
    lists::each(page, |webhook: Webhook| {
        let state = state(&webhook);
        let Webhook { id, terms, .. } = webhook;
        print::result(format!("{id}\t{}\t{state}\t{}", terms.name, terms.url))
    })
    .await
}

/// The state that the dashboard shows.
const fn state(webhook: &Webhook) -> &'static str {
    match webhook {
        Webhook { paused_at: Some(_), .. } => "paused",
        Webhook { failures: 1.., .. } => "failing",
        _ => "active",
    }
}

/// Creates another secret, prints it, and says until when the one before is valid.
async fn replace_secret(ctx: &Ctx, actor: &Actor, id: WebhookId) -> Outcome {
    let created = webhooks::rotate_secret(ctx, actor, id).await.map_err(describe_error)?;
    show(&created)?;
    let until = created.webhook.secrets.iter().find_map(|secret| secret.expires_at);
    if let Some(until) = until {
        eprintln!("Events are signed with the secret before as well until {until}.");
    }
    Ok(())
}

/// Prints what the receiver needs to know.
fn show(created: &WebhookWithSecret) -> Outcome {
    print::result(format!("id\t{}", created.webhook.id))?;
    print::result(format!("secret\t{}", created.secret))
}

async fn deliveries(ctx: &Ctx, actor: &Actor, id: WebhookId, failed: bool) -> Outcome {
    let status = failed.then_some(DeliveryStatus::Dead);
    let page = async |paging| webhooks::deliveries(ctx, actor, id, &DeliveryQuery { status, paging }).await;
    lists::each(page, |delivery| print::result(line(delivery))).await
}

fn line(delivery: Delivery) -> String {
    let Delivery { id, event, status, attempts, created_at, last_status, last_answer, .. } = delivery;
    let answer = [last_status.map(|status| status.to_string()), last_answer.map(|text| text.replace('\n', " "))];
    let answer = answer.into_iter().flatten().collect::<Vec<_>>().join(" ");
    format!("{id}\t{created_at}\t{event}\t{status}\t{attempts}\t{}", answer.trim_end())
}

/// The webhook with this id or name.
async fn find(ctx: &Ctx, actor: &Actor, webhook: &str) -> Result<WebhookId, String> {
    if let Ok(id) = webhook.parse() {
        return Ok(id);
    }
    let list = async |paging| webhooks::list(ctx, actor, &WebhookQuery { paging }).await;
    let found = lists::by_name("webhook", webhook, list, |one: &Webhook| one.terms.name.as_str()).await?;
    Ok(found.id)
}
