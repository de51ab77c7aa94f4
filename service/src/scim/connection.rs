//! An application with its connection, and who may enter it.

use std::collections::{HashMap, HashSet};

use domain::Timestamp;
use domain::accounts::{AccountStatus, Email};
use domain::applications::{ScimKind, ScimTerms, ScimUserName, SubjectType};
use domain::ids::{AccountId, ApplicationId, GroupId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::resources;
use crate::accounts::{entity as accounts, store as account_rows};
use crate::applications::{self, entity::Model, scim, store};
use crate::grants::entity as grants;
use crate::memberships::store::lasts;
use crate::memberships::{entity as memberships, group};
use crate::{Ctx, Error};

/// An application that is connected.
pub(super) struct Connection {
    pub(super) id: ApplicationId,
    pub(super) terms: ScimTerms,
    pub(super) token: String,
    row: Model,
    /// What it gets as the identifier of an account.
    subject: SubjectType,
    /// The groups that it admits; `None` if everyone may enter.
    admitted: Option<Vec<GroupId>>,
}

/// What is to be true of an account there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// It is active, and has these attributes.
    Active(Attributes),
    /// It is not active. What it is called there is left as it is: an application need not know more of someone who may not enter.
    Inactive,
}

/// What an application is told of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) external_id: String,
    pub(super) user_name: String,
    pub(super) display_name: String,
    pub(super) email: String,
}

impl Wanted {
    /// What two states have in common only if they are the same.
    pub(super) fn digest(&self) -> Vec<u8> {
        match self {
            Self::Active(Attributes { external_id, user_name, display_name, email }) => {
                digest(["active", external_id, user_name, display_name, email])
            }
            Self::Inactive => digest(["inactive"]),
        }
    }
}

/// A hash of texts, none of which contains NUL.
pub(super) fn digest<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let hash = texts.into_iter().fold(Sha256::new(), |hash, text| hash.chain_update(text).chain_update([0]));
    hash.finalize().to_vec()
}

impl Connection {
    /// The connection of an application, if it has one.
    pub(super) async fn find(db: &impl ConnectionTrait, ctx: &Ctx, id: ApplicationId) -> Result<Option<Self>, Error> {
        let Some(connection) = scim::find(db, id).await? else { return Ok(None) };
        let Some(row) = store::find(db, id).await? else { return Ok(None) };
        let admitted = if row.is_open { None } else { Some(store::groups_of(db, id).await?) };
        let subject = store::oidc(&row)?.map_or(SubjectType::Public, |oidc| oidc.subject);
        let token = ctx.keyring().open_scim_token(id.0, &connection.token_sealed)?;
        Ok(Some(Self { id, terms: scim::terms(&connection)?, token, row, subject, admitted }))
    }

    /// The identifier of an account, which is the one that it has in OpenID Connect.
    pub(super) fn external_id(&self, account: AccountId) -> String {
        applications::subject(&self.row, self.subject, account)
    }

    /// What is to be true there of an account that is active and admitted.
    fn attributes(&self, row: &accounts::Model, now: Timestamp) -> Result<Attributes, Error> {
        let account = account_rows::account(row, now)?;
        let email = Email::as_str(&account.email).to_owned();
        Ok(Attributes {
            external_id: self.external_id(account.id),
            user_name: match self.terms.user_name {
                ScimUserName::Username => account.username.to_string(),
                ScimUserName::Email => email.clone(),
            },
            display_name: account.display_name().to_owned(),
            email,
        })
    }

    /// What is to be true there of these accounts, which may be deleted; read with one query.
    pub(super) async fn wanted(
        &self,
        db: &impl ConnectionTrait,
        rows: &[accounts::Model],
        now: Timestamp,
    ) -> Result<HashMap<AccountId, Wanted>, Error> {
        let is_active = |row: &&accounts::Model| {
            row.deleted_at.is_none() && account_rows::lifecycle(row).status(now) == AccountStatus::Active
        };
        let active: Vec<_> = rows.iter().filter(is_active).collect();
        let admitted: Option<HashSet<Uuid>> = match &self.admitted {
            None => None,
            Some(groups) => {
                let members = memberships::Entity::find()
                    .select_only()
                    .column(memberships::Column::AccountId)
                    .filter(memberships::Column::AccountId.is_in(active.iter().map(|row| row.id)))
                    .filter(memberships::Column::GroupId.is_in(groups.iter().map(|group| group.0)))
                    .filter(lasts(now));
                Some(members.into_tuple::<Uuid>().all(db).await?.into_iter().collect())
            }
        };
        let mut wanted: HashMap<_, _> = rows.iter().map(|row| (AccountId(row.id), Wanted::Inactive)).collect();
        for row in active {
            if admitted.as_ref().is_none_or(|admitted| admitted.contains(&row.id)) {
                wanted.insert(AccountId(row.id), Wanted::Active(self.attributes(row, now)?));
            }
        }
        Ok(wanted)
    }

