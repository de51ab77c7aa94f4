//! `latchkey invite`.

use domain::attributes::AttributeDraft;
use domain::ids::InviteId;
use domain::invites::{EndsDraft, Invite, InviteDraft, InviteQuery, NewInvite};
use domain::web::Destination;
use domain::{Code, Failure, Patch, Timestamp};
use service::operations::operator;
use service::{Actor, Ctx, invites, joining};

use super::args::{CreateInvite, DuplicateInvite, EditInvite, InviteCommand, InviteTerms, ListInvites, Number};
use super::open::{describe, describe_error, with_ctx};
use super::{Outcome, given, group, invitations, invite_requests, lists, print};
use crate::api;
use crate::config::Config;

pub(super) async fn run(config: &Config, command: InviteCommand) -> Outcome {
    with_ctx(config, async |ctx| match command {
        InviteCommand::Create(create) => Box::pin(self::create(ctx, *create)).await,
        InviteCommand::Duplicate(duplicate) => Box::pin(self::duplicate(ctx, *duplicate)).await,
        InviteCommand::Send(send) => Box::pin(invitations::send(ctx, *send)).await,
        command => {
            let actor = operator::act_as(ctx, None).await.map_err(describe_error)?;
            Box::pin(manage(ctx, &actor, command)).await
        }
    })
    .await
}

async fn create(ctx: &Ctx, CreateInvite { account, code, terms }: CreateInvite) -> Outcome {
    let actor = operator::act_as(ctx, account.as_deref()).await.map_err(describe_error)?;
    let draft = InviteDraft { code: code.into(), ..draft(ctx, &actor, terms).await? };
    let new = draft.parse(ctx.now()).map_err(|failure| describe(&failure))?;
    create_new(ctx, &actor, new).await
}

async fn duplicate(ctx: &Ctx, DuplicateInvite { invite, account, terms }: DuplicateInvite) -> Outcome {
    let operator = operator::act_as(ctx, None).await.map_err(describe_error)?;
    let original = invites::get(ctx, &operator, find(ctx, &invite).await?).await.map_err(describe_error)?;
    let actor = operator::act_as(ctx, account.as_deref()).await.map_err(describe_error)?;
    let new = like(original, draft(ctx, &actor, terms).await?, ctx.now()).map_err(|failure| describe(&failure))?;
    create_new(ctx, &actor, new).await
}

async fn create_new(ctx: &Ctx, actor: &Actor, new: NewInvite) -> Outcome {
    let invite = invites::create(ctx, actor, new).await.map_err(describe_error)?;
    print::result(invite.url.ok_or("The invite was created, but it has no link.")?)
}

/// A new invite like another one, apart from what `changes` says.
fn like(original: Invite, changes: InviteDraft, now: Timestamp) -> Result<NewInvite, Failure> {
    let terms = changes.apply(original.terms.duplicated(now), now)?;
    if terms.expires_at.is_some_and(|end| end <= now) {
        let why = "The end of this invite has passed. Give the new one another: --expires-at or --expires-in-hours.";
        return Err(Failure::field(Code::Invalid, "expires_at", why));
    }
    Ok(NewInvite { code: None, terms })
}

/// What the first owner can do in the dashboard, too.
async fn manage(ctx: &Ctx, actor: &Actor, command: InviteCommand) -> Outcome {
    match command {
        InviteCommand::List(list) => return self::list(ctx, actor, list).await,
        InviteCommand::Show { invite } => {
            let invite = invites::get(ctx, actor, find(ctx, &invite).await?).await.map_err(describe_error)?;
            return print::json(&api::Invite::from(invite));
        }
        InviteCommand::Edit(edit) => {
            let EditInvite { invite, terms } = *edit;
            let draft = draft(ctx, actor, terms).await?;
            invites::update(ctx, actor, find(ctx, &invite).await?, draft).await.map_err(describe_error)?;
            eprintln!("The invite is changed.");
        }
        InviteCommand::Pause { invite } => {
            invites::pause(ctx, actor, find(ctx, &invite).await?).await.map_err(describe_error)?;
            eprintln!("The invite is paused.");
        }
        InviteCommand::Resume { invite } => {
            invites::resume(ctx, actor, find(ctx, &invite).await?).await.map_err(describe_error)?;
            eprintln!("The invite is resumed.");
        }
        InviteCommand::Extend { invite, expires_at, days } => {
            let id = find(ctx, &invite).await?;
            let extended = match days {
                Some(days) => invites::extend_by_days(ctx, actor, id, days).await,
                None => invites::extend(ctx, actor, id, end(expires_at.as_deref())?).await,
            };
            match extended.map_err(describe_error)?.terms.expires_at {
                Some(end) => eprintln!("The invite expires at {}.", end.to_rfc3339()),
                None => eprintln!("The invite never expires."),
            }
        }
        InviteCommand::Join { invite, account } => return join(ctx, actor, &invite, &account).await,
        InviteCommand::Requests(command) => return invite_requests::run(ctx, actor, command).await,
        InviteCommand::Delete { invite } => {
            invites::delete(ctx, actor, find(ctx, &invite).await?).await.map_err(describe_error)?;
            eprintln!("The invite is deleted.");
        }
        InviteCommand::Create(_) | InviteCommand::Duplicate(_) | InviteCommand::Send(_) => {
            unreachable!("handled above")
        }
    }
    Ok(())
}

