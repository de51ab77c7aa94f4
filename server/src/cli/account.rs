//! `latchkey account`.

use std::io::{BufRead, BufReader, Read, stdin};

use domain::accounts::{
    Account, AccountDraft, AccountEndsDraft, AccountFilter, AccountQuery, AccountStatus, AccountsChanged, NewAccount,
    NewAccountDraft, Password,
};
use domain::approvals::{Decision, NoteDraft};
use domain::attributes::AccountAttributeDraft;
use domain::ids::AccountId;
use domain::{Patch, Timestamp};
use service::operations::operator;
use service::{Actor, Ctx, Error, approvals, members};

use super::args::{AccountCommand, AccountFilters, CreateAccount};
use super::open::{describe, describe_error, with_ctx};
use super::{Outcome, given, lists, print};
use crate::config::Config;
use crate::csv;

/// Maximum length of a secret, in bytes: as long as any, less than a file that is piped in by mistake.
const MAX_INPUT: usize = 4096;

pub(super) async fn run(config: &Config, command: AccountCommand) -> Outcome {
    match command {
        AccountCommand::Create(create) => {
            let password = read_password(stdin())?;
            with_ctx(config, async |ctx| {
                let groups = groups(ctx, &create.groups).await?;
                let new = parse(create, password, groups, ctx.now())?;
                let account = operator::create_account(ctx, new).await.map_err(describe_error)?;
                print::result(account.id)?;
                eprintln!("{} is {}.", account.username, account.role.title());
                Ok(())
            })
            .await
        }
        AccountCommand::SetPassword { account, keep_keys, password_stdin: _ } => {
            let password = Password::parse(&read_password(stdin())?).map_err(|wrong| format!("Password: {wrong}"))?;
            with_ctx(config, async |ctx| {
                let set = operator::set_password(ctx, &account, password, !keep_keys).await;
                set.map_err(describe_error)?;
                let keys = if keep_keys { "Its API keys still work." } else { "Its API keys are revoked." };
                eprintln!("The password of {account} is changed. All sessions of this account have ended. {keys}");
                Ok(())
            })
            .await
        }
        AccountCommand::ResetLink { account } => {
            with_ctx(config, async |ctx| {
                let link = operator::make_reset_link(ctx, &account).await.map_err(describe_error)?;
                print::result(&link.url)?;
                eprintln!(
                    "Anyone who opens this link until {} can set a new password for {account}. Send it to nobody else.",
                    link.expires_at.to_rfc3339()
                );
                Ok(())
            })
            .await
        }
        AccountCommand::Verify { account } => {
            with_ctx(config, async |ctx| {
                let status = operator::mark_verified(ctx, &account).await.map_err(describe_error)?;
                eprintln!("{account} is {}.", status.title().to_lowercase());
                Ok(())
            })
            .await
        }
        AccountCommand::TransferOwnership { account } => {
            with_ctx(config, async |ctx| {
                let paused = operator::transfer_ownership(ctx, &account).await.map_err(describe_error)?;
                eprintln!(
                    "{account} is the owner. The owner until now is an admin; its invites that were paused: {paused}."
                );
                Ok(())
            })
            .await
        }
        command => {
            with_ctx(config, async |ctx| {
                let actor = operator::act_as(ctx, None).await.map_err(describe_error)?;
                manage(ctx, &actor, command).await
            })
            .await
        }
    }
}