    /// Those of some accounts that signed in to the application, so that it may know them; read with one query.
    pub(super) async fn signed_in(
        &self,
        db: &impl ConnectionTrait,
        accounts: impl IntoIterator<Item = Uuid>,
    ) -> Result<HashSet<Uuid>, DbErr> {
        let granted = self.granted().filter(grants::Column::AccountId.is_in(accounts));
        Ok(granted.into_tuple::<Uuid>().all(db).await?.into_iter().collect())
    }

    /// Selects the accounts that signed in to the application.
    fn granted(&self) -> Select<grants::Entity> {
        let granted = grants::Entity::find().select_only().column(grants::Column::AccountId);
        granted.filter(grants::Column::ApplicationId.eq(self.id.0))
    }

    /// At most `most` accounts after this one, by id: those that may enter, and those that may be there.
    pub(super) async fn accounts(
        &self,
        db: &impl ConnectionTrait,
        after: Option<AccountId>,
        most: u64,
        now: Timestamp,
    ) -> Result<Vec<accounts::Model>, DbErr> {
        let mut may_enter = account_rows::with_status(Some(AccountStatus::Active), now);
        if let Some(groups) = &self.admitted {
            let members = memberships::Entity::find()
                .select_only()
                .column(memberships::Column::AccountId)
                .filter(memberships::Column::GroupId.is_in(groups.iter().map(|group| group.0)))
                .filter(lasts(now));
            may_enter = may_enter.add(accounts::Column::Id.in_subquery(members.into_query()));
        }
        let known = accounts::Column::Id.in_subquery(resources::ids(self.id, ScimKind::Account));
        let granted = accounts::Column::Id.in_subquery(self.granted().into_query());
        let mut select = accounts::Entity::find().filter(Condition::any().add(may_enter).add(known).add(granted));
        if let Some(after) = after {
            select = select.filter(accounts::Column::Id.gt(after.0));
        }
        select.order_by_asc(accounts::Column::Id).limit(most).all(db).await
    }

    /// At most `most` groups after this one that the application is told of, by id.
    pub(super) async fn groups(
        &self,
        db: &impl ConnectionTrait,
        after: Option<GroupId>,
        most: u64,
    ) -> Result<Vec<group::Model>, DbErr> {
        if !self.terms.groups {
            return Ok(Vec::new());
        }
        let mut select = group::Entity::find();
        if let Some(admitted) = &self.admitted {
            select = select.filter(group::Column::Id.is_in(admitted.iter().map(|group| group.0)));
        }
        if let Some(after) = after {
            select = select.filter(group::Column::Id.gt(after.0));
        }
        select.order_by_asc(group::Column::Id).limit(most).all(db).await
    }

    /// The group, if the application is told of it.
    pub(super) async fn group(&self, db: &impl ConnectionTrait, id: GroupId) -> Result<Option<group::Model>, DbErr> {
        let is_told = self.terms.groups && self.admitted.as_ref().is_none_or(|groups| groups.contains(&id));
        if is_told { group::Entity::find_by_id(id.0).one(db).await } else { Ok(None) }
    }

    /// The groups of an account that the application is told of.
    pub(super) async fn groups_of(
        &self,
        db: &impl ConnectionTrait,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<GroupId>, DbErr> {
        if !self.terms.groups {
            return Ok(Vec::new());
        }
        let groups = memberships::Entity::find()
            .select_only()
            .column(memberships::Column::GroupId)
            .filter(memberships::Column::AccountId.eq(account.0))
            .filter(lasts(now));
        let groups = groups.into_tuple::<Uuid>().all(db).await?.into_iter().map(GroupId);
        Ok(groups.filter(|id| self.admitted.as_ref().is_none_or(|admitted| admitted.contains(id))).collect())
    }
}
