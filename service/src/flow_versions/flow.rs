//! The table `flows`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// That of the present version.
    pub name: String,
    pub name_folded: String,
    /// The number of the present version.
    pub version: i64,
    /// The number of the oldest version with which those who have begun may go on.
    pub min_version: i64,
    pub is_default: bool,
    pub created_at: i64,
    pub deleted_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The present version.
    #[sea_orm(
        belongs_to = "super::version::Entity",
        from = "(Column::Id, Column::Version)",
        to = "(super::version::Column::FlowId, super::version::Column::Number)"
    )]
    Version,
}

impl Related<super::version::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Version.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
