//! What differs between here and there, found out without changing anything.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use domain::applications::{MAX_DIFFERENCES, ScimComparison, ScimDifference, ScimDiffers, ScimKind, ScimRemoval};
use domain::ids::{AccountId, GroupId};
use tokio::time::Instant;
use uuid::Uuid;

use super::client::{Pages, SendError, Service, read};
use super::connection::{Attributes, Connection, Wanted};
use super::groups::{self, WantedGroup};
use super::schema::{Group, Identified, User};
use super::{resources, users};
use crate::applications::resource::Model;
use crate::{Ctx, Error};

/// The most accounts, and the most groups, that are read there.
const MAX_RESOURCES: usize = 10_000;
/// The longest that is read there.
const MAX_TIME: Duration = Duration::from_secs(20);
/// The accounts or groups that are read here at a time.
const BATCH: u64 = 200;

/// What is there.
struct Inventory<T> {
    by_id: HashMap<String, T>,
    /// The ids of those that have an identifier, by that.
    by_external_id: HashMap<String, String>,
    /// The ids by what they are called.
    by_name: HashMap<String, String>,
    is_complete: bool,
}

impl<T> Inventory<T> {
    /// What is known there by this id, or else has this identifier.
    fn of(&self, known: Option<&Model>, ours: &str) -> Option<&T> {
        let by_id = known.and_then(|known| self.by_id.get(known.remote_id.as_deref()?));
        by_id.or_else(|| self.by_external_id.get(ours).and_then(|id| self.by_id.get(id)))
    }
}

/// Something that is there, by its ids and names.
trait Resource: Identified {
    const KIND: ScimKind;

    fn id(&self) -> &str;
    fn names(&self) -> Vec<String>;
}

impl Resource for User {
    const KIND: ScimKind = ScimKind::Account;

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> Vec<String> {
        let emails = self.emails.iter().flatten().map(|email| email.value.to_lowercase());
        std::iter::once(self.login.to_lowercase()).chain(emails).collect()
    }
}

impl Resource for Group {
    const KIND: ScimKind = ScimKind::Group;

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> Vec<String> {
        vec![self.display_name.clone()]
    }
}

/// What was found.
#[derive(Default)]
struct Found {
    equal: u32,
    differences: Vec<ScimDifference>,
    more: bool,
}

impl Found {
    fn add(&mut self, difference: ScimDifference) {
        if self.differences.len() < MAX_DIFFERENCES {
            self.differences.push(difference);
        } else {
            self.more = true;
        }
    }
}

/// Compares accounts and, if the application is told of them, groups.
pub(super) async fn compare(ctx: &Ctx, connection: &Connection) -> Result<ScimComparison, SendError> {
    let service = Service::of(ctx, connection)?;
    let until = Instant::now() + MAX_TIME;
    let there: Inventory<User> = read_all(&service, until).await?;
    let mut found = Found::default();
    compare_accounts(ctx, connection, &there, &mut found).await?;
    let mut is_complete = there.is_complete;
    if connection.terms.groups {
        let there: Inventory<Group> = read_all(&service, until).await?;
        compare_groups(ctx, connection, &there, &mut found).await?;
        is_complete &= there.is_complete;
    }
    let Found { equal, differences, more } = found;
    Ok(ScimComparison { equal, differences, more, complete: is_complete })
}

async fn read_all<T: Resource>(service: &Service<'_>, until: Instant) -> Result<Inventory<T>, SendError> {
    let mut there = Inventory {
        by_id: HashMap::new(),
        by_external_id: HashMap::new(),
        by_name: HashMap::new(),
        is_complete: false,
    };
    let mut pages = Pages::new(T::KIND, None);
    while there.by_id.len() < MAX_RESOURCES {
        let page = match tokio::time::timeout_at(until, service.next(&mut pages)).await {
            Ok(page) => page?,
            Err(_) => return Ok(there),
        };
        let Some(page) = page else {
            there.is_complete = true;
            break;
        };
        for body in page {
            let resource: T = read(body)?;
            let id = resource.id().to_owned();
            if let Some(external) = resource.external_id() {
                there.by_external_id.insert(external.to_owned(), id.clone());
            }
            there.by_name.extend(resource.names().into_iter().map(|name| (name, id.clone())));
            there.by_id.insert(id, resource);
        }
    }
    Ok(there)
}

