//! The worker that sends what is in the outbox. Every server has one.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::lease::{Lease, claim, message};
use super::{ATTEMPT_TIMEOUT, Answer, Outcome, Sender, Wake};
use crate::{Ctx, Error};

/// The interval between two looks for what can be sent.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long a transaction that has written a message is given to commit, before the worker looks for it.
const SETTLING: Duration = Duration::from_millis(20);
/// The most targets that one process sends to at a time.
const MAX_TARGETS: usize = 32;
/// The most messages that are sent with one lease, so that busy targets do not keep others waiting.
const MAX_MESSAGES: usize = 100;
/// How long an attempt that has begun is given to end when the process stops. It is repeated later if it does not.
const GRACE: Duration = Duration::from_secs(3);

/// Sends messages until the process stops.
pub(crate) async fn run<S: Sender>(ctx: Ctx, sender: S) {
    let stop = ctx.stopping();
    let mut sending = JoinSet::new();
    let mut is_failing = false;
    while !stop.is_cancelled() {
        while sending.try_join_next().is_some() {}
        match start(&ctx, &sender, &mut sending).await {
            Ok(()) => is_failing = false,
            Err(error) => {
                // Once for an outage, and not every second.
                if !is_failing {
                    tracing::warn!(%error, "the outbox could not be read; messages wait");
                }
                is_failing = true;
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(INTERVAL) => {}
            () = ctx.state::<Wake>().0.notified() => tokio::time::sleep(SETTLING).await,
            Some(_) = sending.join_next(), if !is_failing => {}
        }
    }
    while sending.join_next().await.is_some() {}
}

/// Begins to send to targets, as many as there is room for.
async fn start<S: Sender>(ctx: &Ctx, sender: &S, sending: &mut JoinSet<()>) -> Result<(), Error> {
    let room = MAX_TARGETS.saturating_sub(sending.len());
    if room == 0 {
        return Ok(());
    }
    for lease in claim(ctx, S::KINDS, room as u64).await? {
        let (ctx, sender) = (ctx.clone(), sender.clone());
        sending.spawn(async move {
            let target = lease.target;
            if let Err(error) = send_all(&ctx, &sender, lease).await {
                // The lease ends by itself.
                tracing::warn!(%error, %target, "sending from the outbox was interrupted");
            }
        });
    }
    Ok(())
}

/// Sends the messages of a target, one after the other, until one fails, or there is none, or it is the turn of others.
async fn send_all<S: Sender>(ctx: &Ctx, sender: &S, mut lease: Lease) -> Result<(), Error> {
    let stop = ctx.stopping();
    let keeps_order = S::keeps_order(&lease.kind);
    let mut is_over = false;
    for _ in 0..MAX_MESSAGES {
        if stop.is_cancelled() {
            break;
        }
        let Some(row) = lease.next(ctx, keeps_order).await? else {
            is_over = true;
            break;
        };
        let Some(answer) = attempt(ctx, sender, &message(&row, &lease.kind), &stop).await? else { break };
        if !lease.record(ctx, sender, &row, answer).await? {
            return Ok(());
        }
    }
    Ok(lease.give_back(ctx, is_over && !keeps_order).await?)
}

/// The answer to a message; `None` if the process stops before there is one.
async fn attempt<S: Sender>(
    ctx: &Ctx,
    sender: &S,
    message: &super::Message,
    stop: &CancellationToken,
) -> Result<Option<Answer>, Error> {
    let stopped = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        answer = tokio::time::timeout(ATTEMPT_TIMEOUT, sender.send(ctx, message)) => match answer {
            Ok(answer) => answer.map(Some),
            Err(_) => Ok(Some(Answer {
                outcome: Outcome::Failed { retry_after: None },
                status: None,
                text: format!("No answer within {} seconds.", ATTEMPT_TIMEOUT.as_secs()),
            })),
        },
        () = stopped => Ok(None),
    }
}

/// Sends what can be sent now, and waits until it is. Returns the number of targets.
#[cfg(test)]
pub(crate) async fn run_once<S: Sender>(ctx: &Ctx, sender: &S) -> usize {
    let mut sending = JoinSet::new();
    start(ctx, sender, &mut sending).await.unwrap();
    let targets = sending.len();
    sending.join_all().await;
    targets
}
