//! Looks at everybody, page by page, and has those looked at more closely of whom something is to be done. Messages about what
//! changes meanwhile wait for one page at the most.

use domain::applications::{ScimAbout, ScimKind};
use domain::ids::{AccountId, GroupId};

use super::connection::{Connection, Wanted};
use super::resources;
use super::send::{is_in_line, look_at};
use crate::platform::tx;
use crate::{Ctx, Error};

/// The accounts or groups of a page.
const PAGE: u64 = 50;

/// A page of accounts; after the last one, the groups. Returns what was done.
pub(super) async fn accounts(ctx: &Ctx, connection: &Connection, after: Option<AccountId>) -> Result<String, Error> {
    let (db, now) = (&ctx.db().read, ctx.now());
    let rows = connection.accounts(db, after, PAGE, now).await?;
    let ids = rows.iter().map(|row| row.id);
    let known = resources::find_all(db, connection.id, ScimKind::Account, ids).await?;
    let wanted = connection.wanted(db, &rows, now).await?;
    let signed_in = connection.signed_in(db, rows.iter().map(|row| row.id)).await?;
    let differs = |row: &&crate::accounts::entity::Model| {
        let wanted = wanted.get(&AccountId(row.id)).unwrap_or(&Wanted::Inactive);
        !is_in_line(connection, known.get(&row.id), wanted, signed_in.contains(&row.id))
    };
    let mut abouts: Vec<_> =
        rows.iter().filter(differs).map(|row| ScimAbout::Account { account: AccountId(row.id) }).collect();
    let changes = abouts.len();
    let is_last = (rows.len() as u64) < PAGE;
    abouts.push(match rows.last().filter(|_| !is_last) {
        Some(last) => ScimAbout::Accounts { after: Some(AccountId(last.id)) },
        None => ScimAbout::Groups { after: None },
    });
    begin(ctx, connection, abouts).await?;
    Ok(format!("{changes} of {} members to look at.", rows.len()))
}

/// A page of groups: those that the application is told of, and those that are known there. Returns what was done.
pub(super) async fn groups(ctx: &Ctx, connection: &Connection, after: Option<GroupId>) -> Result<String, Error> {
    let db = &ctx.db().read;
    let told = connection.groups(db, after, PAGE).await?;
    let known = resources::groups(db, connection.id, after, PAGE).await?;
    let mut ids: Vec<_> = told.iter().map(|row| row.id).chain(known).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let mut abouts: Vec<_> = ids.iter().map(|id| ScimAbout::Group { group: GroupId(*id) }).collect();
    let looked_at = abouts.len();
    if let Some(last) = ids.last().filter(|_| ids.len() as u64 == PAGE) {
        abouts.push(ScimAbout::Groups { after: Some(GroupId(*last)) });
    }
    begin(ctx, connection, abouts).await?;
    Ok(format!("{looked_at} groups to look at."))
}

async fn begin(ctx: &Ctx, connection: &Connection, abouts: Vec<ScimAbout>) -> Result<(), Error> {
    let tx = tx::begin(ctx).await?;
    look_at(&tx, ctx, connection, abouts).await?;
    tx.commit().await?;
    Ok(())
}
