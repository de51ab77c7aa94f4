//! The table `invites`.

use sea_orm::entity::prelude::*;

#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invites")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code_hash: Vec<u8>,
    pub code_sealed: Option<Vec<u8>>,
    pub code_kind: String,
    pub label: Option<String>,
    pub role: String,
    pub max_uses: Option<i64>,
    pub used: i64,
    pub last_used_at: Option<i64>,
    pub starts_at: Option<i64>,
    pub expires_at: Option<i64>,
    pub paused_at: Option<i64>,
    pub deleted_at: Option<i64>,
    pub created_by: Uuid,
    pub created_at: i64,
    pub updated_at: i64,
    pub words: Option<String>,
    /// The ids of the groups that it grants, separated by spaces. The table `invite_groups` has the same.
    pub group_ids: String,
    pub email: Option<String>,
    /// Separated by spaces.
    pub email_domains: String,
    pub approval: bool,
    /// A JSON array of [`domain::attributes::InviteAttribute`].
    pub attributes: Option<String>,
    pub welcome_text: Option<String>,
    pub after: Option<String>,
    /// A [`domain::invites::AccessOf`]; then there is one of the next two.
    pub access_of: Option<String>,
    pub access_days: Option<i64>,
    pub access_ends_at: Option<i64>,
    pub existing_members: bool,
    pub show_uses_left: bool,
    pub without_code: bool,
    pub verify_email: bool,
    /// When it was taken from the quota of its author; `None` if it was not.
    pub counted_at: Option<i64>,
    /// A [`domain::invites::KnownPerson`] as JSON.
    pub person: Option<String>,
    /// When it was first sent by mail; `None` if it was not.
    pub mailed_at: Option<i64>,
    /// When a worker recorded that its end had passed. An end that was chosen later is recorded again.
    pub expired_at: Option<i64>,
    pub flow_id: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "crate::accounts::entity::Entity",
        from = "Column::CreatedBy",
        to = "crate::accounts::entity::Column::Id"
    )]
    Author,
}

impl Related<crate::accounts::entity::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Author.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
