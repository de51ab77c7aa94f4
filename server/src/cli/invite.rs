//! `latchkey invite`.

use domain::Patch;
use domain::attributes::AttributeDraft;
use domain::invites::{EndsDraft, InviteDraft};
use domain::web::Destination;

use super::args::{CreateInvite, InviteCommand};
use super::open::{describe, describe_error, with_ctx};
use super::{Outcome, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, command: InviteCommand) -> Outcome {
    let InviteCommand::Create(create) = command;
    with_ctx(config, async |ctx| {
        let actor =
            service::operations::operator::act_as(ctx, create.account.as_deref()).await.map_err(describe_error)?;
        let mut groups = Vec::new();
        for group in &create.groups {
            groups.push(super::group::find(ctx, &actor, group).await?.to_string());
        }
        let mut create = *create;
        if let Some(application) = &create.application {
            let id = super::application::find(ctx, &actor, application).await?;
            create.after = Some(Destination::of_application(id).into());
        }
        let new = draft(create, groups).parse(ctx.now()).map_err(|failure| describe(&failure))?;
        let invite = service::invites::create(ctx, &actor, new).await.map_err(describe_error)?;
        let url = invite.url.ok_or("The invite was created, but it has no link.")?;
        print::result(url)
    })
    .await
}

fn draft(create: CreateInvite, groups: Vec<String>) -> InviteDraft {
    let of = |attributes: Vec<(String, String)>, locked: bool| {
        attributes.into_iter().map(move |(key, value)| AttributeDraft { key, value, locked })
    };
    let attributes = of(create.attributes, false).chain(of(create.locked_attributes, true));
    let ends = create.ends.map(|of| EndsDraft { of, after_days: create.ends_after_days, at: create.ends_at });
    InviteDraft {
        code: create.code.into(),
        label: create.label.into(),
        role: create.role.into(),
        groups: Patch::Set(groups),
        max_uses: create.max_uses.into(),
        starts_at: create.starts_at.into(),
        expires_at: create.expires_at.into(),
        expires_in_hours: create.expires_in_hours.into(),
        email: create.email.into(),
        email_domains: Patch::Set(create.email_domains),
        approval: Patch::Set(create.approval),
        attributes: Patch::Set(attributes.collect()),
        welcome_text: create.welcome_text.into(),
        after: create.after.into(),
        ends: ends.into(),
        existing_members: Patch::Set(!create.only_new_members),
        show_uses_left: Patch::Set(!create.hide_uses_left),
        without_code: Patch::Set(create.without_code),
    }
}
