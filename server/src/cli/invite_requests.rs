//! `latchkey invite requests`.

use domain::requests::{InviteRequest, InviteRequestQuery};
use service::{Actor, Ctx, requests};

use super::args::InviteRequestCommand;
use super::open::describe_error;
use super::{Outcome, lists, print};

pub(super) async fn run(ctx: &Ctx, actor: &Actor, command: InviteRequestCommand) -> Outcome {
    match command {
        InviteRequestCommand::List { all } => list(ctx, actor, !all).await,
        InviteRequestCommand::Grant { request } => {
            let granted = requests::grant(ctx, actor, request).await.map_err(describe_error)?;
            eprintln!(
                "The request is granted. This link is for {}, to whom it is sent while mail is on.",
                granted.request.email
            );
            print::result(granted.invite.url.ok_or("The invite was created, but it has no link.")?)
        }
        InviteRequestCommand::Dismiss { request } => {
            requests::dismiss(ctx, actor, request).await.map_err(describe_error)?;
            eprintln!("The request is dismissed.");
            Ok(())
        }
    }
}

async fn list(ctx: &Ctx, actor: &Actor, open: bool) -> Outcome {
    let page = async |paging| requests::list(ctx, actor, &InviteRequestQuery { open, paging }).await;
    lists::each(page, |request| {
        let InviteRequest { id, invite, email, note, created_at, status, .. } = request;
        let note = note.map(String::from).unwrap_or_default();
        print::result(format!("{id}\t{created_at}\t{status}\t{email}\t{}\t{note}", invite.id))
    })
    .await
}
