//! The names of what entries of the audit log refer to, read with one query for each kind.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::access::Permissions;
use domain::accounts::AccountRef;
use domain::audit::AuditDetail;
use domain::events::SubjectKind;
use domain::ids::InviteId;
use domain::invites::InviteRef;
use domain::text::Label;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::applications::entity as application;
use crate::audit::entity::Model;
use crate::invites::entity as invite;
use crate::memberships::group;
use crate::notices::entity as webhook;
use crate::{Error, accounts, flow_versions, terms};

/// The most ids of one field that are given names: thousands of accounts may be added to a group at once.
const MOST: usize = 50;

/// The names of one page.
#[derive(Debug, Default)]
pub(super) struct Names {
    accounts: HashMap<Uuid, AccountRef>,
    /// Those of everything else.
    others: HashMap<Uuid, String>,
}

/// The kind of what a row is about; `None` for one that this version does not know.
pub(super) fn kind(row: &Model) -> Option<SubjectKind> {
    row.subject_kind.parse().ok()
}

/// What a row refers to: its originator, its subject, and what its shown fields name.
fn references(row: &Model, detail: &AuditDetail) -> Vec<(SubjectKind, Uuid)> {
    let originator = row.actor_id.map(|id| (SubjectKind::Account, id));
    let subject = kind(row).zip(row.subject_id);
    let named = detail.fields().into_iter().flat_map(ids).filter_map(|(field, id)| Some((kind_of_field(field)?, id)));
    originator.into_iter().chain(subject).chain(named).collect()
}

/// The ids in the fields of an event, with the field of each.
fn ids(fields: &Map<String, Value>) -> impl Iterator<Item = (&str, Uuid)> {
    let id = |value: &Value| value.as_str().and_then(|text| text.parse().ok());
    let ids = move |value: &Value| -> Vec<Uuid> {
        let values = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
        values.iter().filter_map(id).take(MOST).collect()
    };
    fields.iter().flat_map(move |(field, value)| ids(value).into_iter().map(move |id| (field.as_str(), id)))
}

/// The kind of what the ids in a field of an event stand for.
fn kind_of_field(field: &str) -> Option<SubjectKind> {
    match field {
        "account" | "accounts" | "from" => Some(SubjectKind::Account),
        "group" | "groups" => Some(SubjectKind::Group),
        "invite" => Some(SubjectKind::Invite),
        "flow" | "replaced_with" => Some(SubjectKind::Flow),
        "terms" => Some(SubjectKind::Terms),
        _ => None,
    }
}

impl Names {
    /// Reads the names that these rows need, of the kinds that `permissions` show; those of accounts are shown to
    /// everyone who may see who did something.
    pub(super) async fn read(
        db: &impl ConnectionTrait,
        permissions: Permissions,
        rows: &[(Model, AuditDetail)],
    ) -> Result<Self, Error> {
        let mut wanted: HashMap<SubjectKind, HashSet<Uuid>> = HashMap::new();
        for (kind, id) in rows.iter().flat_map(|(row, detail)| references(row, detail)) {
            wanted.entry(kind).or_default().insert(id);
        }
        let mut take = |kind: SubjectKind| {
            let is_shown = kind == SubjectKind::Account || kind.is_shown_to(permissions);
            wanted.remove(&kind).filter(|_| is_shown).unwrap_or_default()
        };
        let accounts = accounts::store::references(db, take(SubjectKind::Account)).await?;
        let mut others = HashMap::new();
        others.extend(invites(db, take(SubjectKind::Invite)).await?);
        let columns = [group::Column::Id, group::Column::Name];
        others.extend(named::<group::Entity>(db, take(SubjectKind::Group), columns).await?);
        let columns = [application::Column::Id, application::Column::Name];
        others.extend(named::<application::Entity>(db, take(SubjectKind::Application), columns).await?);
        let columns = [webhook::Column::Id, webhook::Column::Name];
        others.extend(flow_versions::store::names(db, take(SubjectKind::Flow)).await?);
        others.extend(terms::store::names(db, take(SubjectKind::Terms)).await?);
        others.extend(named::<webhook::Entity>(db, take(SubjectKind::Webhook), columns).await?);
        Ok(Self { accounts, others })
    }

    /// An account.
    pub(super) fn account(&self, id: Uuid) -> Option<AccountRef> {
        self.accounts.get(&id).cloned()
    }

    /// The name of what a row is about.
    pub(super) fn subject(&self, row: &Model) -> Option<String> {
        row.subject_id.and_then(|id| self.name(id))
    }

    /// The names of what the fields of an event refer to.
    pub(super) fn within(&self, fields: &Map<String, Value>) -> BTreeMap<Uuid, String> {
        ids(fields).filter_map(|(_, id)| Some((id, self.name(id)?))).collect()
    }

    fn name(&self, id: Uuid) -> Option<String> {
        let account = self.accounts.get(&id).filter(|account| !account.is_deleted());
        account.map(|account| account.display_name().to_owned()).or_else(|| self.others.get(&id).cloned())
    }
}

/// The labels of invites, deleted or not. Their codes are not read: the log has none.
async fn invites(db: &impl ConnectionTrait, ids: HashSet<Uuid>) -> Result<Vec<(Uuid, String)>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let labelled = invite::Entity::find().select_only().columns([invite::Column::Id, invite::Column::Label]);
    let labelled = labelled.filter(invite::Column::Id.is_in(ids));
    let rows: Vec<(Uuid, Option<String>)> = labelled.into_tuple().all(db).await?;
    let title = |(id, label): (Uuid, Option<String>)| {
        let of = InviteRef { id: InviteId(id), label: label.map(Label::stored), code: None };
        (id, of.title().to_owned())
    };
    Ok(rows.into_iter().map(title).collect())
}

/// The names of what exists of a table, by the columns that have them.
async fn named<E: EntityTrait>(
    db: &impl ConnectionTrait,
    ids: HashSet<Uuid>,
    [id, name]: [E::Column; 2],
) -> Result<Vec<(Uuid, String)>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    E::find().select_only().columns([id, name]).filter(id.is_in(ids)).into_tuple().all(db).await
}
