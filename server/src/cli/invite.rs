//! `latchkey invite`.

use domain::Patch;
use domain::invites::InviteDraft;

use super::args::{CreateInvite, InviteCommand};
use super::open::{say, say_error, with};
use super::{Outcome, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, command: InviteCommand) -> Outcome {
    let InviteCommand::Create(create) = command;
    with(config, async |ctx| {
        let account = create.account.clone();
        let new = draft(create).parse(ctx.now()).map_err(|failure| say(&failure))?;
        let actor = service::operations::operator::act_as(ctx, account.as_deref()).await.map_err(say_error)?;
        let invite = service::invites::create(ctx, &actor, new).await.map_err(say_error)?;
        let url = invite.url.ok_or("The invite was created, but it has no link.")?;
        print::result(url)
    })
    .await
}

fn draft(create: CreateInvite) -> InviteDraft {
    InviteDraft {
        code: create.code.into(),
        label: create.label.into(),
        role: create.role.into(),
        max_uses: create.max_uses.into(),
        starts_at: Patch::Keep,
        expires_at: create.expires_at.into(),
        expires_in_hours: create.expires_in_hours.into(),
    }
}
