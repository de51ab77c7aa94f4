//! `latchkey group`.

use domain::groups::{
    Group, GroupDraft, GroupMemberQuery, GroupQuery, MembersChanged, MembersDraft, MembershipEndsDraft,
};
use domain::ids::GroupId;
use domain::invites::InviteRef;
use domain::{Patch, Timestamp};
use service::{Actor, Ctx, Error, groups};

use super::args::GroupCommand;
use super::open::{describe, describe_error, with_ctx};
use super::{Outcome, given, lists, print};
use crate::config::Config;

pub(super) async fn run(config: &Config, command: GroupCommand) -> Outcome {
    with_ctx(config, async |ctx| {
        let actor = service::operations::operator::act_as(ctx, None).await.map_err(describe_error)?;
        match command {
            GroupCommand::Create { name, description, permissions } => {
                let permissions = Patch::Set(permissions.into_iter().collect());
                let draft = GroupDraft { name: Patch::Set(name), description: description.into(), permissions };
                let terms = draft.parse().map_err(|failure| describe(&failure))?;
                print::result(groups::create(ctx, &actor, terms).await.map_err(describe_error)?.id)
            }
            GroupCommand::Edit { group, name, description, permissions, no_permissions } => {
                let id = find(ctx, &actor, &group).await?;
                let changes = no_permissions || !permissions.is_empty();
                let permissions = given(changes.then(|| permissions.into_iter().collect()));
                let draft = GroupDraft { name: given(name), description: given(description), permissions };
                let edited = groups::update(ctx, &actor, id, draft).await.map_err(describe_error)?;
                eprintln!("{} is changed.", edited.terms.name);
                Ok(())
            }
            GroupCommand::List => {
                let list = async |paging| groups::list(ctx, &actor, &GroupQuery { q: None, paging }).await;
                lists::each(list, |group: Group| {
                    print::result(format!("{}\t{}\t{}", group.id, group.members, group.terms.name))
                })
                .await
            }
            GroupCommand::Members { group } => {
                let id = find(ctx, &actor, &group).await?;
                let list = async |paging| groups::members(ctx, &actor, id, &GroupMemberQuery { q: None, paging }).await;
                lists::each(list, |member| {
                    let kind = if member.is_manager { "manager" } else { "member" };
                    let ends_at = member.ends_at.map(Timestamp::to_rfc3339).unwrap_or_default();
                    print::result(format!("{}\t{kind}\t{ends_at}", member.account.username))
                })
                .await
            }
            GroupCommand::Add { group, accounts, manager, ends_at } => {
                let id = find(ctx, &actor, &group).await?;
                let draft = MembersDraft {
                    accounts,
                    manager: manager.then_some(true),
                    ends_at: ends_at.map_or(Patch::Keep, Patch::Set),
                };
                report(groups::add_members(ctx, &actor, id, draft).await, "added")
            }
            GroupCommand::SetEnds { group, accounts, ends_at } => {
                let id = find(ctx, &actor, &group).await?;
                let draft = MembershipEndsDraft { accounts, ends_at: Patch::Set(ends_at).unless_blank() };
                report(groups::set_member_ends(ctx, &actor, id, draft).await, "changed")
            }
            GroupCommand::Remove { group, accounts } => {
                let id = find(ctx, &actor, &group).await?;
                let draft = MembersDraft { accounts, ..MembersDraft::default() };
                report(groups::remove_members(ctx, &actor, id, draft).await, "removed")
            }
            GroupCommand::Delete { group, yes } => delete(ctx, &actor, &group, yes).await,
        }
    })
    .await
}

/// Deletes a group. If invites grant it, they are printed, and it is deleted only with `yes`.
async fn delete(ctx: &Ctx, actor: &Actor, group: &str, yes: bool) -> Outcome {
    let id = find(ctx, actor, group).await?;
    let invites = groups::deletion(ctx, actor, id).await.map_err(describe_error)?.invite_count;
    if invites.counted > 0 {
        let list = async |paging| groups::invites(ctx, actor, id, paging).await;
        let line = |invite: InviteRef| {
            let line = format!("{}\t{}", invite.id, invite.title());
            if yes {
                return print::result(line);
            }
            eprintln!("{line}");
            Ok(())
        };
        lists::each(list, line).await?;
    }
    if invites.counted > 0 && !yes {
        return Err(format!(
            "Invites that can be used grant {group}: {invites}, listed above. Deleting the group pauses them; an invite that is \
             resumed no longer grants the group. Run the command again with --yes to delete it."
        ));
    }
    groups::delete(ctx, actor, id).await.map_err(describe_error)?;
    eprintln!("{group} is deleted. Invites that granted it and are paused: {invites}.");
    Ok(())
}

/// The group with this id or name.
pub(super) async fn find(ctx: &Ctx, actor: &Actor, group: &str) -> Result<GroupId, String> {
    if let Ok(id) = group.parse() {
        return Ok(groups::get(ctx, actor, id).await.map_err(describe_error)?.id);
    }
    let q = Some(group.to_owned());
    let list = async |paging| groups::list(ctx, actor, &GroupQuery { q: q.clone(), paging }).await;
    let found = lists::by_name("group", group, list, |one: &Group| one.terms.name.as_str()).await?;
    Ok(found.id)
}

/// The ids of the groups with these names or ids, as drafts have them.
pub(super) async fn find_all<'a>(
    ctx: &Ctx,
    actor: &Actor,
    groups: impl IntoIterator<Item = &'a String>,
) -> Result<Vec<String>, String> {
    let mut ids = Vec::new();
    for group in groups {
        ids.push(find(ctx, actor, group).await?.to_string());
    }
    Ok(ids)
}

/// Says what was done. Accounts that were not found are a failure; the others were changed.
fn report(done: Result<MembersChanged, Error>, verb: &str) -> Outcome {
    let MembersChanged { changed, unchanged, not_found } = done.map_err(describe_error)?;
    eprintln!("{changed} {verb}, {unchanged} unchanged.");
    if not_found.is_empty() { Ok(()) } else { Err(format!("No account found: {}.", not_found.join(", "))) }
}
