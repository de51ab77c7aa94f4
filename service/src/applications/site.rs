//! The table `application_sites`: where browsers reach applications that are connected by forward-auth.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "application_sites")]
pub struct Model {
    /// Host and port, as in the header `Host`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub authority: String,
    pub application_id: Uuid,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