/// What the first owner can do in the dashboard, too.
async fn manage(ctx: &Ctx, actor: &Actor, command: AccountCommand) -> Outcome {
    let find = async |account: &str| operator::find_account(ctx, account).await.map_err(describe_error);
    let (account, status) = match command {
        AccountCommand::List(filters) => return list(ctx, actor, filters).await,
        AccountCommand::Export(filters) => return export(ctx, actor, filters).await,
        AccountCommand::Edit { account, email, username, name, role, ends_at, attributes, no_attributes } => {
            let [email, username, name, role, ends_at] = [email, username, name, role, ends_at].map(given);
            let attributes = match (no_attributes, attributes.len()) {
                (true, _) => Patch::Clear,
                (false, 0) => Patch::Keep,
                (false, _) => Patch::Set(typed(attributes)),
            };
            let draft = AccountDraft { email, username, name, role, ends_at, attributes };
            let edited = members::update(ctx, actor, find(&account).await?, draft).await.map_err(describe_error)?;
            eprintln!("{} is changed.", edited.username);
            return Ok(());
        }
        AccountCommand::SetEnds { accounts, ends_at } => return set_ends(ctx, actor, &accounts, ends_at).await,
        AccountCommand::Delete { account } => {
            members::delete(ctx, actor, find(&account).await?).await.map_err(describe_error)?;
            eprintln!("{account} is deleted.");
            return Ok(());
        }
        AccountCommand::Suspend { account } => {
            let status = members::suspend(ctx, actor, find(&account).await?).await;
            (account, status)
        }
        AccountCommand::Restore { account } => {
            let status = members::restore(ctx, actor, find(&account).await?).await;
            (account, status)
        }
        AccountCommand::Approve { account, note } => {
            let status = decide(ctx, actor, find(&account).await?, Decision::Approve, note).await;
            (account, status)
        }
        AccountCommand::Decline { account, note } => {
            let status = decide(ctx, actor, find(&account).await?, Decision::Decline, note).await;
            (account, status)
        }
        AccountCommand::Create(_)
        | AccountCommand::SetPassword { .. }
        | AccountCommand::ResetLink { .. }
        | AccountCommand::Verify { .. }
        | AccountCommand::TransferOwnership { .. } => unreachable!("handled above"),
    };
    eprintln!("{account} is {}.", status.map_err(describe_error)?.title().to_lowercase());
    Ok(())
}

/// Sets when accounts end. One that does not exist leaves all as they are; one that cannot be changed leaves the others.
async fn set_ends(ctx: &Ctx, actor: &Actor, accounts: &[String], ends_at: String) -> Outcome {
    let mut ids = Vec::with_capacity(accounts.len());
    for account in accounts {
        ids.push(operator::find_account(ctx, account).await.map_err(describe_error)?);
    }
    let draft = AccountEndsDraft { accounts: ids, ends_at: Patch::Set(ends_at).unless_blank() };
    let (ids, ends_at) = draft.parse(ctx.now()).map_err(|failure| describe(&failure))?;
    let set = members::set_ends(ctx, actor, ids, ends_at).await.map_err(describe_error)?;
    let AccountsChanged { changed, unchanged, refused } = set;
    eprintln!("{changed} changed, {unchanged} unchanged.");
    if refused == 0 { Ok(()) } else { Err(format!("{refused} not changed: an owner's account does not end.")) }
}

async fn decide(
    ctx: &Ctx,
    actor: &Actor,
    id: AccountId,
    decision: Decision,
    note: Option<String>,
) -> Result<AccountStatus, Error> {
    approvals::decide(ctx, actor, id, decision, NoteDraft { note }.parse()?).await
}

async fn list(ctx: &Ctx, actor: &Actor, filters: AccountFilters) -> Outcome {
    let query = query(ctx, actor, filters).await?;
    let page = async |paging| members::list(ctx, actor, &AccountQuery { paging, ..query.clone() }).await;
    lists::each(page, |row| {
        let Account { id, username, email, role, status, .. } = row.account;
        print::result(format!("{id}\t{username}\t{email}\t{role}\t{status}"))
    })
    .await
}

async fn export(ctx: &Ctx, actor: &Actor, filters: AccountFilters) -> Outcome {
    let query = query(ctx, actor, filters).await?;
    print::csv(&csv::accounts::HEAD, async |cursor| csv::accounts::page(ctx, actor, &query, cursor).await).await
}

/// The account with this id, e-mail address or username. That of an id may be deleted.
pub(super) async fn find_account(ctx: &Ctx, account: &str) -> Result<AccountId, String> {
    match account.parse() {
        Ok(id) => Ok(id),
        Err(_) => operator::find_account(ctx, account).await.map_err(describe_error),
    }
}

