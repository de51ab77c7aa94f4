//! The table `scim_resources`: the accounts and groups that are known to be in applications connected by SCIM.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scim_resources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_id: Uuid,
    /// `account` or `group`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub local_id: Uuid,
    /// Its id there; `None` if it is not there.
    pub remote_id: Option<String>,
    /// The digest of what was last brought about there; `None` if that is not known.
    pub digest: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Forgets what is known to be in an application.
pub(crate) async fn forget_all(db: &impl ConnectionTrait, application: Uuid) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ApplicationId.eq(application)).exec(db).await.map(|_| ())
}
