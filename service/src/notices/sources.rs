//! What notices are about, read from the database in the transaction of the change.

use std::collections::HashMap;

use domain::Timestamp;
use domain::accounts::{AccountLifecycle, Role};
use domain::ids::{AccountId, ApplicationId, GroupId, InviteId};
use domain::notices::Notice;
use domain::webhooks::EventType;
use domain::webhooks::payload::{
    AboutAccount, Account, Application, Data, DeletedAccount, Group, Invite, InviteRef, Membership, Redemption,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{application, invite};
use crate::Error;
use crate::accounts::entity as accounts;
use crate::memberships::store as groups;

/// A message: what happened, whom it is about, and what is said of it.
type Said = (EventType, Option<AccountId>, Data);

/// The accounts, invites, groups and applications of some notices, by their ids.
pub(super) struct Sources {
    accounts: HashMap<AccountId, Account>,
    invites: HashMap<InviteId, Invite>,
    groups: HashMap<GroupId, String>,
    applications: HashMap<ApplicationId, application::Model>,
}

impl Sources {
    /// Reads them, each kind with one query.
    pub(super) async fn read(db: &impl ConnectionTrait, notices: &[Notice], now: Timestamp) -> Result<Self, Error> {
        let (mut accounts, mut invites, mut groups, mut applications) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for notice in notices {
            match notice {
                Notice::Account { account, invite, .. } => {
                    accounts.push(account.0);
                    invites.extend(invite.map(|invite| invite.0));
                }
                Notice::Invite { invite, .. } => invites.push(invite.0),
                Notice::Redeemed { invite, account, .. } => {
                    invites.push(invite.0);
                    accounts.push(account.0);
                }
                Notice::Group { group, .. } => groups.push(*group),
                Notice::Member { group, account, .. } => {
                    groups.push(*group);
                    accounts.push(account.0);
                }
                Notice::Application { application, .. } => applications.push(application.0),
            }
        }
        let invites = read_invites(db, invites).await?;
        groups.extend(invites.iter().flat_map(|row| group_ids(&row.group_ids)));
        let groups = groups::find_all(db, groups).await?;
        let groups: HashMap<_, _> = groups.into_iter().map(|row| (GroupId(row.id), row.name)).collect();
        let invites = invites.into_iter().map(|row| Ok((InviteId(row.id), invite_of(row, &groups)?)));
        Ok(Self {
            accounts: read_accounts(db, accounts, now).await?,
            invites: invites.collect::<Result<_, Error>>()?,
            groups,
            applications: read_applications(db, applications).await?,
        })
    }

    /// The messages of a notice. A use of an invite that was its last is two.
    ///
    /// # Errors
    /// An internal one if what the notice is about does not exist: the change that it tells is not to be told wrongly.
    pub(super) fn data(&self, notice: &Notice) -> Result<Vec<Said>, Error> {
        Ok(match notice {
            Notice::Account { event: EventType::AccountDeleted, account, .. } => {
                let data = Data::DeletedAccount { account: DeletedAccount { id: *account } };
                vec![(EventType::AccountDeleted, Some(*account), data)]
            }
            Notice::Account { event, account, invite, changed, ends_at } => {
                let invite = invite.map(|id| self.invite(id)).transpose()?;
                let about = AboutAccount {
                    account: self.account(*account)?,
                    invite: invite.map(|invite| InviteRef { id: invite.id, label: invite.label.clone() }),
                    changed: changed.clone(),
                    ends_at: *ends_at,
                };
                vec![(*event, Some(*account), Data::Account(about))]
            }
            Notice::Invite { event, invite } => {
                vec![(*event, None, Data::Invite { invite: self.invite(*invite)?.clone() })]
            }
            Notice::Redeemed { invite, account, kind } => {
                let invite = self.invite(*invite)?.clone();
                let used_up = invite.max_uses.is_some_and(|max_uses| invite.used >= max_uses);
                let used_up = used_up.then(|| (EventType::InviteUsedUp, None, Data::Invite { invite: invite.clone() }));
                let redemption = Redemption { kind: *kind, invite, account: self.account(*account)? };
                let redeemed = (EventType::InviteRedeemed, Some(*account), Data::Redemption(redemption));
                std::iter::once(redeemed).chain(used_up).collect()
            }
            Notice::Group { event, group } => vec![(*event, None, Data::Group { group: self.group(*group) })],
            Notice::Member { event, group, account, is_manager, ends_at } => {
                let membership = Membership {
                    group: self.group(*group),
                    account: self.account(*account)?,
                    is_manager: *is_manager,
                    ends_at: *ends_at,
                };
                vec![(*event, Some(*account), Data::Membership(membership))]
            }
            Notice::Application { event, application } => {
                let row = self.applications.get(application);
                let application = Application {
                    id: *application,
                    name: row.map(|row| row.name.clone()),
                    url: row.and_then(|row| row.url.clone()),
                };
                vec![(*event, None, Data::Application { application })]
            }
        })
    }

    fn account(&self, id: AccountId) -> Result<Account, Error> {
        let found = self.accounts.get(&id).cloned();
        found.ok_or_else(|| {
            Error::internal(format!("webhooks cannot be told of the account {id}, which does not exist"))
        })
    }

    fn invite(&self, id: InviteId) -> Result<&Invite, Error> {
        let found = self.invites.get(&id);
        found
            .ok_or_else(|| Error::internal(format!("webhooks cannot be told of the invite {id}, which does not exist")))
    }

    fn group(&self, id: GroupId) -> Group {
        Group { id, name: self.groups.get(&id).cloned() }
    }
}

async fn read_accounts(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
    now: Timestamp,
) -> Result<HashMap<AccountId, Account>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = accounts::Entity::find().filter(accounts::Column::Id.is_in(ids)).all(db).await?;
    let account = |row: accounts::Model| {
        let time = |micros: Option<i64>| micros.map(Timestamp::from_micros);
        let lifecycle = AccountLifecycle {
            suspended_at: time(row.suspended_at),
            approved_at: time(row.approved_at),
            ends_at: time(row.ends_at),
            activate_by: time(row.activate_by),
        };
        let id = AccountId(row.id);
        let account = Account {
            id,
            role: role(&row.role)?,
            username: row.username,
            name: row.name,
            email: row.email,
            email_verified: row.email_verified_at.is_some(),
            status: lifecycle.status(now),
        };
        Ok((id, account))
    };
    rows.into_iter().map(account).collect()
}

async fn read_invites(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<invite::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    invite::Entity::find().filter(invite::Column::Id.is_in(ids)).all(db).await
}

async fn read_applications(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<HashMap<ApplicationId, application::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = application::Entity::find().filter(application::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (ApplicationId(row.id), row)).collect())
}

fn invite_of(row: invite::Model, groups: &HashMap<GroupId, String>) -> Result<Invite, Error> {
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    let group = |id| Group { id, name: groups.get(&id).cloned() };
    Ok(Invite {
        id: InviteId(row.id),
        label: row.label,
        role: role(&row.role)?,
        groups: group_ids(&row.group_ids).map(group).collect(),
        used: count(row.used),
        max_uses: row.max_uses.map(count),
        expires_at: row.expires_at.map(Timestamp::from_micros),
        created_by: AccountId(row.created_by),
    })
}

fn group_ids(ids: &str) -> impl Iterator<Item = GroupId> {
    ids.split_ascii_whitespace().filter_map(|id| id.parse().ok())
}

fn role(role: &str) -> Result<Role, Error> {
    role.parse().map_err(|_| Error::internal(format!("{role:?} is no role")))
}