/// The list with these filters.
async fn query(ctx: &Ctx, actor: &Actor, filters: AccountFilters) -> Result<AccountQuery, String> {
    let AccountFilters { search: q, status, role, group, inviter, ends_soon, sort, order } = filters;
    let group = match group {
        Some(group) => Some(super::group::find(ctx, actor, &group).await?),
        None => None,
    };
    let inviter = match inviter {
        Some(inviter) => Some(find_account(ctx, &inviter).await?),
        None => None,
    };
    Ok(AccountQuery {
        filter: AccountFilter { q, status, role, group, inviter, ends_soon },
        sort: sort.unwrap_or_default(),
        order: order.unwrap_or_default(),
        ..AccountQuery::default()
    })
}

/// The ids of the groups with these names or ids. Without any, it needs no owner, whom a new installation does not have.
async fn groups(ctx: &Ctx, named: &[String]) -> Result<Vec<String>, String> {
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let actor = operator::act_as(ctx, None).await.map_err(describe_error)?;
    super::group::find_all(ctx, &actor, named).await
}

fn parse(create: CreateAccount, password: String, groups: Vec<String>, now: Timestamp) -> Result<NewAccount, String> {
    let CreateAccount { email, username, name, role, attributes, ends_at, .. } = create;
    let draft = NewAccountDraft {
        email,
        username,
        name,
        // Any role, also that of owner, which drafts do not have.
        role: None,
        password,
        groups: Some(groups),
        attributes: Some(typed(attributes)),
        ends_at,
    };
    let new = draft.parse(now).map_err(|failure| describe(&failure))?;
    Ok(NewAccount { role, ..new })
}

/// Attributes as typed.
fn typed(attributes: Vec<(String, String)>) -> Vec<AccountAttributeDraft> {
    attributes.into_iter().map(|(key, value)| AccountAttributeDraft { key, value }).collect()
}

/// Reads the password: the first line of `input`, without the line break.
pub(super) fn read_password(input: impl Read) -> Result<String, String> {
    read_secret("password", input)
}

/// Reads a secret in the same way; `what` names it in errors.
pub(super) fn read_secret(what: &str, input: impl Read) -> Result<String, String> {
    let mut line = String::new();
    let most = MAX_INPUT + "\r\n".len();
    BufReader::new(input.take(most as u64 + 1))
        .read_line(&mut line)
        .map_err(|error| format!("Cannot read the {what}: {error}."))?;
    let secret = line.lines().next().unwrap_or_default();
    if secret.len() > MAX_INPUT {
        return Err(format!("The {what} is longer than {MAX_INPUT} bytes."));
    }
    Ok(secret.to_owned())
}

#[cfg(test)]
mod tests {
    use domain::accounts::Role;

    use super::*;

    #[test]
    fn the_line_break_is_not_part_of_the_password() {
        for input in ["a bench  by", "a bench  by\n", "a bench  by\r\n", "a bench  by\nmore\n"] {
            assert_eq!(read_password(input.as_bytes()).unwrap(), "a bench  by");
        }
        assert_eq!(read_password(&b""[..]).unwrap(), "");
        let longest = "x".repeat(MAX_INPUT);
        assert_eq!(read_password(format!("{longest}\r\nmore").as_bytes()).unwrap(), longest);
        assert!(read_password(format!("{longest}x\n").as_bytes()).unwrap_err().contains("longer than 4096 bytes"));
    }

    #[test]
    fn every_invalid_field_is_reported() {
        let create = CreateAccount {
            email: "nobody".into(),
            username: "!".into(),
            name: None,
            role: Role::Owner,
            groups: Vec::new(),
            attributes: vec![("Team".into(), "Clay".into())],
            ends_at: Some("1970-01-01T00:00:01Z".into()),
            password_stdin: true,
        };
        let message = parse(create, "short".into(), Vec::new(), Timestamp::from_micros(2_000_000)).unwrap_err();
        for field in ["email:", "username:", "password:", "attributes:", "ends_at:"] {
            assert!(message.contains(field), "{message}");
        }
    }
}