async fn compare_accounts(
    ctx: &Ctx,
    connection: &Connection,
    there: &Inventory<User>,
    found: &mut Found,
) -> Result<(), Error> {
    let (db, now) = (&ctx.db().read, ctx.now());
    let deletes = connection.terms.on_removal == ScimRemoval::Delete;
    let (mut after, mut seen) = (None, HashSet::new());
    loop {
        let rows = connection.accounts(db, after, BATCH, now).await?;
        let ids = rows.iter().map(|row| row.id);
        let known = resources::find_all(db, connection.id, ScimKind::Account, ids).await?;
        let wanted = connection.wanted(db, &rows, now).await?;
        for row in &rows {
            let account = AccountId(row.id);
            let ours = connection.external_id(account);
            let user = there.of(known.get(&row.id), &ours);
            seen.extend(user.map(|user| user.id.as_str()));
            let is_known = user.is_some() || there.is_complete;
            let differs = match (&wanted[&account], user) {
                (Wanted::Active(attributes), Some(user)) => fields(users::names(&users::differences(user, attributes))),
                // Only those who signed in there are told.
                (Wanted::Active(_), None) if !connection.terms.create => continue,
                (Wanted::Active(attributes), None) => {
                    same_name(there, attributes, &mut seen).or(Some(ScimDiffers::MissingThere))
                }
                (Wanted::Inactive, Some(user)) if user.is_active() || deletes => Some(ScimDiffers::NotAdmitted),
                (Wanted::Inactive, _) => continue,
            };
            match differs {
                None => found.equal += 1,
                Some(differs) if is_known => found.add(ScimDifference {
                    kind: ScimKind::Account,
                    id: Some(row.id),
                    remote_id: user.map(|user| user.id.clone()),
                    name: if row.username.is_empty() {
                        user.map(name_of).unwrap_or_default()
                    } else {
                        row.username.clone()
                    },
                    differs,
                }),
                Some(_) => {}
            }
        }
        match rows.last().filter(|_| rows.len() as u64 == BATCH) {
            Some(last) => after = Some(AccountId(last.id)),
            None => break,
        }
    }
    for user in there.by_id.values().filter(|user| !seen.contains(user.id.as_str())) {
        found.add(only_there(ScimKind::Account, &user.id, name_of(user)));
    }
    Ok(())
}

fn fields(names: Vec<&str>) -> Option<ScimDiffers> {
    let fields: Vec<String> = names.into_iter().map(str::to_owned).collect();
    (!fields.is_empty()).then_some(ScimDiffers::Different { fields })
}

fn same_name<'a>(
    there: &'a Inventory<User>,
    attributes: &Attributes,
    seen: &mut HashSet<&'a str>,
) -> Option<ScimDiffers> {
    let names = [&attributes.user_name, &attributes.email].map(|name| name.to_lowercase());
    let id = names.iter().find_map(|name| there.by_name.get(name))?;
    seen.insert(id);
    Some(ScimDiffers::SameName)
}

fn name_of(user: &User) -> String {
    user.login.clone()
}

fn only_there(kind: ScimKind, id: &str, name: String) -> ScimDifference {
    ScimDifference { kind, id: None, remote_id: Some(id.to_owned()), name, differs: ScimDiffers::OnlyThere }
}

async fn compare_groups(
    ctx: &Ctx,
    connection: &Connection,
    there: &Inventory<Group>,
    found: &mut Found,
) -> Result<(), Error> {
    let (db, now) = (&ctx.db().read, ctx.now());
    let (mut after, mut seen): (Option<GroupId>, HashSet<&str>) = (None, HashSet::new());
    loop {
        let rows = connection.groups(db, after, BATCH).await?;
        let known = resources::find_all(db, connection.id, ScimKind::Group, rows.iter().map(|row| row.id)).await?;
        let ids = rows.iter().map(|row| GroupId(row.id));
        let mut members = resources::members(db, connection.id, ids, now).await?;
        for row in &rows {
            let group = there.of(known.get(&row.id), &row.id.to_string());
            let differs = match group {
                Some(group) => {
                    seen.insert(&group.id);
                    let members = members.remove(&GroupId(row.id)).unwrap_or_default();
                    let wanted = WantedGroup { name: row.name.clone(), members };
                    fields(groups::names(group, &wanted))
                }
                None => match there.by_name.get(&row.name) {
                    Some(id) => {
                        seen.insert(id);
                        Some(ScimDiffers::SameName)
                    }
                    None => Some(ScimDiffers::MissingThere),
                },
            };
            match differs {
                None => found.equal += 1,
                Some(differs) if group.is_some() || there.is_complete => found.add(ScimDifference {
                    kind: ScimKind::Group,
                    id: Some(row.id),
                    remote_id: group.map(|group| group.id.clone()),
                    name: row.name.clone(),
                    differs,
                }),
                Some(_) => {}
            }
        }
        match rows.last().filter(|_| rows.len() as u64 == BATCH) {
            Some(last) => after = Some(GroupId(last.id)),
            None => break,
        }
    }
    let known = known_groups(ctx, connection).await?;
    for group in there.by_id.values().filter(|group| !seen.contains(group.id.as_str())) {
        let (name, has_members) = (group.display_name.clone(), group.members.iter().flatten().next().is_some());
        match known.get(&group.id) {
            // One that was deleted here, or is not told of any more.
            Some(id) if has_members => found.add(ScimDifference {
                kind: ScimKind::Group,
                id: Some(*id),
                remote_id: Some(group.id.clone()),
                name,
                differs: ScimDiffers::NotAdmitted,
            }),
            Some(_) => {}
            None => found.add(only_there(ScimKind::Group, &group.id, name)),
        }
    }
    Ok(())
}

/// The groups that are known there, by their ids there.
async fn known_groups(ctx: &Ctx, connection: &Connection) -> Result<HashMap<String, Uuid>, Error> {
    let (mut known, mut after) = (HashMap::new(), None);
    loop {
        let ids = resources::groups(&ctx.db().read, connection.id, after, BATCH).await?;
        let rows = resources::find_all(&ctx.db().read, connection.id, ScimKind::Group, ids.iter().copied()).await?;
        known.extend(rows.into_values().filter_map(|row| Some((row.remote_id?, row.local_id))));
        match ids.last().filter(|_| ids.len() as u64 == BATCH) {
            Some(last) => after = Some(GroupId(*last)),
            None => return Ok(known),
        }
    }
}