/// Joins the groups of an invite as a member would, with the same conditions.
async fn join(ctx: &Ctx, actor: &Actor, invite: &str, account: &str) -> Outcome {
    let invite = invites::get(ctx, actor, find(ctx, invite).await?).await.map_err(describe_error)?;
    let code = invite.code.ok_or("The invite is deleted.")?;
    let member = operator::act_as(ctx, Some(account)).await.map_err(describe_error)?;
    let joined = joining::join(ctx, &member, code.as_str()).await.map_err(describe_error)?;
    let groups: Vec<_> = joined.groups.iter().map(|group| group.name.as_str()).collect();
    let counted = if joined.used { "" } else { " The invite was not used again." };
    eprintln!("{account} is in: {}.{counted}", groups.join(", "));
    Ok(())
}

async fn list(ctx: &Ctx, actor: &Actor, list: ListInvites) -> Outcome {
    let query = InviteQuery {
        q: list.search,
        status: list.status,
        sort: list.sort.unwrap_or_default(),
        order: list.order.unwrap_or_default(),
        ..InviteQuery::default()
    };
    let page = async |paging| invites::list(ctx, actor, &InviteQuery { paging, ..query.clone() }).await;
    lists::each(page, |invite| {
        let Invite { id, status, used, url, terms, .. } = invite;
        let max_uses = terms.max_uses.map(|uses| uses.to_string()).unwrap_or_default();
        let (url, label) = (url.unwrap_or_default(), terms.label.map(String::from).unwrap_or_default());
        print::result(format!("{id}\t{status}\t{used}\t{max_uses}\t{url}\t{label}"))
    })
    .await
}

/// The end of an extension; `None` is never.
fn end(expires_at: Option<&str>) -> Result<Option<Timestamp>, String> {
    match expires_at.map_or("", str::trim) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|wrong| format!("expires_at: {wrong}")),
    }
}

/// The invite with this id, code or link.
pub(super) async fn find(ctx: &Ctx, invite: &str) -> Result<InviteId, String> {
    operator::find_invite(ctx, invite).await.map_err(describe_error)
}

/// The options as a new invite or a change: what is not given is left out, and what is empty clears.
pub(super) async fn draft(ctx: &Ctx, actor: &Actor, terms: InviteTerms) -> Result<InviteDraft, String> {
    let groups = terms.groups.iter().filter(|group| !group.trim().is_empty());
    let groups = group::find_all(ctx, actor, groups).await?;
    let after = match &terms.application {
        Some(application) if !application.trim().is_empty() => {
            Some(Destination::of_application(super::application::find(ctx, actor, application).await?).into())
        }
        application => terms.after.clone().or_else(|| application.clone()),
    };
    let flow = match &terms.flow {
        Some(flow) if !flow.trim().is_empty() => Some(super::flow::find(ctx, actor, flow).await?.to_string()),
        flow => flow.clone(),
    };
    let attributes = attributes(&terms.attributes, false).chain(attributes(&terms.locked_attributes, true));
    let has_attributes = !terms.attributes.is_empty() || !terms.locked_attributes.is_empty();
    let ends = match (terms.ends, terms.ends_after_days, terms.ends_at) {
        (None, ..) => Patch::Keep,
        (Some(of), None, None) if of.trim().is_empty() => Patch::Clear,
        (Some(of), after_days, at) => Patch::Set(EndsDraft { of, after_days, at }),
    };
    Ok(InviteDraft {
        code: Patch::Keep,
        label: given(terms.label).unless_blank(),
        role: given(terms.role).unless_blank(),
        groups: given((!terms.groups.is_empty()).then_some(groups)),
        max_uses: terms.max_uses.map_or(Patch::Keep, |Number(number)| number.into()),
        starts_at: given(terms.starts_at).unless_blank(),
        expires_at: given(terms.expires_at).unless_blank(),
        expires_in_hours: given(terms.expires_in_hours),
        email: given(terms.email).unless_blank(),
        email_domains: given((!terms.email_domains.is_empty()).then_some(terms.email_domains)),
        approval: given(terms.approval),
        attributes: given(has_attributes.then(|| attributes.collect())),
        welcome_text: given(terms.welcome_text).unless_blank(),
        after: given(after).unless_blank(),
        ends,
        existing_members: given(terms.only_new_members.map(|only| !only)),
        show_uses_left: given(terms.hide_uses_left.map(|hide| !hide)),
        without_code: given(terms.without_code),
        verify_email: given(terms.verify_email),
        flow_id: given(flow).unless_blank(),
    })
}

/// Attributes as typed, without the empty one that stands for none.
fn attributes(typed: &[(String, String)], locked: bool) -> impl Iterator<Item = AttributeDraft> {
    let typed = typed.iter().filter(|(key, value)| !key.is_empty() || !value.is_empty());
    typed.map(move |(key, value)| AttributeDraft { key: key.clone(), value: value.clone(), locked })
}
