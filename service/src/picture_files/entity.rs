//! The table `pictures`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pictures")]
pub struct Model {
    /// The id of the account or the application that has it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    pub bytes: Vec<u8>,
    /// The version of the picture.
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
